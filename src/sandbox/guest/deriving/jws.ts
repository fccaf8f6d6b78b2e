// Compact signatures of RFC 7515. With a public algorithm the signer always computes them: nothing here can.
import { signatureAlgorithms } from '../../../../shared/script/derived-names.ts';
import type { SecretBuffers } from './buffer.ts';
import type { Deriving, HashAlgorithm } from './deriving.ts';

export interface JwsParts {
  readonly deriving: Deriving;
  readonly buffers: SecretBuffers;
  /** What these give can be written in an encoding. */
  readonly hash: (hash: string, message: string) => { toString(encoding: string): string };
  readonly hmac: (hash: string, key: string | Uint8Array, message: string) => { toString(encoding: string): string };
}

/** `header.payload.signature`. Key: a secret, bytes, or a private key in PEM. */
export function signCompact(
  parts: JwsParts,
  algorithm: string,
  texts: readonly [string, string],
  key: string | Uint8Array,
): string {
  const message = texts.map((text) => parts.buffers.Buffer.from(text).toString('base64url')).join('.');
  return `${message}.${signatureOf(parts, algorithm, message, key)}`;
}

/** In Base64url; empty for the algorithm `none`. */
function signatureOf(parts: JwsParts, algorithm: string, message: string, key: string | Uint8Array): string {
  if (algorithm === 'none') return '';
  const hash = hmacHash(algorithm);
  if (hash !== undefined) return parts.hmac(hash, key, message).toString('base64url');
  return parts.deriving.encode(
    signMessage(parts.deriving, algorithm, message, parts.deriving.inputOf(key)),
    'base64url',
  );
}

/** What stands for the bytes of a signature. Inputs are live texts. */
export function signMessage(deriving: Deriving, algorithm: string, message: string, key: string): string {
  const known = signatureAlgorithms.find((each) => each === algorithm);
  if (known === undefined) return deriving.unsupported(`The signature algorithm ${algorithm}`);
  return deriving.derive({ name: 'sign', algorithm: known }, message, key);
}

export function hmacHash(algorithm: string): HashAlgorithm | undefined {
  const [, size] = /^HS(256|384|512)$/.exec(algorithm) ?? [];
  return size === undefined ? undefined : (`sha${size}` as HashAlgorithm);
}

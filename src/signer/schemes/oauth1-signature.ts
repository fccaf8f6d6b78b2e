// The signature methods of OAuth 1.0 (RFC 5849 section 3.4) and those of the same form with a newer hash.
import { constants, createHash, createHmac, sign } from 'node:crypto';
import { readPrivateKey } from './jwt-key.ts';
import { encodeStrict } from './scheme.ts';

export interface SignatureMethod {
  readonly name: string;
  readonly kind: 'hmac' | 'rsa' | 'plaintext';
  /** Node's name of the hash; none for PLAINTEXT. */
  readonly hash?: string;
}

const METHODS: readonly SignatureMethod[] = [
  { name: 'HMAC-SHA1', kind: 'hmac', hash: 'sha1' },
  { name: 'HMAC-SHA256', kind: 'hmac', hash: 'sha256' },
  { name: 'HMAC-SHA512', kind: 'hmac', hash: 'sha512' },
  { name: 'RSA-SHA1', kind: 'rsa', hash: 'sha1' },
  { name: 'RSA-SHA256', kind: 'rsa', hash: 'sha256' },
  { name: 'RSA-SHA512', kind: 'rsa', hash: 'sha512' },
  { name: 'PLAINTEXT', kind: 'plaintext' },
];

/** The method of that name; HMAC-SHA1 where none is stated. */
export function signatureMethodOf(name: string | undefined): SignatureMethod | undefined {
  const stated = (name || 'HMAC-SHA1').toUpperCase();
  return METHODS.find((method) => method.name === stated);
}

/** The signature of a base string, before it is percent-encoded; undefined where the private key is no RSA key in PEM. */
export function signBase(
  base: string,
  { kind, hash = '' }: SignatureMethod,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (kind === 'plaintext') return signingKey(fields);
  if (kind === 'hmac') return createHmac(hash, signingKey(fields)).update(base).digest('base64');
  const key = readPrivateKey(fields.privateKey ?? '');
  if (key?.asymmetricKeyType !== 'rsa') return undefined;
  // RFC 5849 section 3.4.3: RSASSA-PKCS1-v1_5.
  return sign(hash, Buffer.from(base), { key, padding: constants.RSA_PKCS1_PADDING }).toString('base64');
}

/** The key of HMAC, and the signature of PLAINTEXT (RFC 5849 sections 3.4.2 and 3.4.4). */
export function signingKey({ consumerSecret = '', tokenSecret = '' }: Readonly<Record<string, string>>): string {
  return `${encodeStrict(consumerSecret)}&${encodeStrict(tokenSecret)}`;
}

/** The hash of a body in base64, by the hash of the method; empty for a method that has none. */
export function bodyHash(body: Uint8Array, { hash }: SignatureMethod): string {
  return hash === undefined ? '' : createHash(hash).update(body).digest('base64');
}

// A private key as operators hold one, for assertions of a client (RFC 7523).
import { createPrivateKey, type JsonWebKeyInput, type KeyObject, webcrypto } from 'node:crypto';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { invalid } from './outline.ts';

export interface AssertionKey {
  readonly key: webcrypto.CryptoKey;
  readonly kid?: string;
}

type Algorithm = Parameters<typeof webcrypto.subtle.importKey>[2];

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/**
 * Reads PEM (PKCS #8, PKCS #1, SEC 1) or a JWK. `algorithm` is RS256 unless given, and decides for RSA keys only. Failure:
 * REQUEST/AUTH_INVALID.
 */
export async function readPrivateKey(text: string, algorithm: string): Promise<Result<AssertionKey>> {
  try {
    const jwk: unknown = text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
    const object = jwk === undefined ? createPrivateKey(plainLines(text)) : fromJwk(jwk as JsonWebKeyInput['key']);
    const imported = importAs(object, algorithm);
    if (imported === undefined) return err(invalid('its private key is of a kind that is not supported'));
    const der = object.export({ format: 'der', type: 'pkcs8' });
    const key = await webcrypto.subtle.importKey('pkcs8', der, imported, false, ['sign']);
    der.fill(0);
    const { kid } = (jwk ?? {}) as { readonly kid?: unknown };
    return ok({ key, ...(typeof kid === 'string' && { kid }) });
  } catch {
    return err(invalid('its private key cannot be read'));
  }
}

function fromJwk(key: JsonWebKeyInput['key']): KeyObject {
  return createPrivateKey({ key, format: 'jwk' });
}

/** Environment files and JSON hold the line breaks of a PEM as two characters. */
function plainLines(text: string): string {
  return text.includes('\n') ? text : text.replaceAll('\\n', '\n');
}

function importAs(key: KeyObject, algorithm: string): Algorithm | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  if (asymmetricKeyType === 'ec') {
    const namedCurve = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
    return namedCurve === undefined ? undefined : { name: 'ECDSA', namedCurve };
  }
  const [, family, bits] = /^(RS|PS)(256|384|512)$/.exec(algorithm || 'RS256') ?? [];
  if (asymmetricKeyType !== 'rsa' || family === undefined) return undefined;
  return { name: family === 'PS' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: `SHA-${bits}` };
}

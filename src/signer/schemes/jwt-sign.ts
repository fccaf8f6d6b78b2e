// JSON Web Tokens in compact form (RFC 7515, 7518, 8037), and whether a key fits an algorithm.
import { constants, createHmac, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface JwtAlgorithm {
  readonly name: string;
  readonly kind: 'hmac' | 'rsa' | 'pss' | 'ec' | 'eddsa';
  /** null for EdDSA, which hashes by itself. */
  readonly hash: string | null;
  /** Of an elliptic curve key. */
  readonly curve?: string;
}

const HASHES = [
  ['256', 'sha256', 'prime256v1'],
  ['384', 'sha384', 'secp384r1'],
  ['512', 'sha512', 'secp521r1'],
] as const;

const ALGORITHMS: readonly JwtAlgorithm[] = [
  ...HASHES.flatMap(([bits, hash, curve]): JwtAlgorithm[] => [
    { name: `HS${bits}`, kind: 'hmac', hash },
    { name: `RS${bits}`, kind: 'rsa', hash },
    { name: `PS${bits}`, kind: 'pss', hash },
    { name: `ES${bits}`, kind: 'ec', hash, curve },
  ]),
  { name: 'EdDSA', kind: 'eddsa', hash: null },
];

/** The algorithm of a name of RFC 7518 or 8037; undefined for `none` and what is not known. */
export function jwtAlgorithm(name: string): JwtAlgorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm.name === name);
}

const LEAST_RSA_BITS = 2048;

/** Why a private key cannot be used with an algorithm; undefined where it can (RFC 7518 sections 3.3 to 3.5, RFC 8037). */
export function keyProblem({ name, kind, curve }: JwtAlgorithm, key: KeyObject): string | undefined {
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: details } = key;
  const fits: Readonly<Record<JwtAlgorithm['kind'], boolean>> = {
    hmac: false,
    rsa: type === 'rsa',
    pss: type === 'rsa' || type === 'rsa-pss',
    ec: type === 'ec' && details?.namedCurve === curve,
    eddsa: type === 'ed25519' || type === 'ed448',
  };
  if (!fits[kind]) return `its private key is not one for ${name}`;
  const bits = details?.modulusLength;
  return bits !== undefined && bits < LEAST_RSA_BITS ? `its RSA key has less than ${LEAST_RSA_BITS} bits` : undefined;
}

/** Reads a field that is a JSON object; the empty text is the empty one. Fails with REQUEST/AUTH_INVALID. */
export function parseClaims(
  text: string,
  { type, field }: { readonly type: string; readonly field: string },
): Result<Claims> {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (isClaims(value)) return ok(value);
  } catch {
    // What the parser says quotes the text.
  }
  return err(failure('REQUEST/AUTH_INVALID', { type, problem: `its ${field} is not a JSON object` }));
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Jwt {
  readonly token: string;
  readonly signature: string;
}

export interface JwtInput {
  /** The auth type that a failure names. */
  readonly type: string;
  readonly header: Claims;
  readonly claims: Claims;
  readonly algorithm: JwtAlgorithm;
  readonly key: KeyObject | Buffer;
}

/** Signs claims. Fails with REQUEST/AUTH_INVALID where the key does not do what it looks able to, or the JSON is nested too deeply. */
export function signJwt({ type, header, claims, algorithm, key }: JwtInput): Result<Jwt> {
  try {
    const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = signatureOf(input, algorithm, key).toString('base64url');
    return ok({ token: `${input}.${signature}`, signature });
  } catch {
    return err(failure('REQUEST/AUTH_INVALID', { type, problem: 'its token cannot be signed with this key' }));
  }
}

function signatureOf(input: string, { kind, hash }: JwtAlgorithm, key: KeyObject | Buffer): Buffer {
  if (kind === 'hmac')
    return createHmac(hash ?? '', key)
      .update(input)
      .digest();
  if (Buffer.isBuffer(key)) throw new Error('A private key is not a text.');
  return sign(hash, Buffer.from(input), signingKey(kind, key));
}

/** A private key with how its kind of algorithm signs: RFC 7518 sections 3.4 (R and S side by side) and 3.5. */
export function signingKey(kind: JwtAlgorithm['kind'], key: KeyObject): SignKeyObjectInput {
  if (kind === 'pss') {
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
    return { key, padding, saltLength };
  }
  return kind === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : { key };
}

// The package `jsonwebtoken`: sign, verify and decode. Claims and messages are those of its version 9.

import { durationSeconds } from '../libraries/duration.ts';
import { textOf } from '../libraries/text-of.ts';
import { hmacHash, type JwsParts, signCompact } from './jws.ts';

type Claims = Record<string, unknown>;
type Done = (error: Error | null, value?: unknown) => void;
type Key = string | Uint8Array | { readonly key: string };

interface SignOptions {
  readonly algorithm?: string;
  readonly header?: Claims;
  readonly keyid?: string;
  readonly expiresIn?: string | number;
  readonly notBefore?: string | number;
  readonly audience?: unknown;
  readonly issuer?: string;
  readonly jwtid?: string;
  readonly subject?: string;
  readonly noTimestamp?: boolean;
}

interface VerifyOptions {
  readonly algorithms?: readonly string[];
  readonly audience?: string | readonly string[];
  readonly issuer?: string | readonly string[];
  readonly ignoreExpiration?: boolean;
  readonly ignoreNotBefore?: boolean;
  readonly clockTolerance?: number;
  readonly complete?: boolean;
}

const errorNamed = (name: string) =>
  class extends Error {
    override readonly name = name;
  };
const JsonWebTokenError = errorNamed('JsonWebTokenError');
const TokenExpiredError = errorNamed('TokenExpiredError');
const NotBeforeError = errorNamed('NotBeforeError');

/** `now` gives milliseconds since the epoch. */
export function createJsonWebToken(parts: JwsParts, now: () => number): Record<string, unknown> {
  const seconds = () => Math.floor(now() / 1_000);
  const sign = (payload: unknown, key: Key, options: SignOptions = {}): string => {
    const isObject = typeof payload === 'object' && payload !== null && !(payload instanceof Uint8Array);
    const algorithm = options.algorithm ?? 'HS256';
    if (!key && algorithm !== 'none') throw new Error('secretOrPrivateKey must have a value');
    const header = {
      alg: algorithm,
      ...(isObject ? { typ: 'JWT' } : {}),
      ...(options.keyid === undefined ? {} : { kid: options.keyid }),
      ...options.header,
    };
    const text = isObject ? JSON.stringify(claimsOf(payload as Claims, options, seconds())) : textOf(payload);
    return signCompact(parts, algorithm, [JSON.stringify(header), text], bare(key));
  };
  const decode = (token: unknown, options: { complete?: boolean } = {}) => {
    const decoded = decodeToken(textOf(token), parts);
    return options.complete || decoded === null ? decoded : decoded.payload;
  };
  const verify = (token: unknown, key: Key, options: VerifyOptions = {}) => {
    const { secretOf, unsupported } = parts.deriving;
    const decoded = decodeToken(textOf(token), parts);
    if (secretOf(token) !== undefined || secretOf(bare(key)) !== undefined)
      unsupported('jsonwebtoken.verify with a secret');
    if (decoded === null) throw new JsonWebTokenError('jwt malformed');
    const algorithm = String(decoded.header.alg);
    if (options.algorithms && !options.algorithms.includes(algorithm)) throw new JsonWebTokenError('invalid algorithm');
    const hash = hmacHash(algorithm) ?? unsupported(`jsonwebtoken.verify with ${algorithm}`);
    const message = textOf(token).split('.', 2).join('.');
    if (parts.hmac(hash, bare(key), message).toString('base64url') !== decoded.signature)
      throw new JsonWebTokenError('invalid signature');
    checkClaims(decoded.payload, options, seconds());
    return options.complete ? decoded : decoded.payload;
  };
  return {
    sign: calledBack(sign),
    verify: calledBack(verify),
    decode,
    JsonWebTokenError,
    TokenExpiredError,
    NotBeforeError,
  };
}

function bare(key: Key): string | Uint8Array {
  return typeof key === 'object' && !(key instanceof Uint8Array) ? key.key : key;
}

/** With a function as last argument the result, or the error, goes there. */
function calledBack<Options>(work: (value: unknown, key: Key, options?: Options) => unknown) {
  return (value: unknown, key: Key, options?: Options | Done, done?: Done): unknown => {
    const callback = typeof options === 'function' ? (options as Done) : done;
    const given = typeof options === 'function' ? undefined : (options as Options | undefined);
    if (!callback) return work(value, key, given);
    try {
      callback(null, work(value, key, given));
    } catch (thrown) {
      callback(thrown as Error);
    }
    return undefined;
  };
}

function claimsOf(payload: Claims, options: SignOptions, now: number): Claims {
  const iat = payload.iat ?? now;
  const claims: Claims = options.noTimestamp ? { ...payload } : { ...payload, iat };
  const begin = Number(iat);
  if (options.notBefore !== undefined) claims.nbf = begin + durationSeconds(options.notBefore);
  if (options.expiresIn !== undefined) claims.exp = begin + durationSeconds(options.expiresIn);
  const named = { aud: options.audience, iss: options.issuer, sub: options.subject, jti: options.jwtid };
  for (const [name, value] of Object.entries(named)) if (value !== undefined) claims[name] = value;
  return claims;
}

interface Decoded {
  readonly header: Claims;
  readonly payload: unknown;
  readonly signature: string;
}

function decodeToken(token: string, { buffers }: JwsParts): Decoded | null {
  const [, header, payload, signature] = /^([\w-]+)\.([\w-]*)\.([\w-]*)$/.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return null;
  const read = (text: string) => String(buffers.Buffer.from(text, 'base64url'));
  try {
    return { header: JSON.parse(read(header)) as Claims, payload: jsonOrText(read(payload)), signature };
  } catch {
    return null;
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function checkClaims(payload: unknown, options: VerifyOptions, now: number): void {
  const { exp, nbf, aud, iss } = Object(payload) as Claims;
  const tolerance = options.clockTolerance ?? 0;
  if (typeof nbf === 'number' && !options.ignoreNotBefore && nbf > now + tolerance)
    throw new NotBeforeError('jwt not active');
  if (typeof exp === 'number' && !options.ignoreExpiration && now >= exp + tolerance)
    throw new TokenExpiredError('jwt expired');
  const expected = { audience: [options.audience, aud], issuer: [options.issuer, iss] };
  for (const [name, [wanted, found]] of Object.entries(expected)) {
    if (wanted !== undefined && ![wanted].flat().some((each) => [found].flat().includes(each))) {
      throw new JsonWebTokenError(`jwt ${name} invalid. expected: ${[wanted].flat().map(textOf).join(' or ')}`);
    }
  }
}

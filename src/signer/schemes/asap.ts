import type { KeyObject } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { readDer, readPrivateKey } from './jwt-key.ts';
import { type Claims, type Jwt, jwtAlgorithm, keyProblem, parseClaims, signJwt } from './jwt-sign.ts';
import { type Credentials, decodeLoosely, type Scheme, withHeader } from './scheme.ts';

/**
 * Atlassian's service to service authentication (ASAP specification 1.0) with Postman's fields: alg (RS256), kid, iss, sub (iss), aud,
 * exp (seconds from now, 3600), claims (JSON, which override the others), privateKey (PEM, or a data URI that names the kid).
 */
export const asap: Scheme = (draft, credentials) => {
  if (credentials.masked) return ok({ draft: withHeader(draft, 'Authorization', `Bearer ${REDACTED}`), derived: [] });
  const signed = signFields(credentials);
  if (!signed.ok) return signed;
  const { token, signature } = signed.value;
  const derived = [token, signature].map((value) => ({ id: 'asap', value }));
  return ok({ draft: withHeader(draft, 'Authorization', `Bearer ${token}`), derived });
};

function signFields(credentials: Credentials): Result<Jwt> {
  const { fields } = credentials;
  const own = parseClaims(fields.claims ?? '', { type: 'asap', field: 'claims' });
  if (!own.ok) return own;
  const claims = claimsOf(own.value, credentials);
  if (!claims.ok) return claims;
  const kid = own.value.kid || fields.kid;
  if (typeof kid !== 'string' || kid === '') return incomplete('kid');
  const algorithm = jwtAlgorithm(fields.alg || 'RS256');
  // A shared secret would let whoever checks the token make others.
  if (!algorithm || algorithm.kind === 'hmac') return invalid('its alg is not one with a private key');
  const key = keyOf(fields.privateKey ?? '', kid);
  if (!key.ok) return key;
  const problem = keyProblem(algorithm, key.value);
  if (problem !== undefined) return invalid(problem);
  const header = { alg: algorithm.name, kid };
  return signJwt({ type: 'asap', header, claims: claims.value, algorithm, key: key.value });
}

const DEFAULT_SECONDS = '3600';

function claimsOf(own: Claims, { fields, now, random }: Credentials): Result<Claims> {
  const seconds = fields.exp || DEFAULT_SECONDS;
  if (!/^[1-9]\d{0,8}$/.test(seconds)) return invalid('its exp is not a number of seconds');
  const issuer = own.iss || fields.iss;
  if (!issuer) return incomplete('iss');
  const audience = own.aud || fields.aud;
  if (!audience) return incomplete('aud');
  const issuedAt = Math.floor(now / 1000);
  return ok({
    ...own,
    iat: own.iat || issuedAt,
    iss: issuer,
    sub: own.sub || fields.sub || issuer,
    jti: own.jti || uuid(random(16)),
    aud: audience,
    exp: own.exp || issuedAt + Number(seconds),
  });
}

function keyOf(text: string, kid: string): Result<KeyObject> {
  if (text === '') return incomplete('privateKey');
  const plain = decodeLoosely(text.trim().replace(/^"(.*)"$/s, '$1'));
  if (!plain.startsWith('data:')) return orInvalid(readPrivateKey(plain));
  const [head = '', base64 = ''] = plain.split(',', 2);
  const stated = /^data:application\/pkcs8;kid=([\w.\-+/]+);base64$/.exec(head)?.[1];
  if (stated !== undefined && stated !== kid) return invalid('its kid is not that of the private key');
  return orInvalid(stated === undefined ? undefined : readDer(base64, 'pkcs8'));
}

function orInvalid(key: KeyObject | undefined): Result<KeyObject> {
  return key ? ok(key) : invalid('its private key is not one in PEM or a data URI, or it is encrypted');
}

/** RFC 9562 section 5.4: version 4. */
function uuid(bytes: Uint8Array): string {
  const marked = Buffer.from(bytes);
  marked[6] = ((marked[6] ?? 0) & 0x0f) | 0x40;
  marked[8] = ((marked[8] ?? 0) & 0x3f) | 0x80;
  return marked.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function incomplete(field: string): Result<never> {
  return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'asap', field }));
}

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/AUTH_INVALID', { type: 'asap', problem }));
}

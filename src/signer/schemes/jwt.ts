import type { KeyObject } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { readPrivateKey } from './jwt-key.ts';
import { type Jwt, type JwtAlgorithm, jwtAlgorithm, keyProblem, parseClaims, signJwt } from './jwt-sign.ts';
import {
  type Authorised,
  type Credentials,
  type Draft,
  encodeStrict,
  isOn,
  type Scheme,
  withHeader,
  withQuery,
} from './scheme.ts';

type Fields = Credentials['fields'];

/**
 * A JSON Web Token signed for each request, with Postman's fields: algorithm, secret, isSecretBase64Encoded, privateKey, payload and
 * header (JSON), addTokenTo (header, queryParam), headerPrefix (Bearer), queryParamKey (token). The algorithm field overrides
 * the header's `alg`.
 */
export const jwt: Scheme = (draft, { fields, masked }) => {
  if (masked) return ok(placed(draft, fields, { token: REDACTED, signature: REDACTED }));
  const place = fields.addTokenTo || 'header';
  if (place !== 'header' && place !== 'queryParam') return invalid('its addTokenTo is neither header nor queryParam');
  const signed = signFields(fields);
  return signed.ok ? ok(placed(draft, fields, signed.value)) : signed;
};

function placed(draft: Draft, fields: Fields, { token, signature }: Jwt): Authorised {
  const derived = [token, signature].map((value) => ({ id: 'jwt', value }));
  if (fields.addTokenTo === 'queryParam') {
    const name = fields.queryParamKey || 'token';
    return { draft: withQuery(draft, [name], [`${encodeStrict(name)}=${token}`]), derived };
  }
  const { headerPrefix = 'Bearer' } = fields;
  const value = headerPrefix === '' ? token : `${headerPrefix} ${token}`;
  return { draft: withHeader(draft, 'Authorization', value), derived };
}

function signFields(fields: Fields): Result<Jwt> {
  const { algorithm: name = '', header: headerText = '', payload = '' } = fields;
  if (name === '') return incomplete('algorithm');
  const algorithm = jwtAlgorithm(name);
  if (!algorithm) return invalid('its algorithm is not one that is signed with');
  const key = keyOf(algorithm, fields);
  if (!key.ok) return key;
  const header = parseClaims(headerText, { type: 'jwt', field: 'header' });
  if (!header.ok) return header;
  // RFC 7515 section 4.1.11: an extension that changes what is signed.
  if (Object.hasOwn(header.value, 'crit')) return invalid('its header names extensions, which are not known');
  const claims = parseClaims(payload, { type: 'jwt', field: 'payload' });
  if (!claims.ok) return claims;
  return signJwt({
    type: 'jwt',
    header: { ...header.value, alg: algorithm.name },
    claims: claims.value,
    algorithm,
    key: key.value,
  });
}

function keyOf(algorithm: JwtAlgorithm, fields: Fields): Result<KeyObject | Buffer> {
  const { secret = '', isSecretBase64Encoded, privateKey = '' } = fields;
  if (algorithm.kind === 'hmac') {
    if (secret === '') return incomplete('secret');
    return ok(Buffer.from(secret, isOn(isSecretBase64Encoded) ? 'base64' : 'utf8'));
  }
  if (privateKey === '') return incomplete('privateKey');
  const key = readPrivateKey(privateKey);
  if (!key) return invalid('its private key is not one in PEM, or it is encrypted');
  const problem = keyProblem(algorithm, key);
  return problem === undefined ? ok(key) : invalid(problem);
}

function incomplete(field: string): Result<never> {
  return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'jwt', field }));
}

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/AUTH_INVALID', { type: 'jwt', problem }));
}

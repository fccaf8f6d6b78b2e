// What an authorization server gave must be its own: a secret that it was sent would otherwise come back as a token, and go on from
// there under other rules than the secret's.
import { isSecretAuthField } from '../../shared/collection/secret-auth-fields.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { createScrubber, type KnownSecret } from '../../shared/redact/scrubber.ts';
import type { GrantedToken } from '../oauth/ask-token.ts';
import type { OpenedFields } from '../oauth/client.ts';
import { refused } from '../oauth/refusal.ts';
import type { OpenedEndpoint } from './tokens-endpoint.ts';

/**
 * Refuses a grant that holds a secret which was sent for it. `refreshToken` is the one that was used, if it is not that of the fields:
 * a server may give it again, or make the next one of it, but no token of another kind. Failure: REQUEST/TOKEN_REFUSED.
 */
export function refuseEcho(
  { endpoint, known }: OpenedEndpoint,
  granted: Result<GrantedToken>,
  refreshToken = endpoint.fields.refreshToken,
): Result<GrantedToken> {
  if (!granted.ok) return granted;
  const { refreshToken: _, ...others } = endpoint.fields;
  const { accessToken, idToken, refreshToken: next } = granted.value;
  const isEcho = createEchoTest(known, refreshToken === undefined ? others : { ...others, refreshToken });
  const isOtherEcho = createEchoTest(known, others);
  const echoes = isEcho(accessToken) || isEcho(idToken) || isOtherEcho(next);
  return echoes ? err(refused(endpoint.url, 'its answer holds a secret that it was sent')) : granted;
}

/**
 * Whether a token holds what a secret field held, in any encoding, or is as a whole another secret that was sent: the id of a client
 * or the name of a user may be kept in the vault, and many a token states it as a claim.
 */
function createEchoTest(known: readonly KnownSecret[], sent: OpenedFields): (token: string | undefined) => boolean {
  const texts = Object.values(sent).filter((text) => text !== '');
  const secret = Object.entries(sent).flatMap(([name, text]) => (isSecretAuthField('oauth2', name) ? [text] : []));
  const isPartOf =
    (fields: readonly string[]) =>
    ({ value }: KnownSecret): boolean =>
      value !== '' && fields.some((text) => text.includes(value));
  const whole = new Set(known.filter(isPartOf(texts)).map(({ value }) => value));
  const parts = [...secret.map((value) => ({ id: 'auth', value })), ...known.filter(isPartOf(secret))];
  const scrubber = createScrubber(parts);
  return (token) =>
    token !== undefined && (whole.has(token) || scrubber.scrub(token).hits > 0 || scrubber.isShortSecret(token));
}

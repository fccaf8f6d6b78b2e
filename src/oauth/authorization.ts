// The part of RFC 6749 section 4.1 that a person takes: the address to log in at, and what comes back from there.
import { randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { type OpenedFields, ownParameters, targetParameters, withQuery } from './client.ts';
import { incomplete, invalid } from './outline.ts';
import { originOf, refused, registeredError } from './refusal.ts';

export interface Authorization {
  /** Where the person logs in. */
  readonly url: string;
  readonly redirectUri: string;
  /** RFC 7636: goes with the request for the token only. */
  readonly verifier: string;
  readonly state: string;
  readonly authUrl: string;
}

/** Parameters that nothing a collection states may replace; a request object (RFC 9101) would replace them all. */
const OWN: ReadonlySet<string> = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);

/**
 * Begins an authorization. State and verifier are always new random ones and the challenge is S256 whatever the collection states:
 * a fixed one protects from nothing. Failures: REQUEST/AUTH_INCOMPLETE, AUTH_INVALID.
 */
export async function beginAuthorization(
  fields: OpenedFields,
  authUrl: string,
  redirectUri: string,
): Promise<Result<Authorization>> {
  if (!fields.clientId) return err(incomplete('clientId'));
  const own = ownParameters(fields, 'authRequestParams');
  const verifier = oauth.generateRandomCodeVerifier();
  const state = randomBytes(32).toString('base64url');
  const url = withQuery(withoutOwn(authUrl), [
    ['response_type', 'code'],
    ['client_id', fields.clientId],
    ['redirect_uri', redirectUri],
    ['state', state],
    ['code_challenge', await oauth.calculatePKCECodeChallenge(verifier)],
    ['code_challenge_method', 'S256'],
    ...targetParameters(fields),
    ...[...own.query, ...own.body].filter(([name]) => !isOwn(name)),
  ]);
  return ok({ url, redirectUri, verifier, state, authUrl });
}

/** The address as a browser reads it. Of two parameters with one name many servers take the first; some read ";" as "&". */
function withoutOwn(authUrl: string): string {
  const { origin = '', pathname = '', search = '' } = parseUrl(authUrl) ?? {};
  const stated = search.slice(1).split('&');
  const kept = stated.filter((pair) => pair !== '' && !pair.split(';').flatMap(namesIn).some(isOwn));
  return `${origin}${pathname}${kept.length > 0 ? '?' : ''}${kept.join('&')}`;
}

function namesIn(query: string): string[] {
  return [...new URLSearchParams(query).keys()];
}

function isOwn(name: string): boolean {
  return OWN.has(name.trim().toLowerCase());
}

/**
 * Checks what the browser brought back: state, and the issuer where it is told (RFC 9207), which must be of the origin that the
 * person was sent to. Failures: REQUEST/TOKEN_REFUSED with a registered code, AUTH_INVALID.
 */
export function readCallback(
  { state, authUrl }: Authorization,
  callback: URLSearchParams,
  fields: OpenedFields,
): Result<URLSearchParams> {
  const stated = callback.get('iss');
  const issuer = stated !== null && originOf(stated) === originOf(authUrl) ? stated : authUrl;
  try {
    return ok(oauth.validateAuthResponse({ issuer }, { client_id: fields.clientId ?? '' }, callback, state));
  } catch (thrown) {
    return err(callbackFailure(thrown, authUrl));
  }
}

function callbackFailure(thrown: unknown, authUrl: string): Failure {
  if (thrown instanceof oauth.AuthorizationResponseError)
    return refused(authUrl, registeredError(thrown.error) ?? 'with an error code of its own');
  if (thrown instanceof oauth.OperationProcessingError || thrown instanceof oauth.UnsupportedOperationError)
    return invalid('what came back from the login does not belong to it');
  return failure('INTERNAL/BUG');
}

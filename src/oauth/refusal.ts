import { type Failure, failure } from '../../shared/failure/failure.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';

// RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009, RFC 8628 section 3.5, RFC 8707, RFC 9396, RFC 9449, RFC 9470, OpenID Connect Core 3.1.2.6.
const REGISTERED: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'access_denied',
  'unsupported_response_type',
  'server_error',
  'temporarily_unavailable',
  'unsupported_token_type',
  'authorization_pending',
  'slow_down',
  'expired_token',
  'invalid_target',
  'invalid_authorization_details',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'insufficient_user_authentication',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
  'invalid_request_uri',
  'invalid_request_object',
  'request_not_supported',
  'request_uri_not_supported',
  'registration_not_supported',
]);

/** The code where it is a registered one: any other text is the server's own and could hold anything. */
export function registeredError(code: unknown): string | undefined {
  return typeof code === 'string' && REGISTERED.has(code) ? code : undefined;
}

/** REQUEST/TOKEN_REFUSED: `error` is a registered code or a sentence of our own. */
export function refused(url: string, error: string): Failure {
  return failure('REQUEST/TOKEN_REFUSED', { origin: originOf(url), error });
}

/** The origin of an address; '' for a text that is none. */
export function originOf(text: string): string {
  return parseUrl(text)?.origin ?? '';
}

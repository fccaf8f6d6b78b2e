// What a token that does not hold is answered with: the same for every reason, so that nobody learns how far it came.
import { failure } from '../../../shared/failure/failure.ts';
import type { Refusal } from '../access.ts';

/** `error` where a token was sent (RFC 6750 section 3.1). */
export function refuseToken(error?: 'invalid_token'): Refusal {
  return {
    kind: 'refused',
    status: 401,
    failure: failure('ACCESS/UNAUTHENTICATED'),
    challenge: error ? { error } : {},
  };
}

export function refuseForNow(retryAfterMs: number): Refusal {
  const reason = 'the keys of the authorization server cannot be had';
  return {
    kind: 'refused',
    status: 503,
    failure: failure('ACCESS/UNAVAILABLE', { reason }),
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)),
  };
}

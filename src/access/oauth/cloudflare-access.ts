// Cloudflare Access in front of us. Its assertion shows that a call came through it, and is verified on every call: who knows our address
// could come around it.

import type { JsonObject } from '../../../shared/collection/narrow.ts';
import type { CloudflareAccessSettings, HttpSettings } from '../../../shared/config/http-settings.ts';
import type { Authenticator } from '../access.ts';
import { claimVariables } from '../claims.ts';
import type { Ask } from './ask.ts';
import { statedKeysUrl } from './find-keys.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { refuseForNow, refuseToken } from './refusals.ts';
import { createTokenCache } from './token-cache.ts';
import { principalId, seenFrom, shortText, type TokenPrincipal } from './token-principal.ts';
import { isCompact, verifyToken } from './verify-token.ts';

export interface CloudflareAccessOptions {
  readonly settings: CloudflareAccessSettings;
  readonly claims: HttpSettings['claims'];
  /** `OwnNetwork.send`. */
  readonly ask: Ask;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * To be asked before every other authenticator: refuses a call without a valid assertion, whatever else it brings. Beside another credential
 * it leaves the call to the others; alone it is the caller, a person or a service token.
 */
export function createCloudflareAccess({ settings, claims: map, ask, now }: CloudflareAccessOptions): Authenticator {
  const { team, audience } = settings;
  const at = statedKeysUrl(`${team}/cdn-cgi/access/certs`);
  const keys = createIssuerKeys({ ask, locate: () => Promise.resolve(at), now });
  const expected = { issuer: team, audience: [audience], algorithms: ['RS256'], keys };
  const cache = createTokenCache<TokenPrincipal>();
  return {
    async authenticate({ assertion, authorization }, peer) {
      if (assertion === undefined || !isCompact(assertion)) return refuseToken();
      let principal = cache.find(assertion, now());
      if (!principal) {
        const verified = await verifyToken(assertion, expected, now());
        if (verified.kind === 'unavailable') return refuseForNow(verified.retryAfterMs);
        principal = verified.kind === 'verified' ? principalOf(verified.claims, settings, map) : undefined;
        if (verified.kind === 'invalid' || !principal) return refuseToken();
        cache.keep(assertion, principal, verified.expiresAt, now());
      }
      if (authorization !== undefined) return undefined;
      return { kind: 'caller', principal: seenFrom(principal, peer), by: 'assertion' };
    },
  };
}

/** A person has a subject; a service token has none, and a `common_name`. */
function principalOf(
  claims: JsonObject,
  { team, granted }: CloudflareAccessSettings,
  map: HttpSettings['claims'],
): TokenPrincipal | undefined {
  const subject = shortText(claims.sub);
  const service = shortText(claims.common_name);
  const name = shortText(claims.email) ?? service ?? subject;
  if (name === undefined || (subject ?? service) === undefined) return undefined;
  return {
    id: principalId(team, subject ?? '', service),
    kind: 'http',
    reach: granted,
    about: { name },
    claims: claimVariables(map, claims),
  };
}

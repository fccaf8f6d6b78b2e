// Who a verified token stands for, and what it may do.
import { createHash } from 'node:crypto';
import { commonReach, type Reach, reachOfToken } from '../../../shared/access/reach.ts';
import { tokenLimits } from '../../../shared/access/token-limits.ts';
import type { JsonObject } from '../../../shared/collection/narrow.ts';
import type { HttpSettings, IssuerSettings } from '../../../shared/config/http-settings.ts';
import type { Principal } from '../../../shared/policy/policy.ts';
import type { Peer } from '../access.ts';
import { claimVariables, readClaim } from '../claims.ts';

/** The same for every call with one token. */
export type TokenPrincipal = Principal & Required<Pick<Principal, 'reach' | 'about' | 'claims'>>;

/** Undefined where the token has no subject. */
export function tokenPrincipal(
  claims: JsonObject,
  issuer: IssuerSettings,
  map: HttpSettings['claims'],
): TokenPrincipal | undefined {
  const subject = shortText(claims.sub);
  if (subject === undefined) return undefined;
  const client = shortText(claims.azp) ?? shortText(claims.client_id);
  return {
    id: principalId(issuer.issuer, subject, client),
    kind: 'http',
    reach: tokenReach(claims, issuer),
    about: { name: subject, ...(client !== undefined && { client }) },
    claims: claimVariables(map, claims),
  };
}

/** The same with what only the call tells. */
export function seenFrom(principal: TokenPrincipal, { address }: Peer): Principal {
  return { ...principal, about: { ...principal.about, address } };
}

/** A subject is one within its issuer only (RFC 7519 section 4.1.2), and each client that it uses is a caller of its own. */
export function principalId(issuer: string, subject: string, client: string | undefined): string {
  const facts = JSON.stringify([issuer, subject, client ?? null]);
  return `oauth:${createHash('sha256').update(facts).digest('hex')}`;
}

/** A claim that is text, not empty and no longer than one; undefined for every other. */
export function shortText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > tokenLimits.subjectChars) return undefined;
  return value;
}

function tokenReach(claims: JsonObject, { scopeClaim, scopePrefix, granted, most }: IssuerSettings): Reach {
  const stated = readClaim(claims, scopeClaim);
  const reach = stated === undefined && granted ? granted : reachOfToken(ownScopes(stated, scopePrefix));
  return most ? commonReach(reach, most) : reach;
}

/** A text of words (RFC 9068 section 2.2.3) or a list; anything else holds no scope. */
function ownScopes(stated: unknown, prefix: string): readonly string[] {
  const words: readonly unknown[] =
    typeof stated === 'string' ? stated.split(' ') : Array.isArray(stated) ? stated : [];
  return words.flatMap((word) => (typeof word === 'string' ? scopesIn(word, prefix) : []));
}

/** No part of a word with white space in it is a scope; each part keeps a space, so that none is taken for one and all may narrow. */
function scopesIn(word: string, prefix: string): readonly string[] {
  const parts = word.split(/\s/);
  const own = parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
  return parts.length === 1 ? own : own.map((scope) => `${scope} `);
}

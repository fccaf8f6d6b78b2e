// Access tokens of the authorization servers that the operator named (RFC 6750, RFC 9068). A token is not passed on to anything.
import { decodeJwt } from 'jose';
import type { HttpSettings, IssuerSettings } from '../../../shared/config/http-settings.ts';
import type { Authentication, Authenticator, Credentials, Peer } from '../access.ts';
import type { Ask } from './ask.ts';
import { findKeysUrl, statedKeysUrl } from './find-keys.ts';
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts';
import { refuseForNow, refuseToken } from './refusals.ts';
import { createTokenCache } from './token-cache.ts';
import { seenFrom, type TokenPrincipal, tokenPrincipal } from './token-principal.ts';
import { isCompact, verifyToken } from './verify-token.ts';

export interface TokenAuthenticatorOptions {
  readonly settings: Pick<HttpSettings, 'oauth' | 'claims'>;
  /** `OwnNetwork.send`. */
  readonly ask: Ask;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Takes every Bearer credential that is no key of ours. Refuses with 401 what is no token of a named issuer, for us, valid now, and with 503
 * where the keys of its issuer cannot be had. Each issuer stands by itself.
 */
export function createTokenAuthenticator({ settings, ask, now }: TokenAuthenticatorOptions): Authenticator {
  const { oauth, claims } = settings;
  const issuers = new Map(oauth.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer, ask, now) }]));
  const cache = createTokenCache<Known>();
  const authenticate = async (token: string, peer: Peer): Promise<Authentication> => {
    const known = cache.find(token, now());
    if (known) return caller(known, peer);
    const named = isCompact(token) ? issuers.get(unverifiedIssuer(token) ?? '') : undefined;
    if (!named) return refuseToken('invalid_token');
    const { issuer, keys } = named;
    const verified = await verifyToken(token, { ...issuer, keys }, now());
    if (verified.kind === 'unavailable') return refuseForNow(verified.retryAfterMs);
    const principal = verified.kind === 'verified' ? tokenPrincipal(verified.claims, issuer, claims) : undefined;
    if (verified.kind === 'invalid' || !principal) return refuseToken('invalid_token');
    const found = { principal, scopePrefix: issuer.scopePrefix };
    cache.keep(token, found, verified.expiresAt, now());
    return caller(found, peer);
  };
  return {
    async authenticate(credentials, peer) {
      const token = bearerToken(credentials);
      return token === undefined ? undefined : authenticate(token, peer);
    },
  };
}

/** Of RFC 6750 section 2.1; undefined for another scheme, and for a key of ours. */
function bearerToken({ authorization = '' }: Credentials): string | undefined {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return token === '' || token.startsWith('keyward_') ? undefined : token;
}

function keysOf({ issuer, jwksUri }: IssuerSettings, ask: Ask, now: () => number): IssuerKeys {
  const stated = jwksUri === undefined ? undefined : statedKeysUrl(jwksUri);
  return createIssuerKeys({
    ask,
    locate: (signal) => (jwksUri === undefined ? findKeysUrl(ask, issuer, signal) : Promise.resolve(stated)),
    now,
  });
}

/** Only to know whose keys to verify with. */
function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

interface Known {
  readonly principal: TokenPrincipal;
  readonly scopePrefix: string;
}

function caller({ principal, scopePrefix }: Known, peer: Peer): Authentication {
  return { kind: 'caller', principal: seenFrom(principal, peer), by: 'token', scopePrefix };
}

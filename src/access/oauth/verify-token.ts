// Whether a text is a token that an issuer signed for us (RFC 7519, RFC 8725, RFC 9068). Why it is not is told to nobody.
import { decodeProtectedHeader, type JWTHeaderParameters, jwtVerify } from 'jose';
import { tokenLimits } from '../../../shared/access/token-limits.ts';
import type { JsonObject } from '../../../shared/collection/narrow.ts';
import type { IssuerKeys } from './issuer-keys.ts';

export type VerifiedToken =
  | { readonly kind: 'verified'; readonly claims: JsonObject; readonly expiresAt: number }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

export interface Expected {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
}

const INVALID = { kind: 'invalid' } as const;

/** Whether a text has the form of a signed token: three parts, none of which is empty. */
export function isCompact(token: string): boolean {
  return token.length <= tokenLimits.chars && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Verifies everything about a token but what it allows. `nowMs` since the epoch; so is `expiresAt`. */
export async function verifyToken(token: string, expected: Expected, nowMs: number): Promise<VerifiedToken> {
  const header = readHeader(token);
  // Asked before the keys are: no token of another kind makes us fetch them.
  if (!header || !isFit(header, expected)) return INVALID;
  const found = await expected.keys.find(header);
  if (found.kind === 'unavailable') return found;
  if (found.kind === 'unknown') return INVALID;
  try {
    const { payload } = await jwtVerify(token, found.key, {
      issuer: expected.issuer,
      audience: [...expected.audience],
      algorithms: [header.alg],
      requiredClaims: ['exp'],
      clockTolerance: tokenLimits.clockToleranceMs / 1_000,
      currentDate: new Date(nowMs),
    });
    const isLater = payload.iat !== undefined && payload.iat * 1_000 > nowMs + tokenLimits.clockToleranceMs;
    if (isLater || payload.exp === undefined || isAnother(payload)) return INVALID;
    return { kind: 'verified', claims: payload, expiresAt: payload.exp * 1_000 };
  } catch {
    return INVALID;
  }
}

function readHeader(token: string): JWTHeaderParameters | undefined {
  try {
    const { alg, ...header } = decodeProtectedHeader(token);
    return alg === undefined ? undefined : { ...header, alg };
  } catch {
    return undefined;
  }
}

/** With a shared secret, or none, whoever verifies could also issue: no setting allows that. */
function isPublic(algorithm: string): boolean {
  return /^(?:[REP]S(?:256|384|512)|EdDSA|Ed25519)$/.test(algorithm);
}

/** RFC 8725 section 3.11: a type that is not named is that of RFC 7519; every extension that must be understood (`crit`) is one too many. */
function isFit({ alg, typ = 'JWT', crit }: JWTHeaderParameters, { algorithms }: Expected): boolean {
  return crit === undefined && TYPES.has(String(typ).toLowerCase()) && algorithms.includes(alg) && isPublic(alg);
}

const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);

/**
 * What is signed by the same keys and is no access token, or only one for who can prove something that is not checked here: a token
 * bound to a key (RFC 7800 `cnf`, so RFC 8705 and 9449), an ID token (OpenID Connect Core section 3.1.3.6), a logout or security event (RFC
 * 8417), and what Keycloak and Cognito call so. `nonce` tells nothing: older Keycloaks put it into access tokens too.
 */
function isAnother(claims: JsonObject): boolean {
  if (['cnf', 'at_hash', 'c_hash', 's_hash', 'events'].some((name) => Object.hasOwn(claims, name))) return true;
  return claims.token_use === 'id' || ['ID', 'Refresh', 'Offline', 'Logout'].some((type) => claims.typ === type);
}

// A caller's claims as variables. The operator says which; what a claim holds is other people's text until it is judged here.

import { tokenLimits } from '../../shared/access/token-limits.ts';
import { isObject, type JsonObject } from '../../shared/collection/narrow.ts';
import type { Principal } from '../../shared/policy/policy.ts';

type Claims = NonNullable<Principal['claims']>;

/**
 * Every variable of the operator's map with what this caller has for it; undefined where that is missing or no text, number or boolean that
 * can stand in a URL. A caller with a key has no claims, and all of them are undefined.
 */
export function claimVariables(map: Readonly<Record<string, string>>, claims: JsonObject = {}): Claims {
  return Object.fromEntries(Object.entries(map).map(([name, path]) => [name, claimText(readClaim(claims, path))]));
}

/** A claim by its path, such as `org.id`. The whole of a name wins over its parts: namespaced claims have dots in theirs. */
export function readClaim(claims: JsonObject, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (isObject(inner)) return readClaim(inner, path.slice(dot + 1));
  }
  return undefined;
}

/** An empty text would let a URL lose a segment, and a number that was rounded would be another tenant's. */
function claimText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
  if (typeof value !== 'string' || value === '' || value.length > tokenLimits.claimChars) return undefined;
  return /[\p{Cc}\p{Cs}]/u.test(value) ? undefined : value;
}

// What an operator may state about a handle beside its origins, read as it is typed.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { type HandleInfo, type SecretPlace, secretPlaces } from './secret-ref.ts';

const MAX_USES = 1_000_000_000;
/** RFC 9110 section 5.6.2; no method of more letters is in use. */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/;

/** Places in their usual order, each once. Failure: SECRET/INVALID. */
export function parsePlaces(texts: readonly string[]): Result<readonly SecretPlace[]> {
  const unknown = texts.find((text) => !secretPlaces.some((place) => place === text));
  if (unknown !== undefined || texts.length === 0) return invalid(`a place is one of ${secretPlaces.join(', ')}`);
  return ok(secretPlaces.filter((place) => texts.includes(place)));
}

/** Where a handle may stand: in the path only by the operator's word for it. */
export function placesOf({ places, pathAllowed }: Pick<HandleInfo, 'places' | 'pathAllowed'>): readonly SecretPlace[] {
  return secretPlaces.filter((place) => (place !== 'path' || pathAllowed) && (places?.includes(place) ?? true));
}

/** The same as a handle states it: nothing where it is all places but the path. */
export function placesRule(places: readonly SecretPlace[]): Pick<HandleInfo, 'places' | 'pathAllowed'> {
  const isAll = secretPlaces.every((place) => place === 'path' || places.includes(place));
  return { pathAllowed: places.includes('path'), ...(!isAll && { places }) };
}

/** Methods in capitals, sorted, each once. Failure: SECRET/INVALID. */
export function parseMethods(texts: readonly string[]): Result<readonly string[]> {
  if (texts.length === 0 || texts.some((text) => !METHOD.test(text))) {
    return invalid('a method is one word, such as GET');
  }
  return ok([...new Set(texts.map((text) => text.toUpperCase()))].sort());
}

/** A number of uses, at least one. Failure: SECRET/INVALID. */
export function parseMaxUses(count: number): Result<number> {
  if (Number.isSafeInteger(count) && count >= 1 && count <= MAX_USES) return ok(count);
  return invalid(`the number of uses is 1 to ${MAX_USES}`);
}

/** A time to come, in milliseconds since the epoch. Failure: SECRET/INVALID. */
export function parseExpiresAt(at: number, now: number): Result<number> {
  return Number.isSafeInteger(at) && at > now ? ok(at) : invalid('the expiry is not in the future');
}

function invalid(problem: string): Result<never> {
  return err(failure('SECRET/INVALID', { problem }));
}

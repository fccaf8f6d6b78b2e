// A change of what a handle may be used for, and which of it widens: that is what an operator is asked about.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { parseOrigins } from './binding.ts';
import { parseExpiresAt, parseMaxUses, parseMethods, parsePlaces, placesOf, placesRule } from './handle-policy.ts';
import type { HandleInfo } from './secret-ref.ts';

/** As typed: entries to `add` to what there is, or the `only` ones from now on. */
export interface ListChange {
  readonly add?: readonly string[];
  readonly only?: readonly string[] | 'any';
}

/** null takes a limit away; what is absent stays. */
export interface Rebinding {
  readonly origins?: ListChange;
  readonly places?: ListChange;
  readonly methods?: ListChange;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | null;
  readonly maxUses?: number | null;
}

/** All that limits a handle. */
export type HandleRules = Pick<HandleInfo, 'origins' | 'pathAllowed' | 'places' | 'methods' | 'expiresAt' | 'maxUses'>;

/** The rules with the change made. Failure: SECRET/INVALID for what cannot be read. `now` in milliseconds since the epoch. */
export function rebind(rules: HandleRules, change: Rebinding, now: number): Result<HandleRules> {
  const origins = changed(rules.origins, change.origins, parseOrigins);
  if (!origins.ok) return origins;
  const places = changed(placesOf(rules), change.places, parsePlaces);
  if (!places.ok) return places;
  const methods = changed(rules.methods, change.methods, parseMethods);
  if (!methods.ok) return methods;
  const expiresAt = limitOf(rules.expiresAt, change.expiresAt, (at) => parseExpiresAt(at, now));
  if (!expiresAt.ok) return expiresAt;
  const maxUses = limitOf(rules.maxUses, change.maxUses, parseMaxUses);
  if (!maxUses.ok) return maxUses;
  if (!origins.value) return err(failure('SECRET/INVALID', { problem: 'a secret always has its origins' }));
  return ok({
    origins: origins.value,
    ...placesRule(places.value ?? placesOf({ pathAllowed: rules.pathAllowed })),
    ...(methods.value && { methods: methods.value }),
    ...(expiresAt.value !== undefined && { expiresAt: expiresAt.value }),
    ...(maxUses.value !== undefined && { maxUses: maxUses.value }),
  });
}

/** Undefined: every one is allowed. To add to that changes nothing. */
function changed<Entry extends string>(
  before: readonly Entry[] | undefined,
  change: ListChange | undefined,
  parse: (texts: readonly string[]) => Result<readonly Entry[]>,
): Result<readonly Entry[] | undefined> {
  const { add, only } = change ?? {};
  if (only === 'any') return ok(undefined);
  if (only) return parse([...only, ...(add ?? [])]);
  if (!add) return ok(before);
  const added = parse(add);
  if (!added.ok || !before) return added.ok ? ok(before) : added;
  return parse([...before, ...added.value]);
}

function limitOf(
  before: number | undefined,
  change: number | null | undefined,
  parse: (count: number) => Result<number>,
): Result<number | undefined> {
  if (change === undefined) return ok(before);
  return change === null ? ok(undefined) : parse(change);
}

export interface RulesDifference {
  /** What could not be done before, each in words: `origin https://b.example.com`, `no expiry any more`. */
  readonly widens: readonly string[];
  readonly narrows: readonly string[];
}

/** What a change of rules lets a handle do, and what it takes away. */
export function compareRules(before: HandleRules, after: HandleRules): RulesDifference {
  const origins = listDifference('origin', before.origins, after.origins);
  const places = listDifference('place', placesOf(before), placesOf(after));
  const methods = listDifference('method', before.methods, after.methods);
  const expiry = limitDifference(before.expiresAt, after.expiresAt, (at) =>
    at === undefined ? 'no expiry any more' : `until ${new Date(at).toISOString()}`,
  );
  const uses = limitDifference(before.maxUses, after.maxUses, (most) =>
    most === undefined ? 'any number of uses' : `${most} uses at most`,
  );
  const all = [origins, places, methods, expiry, uses];
  return { widens: all.flatMap(({ widens }) => widens), narrows: all.flatMap(({ narrows }) => narrows) };
}

function listDifference(
  what: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): RulesDifference {
  if (!before || !after) {
    return {
      widens: before && !after ? [`every ${what}`] : [],
      narrows: after && !before ? after.map((entry) => `only ${what} ${entry}`) : [],
    };
  }
  return {
    widens: after.filter((entry) => !before.includes(entry)).map((entry) => `${what} ${entry}`),
    narrows: before.filter((entry) => !after.includes(entry)).map((entry) => `${what} ${entry}`),
  };
}

/** No limit is more than any. */
function limitDifference(
  before: number | undefined,
  after: number | undefined,
  inWords: (limit: number | undefined) => string,
): RulesDifference {
  const [was, is] = [before ?? Number.POSITIVE_INFINITY, after ?? Number.POSITIVE_INFINITY];
  return { widens: is > was ? [inWords(after)] : [], narrows: is < was ? [inWords(after)] : [] };
}

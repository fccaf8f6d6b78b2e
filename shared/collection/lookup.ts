// Finds things by what people and agents call them: an id, an exact name, or for a request its path
// `Collection / Folder / Request` (the collection may be left out). Pure, so that it works over any visible part; what is
// looked up often is made once for each collection.
import type { FailureCode } from '../failure/catalogue.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { redactString } from '../redact/redact-string.ts';
import { derived } from './derived.ts';
import type { Collection, Environment, RequestEntry } from './model.ts';
import { type KnownNames, knowNames, nearestKnown } from './nearest.ts';
import { shownName } from './shown-name.ts';

const MAX_CANDIDATES = 5;

/** Fails with COLLECTION/NOT_FOUND or COLLECTION/AMBIGUOUS. */
export function lookupCollection(collections: readonly Collection[], ref: string): Result<Collection> {
  return pick(collections, ref, { missing: 'COLLECTION/NOT_FOUND', ambiguous: 'COLLECTION/AMBIGUOUS' });
}

/** Fails with REQUEST/ENVIRONMENT_NOT_FOUND or REQUEST/ENVIRONMENT_AMBIGUOUS. */
export function lookupEnvironment(environments: readonly Environment[], ref: string): Result<Environment> {
  const codes = { missing: 'REQUEST/ENVIRONMENT_NOT_FOUND', ambiguous: 'REQUEST/ENVIRONMENT_AMBIGUOUS' } as const;
  return pick(environments, ref, codes);
}

export interface FoundEntry {
  readonly collection: Collection;
  readonly entry: RequestEntry;
}

/** Fails with REQUEST/NOT_FOUND or REQUEST/AMBIGUOUS. */
export function lookupRequest(collections: readonly Collection[], ref: string): Result<FoundEntry> {
  for (const collection of collections) {
    const entry = byId(collection).get(ref);
    if (entry) return ok({ collection, entry });
  }
  const byPath = ref.includes('/') ? collections.flatMap((collection) => entriesAt(collection, normalPath(ref))) : [];
  const matches = byPath.length > 0 ? byPath : collections.flatMap((collection) => entriesNamed(collection, ref));
  const found = choose(matches, ({ entry }) => entry.id, ref, 'REQUEST/AMBIGUOUS');
  return found ?? err(failure('REQUEST/NOT_FOUND', { ref, nearest: nearest(ref, collections.map(requestNames)) }));
}

/** Makes ahead of the first lookup what it needs of a collection. */
export function prepareLookup(collection: Collection): void {
  byId(collection);
  byName(collection);
  requestNames(collection).words();
}

const byId = derived(
  ({ requests }: Collection): ReadonlyMap<string, RequestEntry> =>
    // The first of equal ids comes last, and stays.
    new Map(requests.map((entry) => [entry.id, entry] as const).reverse()),
);

const byName = derived(({ requests }: Collection) => groupBy(requests, ({ name }) => name));

const byPathInside = derived(({ requests }: Collection) =>
  groupBy(requests, ({ folders, name }) => normalPath([...folders, name].join('/'))),
);

/** As a failure shows them: how near a name is must not tell what it hides. */
const requestNames = derived(({ requests }: Collection) =>
  knowNames(requests.map(({ name }) => redactString(shownName(name)).text)),
);

function entriesNamed(collection: Collection, name: string): FoundEntry[] {
  return (byName(collection).get(name) ?? []).map((entry) => ({ collection, entry }));
}

/** By the path inside of the collection, or with the collection's name before it. */
function entriesAt(collection: Collection, path: string): FoundEntry[] {
  const known = byPathInside(collection);
  const prefix = `${normalPath(collection.name)}/`;
  const inside = known.get(path) ?? [];
  const below = path.startsWith(prefix) ? (known.get(path.slice(prefix.length)) ?? []) : [];
  const either =
    inside.length > 0 && below.length > 0 ? inFileOrder(collection, [...inside, ...below]) : [...inside, ...below];
  return either.map((entry) => ({ collection, entry }));
}

function inFileOrder({ requests }: Collection, entries: readonly RequestEntry[]): readonly RequestEntry[] {
  const wanted = new Set(entries);
  return requests.filter((entry) => wanted.has(entry));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function pick<T extends Named>(
  things: readonly T[],
  ref: string,
  { missing, ambiguous }: { readonly missing: FailureCode; readonly ambiguous: FailureCode },
): Result<T> {
  const withId = things.find(({ id }) => id === ref);
  if (withId) return ok(withId);
  const matches = things.filter(({ name }) => name === ref);
  const found = choose(matches, ({ id }) => id, ref, ambiguous);
  if (found) return found;
  const names = knowNames(things.map(({ name }) => shownName(name)));
  return err(failure(missing, { ref, nearest: nearest(ref, [names]) }));
}

/** The only match, or that there are several; undefined for none. */
function choose<T>(
  matches: readonly T[],
  idOf: (match: T) => string,
  ref: string,
  ambiguous: FailureCode,
): Result<T> | undefined {
  const [first, ...others] = matches;
  if (first === undefined) return undefined;
  if (others.length === 0) return ok(first);
  return err(failure(ambiguous, { ref, candidates: matches.slice(0, MAX_CANDIDATES).map(idOf).join(', ') }));
}

/** Of a path that leads nowhere, the last name counts too. */
function nearest(ref: string, lists: readonly KnownNames[]): string {
  const last = normalPath(ref).split('/').at(-1) ?? '';
  const whole = nearestKnown(ref, lists);
  const names = whole.length > 0 || last === ref ? whole : nearestKnown(last, lists);
  return names.join(', ') || 'none';
}

/** Spaces around the slashes do not matter. */
function normalPath(path: string): string {
  return path
    .split('/')
    .map((part) => part.trim())
    .join('/');
}

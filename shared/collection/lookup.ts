// Finds things by what people and agents call them: an id, an exact name, or for a request its path
// `Collection / Folder / Request` (the collection may be left out). Pure, so that it works over any visible part.
import type { FailureCode } from '../failure/catalogue.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { Collection, Environment, RequestEntry } from './model.ts';
import { nearestNames } from './nearest.ts';
import { shownName } from './shown-name.ts';

const MAX_CANDIDATES = 5;

/** Fails with COLLECTION/NOT_FOUND or COLLECTION/AMBIGUOUS. */
export function lookupCollection(collections: readonly Collection[], ref: string): Result<Collection> {
  return pick(collections.map(named), ref, { missing: 'COLLECTION/NOT_FOUND', ambiguous: 'COLLECTION/AMBIGUOUS' });
}

/** Fails with REQUEST/ENVIRONMENT_NOT_FOUND or REQUEST/ENVIRONMENT_AMBIGUOUS. */
export function lookupEnvironment(environments: readonly Environment[], ref: string): Result<Environment> {
  const codes = { missing: 'REQUEST/ENVIRONMENT_NOT_FOUND', ambiguous: 'REQUEST/ENVIRONMENT_AMBIGUOUS' } as const;
  return pick(environments.map(named), ref, codes);
}

export interface FoundEntry {
  readonly collection: Collection;
  readonly entry: RequestEntry;
}

/** Fails with REQUEST/NOT_FOUND or REQUEST/AMBIGUOUS. */
export function lookupRequest(collections: readonly Collection[], ref: string): Result<FoundEntry> {
  for (const collection of collections) {
    for (const entry of collection.requests) if (entry.id === ref) return ok({ collection, entry });
  }
  const candidates = collections.flatMap((collection) =>
    collection.requests.map((entry) => ({ ...named(entry), item: { collection, entry } })),
  );
  const path = normalPath(ref);
  const byPath = ref.includes('/') ? candidates.filter(({ item }) => pathsOf(item).includes(path)) : [];
  const codes = { missing: 'REQUEST/NOT_FOUND', ambiguous: 'REQUEST/AMBIGUOUS' } as const;
  return byPath.length > 0 ? choose(byPath, ref, codes) : pick(candidates, ref, codes);
}

interface Candidate<T> {
  readonly id: string;
  readonly name: string;
  readonly item: T;
}

interface Codes {
  readonly missing: FailureCode;
  readonly ambiguous: FailureCode;
}

function named<T extends { readonly id: string; readonly name: string }>(item: T): Candidate<T> {
  return { id: item.id, name: item.name, item };
}

function pick<T>(candidates: readonly Candidate<T>[], ref: string, codes: Codes): Result<T> {
  const byId = candidates.find(({ id }) => id === ref);
  if (byId) return ok(byId.item);
  return choose(
    candidates.filter(({ name }) => name === ref),
    ref,
    codes,
    candidates,
  );
}

function choose<T>(
  matches: readonly Candidate<T>[],
  ref: string,
  codes: Codes,
  all: readonly Candidate<T>[] = matches,
): Result<T> {
  const [first, ...others] = matches;
  if (!first) {
    const names = all.map(({ name }) => shownName(name));
    return err(failure(codes.missing, { ref, nearest: nearestNames(ref, names).join(', ') || 'none' }));
  }
  if (others.length === 0) return ok(first.item);
  const ids = matches.slice(0, MAX_CANDIDATES).map(({ id }) => id);
  return err(failure(codes.ambiguous, { ref, candidates: ids.join(', ') }));
}

function pathsOf({ collection, entry }: FoundEntry): string[] {
  const inside = [...entry.folders, entry.name];
  return [[collection.name, ...inside], inside].map((names) => normalPath(names.join('/')));
}

/** Spaces around the slashes do not matter. */
function normalPath(path: string): string {
  return path
    .split('/')
    .map((part) => part.trim())
    .join('/');
}

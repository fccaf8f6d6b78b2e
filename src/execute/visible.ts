// The workspace as an agent may see it. Hidden and missing must not differ, so names are looked up, and the nearest ones
// computed, over what is visible only.
import { lookupCollection, lookupEnvironment, lookupRequest } from '../../shared/collection/lookup.ts';
import type { Collection, Environment } from '../../shared/collection/model.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { collectionAccess, environmentAccess } from '../../shared/policy/access.ts';
import type { ExecutionContext, FoundRequest } from './ports.ts';

export type Seen = Pick<ExecutionContext, 'workspace' | 'policy'>;

export function visibleCollections({ workspace, policy }: Seen): readonly Collection[] {
  return workspace.collections().filter((collection) => collectionAccess(policy, collection).level !== 'hidden');
}

/**
 * Environments and globals; hidden globals do not apply to any request either. One that belongs to hidden collections only is as hidden
 * as they are.
 */
export function visibleEnvironments(seen: Seen): readonly Environment[] {
  const ids = new Set(visibleCollections(seen).map(({ id }) => id));
  return allowedEnvironments(seen).filter(({ collections }) => collections?.some((id) => ids.has(id)) ?? true);
}

function allowedEnvironments({ workspace, policy }: Seen): readonly Environment[] {
  return workspace.environments().filter((environment) => environmentAccess(policy, environment).level !== 'hidden');
}

/** The globals that apply to every request of a collection. */
export function visibleGlobals(seen: Seen, collection: Collection): readonly Environment[] {
  return environmentsFor(seen, collection).filter(({ kind }) => kind === 'globals');
}

/** The environments and globals that the requests of a visible collection can use. */
export function environmentsFor(seen: Seen, { id }: Collection): readonly Environment[] {
  return allowedEnvironments(seen).filter(({ collections }) => collections?.includes(id) ?? true);
}

/** A visible collection by id or unambiguous name; COLLECTION/NOT_FOUND or COLLECTION/AMBIGUOUS. */
export function findCollection(seen: Seen, ref: string): Result<Collection> {
  return lookupCollection(visibleCollections(seen), ref);
}

/** A visible environment, globals included; REQUEST/ENVIRONMENT_NOT_FOUND or REQUEST/ENVIRONMENT_AMBIGUOUS. */
export function findEnvironment(seen: Seen, ref: string): Result<Environment> {
  return lookupEnvironment(visibleEnvironments(seen), ref);
}

/** The environment chosen for a request, or none where none was asked for; globals always apply and cannot be chosen. */
export function chosenEnvironment(
  seen: Seen,
  collection: Collection,
  ref: string | undefined,
): Result<Environment | undefined> {
  if (ref === undefined) return ok(undefined);
  const choices = environmentsFor(seen, collection).filter(({ kind }) => kind === 'environment');
  return lookupEnvironment(choices, ref);
}

/** A request of a visible collection by id, path or unambiguous name; REQUEST/NOT_FOUND or REQUEST/AMBIGUOUS. */
export function findRequest(seen: Seen, ref: string): Result<FoundRequest> {
  const found = lookupRequest(visibleCollections(seen), ref);
  return found.ok ? ok({ ...found.value, template: found.value.entry.open() }) : found;
}

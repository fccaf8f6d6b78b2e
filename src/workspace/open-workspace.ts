// The only reader of collection files. A file that does not load becomes a problem; the rest is served.
import { lookupCollection, lookupEnvironment, lookupRequest } from '../../shared/collection/lookup.ts';
import type { Collection, Environment } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { type Failure, failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { FoundRequest, Workspace } from '../execute/ports.ts';
import { discover, type Root, resolveRoots } from './discover.ts';
import { createFence, type Fence } from './fence.ts';
import { createGlob } from './glob.ts';
import { loadFile, readText } from './load-file.ts';
import { readAttachment } from './read-attachment.ts';

export interface WorkspaceOptions {
  /** Files and folders to serve. */
  readonly roots: readonly string[];
  /** Globs relative to the folder roots; absent: every supported format below them. */
  readonly include?: readonly string[];
  /** More lists of such globs: a file has to match one of each. */
  readonly alsoWithin?: readonly (readonly string[])[];
  /** Folders that nothing is read from, wherever they lie: the data folder. */
  readonly forbidden: readonly string[];
}

/** Loads everything below the roots. Fails only where a root itself cannot be read (COLLECTION/UNREADABLE, CONFIG/HOME_UNSAFE). */
export function openWorkspace({ roots, include, alsoWithin = [], forbidden }: WorkspaceOptions): Result<Workspace> {
  const fence = createFence(forbidden);
  const resolved = resolveRoots(roots, fence);
  if (!resolved.ok) return resolved;
  const globs = include === undefined ? alsoWithin : [include, ...alsoWithin];
  return ok(createWorkspace(resolved.value, load(resolved.value, globs, fence), fence));
}

interface Loaded {
  readonly collections: Collection[];
  readonly environments: Environment[];
  readonly problems: Failure[];
  /** Absolute paths of the loaded files, by their workspace-relative ones. */
  readonly paths: Map<string, string>;
}

function load(roots: readonly Root[], globs: readonly (readonly string[])[], fence: Fence): Loaded {
  const matchers = globs.map((list) => list.map(createGlob));
  const extensions = dialects.flatMap((dialect) => dialect.extensions);
  const wanted = (file: string): boolean => {
    const name = file.toLowerCase();
    if (!extensions.some((extension) => name.endsWith(extension))) return false;
    return matchers.every((list) => list.some((matches) => matches(file)));
  };
  const { candidates, problems } = discover(roots, wanted, fence);
  const loaded: Loaded = { collections: [], environments: [], problems: [...problems], paths: new Map() };
  for (const candidate of candidates) {
    const document = loadFile(candidate);
    if (document.ok && document.value.kind === 'other') continue;
    loaded.paths.set(candidate.file, candidate.path);
    if (!document.ok) loaded.problems.push(document.failure);
    else if (document.value.kind === 'environment') loaded.environments.push(document.value.environment);
    else if (document.value.kind === 'collection') loaded.collections.push(document.value.collection);
  }
  for (const collection of loaded.collections) for (const problem of collection.problems) loaded.problems.push(problem);
  return loaded;
}

function createWorkspace(
  roots: readonly Root[],
  { collections, environments, problems, paths }: Loaded,
  fence: Fence,
): Workspace {
  const rules = { roots, reserved: new Set(paths.values()), fence };
  return {
    collections: () => collections,
    environments: () => environments,
    problems: () => problems,
    findCollection: (ref) => lookupCollection(collections, ref),
    findEnvironment: (ref) => lookupEnvironment(environments, ref),
    findRequest(ref): Result<FoundRequest> {
      const found = lookupRequest(collections, ref);
      return found.ok ? ok({ ...found.value, template: found.value.entry.open() }) : found;
    },
    locate({ collection, entry }): SourceSpan {
      const path = paths.get(collection.file);
      const text = path === undefined ? undefined : readText(collection.file, path);
      return text?.ok ? entry.locate(text.value) : { file: collection.file };
    },
    readAttachment(collection, path) {
      const from = paths.get(collection.file);
      if (from !== undefined) return readAttachment(rules, from, path);
      return err(
        failure('REQUEST/FILE_UNAVAILABLE', { file: path, problem: 'its collection is not in this workspace' }),
      );
    },
  };
}

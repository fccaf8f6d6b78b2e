// The only reader of collection files. A file that does not load becomes a problem; the rest is served.
import { lookupCollection, lookupEnvironment, lookupRequest } from '../../shared/collection/lookup.ts';
import type { Collection, Environment } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { type Failure, failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { FoundRequest, Workspace } from '../execute/ports.ts';
import { discover, type Root, resolveRoots } from './discover.ts';
import { createGlob } from './glob.ts';
import { loadFile, readText } from './load-file.ts';
import { readAttachment } from './read-attachment.ts';

export interface WorkspaceOptions {
  /** Files and folders to serve. */
  readonly roots: readonly string[];
  /** Globs relative to the folder roots; absent: every supported format below them. */
  readonly include?: readonly string[];
}

/** Loads everything below the roots. Fails only where a root itself cannot be read (COLLECTION/UNREADABLE). */
export function openWorkspace({ roots, include }: WorkspaceOptions): Result<Workspace> {
  const resolved = resolveRoots(roots);
  if (!resolved.ok) return resolved;
  return ok(createWorkspace(resolved.value, load(resolved.value, include)));
}

interface Loaded {
  readonly collections: Collection[];
  readonly environments: Environment[];
  readonly problems: Failure[];
  /** Absolute paths of the loaded files, by their workspace-relative ones. */
  readonly paths: Map<string, string>;
}

function load(roots: readonly Root[], include: readonly string[] | undefined): Loaded {
  const globs = include?.map(createGlob);
  const extensions = dialects.flatMap((dialect) => dialect.extensions);
  const { candidates, problems } = discover(roots, (file) => {
    const name = file.toLowerCase();
    return extensions.some((extension) => name.endsWith(extension)) && (globs?.some((glob) => glob(file)) ?? true);
  });
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

function createWorkspace(roots: readonly Root[], { collections, environments, problems, paths }: Loaded): Workspace {
  const rules = { roots, reserved: new Set(paths.values()) };
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

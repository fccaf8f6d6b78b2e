// The only reader of collection files. A file that does not load becomes a problem; the rest is served.
import { lookupCollection, lookupEnvironment, lookupRequest } from '../../shared/collection/lookup.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary, type Library } from '../../shared/dialects/library.ts';
import { type Failure, failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { FoundRequest, Workspace } from '../execute/ports.ts';
import { discover, type Root, resolveRoots } from './discover.ts';
import { createFence, type Fence } from './fence.ts';
import { createGlob } from './glob.ts';
import { readAttachment } from './read-attachment.ts';
import { readText } from './read-text.ts';

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
export async function openWorkspace(options: WorkspaceOptions): Promise<Result<Workspace>> {
  const { roots, include, alsoWithin = [], forbidden } = options;
  const fence = createFence(forbidden);
  const resolved = resolveRoots(roots, fence);
  if (!resolved.ok) return resolved;
  const globs = include === undefined ? alsoWithin : [include, ...alsoWithin];
  const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));
  return ok(createWorkspace(resolved.value, load(resolved.value, { globs, fence, dialects: loaded }), fence));
}

interface Loaded {
  readonly library: Library;
  /** Of files that were not taken. */
  readonly problems: readonly Failure[];
  /** Absolute paths of the loaded files, by their workspace-relative ones. */
  readonly paths: ReadonlyMap<string, string>;
  readonly dialects: readonly Dialect[];
}

interface Loading {
  readonly globs: readonly (readonly string[])[];
  readonly fence: Fence;
  readonly dialects: readonly Dialect[];
}

function load(roots: readonly Root[], { globs, fence, dialects: known }: Loading): Loaded {
  const matchers = globs.map((list) => list.map(createGlob));
  const extensions = dialects.flatMap((dialect) => dialect.extensions);
  const wanted = (file: string): boolean => {
    const name = file.toLowerCase();
    if (!extensions.some((extension) => name.endsWith(extension))) return false;
    return matchers.every((list) => list.some((matches) => matches(file)));
  };
  const { candidates, problems: found } = discover(roots, wanted, fence);
  const problems = [...found];
  const paths = new Map<string, string>();
  const library = createLibrary(known);
  for (const { file, path, named } of candidates) {
    const text = readText(file, path);
    const taken = text.ok ? library.put(file, text.value) : text;
    if (!taken.ok || taken.value === 'taken') paths.set(file, path);
    if (!taken.ok) problems.push(taken.failure);
    else if (taken.value === 'other' && named) {
      problems.push(failure('COLLECTION/UNSUPPORTED', { file, format: 'unknown' }, { file }));
    }
  }
  return { library, problems, paths, dialects: known };
}

function createWorkspace(
  roots: readonly Root[],
  { library, problems, paths, dialects: known }: Loaded,
  fence: Fence,
): Workspace {
  const holdsApi = (file: string, text: string): boolean => {
    const put = createLibrary(known).put(file, text);
    return !put.ok || put.value === 'taken';
  };
  const rules = { roots, reserved: new Set(paths.values()), fence, holdsApi };
  const collections = () => library.documents().collections;
  const environments = () => library.documents().environments;
  return {
    collections,
    environments,
    problems: () => [
      ...problems,
      ...library.documents().problems,
      ...collections().flatMap((collection) => collection.problems),
    ],
    findCollection: (ref) => lookupCollection(collections(), ref),
    findEnvironment: (ref) => lookupEnvironment(environments(), ref),
    findRequest(ref): Result<FoundRequest> {
      const found = lookupRequest(collections(), ref);
      return found.ok ? ok({ ...found.value, template: found.value.entry.open() }) : found;
    },
    locate({ collection, entry }): SourceSpan {
      const file = entry.file ?? collection.file;
      const path = paths.get(file);
      const text = path === undefined ? undefined : readText(file, path);
      return text?.ok ? entry.locate(text.value) : { file };
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

// What the files of a workspace say. A file that does not load becomes a problem, and what it said before stays served.
import { dirname } from 'node:path';
import { findJsonError } from '../../shared/collection/json-error.ts';
import type { Documents } from '../../shared/dialects/dialect.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary, type Library } from '../../shared/dialects/library.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Discovery } from './candidates.ts';
import { type Candidate, statsOf } from './folder-node.ts';
import { createLateDialects } from './late-dialects.ts';
import { stampOf } from './read-bounded.ts';
import { type ReadText, readText } from './read-text.ts';
import type { Slices } from './slices.ts';

/** What is served: replaced as a whole, so that a call sees the files as they were at one time. */
export interface Snapshot {
  readonly collections: Documents['collections'];
  readonly environments: Documents['environments'];
  /** In the order of the files. */
  readonly problems: readonly Failure[];
  /** Grows with every change. */
  readonly revision: number;
}

export interface FileIndex {
  snapshot(): Snapshot;
  /** Absolute path of a file that was read, by its workspace-relative one. */
  pathOf(file: string): string | undefined;
  /** Whether the file at a path is one of those that were read and taken. */
  reserves(path: string): boolean;
  /** Reads what is new and, of what was touched, what was written since; forgets what is gone. */
  update(discovery: Discovery, touch: Touch, slices: Slices): Promise<void>;
  /** The files that are others on disk than when they were read, by absolute path. */
  findWritten(slices: Slices): Promise<readonly string[]>;
  /** What tells whether a text is a collection or an environment of any format. */
  createProbe(): Promise<(file: string, text: string) => boolean>;
}

/** What may have been written, by absolute path: these files, and all that stand in these folders. */
export interface Touch {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

interface IndexedFile extends Candidate {
  /** Absent: it could not be read. */
  mark?: string;
  /** As its path was seen before it was read, readable or not. */
  readonly seen: string | undefined;
  /** It was read so soon after it was written that a later write can have left the same mark. */
  young: boolean;
  taken: boolean;
  problem?: Failure;
}

export function createFileIndex(): FileIndex {
  return new Index();
}

class Index implements FileIndex {
  readonly #late = createLateDialects(dialects);
  readonly #library = createLibrary(this.#late.dialects);
  readonly #files = new Map<string, IndexedFile>();
  #listed = createListing({ candidates: [], problems: [] });
  #current: Snapshot = { collections: [], environments: [], problems: [], revision: 0 };

  snapshot(): Snapshot {
    return this.#current;
  }

  pathOf(file: string): string | undefined {
    return this.#listed.pathOf(file);
  }

  reserves(path: string): boolean {
    return this.#files.get(path)?.taken ?? false;
  }

  async update(discovery: Discovery, touch: Touch, slices: Slices): Promise<void> {
    const before = this.#listed;
    if (discovery !== before.discovery) this.#listed = createListing(discovery);
    const listed = this.#listed;
    const gone = listed === before ? [] : [...this.#files.values()].filter((file) => !listed.has(file));
    const stale = await this.#findStale(listed === before ? listed.among(touch) : discovery.candidates, touch, slices);
    await this.#late.load(new Set(stale.flatMap((candidate) => candidate.dialects)));
    for (const { path, file } of gone) {
      this.#files.delete(path);
      this.#library.remove(file);
    }
    for (const candidate of stale) {
      if (slices.isOver()) await slices.next();
      this.#files.set(candidate.path, takeIn(this.#library, candidate));
    }
    if (gone.length + stale.length > 0 || before.told !== listed.told) this.#publish();
  }

  async findWritten(slices: Slices): Promise<readonly string[]> {
    const written: string[] = [];
    for (const { path, seen } of [...this.#files.values()]) {
      if (slices.isOver()) await slices.next();
      if (markAt(path) !== seen) written.push(path);
    }
    return written;
  }

  async #findStale(candidates: readonly Candidate[], touch: Touch, slices: Slices): Promise<readonly Candidate[]> {
    const stale: Candidate[] = [];
    for (const candidate of candidates) {
      if (slices.isOver()) await slices.next();
      if (isStale(this.#files.get(candidate.path), candidate, touch)) stale.push(candidate);
    }
    return stale;
  }

  #publish(): void {
    const { collections, environments, problems } = this.#library.documents();
    const failed = [...this.#files.values()].filter(({ problem }) => problem);
    const inOrder = failed.sort((a, b) => this.#listed.rank(a.path) - this.#listed.rank(b.path));
    const ofFiles = inOrder.flatMap(({ problem }) => problem ?? []);
    const ofCollections = collections.flatMap((collection) => collection.problems);
    const all = [...this.#listed.discovery.problems, ...ofFiles, ...problems, ...ofCollections];
    this.#current = { collections, environments, problems: all, revision: this.#current.revision + 1 };
  }

  async createProbe(): Promise<(file: string, text: string) => boolean> {
    const all = await this.#late.loadAll();
    return (file, text) => {
      const put = createLibrary(all).put(file, text);
      return !put.ok || put.value === 'taken';
    };
  }
}

/** The candidates, to be looked up. */
function createListing(discovery: Discovery) {
  const { candidates, problems } = discovery;
  const ranks = new Map(candidates.map(({ path }, rank) => [path, rank]));
  const paths = new Map(candidates.map(({ file, path }) => [file, path]));
  return {
    discovery,
    told: JSON.stringify(problems),
    has: ({ file, path }: Candidate) => paths.get(file) === path,
    pathOf: (file: string) => paths.get(file),
    rank: (path: string) => ranks.get(path) ?? -1,
    among: ({ files, folders }: Touch): readonly Candidate[] =>
      folders.size > 0 ? candidates : [...files].flatMap((path) => candidates[ranks.get(path) ?? -1] ?? []),
  };
}

function isStale(known: IndexedFile | undefined, { path, file, dialects: wanted }: Candidate, touch: Touch): boolean {
  if (known === undefined || known.file !== file || known.dialects.length !== wanted.length) return true;
  if (!touch.files.has(path) && !touch.folders.has(dirname(path))) return false;
  const stats = statsOf(path);
  return known.young || stats === undefined || stampOf(stats).mark !== known.mark;
}

function takeIn(library: Library, candidate: Candidate): IndexedFile {
  const { file, path, named } = candidate;
  const readAt = Date.now();
  const seen = markAt(path);
  const read = readText(file, path);
  if (!read.ok) {
    // Unlike a file that is half written, one that may not be read any more is no longer served.
    if (read.failure.facts.cause === 'denied') library.remove(file);
    library.fail(file);
  }
  const put = read.ok ? putText(library, file, read.value) : read;
  const stamp = read.ok ? read.value.stamp : undefined;
  const indexed: IndexedFile = {
    ...candidate,
    seen,
    young: stamp === undefined || stamp.modifiedMs > readAt - limits.fileTimeStepMs,
    // A file that is meant to be one and does not load is kept back as well.
    taken: !put.ok || put.value === 'taken',
  };
  if (stamp) indexed.mark = stamp.mark;
  if (!put.ok) indexed.problem = put.failure;
  else if (put.value === 'other' && named) {
    indexed.problem = failure('COLLECTION/UNSUPPORTED', { file, format: 'unknown' }, { file });
  }
  return indexed;
}

function markAt(path: string): string | undefined {
  const stats = statsOf(path);
  return stats && stampOf(stats).mark;
}

/** A file that is being written can look like nothing for a moment; only sound text shows that it became something else. */
function putText(library: Library, file: string, { text }: ReadText): Result<'taken' | 'other'> {
  const cut = library.holds(file) && !library.knows(file, text) ? cutOff(file, text) : undefined;
  return cut ? err(cut) : library.put(file, text);
}

function cutOff(file: string, text: string): Failure | undefined {
  if (text.trim() === '') {
    return failure('COLLECTION/MALFORMED', { file, problem: 'it is empty' }, { file, line: 1, column: 1 });
  }
  if (!/^\s*[{[]/.test(text)) return undefined;
  const broken = findJsonError(text);
  if (broken === undefined) return undefined;
  const { problem, line, column } = broken;
  return failure('COLLECTION/MALFORMED', { file, problem }, { file, line, column });
}

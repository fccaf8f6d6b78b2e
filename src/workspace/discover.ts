// Finds candidate files below the roots, in a fixed order. Symbolic links below a root are not followed: what they point
// at inside the workspace is found by itself, and nothing outside is read.
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Fence } from './fence.ts';

/** A folder that is searched, or a file that was named itself; `path` is absolute and free of links. */
export interface Root {
  readonly path: string;
  readonly kind: 'folder' | 'file';
}

export interface Candidate {
  /** Workspace-relative, forward slashes, unique in the workspace. */
  readonly file: string;
  readonly path: string;
  /** Named on the command line: it must be something, or that is a problem. */
  readonly named: boolean;
}

export interface Discovery {
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Failure[];
}

/**
 * The roots as they are on disk. Fails with COLLECTION/UNREADABLE for one that is neither a file nor a folder, and with
 * CONFIG/HOME_UNSAFE for one behind the fence.
 */
export function resolveRoots(paths: readonly string[], fence: Fence): Result<Root[]> {
  const roots: Root[] = [];
  for (const given of paths) {
    try {
      const path = realpathSync(given);
      if (fence.holds(path)) return err(failure('CONFIG/HOME_UNSAFE', { home: given, problem: SERVED }));
      const stats = statSync(path);
      if (!stats.isDirectory() && !stats.isFile()) return err(failure('COLLECTION/UNREADABLE', { file: given }));
      roots.push({ path, kind: stats.isDirectory() ? 'folder' : 'file' });
    } catch {
      return err(failure('COLLECTION/UNREADABLE', { file: given }));
    }
  }
  return ok(roots);
}

const SERVED = 'it is named as a workspace';

/**
 * Every file below the roots and outside the fence that `wanted` accepts by its path relative to its root; problems say
 * which limit was hit.
 */
export function discover(roots: readonly Root[], wanted: (file: string) => boolean, fence: Fence): Discovery {
  const search: Search = { wanted, fence, found: new Map(), names: new Set(), problems: [], entries: 0, full: false };
  for (const root of roots) {
    if (root.kind === 'file') take(search, root, { file: basename(root.path), path: root.path, named: true });
    else walkFolder(search, root, { file: '', path: root.path, depth: 0 });
  }
  return { candidates: [...search.found.values()], problems: search.problems };
}

interface Search {
  readonly wanted: (file: string) => boolean;
  readonly fence: Fence;
  /** By absolute path: overlapping roots give a file once. */
  readonly found: Map<string, Candidate>;
  readonly names: Set<string>;
  readonly problems: Failure[];
  entries: number;
  full: boolean;
}

interface Folder {
  readonly file: string;
  readonly path: string;
  readonly depth: number;
}

function walkFolder(search: Search, root: Root, folder: Folder): void {
  if (search.fence.isGate(folder.path)) return;
  if (folder.depth > limits.workspaceDepth) {
    tooMany(search, { limit: limits.workspaceDepth, what: `levels of folders, at ${folder.file}` });
    return;
  }
  for (const entry of readFolder(search, folder)) {
    if (search.full) return;
    const file = folder.file === '' ? entry.name : `${folder.file}/${entry.name}`;
    const path = join(folder.path, entry.name);
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory()) walkFolder(search, root, { file, path, depth: folder.depth + 1 });
    else if (entry.isFile() && search.wanted(file)) take(search, root, { file, path, named: false });
  }
}

/** Names that are never searched, and never sent either. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function readFolder(search: Search, folder: Folder): Dirent[] {
  try {
    const entries = readdirSync(folder.path, { withFileTypes: true });
    search.entries += entries.length;
    if (search.entries > limits.workspaceEntries) {
      search.full = true;
      tooMany(search, { limit: limits.workspaceEntries, what: 'files and folders' });
      return [];
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    search.problems.push(failure('COLLECTION/UNREADABLE', { file: folder.file || '.' }));
    return [];
  }
}

function take(search: Search, root: Root, candidate: Candidate): void {
  if (search.found.has(candidate.path)) return;
  if (search.found.size >= limits.workspaceFiles) {
    search.full = true;
    tooMany(search, { limit: limits.workspaceFiles, what: 'files' });
    return;
  }
  const file = uniqueName(search.names, candidate.file, basename(root.path));
  search.names.add(file);
  search.found.set(candidate.path, { ...candidate, file });
}

/** Two roots can hold the same relative path; the later one is told apart by its root's name. */
function uniqueName(names: ReadonlySet<string>, file: string, root: string): string {
  if (!names.has(file)) return file;
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${root}/${file}` : `${root}~${count}/${file}`;
    if (!names.has(name)) return name;
  }
}

function tooMany(search: Search, facts: { limit: number; what: string }): void {
  search.problems.push(failure('COLLECTION/TOO_MANY', facts));
}

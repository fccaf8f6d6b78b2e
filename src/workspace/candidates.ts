// Which files a workspace reads, in a fixed order: that of the roots, and by name below them.
import { basename, dirname } from 'node:path';
import { type DialectEntry, dialects } from '../../shared/dialects/dialects.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { type Candidate, childFile, type FolderNode, type FoundFile } from './folder-node.ts';
import { type FolderTree, tooMany } from './folder-tree.ts';
import { dialectsOf } from './interest.ts';
import type { Root } from './roots.ts';

export interface Discovery {
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Failure[];
}

/** The candidates of the tree as it is now, and what of it was left out because of a limit or could not be read. */
export function listCandidates(tree: FolderTree): Discovery {
  const found: FoundFile[] = [];
  const problems: Failure[] = [];
  for (const state of tree.roots()) {
    const { root } = state;
    if (state.kind === 'folder') gather(state.node, found, problems);
    else if (state.kind === 'gone') problems.push(failure('COLLECTION/UNREADABLE', { file: basename(root.path) }));
    else found.push(namedFile(root));
  }
  const { candidates, full } = chosen(found);
  problems.push(...tree.problems());
  if (full) problems.push(tooMany({ limit: limits.workspaceFiles, what: 'files' }));
  return { candidates, problems };
}

/** A named file is what its text says, whatever it is called. */
function namedFile(root: Root): FoundFile {
  const file = basename(root.path);
  const known = dialectsOf(file);
  return { kind: 'named', root, file, path: root.path, named: true, dialects: known.length > 0 ? known : dialects };
}

function gather(node: FolderNode, found: FoundFile[], problems: Failure[]): void {
  problems.push(...node.problems);
  const [tooDeep] = [...node.tooDeep].sort();
  if (tooDeep !== undefined) {
    const what = `levels of folders, at ${childFile(node, tooDeep)}`;
    problems.push(tooMany({ limit: limits.workspaceDepth, what }));
  }
  for (const name of [...node.files.keys(), ...node.folders.keys()].sort()) {
    const folder = node.folders.get(name);
    const file = node.files.get(name);
    if (folder) gather(folder, found, problems);
    else if (file) found.push(file);
  }
}

/** Overlapping roots give a file once, and a companion counts only where its own dialect has files. */
function chosen(found: readonly FoundFile[]): { readonly candidates: readonly Candidate[]; readonly full: boolean } {
  const needed = found.some(({ kind }) => kind === 'companion') ? foldersByDialect(found) : undefined;
  const candidates = new Map<string, Candidate>();
  const names = new Set<string>();
  for (const each of found) {
    const { path } = each;
    if (candidates.has(path)) continue;
    const counted = each.kind === 'companion' ? besideIts(each, needed) : each;
    if (counted === undefined) continue;
    if (candidates.size >= limits.workspaceFiles) return { candidates: [...candidates.values()], full: true };
    const file = uniqueName(names, each.file, each.root.path);
    names.add(file);
    candidates.set(path, file === each.file ? counted : { ...counted, file });
  }
  return { candidates: [...candidates.values()], full: false };
}

/** A companion as what it is beside; undefined where it is beside nothing. */
function besideIts(companion: FoundFile, needed: DialectFolders | undefined): FoundFile | undefined {
  const folder = dirname(companion.path);
  const known = companion.dialects.filter((dialect) => needed?.get(dialect)?.has(folder));
  return known.length > 0 ? { ...companion, dialects: known } : undefined;
}

type DialectFolders = ReadonlyMap<DialectEntry, ReadonlySet<string>>;

/** The folders that hold a dialect's files, themselves or further down. */
function foldersByDialect(found: readonly FoundFile[]): DialectFolders {
  const folders = new Map<DialectEntry, Set<string>>();
  for (const { kind, path, dialects: known } of found) {
    if (kind === 'companion') continue;
    for (const dialect of known) {
      const held = folders.get(dialect) ?? new Set();
      folders.set(dialect, held);
      for (let folder = dirname(path); !held.has(folder); folder = dirname(folder)) held.add(folder);
    }
  }
  return folders;
}

/** Two roots can hold the same relative path; the later one is told apart by its root's name. */
function uniqueName(names: ReadonlySet<string>, file: string, root: string): string {
  if (!names.has(file)) return file;
  const folder = basename(root);
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${folder}/${file}` : `${folder}~${count}/${file}`;
    if (!names.has(name)) return name;
  }
}

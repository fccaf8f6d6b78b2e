import { ok, type Result } from '../failure/result.ts';
import type { DialectReader, Documents } from './dialect.ts';
import { folderOf, type Look } from './look.ts';

/** One file of a collection that is a folder, as its dialect has read it. */
export interface Piece<Content> {
  /** Workspace-relative. */
  readonly file: string;
  readonly content: Content;
}

export interface FolderDialect<Content> {
  /** Reads one file; cheap, because a workspace can have tens of thousands. undefined: not of this dialect after all. */
  read(look: Look): Result<Content | undefined>;
  /**
   * What stands for a file that cannot be read and was never taken, where other files inherit from what it would say;
   * undefined: without it nothing else has another meaning.
   */
  broken?(file: string): Content | undefined;
  /** The folder whose root this file marks, such as that of `bruno.json`; undefined for any other file. */
  rootMarkedBy(piece: Piece<Content>): string | undefined;
  /** The folder to take for the root of a file below none; undefined: the file is left out until there is one. */
  rootWithout?(piece: Piece<Content>): string | undefined;
  /** What the files below one root make, in the order of their paths. Asked again only where one of them has changed. */
  assemble(root: string, pieces: readonly Piece<Content>[]): Documents;
}

interface Group<Content> {
  readonly pieces: Piece<Content>[];
  documents?: Documents;
}

/** The reader of a dialect whose collections are folders of files: each file belongs to the nearest root above it. */
export function createFolderReader<Content>(dialect: FolderDialect<Content>): DialectReader {
  const pieces = new Map<string, Piece<Content>>();
  let changed = false;
  let groups = new Map<string, Group<Content>>();
  let documents: Documents | undefined;
  const fail = (file: string): void => {
    const content = pieces.has(file) ? undefined : dialect.broken?.(file);
    if (content === undefined) return;
    pieces.set(file, { file, content });
    changed = true;
  };
  return {
    fail,
    put(look) {
      const read = dialect.read(look);
      if (!read.ok) {
        fail(look.file);
        return read;
      }
      if (read.value === undefined) {
        changed = pieces.delete(look.file) || changed;
      } else {
        pieces.set(look.file, { file: look.file, content: read.value });
        changed = true;
      }
      return ok(read.value === undefined ? 'other' : 'taken');
    },
    remove(file) {
      changed = pieces.delete(file) || changed;
    },
    documents() {
      if (documents && !changed) return documents;
      groups = regroup(dialect, pieces, groups);
      changed = false;
      documents = join(dialect, groups);
      return documents;
    },
  };
}

/** Groups the pieces anew; a group that holds the same pieces as before keeps what it was assembled to. */
function regroup<Content>(
  dialect: FolderDialect<Content>,
  pieces: ReadonlyMap<string, Piece<Content>>,
  before: ReadonlyMap<string, Group<Content>>,
): Map<string, Group<Content>> {
  const inOrder = [...pieces.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  const roots = new Set(inOrder.flatMap((piece) => dialect.rootMarkedBy(piece) ?? []));
  const groups = new Map<string, Group<Content>>();
  for (const piece of inOrder) {
    const root = rootAbove(piece.file, roots) ?? dialect.rootWithout?.(piece);
    if (root === undefined) continue;
    const group = groups.get(root);
    if (group) group.pieces.push(piece);
    else groups.set(root, { pieces: [piece] });
  }
  for (const [root, group] of groups) {
    const old = before.get(root);
    if (old?.documents && isSame(old.pieces, group.pieces)) group.documents = old.documents;
  }
  return groups;
}

function isSame<Content>(old: readonly Piece<Content>[], pieces: readonly Piece<Content>[]): boolean {
  return old.length === pieces.length && old.every((piece, index) => piece === pieces[index]);
}

function rootAbove(file: string, roots: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    if (roots.has(folder)) return folder;
    if (folder === '') return undefined;
  }
}

function join<Content>(dialect: FolderDialect<Content>, groups: Map<string, Group<Content>>): Documents {
  const all = [...groups].map(([root, group]) => {
    group.documents ??= dialect.assemble(root, group.pieces);
    return group.documents;
  });
  return {
    collections: all.flatMap(({ collections }) => collections),
    environments: all.flatMap(({ environments }) => environments),
    problems: all.flatMap(({ problems }) => problems),
  };
}

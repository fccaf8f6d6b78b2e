// The searched folders of a workspace, kept up to date folder by folder. Symbolic links below a root are not followed: what
// they point at inside the workspace is found by itself, and nothing outside is read.
import type { Dirent } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { Fence } from './fence.ts';
import {
  createNode,
  type FolderNode,
  type FolderPlace,
  folderIdentity,
  foundFile,
  identityOf,
  placeOfChild,
  readEntries,
  statsOf,
  unreadable,
} from './folder-node.ts';
import { IGNORE_FILE } from './gitignore.ts';
import { isSearched } from './interest.ts';
import { isFreeOfLinks, stampOf } from './read-bounded.ts';
import type { Root } from './roots.ts';
import type { Selection } from './selection.ts';
import type { Slices } from './slices.ts';

/** A root as it was last seen: gone, or a file that was named, or a folder with what is in it. */
export type RootState = { readonly root: Root } & (
  | { readonly kind: 'gone' | 'file' }
  | { readonly kind: 'folder'; readonly node: FolderNode }
);

/** What was noticed in one folder. */
export interface TouchedFolder {
  readonly names: ReadonlySet<string>;
  /** Something was made, deleted or renamed. */
  readonly renamed: boolean;
  /** Names may be missing: the folder and all below is looked at again. */
  readonly unsure: boolean;
}

export interface TreeChange {
  /** Whether there may be other files or folders than before. */
  readonly changed: boolean;
  /** Folders that were read as if never seen: what is in them may have nothing to do with what was there. */
  readonly reread: ReadonlySet<string>;
}

export interface FolderTree {
  /** In the order of the roots; empty until everything was looked at. */
  roots(): readonly RootState[];
  /** Which limits were hit that concern no one folder. */
  problems(): readonly Failure[];
  /** Looks at everything anew. */
  rescan(slices: Slices): Promise<TreeChange>;
  /** Looks again at folders by absolute path; those that are not part of the tree are left alone. */
  update(touched: ReadonlyMap<string, TouchedFolder>, slices: Slices): Promise<TreeChange>;
  /** The folders that are searched. */
  holdsFolder(path: string): boolean;
  folders(): Iterable<FolderNode>;
}

export interface TreeOptions {
  readonly roots: readonly Root[];
  readonly selection: Selection;
  readonly fence: Fence;
  /** Told of each folder before it is read. */
  readonly onFolder?: (path: string, identity: string) => void;
}

export function createFolderTree(options: TreeOptions): FolderTree {
  const tree = new Tree(options);
  return {
    roots: () => tree.states,
    problems: () => (tree.full ? [tooMany({ limit: limits.workspaceEntries, what: 'files and folders' })] : []),
    rescan: (slices) => tree.rescan(slices),
    update: (touched, slices) => tree.update(touched, slices),
    holdsFolder: (path) => tree.nodes.has(path),
    folders: () => [...tree.nodes.values()].flat(),
  };
}

export function tooMany(facts: { limit: number; what: string }): Failure {
  return failure('COLLECTION/TOO_MANY', facts);
}

class Tree {
  states: RootState[] = [];
  /** By path; a folder inside two roots has two nodes. */
  readonly nodes = new Map<string, FolderNode[]>();
  full = false;
  #entries = 0;
  #changed = false;
  #reread = new Set<string>();
  readonly #options: TreeOptions;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  async rescan(slices: Slices): Promise<TreeChange> {
    this.#reread = new Set();
    this.nodes.clear();
    this.full = false;
    this.#entries = 0;
    const states: RootState[] = [];
    for (const root of this.#options.roots) states.push(await this.#stateOf(root, slices));
    this.states = states;
    return { changed: true, reread: this.#reread };
  }

  async update(touched: ReadonlyMap<string, TouchedFolder>, slices: Slices): Promise<TreeChange> {
    this.#changed = false;
    this.#reread = new Set();
    for (const [path, what] of [...touched].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (const node of [...(this.nodes.get(path) ?? [])]) await this.#refresh(node, what, slices);
      await this.#refreshRoots(path, slices);
    }
    return { changed: this.#changed, reread: this.#reread };
  }

  async #stateOf(root: Root, slices: Slices): Promise<RootState> {
    if (root.kind === 'file') {
      const parent = dirname(root.path);
      this.#reread.add(parent);
      const identity = folderIdentity(parent);
      if (identity !== undefined) this.#options.onFolder?.(parent, identity);
      return { root, kind: statsOf(root.path)?.isFile() ? 'file' : 'gone' };
    }
    const place = { root, path: root.path, file: '', depth: 0, parent: undefined, above: undefined, closed: false };
    const node = await this.#read(place, slices);
    return node ? { root, kind: 'folder', node } : { root, kind: 'gone' };
  }

  /** Roots that are gone may be back, and files that were named may be gone. */
  async #refreshRoots(path: string, slices: Slices): Promise<void> {
    for (const [at, { root, kind }] of this.states.entries()) {
      const concerned = root.kind === 'file' ? dirname(root.path) === path : kind === 'gone' && root.path === path;
      if (!concerned) continue;
      const state = await this.#stateOf(root, slices);
      this.#changed ||= state.kind !== kind;
      this.states[at] = state;
    }
  }

  /** A folder with all below it; undefined where it is none, or behind the fence. */
  async #read(place: FolderPlace, slices: Slices): Promise<FolderNode | undefined> {
    if (this.#options.fence.isGate(place.path)) return undefined;
    const stats = statsOf(place.path);
    if (!stats?.isDirectory()) return undefined;
    const identity = identityOf(stats);
    this.#options.onFolder?.(place.path, identity);
    this.#reread.add(place.path);
    const mark = markOf(place.path);
    const entries = this.#entriesOf(place.path);
    // A link may have taken its place, or that of a folder above it, before it was listed.
    if (!isFreeOfLinks(place.path)) return undefined;
    const node = createNode(place, identity, entries ?? []);
    node.mark = mark;
    if (entries === undefined) node.problems = [unreadable(place.file)];
    this.nodes.set(place.path, [...(this.nodes.get(place.path) ?? []), node]);
    for (const entry of entries ?? []) {
      if (slices.isOver()) await slices.next();
      if (entry.isDirectory()) await this.#takeFolder(node, entry.name, slices);
      else this.#takeFile(node, entry);
    }
    return node;
  }

  #entriesOf(path: string): readonly Dirent[] | undefined {
    if (this.full) return [];
    const entries = readEntries(path);
    this.#entries += entries?.length ?? 0;
    if (this.#entries <= limits.workspaceEntries) return entries;
    this.full = true;
    return [];
  }

  #takeFile(node: FolderNode, entry: Dirent): void {
    const found = entry.isFile() ? foundFile(node, entry.name, this.#options.selection) : undefined;
    if (!found) return;
    node.files.set(entry.name, found);
    this.#changed = true;
  }

  async #takeFolder(node: FolderNode, name: string, slices: Slices): Promise<void> {
    const place = isSearched(name) ? placeOfChild(node, name, this.#options.selection) : undefined;
    if (place === undefined) return;
    if (place.depth > limits.workspaceDepth) {
      node.tooDeep.add(name);
      return;
    }
    const child = await this.#read(place, slices);
    if (!child) return;
    node.folders.set(name, child);
    this.#changed = true;
  }

  async #refresh(node: FolderNode, touched: TouchedFolder, slices: Slices): Promise<void> {
    // What a folder is known by says little where it could not be read, or not all of it.
    const isDoubtful = touched.unsure || touched.names.has(IGNORE_FILE) || node.problems.length > 0;
    const isSame = folderIdentity(node.path) === node.identity;
    // If its watcher fell, it is watched again before it is looked at.
    if (isSame) this.#options.onFolder?.(node.path, node.identity);
    if (isDoubtful || !isSame) {
      await this.#replace(node, slices);
    } else if (touched.renamed || touched.names.has(basename(node.path))) {
      await this.#relist(node, touched.names, slices);
    } else {
      for (const name of touched.names) {
        const child = node.folders.get(name);
        if (child && child.problems.length > 0) await this.#replace(child, slices);
      }
    }
  }

  /** Reads a folder anew, with all below it. */
  async #replace(node: FolderNode, slices: Slices): Promise<void> {
    this.#forget(node);
    this.#changed = true;
    const { parent } = node;
    const fresh = await this.#read(node, slices);
    if (parent) {
      if (fresh) parent.folders.set(basename(node.path), fresh);
      else parent.folders.delete(basename(node.path));
      return;
    }
    const at = this.states.findIndex((state) => state.kind === 'folder' && state.node === node);
    this.states[at] = fresh ? { root: node.root, kind: 'folder', node: fresh } : { root: node.root, kind: 'gone' };
  }

  /** Compares a folder's entries with what is known of them; only the names that were touched can be something else. */
  async #relist(node: FolderNode, names: ReadonlySet<string>, slices: Slices): Promise<void> {
    const mark = markOf(node.path);
    const entries = readEntries(node.path);
    if (entries === undefined || !isFreeOfLinks(node.path)) return this.#replace(node, slices);
    node.mark = mark;
    this.#entries += entries.length - node.entries;
    node.entries = entries.length;
    const listed = new Map(entries.map((entry) => [entry.name, entry]));
    this.#dropMissing(node, listed, names);
    node.tooDeep.clear();
    for (const [name, entry] of listed) {
      if (node.files.has(name) || node.folders.has(name)) continue;
      if (slices.isOver()) await slices.next();
      if (entry.isDirectory()) await this.#takeFolder(node, name, slices);
      else this.#takeFile(node, entry);
    }
  }

  #dropMissing(node: FolderNode, listed: ReadonlyMap<string, Dirent>, names: ReadonlySet<string>): void {
    for (const name of [...node.files.keys()]) {
      if (listed.get(name)?.isFile()) continue;
      node.files.delete(name);
      this.#changed = true;
    }
    for (const [name, child] of [...node.folders]) {
      // One that is named may be another by now, whatever its identity says, and is read anew.
      if (listed.get(name)?.isDirectory() && !names.has(name)) continue;
      node.folders.delete(name);
      this.#forget(child);
      this.#changed = true;
    }
  }

  #forget(node: FolderNode): void {
    this.#entries -= node.entries;
    const others = (this.nodes.get(node.path) ?? []).filter((each) => each !== node);
    if (others.length > 0) this.nodes.set(node.path, others);
    else this.nodes.delete(node.path);
    for (const child of node.folders.values()) this.#forget(child);
  }
}

/** Tells whether a folder's list changed since; undefined for one that changed so lately that the next change may not show. */
function markOf(path: string): string | undefined {
  const stats = statsOf(path);
  const stamp = stats && stampOf(stats);
  return stamp && stamp.modifiedMs <= Date.now() - limits.fileTimeStepMs ? stamp.mark : undefined;
}

// One searched folder: what of it is worth reading, as it was when last looked at.
import { type BigIntStats, type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DialectEntry } from '../../shared/dialects/dialects.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { IGNORE_FILE, type IgnoreRules, ignoreAll, isIgnored } from './gitignore.ts';
import { readIgnoreFile } from './ignore-file.ts';
import { dialectsBeside, dialectsOf } from './interest.ts';
import type { Root } from './roots.ts';
import type { Selection } from './selection.ts';

/** Where a folder stands, and what is known of it before it is read. */
export interface FolderPlace {
  readonly root: Root;
  readonly path: string;
  /** Relative to the root, forward slashes; '' for the root. */
  readonly file: string;
  readonly depth: number;
  readonly parent: FolderNode | undefined;
  readonly above: IgnoreRules | undefined;
  /** It lies in an ignored folder: only what is named exactly gets through. */
  readonly closed: boolean;
}

/** A file that is read. */
export interface Candidate {
  /** Workspace-relative, forward slashes, unique in the workspace. */
  readonly file: string;
  readonly path: string;
  /** Named on the command line: it must be something, or that is a problem. */
  readonly named: boolean;
  /** What it could be. */
  readonly dialects: readonly DialectEntry[];
}

export interface FolderNode extends FolderPlace {
  readonly identity: string;
  /** For what is in it. */
  readonly rules: IgnoreRules | undefined;
  readonly folders: Map<string, FolderNode>;
  readonly files: Map<string, FoundFile>;
  /** Its times when it was listed; absent if it can have changed since without a trace. */
  mark?: string | undefined;
  /** How many entries it has, of interest or not. */
  entries: number;
  problems: readonly Failure[];
  /** Names of folders in it that lie too deep to be searched. */
  readonly tooDeep: Set<string>;
}

/** A file that is worth reading; a companion only beside files of one of its dialects. */
export interface FoundFile extends Candidate {
  readonly kind: 'regular' | 'companion' | 'named';
  readonly root: Root;
}

/** Makes the node of a folder that has this identity, still without its entries. */
export function createNode(place: FolderPlace, identity: string, entries: readonly Dirent[]): FolderNode {
  const problems: Failure[] = [];
  const rules = readRules(place, entries, problems);
  const held = { folders: new Map(), files: new Map(), entries: entries.length, tooDeep: new Set<string>() };
  return { ...place, identity, rules, problems, ...held };
}

function readRules(place: FolderPlace, entries: readonly Dirent[], problems: Failure[]): IgnoreRules | undefined {
  if (!entries.some((entry) => entry.name === IGNORE_FILE && entry.isFile())) return place.above;
  const file = childFile(place, IGNORE_FILE);
  const read = readIgnoreFile(file, join(place.path, IGNORE_FILE));
  if (!read.ok) problems.push(read.failure);
  return { folder: place.file, rules: read.ok ? read.value : ignoreAll, above: place.above };
}

/** How a file of this name is read, if at all. */
export function foundFile(node: FolderNode, name: string, selection: Selection): FoundFile | undefined {
  const file = childFile(node, name);
  const found = { root: node.root, file, path: join(node.path, name), named: false };
  const dialects = dialectsOf(name);
  if (dialects.length > 0 && selection.admits(file) && (!isLeftOut(node, file, false) || selection.names(file))) {
    return { ...found, kind: 'regular', dialects };
  }
  const beside = dialectsBeside(name);
  return beside.length > 0 ? { ...found, kind: 'companion', dialects: beside } : undefined;
}

/** Where a folder in this one stands, if it is searched. */
export function placeOfChild(node: FolderNode, name: string, selection: Selection): FolderPlace | undefined {
  const file = childFile(node, name);
  const { root, depth } = node;
  const place = { root, path: join(node.path, name), file, depth: depth + 1, parent: node };
  if (!isLeftOut(node, file, true)) return { ...place, above: node.rules, closed: false };
  if (selection.names(file)) return { ...place, above: undefined, closed: false };
  return selection.leadsToNamed(file) ? { ...place, above: undefined, closed: true } : undefined;
}

function isLeftOut(node: FolderNode, file: string, isFolder: boolean): boolean {
  return node.closed || isIgnored(node.rules, file, isFolder);
}

export function childFile({ file }: Pick<FolderPlace, 'file'>, name: string): string {
  return file === '' ? name : `${file}/${name}`;
}

/** Of a folder; undefined where there is none, or a link. The inode alone is soon given to a folder made in place of it. */
export function folderIdentity(path: string): string | undefined {
  const stats = statsOf(path);
  return stats?.isDirectory() ? identityOf(stats) : undefined;
}

export function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** Of the entry itself, whatever a link points at. */
export function statsOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** The entries of a folder by name; undefined where it cannot be read. */
export function readEntries(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

export function unreadable(file: string): Failure {
  return failure('COLLECTION/UNREADABLE', { file: file || '.' });
}

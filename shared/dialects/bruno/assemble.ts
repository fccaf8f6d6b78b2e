// The files below one root as a collection and its environments.
import { placeOf } from '../../collection/json-place.ts';
import type { Collection, Environment, RequestEntry } from '../../collection/model.ts';
import { stableId } from '../../collection/stable-id.ts';
import type { SourceSpan } from '../../failure/failure.ts';
import { belowBroken } from '../broken-definition.ts';
import type { Documents } from '../dialect.ts';
import type { Piece } from '../folder-reader.ts';
import { fileName, folderOf } from '../look.ts';
import { reparseBru, unixLines } from './blocks.ts';
import { mainBlockOf } from './listing.ts';
import { openRequest } from './open-request.ts';
import { sortFolders, sortRequests } from './order.ts';
import { type BrunoPiece, CONFIG_NAME, DOT_ENV_NAME, stemOf } from './pieces.ts';
import { type BruBlock, textOfBlock } from './syntax.ts';
import { createValues, type Values } from './values.ts';
import { readEnvironment, readVariables } from './variables.ts';

type BruPieces = readonly Piece<BrunoPiece>[];
type Kind = BrunoPiece['kind'];
type Content<K extends Kind> = BrunoPiece & { readonly kind: K };

/** A folder without a file of the format is no collection, though a bruno.json marks it: other formats are kept there too. */
export function assemble(root: string, all: BruPieces): Documents {
  const config = contentAt(all, inFolder(root, CONFIG_NAME), 'config')?.config;
  const pieces = all.filter(({ file }) => !isIgnored(file, root, config?.ignore ?? []));
  const isEmpty = pieces.every(({ content }) => ['config', 'secrets', 'broken'].includes(content.kind));
  if (isEmpty) return { collections: [], environments: [], problems: [] };

  const own = contentAt(pieces, inFolder(root, 'collection.bru'), 'collection');
  const level = own ?? (config ? undefined : contentAt(pieces, inFolder(root, 'folder.bru'), 'folder'));
  const name = config?.name || level?.name || fileName(root) || 'bruno';
  const id = stableId(name, 'collection', `${root}/${CONFIG_NAME}`);
  const dotEnv = contentAt(pieces, inFolder(root, DOT_ENV_NAME), 'secrets');
  const shared: Shared = {
    root,
    level: level?.blocks ?? (() => []),
    values: () => createValues(dotEnv?.read() ?? new Map()),
    isSequential: config?.isSequential ?? false,
    notes: config?.notes ?? [],
    isBroken: isLevelBroken(root, pieces),
  };
  const description = textOfBlock(shared.level(), 'docs');
  const collection: Collection = {
    id,
    name,
    dialect: 'bruno',
    format: 'bruno',
    file: markOf(root, pieces),
    ...(description !== '' && { description }),
    requests: listEntries(shared, pieces),
    problems: [],
    variables: () => readVariables(shared.level(), shared.values()),
  };
  return { collections: [collection], environments: readEnvironments(pieces, id, shared.values()), problems: [] };
}

interface Shared {
  readonly root: string;
  /** The blocks of the collection itself. */
  readonly level: () => readonly BruBlock[];
  readonly values: () => Values;
  readonly isSequential: boolean;
  readonly notes: readonly string[];
  /** What the collection itself says cannot be read. */
  readonly isBroken: boolean;
}

/** Where neither bruno.json nor collection.bru stands, folder.bru speaks for the collection. */
function isLevelBroken(root: string, pieces: BruPieces): boolean {
  const stated = new Map(
    pieces.flatMap(({ file, content }) => (folderOf(file) === root ? [[fileName(file), content]] : [])),
  );
  const isBroken = (name: string): boolean => stated.get(name)?.kind === 'broken';
  if (isBroken(CONFIG_NAME) || isBroken('collection.bru')) return true;
  return isBroken('folder.bru') && !stated.has(CONFIG_NAME) && !stated.has('collection.bru');
}

function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function contentAt<K extends Kind>(pieces: BruPieces, file: string, kind: K): Content<K> | undefined {
  const content = pieces.find((piece) => piece.file === file)?.content;
  return content && isKind(content, kind) ? content : undefined;
}

function isKind<K extends Kind>(content: BrunoPiece, kind: K): content is Content<K> {
  return content.kind === kind;
}

/** A path of `ignore` leaves out itself and what is below it. */
function isIgnored(file: string, root: string, ignore: readonly string[]): boolean {
  const relative = root === '' ? file : file.slice(root.length + 1);
  return ignore.some((path) => relative === path || relative.startsWith(path.endsWith('/') ? path : `${path}/`));
}

/** The file that stands for the collection; what its requests name is relative to its folder. */
function markOf(root: string, pieces: BruPieces): string {
  const here = pieces.filter(({ file, content }) => folderOf(file) === root && content.kind !== 'secrets');
  const mark = here.find(({ content }) => content.kind === 'config') ?? here[0];
  return mark?.file ?? inFolder(root, CONFIG_NAME);
}

function readEnvironments(pieces: BruPieces, collection: string, values: Values): Environment[] {
  return pieces.flatMap(({ file, content }) =>
    content.kind === 'environment'
      ? [readEnvironment(content.blocks(), { file, name: stemOf(file), collection }, values)]
      : [],
  );
}

interface Folder {
  readonly path: string;
  readonly folders: Folder[];
  readonly requests: { readonly file: string; readonly content: Content<'request'>; readonly seq: number }[];
  level?: Content<'folder' | 'collection'>;
  isBroken?: boolean;
}

/** A folder on the way, with the names and levels of those that lead to it, outermost first. */
interface Way {
  readonly names: readonly string[];
  readonly levels: readonly (() => readonly BruBlock[])[];
  /** Whether one of them, or the collection, cannot be read. */
  readonly isBroken: boolean;
}

function listEntries(shared: Shared, pieces: BruPieces): RequestEntry[] {
  const entries: RequestEntry[] = [];
  addEntries(shared, buildTree(shared.root, pieces), { names: [], levels: [], isBroken: shared.isBroken }, entries);
  return entries;
}

function buildTree(root: string, pieces: BruPieces): Folder {
  const top: Folder = { path: root, folders: [], requests: [] };
  const known = new Map([[root, top]]);
  const folderAt = (path: string): Folder => {
    const found = known.get(path);
    if (found) return found;
    const folder: Folder = { path, folders: [], requests: [] };
    known.set(path, folder);
    folderAt(folderOf(path)).folders.push(folder);
    return folder;
  };
  for (const { file, content } of pieces) {
    if (content.kind === 'request') {
      folderAt(folderOf(file)).requests.push({ file, content, seq: content.listed.seq });
    } else if (folderOf(file) === root) continue;
    else if (content.kind === 'folder') folderAt(folderOf(file)).level = content;
    else if (content.kind === 'broken' && content.of === 'folder') folderAt(folderOf(file)).isBroken = true;
  }
  return top;
}

function addEntries(shared: Shared, folder: Folder, way: Way, entries: RequestEntry[]): void {
  const inner = folder.folders.map((each) => ({
    folder: each,
    name: each.level?.name || fileName(each.path),
    seq: each.level?.seq,
  }));
  for (const { folder: each, name } of sortFolders(inner)) {
    const levels = each.level ? [...way.levels, each.level.blocks] : way.levels;
    const isBroken = way.isBroken || each.isBroken === true;
    addEntries(shared, each, { names: [...way.names, name], levels, isBroken }, entries);
  }
  for (const { file, content } of sortRequests(folder.requests)) {
    const entry = createEntry(shared, file, content, way);
    entries.push(way.isBroken ? belowBroken(entry) : entry);
  }
}

function createEntry(shared: Shared, file: string, content: Content<'request'>, way: Way): RequestEntry {
  const { id, listed, blocks } = content;
  return {
    id,
    name: listed.name,
    folders: way.names,
    method: listed.method,
    file,
    ...(listed.tags.length > 0 && { tags: listed.tags }),
    ...(listed.notExecutable !== undefined && { notExecutable: listed.notExecutable }),
    open: () =>
      openRequest(blocks(), {
        collection: shared.level(),
        folders: way.levels.map((level) => level()),
        values: shared.values(),
        isSequential: shared.isSequential,
        notes: shared.notes,
      }),
    locate: (fileText) => locate(file, fileText),
  };
}

function locate(file: string, fileText: string): SourceSpan {
  const blocks = reparseBru(fileText, 'request');
  const found = mainBlockOf(blocks) ?? blocks[0];
  return found ? { file, ...placeOf(unixLines(fileText), found.at) } : { file };
}

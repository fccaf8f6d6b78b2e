// The folder form: one file per request, `folder.yml` for what a folder says about the requests below it.
import type { RequestEntry } from '../../collection/model.ts';
import { type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { stableId } from '../../collection/stable-id.ts';
import { belowBroken } from '../broken-definition.ts';
import type { Piece } from '../folder-reader.ts';
import { fileName, folderOf } from '../look.ts';
import { whyNotExecuted } from './item-kind.ts';
import { openRequest } from './open-request.ts';
import { locateIn } from './parse-text.ts';
import { type Content, seqOf } from './pieces.ts';
import type { Sealer } from './sealer.ts';

export interface FolderInput {
  readonly root: string;
  readonly pieces: readonly Piece<Content>[];
  readonly document: () => JsonObject;
  readonly sealer: Sealer;
}

type ItemContent = Extract<Content, { kind: 'item' }>;

interface Folder {
  readonly path: string;
  readonly stated: JsonObject;
  /** What it states cannot be read. */
  readonly isBroken: boolean;
  readonly folders: Folder[];
  readonly items: { readonly file: string; readonly content: ItemContent }[];
}

/** The requests of the files below the root, each folder in the order of `seq`, then folders first, then by path. */
export function walkFolders(input: FolderInput): RequestEntry[] {
  const { root, pieces } = input;
  const stated = new Map<string, JsonObject>();
  const broken = new Set<string>();
  for (const { file, content } of pieces) {
    if (content.kind === 'folder') stated.set(folderOf(file), content.folder);
    else if (content.kind === 'broken' && content.of === 'folder') broken.add(folderOf(file));
  }
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known) return known;
    const held = { folders: [], items: [] };
    const folder: Folder = { path, stated: stated.get(path) ?? {}, isBroken: broken.has(path), ...held };
    folders.set(path, folder);
    if (path !== root) folderAt(folderOf(path)).folders.push(folder);
    return folder;
  };
  for (const { file, content } of pieces)
    if (content.kind === 'item') folderAt(folderOf(file)).items.push({ file, content });
  return entriesOf(folderAt(root), [], input);
}

function entriesOf(folder: Folder, chain: readonly Folder[], input: FolderInput): RequestEntry[] {
  const isBroken = chain.some((each) => each.isBroken);
  const children = [
    ...folder.folders.map((inner) => ({
      seq: seqOf(objectOr(inner.stated.info)),
      entries: () => entriesOf(inner, [...chain, inner], input),
    })),
    ...folder.items.map(({ file, content }) => ({
      seq: content.listed.seq,
      entries: () => [
        isBroken ? belowBroken(toEntry(file, content, chain, input)) : toEntry(file, content, chain, input),
      ],
    })),
  ];
  // The sort is stable, and both lists are in the order of their paths.
  const inOrder = children.sort((a, b) => (a.seq === b.seq ? 0 : a.seq - b.seq));
  return inOrder.flatMap(({ entries }) => entries());
}

function toEntry(
  file: string,
  { listed, reopen }: ItemContent,
  chain: readonly Folder[],
  input: FolderInput,
): RequestEntry {
  const { name, kind, method, tags } = listed;
  const notExecutable = whyNotExecuted(kind);
  return {
    id: stableId(name, 'request', file),
    name,
    folders: chain.map(folderName),
    method,
    file,
    ...(tags.length > 0 && { tags }),
    ...(notExecutable !== undefined && { notExecutable }),
    open: () =>
      openRequest({
        item: reopen(),
        kind,
        folders: chain.map(({ stated }) => stated),
        document: input.document(),
        sealer: input.sealer,
      }),
    locate: (fileText) => locateIn(fileText, file, []),
  };
}

function folderName({ path, stated }: Folder): string {
  return textOf(objectOr(stated.info).name) || fileName(path);
}

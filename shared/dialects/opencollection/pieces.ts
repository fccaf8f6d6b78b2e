// One file as it is held: what a listing needs, and the way to the rest.

import { type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { createReopen } from '../../collection/reopen.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { parseDotEnv } from '../bruno/dot-env.ts';
import { fileName, type Look } from '../look.ts';
import { type ItemKind, itemKind, readMethod } from './item-kind.ts';
import { parseText } from './parse-text.ts';
import { fileKind, isFolderFile, isRootFile } from './recognise.ts';

export interface ListedItem {
  readonly name: string;
  readonly kind: ItemKind;
  readonly method: string;
  readonly seq: number;
  readonly tags: readonly string[];
}

export type Content =
  | { readonly kind: 'document'; readonly text: string; readonly reopen: () => JsonObject; readonly bundled: boolean }
  | { readonly kind: 'folder'; readonly folder: JsonObject }
  | { readonly kind: 'item'; readonly listed: ListedItem; readonly reopen: () => JsonObject }
  | { readonly kind: 'environment'; readonly environment: JsonObject }
  | { readonly kind: 'dot-env'; readonly values: ReadonlyMap<string, string> }
  /** A file that others inherit from and that cannot be read. */
  | { readonly kind: 'broken'; readonly of: 'root' | 'folder' };

/** What stands for a file that cannot be read; undefined where no other inherits from it. */
export function brokenPiece(file: string): Content | undefined {
  if (isRootFile(file)) return { kind: 'broken', of: 'root' };
  return isFolderFile(file) ? { kind: 'broken', of: 'folder' } : undefined;
}

/** Reads a file of the format. Fails with COLLECTION/MALFORMED, and with COLLECTION/UNSUPPORTED for a later version. */
export function readPiece(look: Look): Result<Content | undefined> {
  const { file, text } = look;
  const kind = fileKind(look);
  if (kind === undefined) return ok(undefined);
  if (kind === 'dot-env') return ok({ kind, values: parseDotEnv(text) });
  const parsed = parseText(text, file);
  if (!parsed.ok) return parsed;
  const json = parsed.value;
  const reopen = createReopen(() => parsedAgain(text, file));
  switch (kind) {
    case 'document': {
      const major = Number.parseInt(textOf(json.opencollection), 10);
      if (major > 1)
        return err(failure('COLLECTION/UNSUPPORTED', { file, format: `opencollection-${major}` }, { file }));
      return ok({ kind, text, reopen: reopenFrom(json, reopen), bundled: json.bundled === true });
    }
    case 'folder':
      return ok({ kind, folder: json });
    case 'environment':
      return ok({ kind, environment: json });
    case 'item':
      return readItem(json, reopen, file);
  }
}

/** Gives what is parsed already to the first who asks, which is the one who lists it, and lets go of it then. */
function reopenFrom(parsed: JsonObject, reopen: () => JsonObject): () => JsonObject {
  let first: JsonObject | undefined = parsed;
  return () => {
    const given = first ?? reopen();
    first = undefined;
    return given;
  };
}

function parsedAgain(text: string, file: string): JsonObject {
  const parsed = parseText(text, file);
  return parsed.ok ? parsed.value : {};
}

function readItem(json: JsonObject, reopen: () => JsonObject, file: string): Result<Content> {
  const kind = itemKind(json);
  // A folder states itself in a file of that name only.
  if (kind === undefined || kind === 'folder') {
    const problem = 'a file is neither a request nor a folder';
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, line: 1, column: 1 }));
  }
  const listed = listItem(json, kind);
  const isNamed = typeof objectOr(json.info).name === 'string';
  return ok({ kind: 'item', listed: isNamed ? listed : { ...listed, name: baseName(file) }, reopen });
}

/** What a listing tells of an item; its name is '' where it has none, and Bruno's word for a script, which never has one. */
export function listItem(item: JsonObject, kind: ItemKind): ListedItem {
  const info = objectOr(item.info);
  const name = kind === 'script' ? 'Script' : textOf(info.name);
  return { name, kind, method: readMethod(item, kind), seq: seqOf(info), tags: tagsOf(info.tags) };
}

/** The place in the order of a folder; items without one come last. */
export function seqOf(info: JsonObject): number {
  return typeof info.seq === 'number' && Number.isFinite(info.seq) ? info.seq : Number.POSITIVE_INFINITY;
}

/** One tag may stand without its list. */
function tagsOf(stated: unknown): string[] {
  const tags = typeof stated === 'string' ? [stated] : listOr(stated);
  return tags.map(textOf).filter((tag) => tag !== '');
}

/** The file's name without folders and ending. */
export function baseName(file: string): string {
  return fileName(file).replace(/\.(?:ya?ml|json)$/i, '');
}

import type { RequestEntry } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { type ItemKind, itemKind, whyNotExecuted } from './item-kind.ts';
import { openRequest } from './open-request.ts';
import { createLocatorIn, locateIn } from './parse-text.ts';
import { listItem } from './pieces.ts';
import type { Sealer } from './sealer.ts';

export interface WalkInput {
  readonly file: string;
  readonly text: string;
  readonly document: JsonObject;
  /** The document once more, for opening requests: no entry holds on to a part of the first one. */
  readonly reopen: () => JsonObject;
  readonly sealer: Sealer;
}

interface Walk extends WalkInput {
  readonly requests: RequestEntry[];
  readonly report: (
    code: 'COLLECTION/MALFORMED' | 'COLLECTION/TOO_MANY',
    facts: Facts,
    indexes: readonly number[],
  ) => void;
}

type Facts = Parameters<typeof failure>[1];

/** An item list on the way: the names above it, and the index at each level. */
interface Level {
  readonly key: string;
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

/**
 * The items that stand in the document itself, in file order, each cheap until it is opened, and what could not be read: the
 * first limits.fileProblems with their places, the others counted.
 */
export function walkItems(input: WalkInput): { readonly requests: RequestEntry[]; readonly problems: Failure[] } {
  const { file, text } = input;
  const problems: Failure[] = [];
  const locate = createLocatorIn(text, file);
  let more = 0;
  const walk: Walk = {
    ...input,
    requests: [],
    report(code, facts, indexes) {
      if (problems.length >= limits.fileProblems) more += 1;
      else problems.push(failure(code, facts, locate(pathOf(indexes))));
    },
  };
  walkLevel(walk, input.document.items, { key: file, names: [], indexes: [] });
  const rest = failure('COLLECTION/MALFORMED', { file, problem: `and ${more} more problems` }, { file });
  return { requests: walk.requests, problems: more > 0 ? [...problems, rest] : problems };
}

function walkLevel(walk: Walk, items: unknown, level: Level): void {
  if (level.names.length > limits.itemDepth) {
    walk.report(
      'COLLECTION/TOO_MANY',
      { limit: limits.itemDepth, what: `levels of folders in ${walk.file}` },
      level.indexes,
    );
    return;
  }
  const ordinal = createOrdinals();
  listOr(items).forEach((item, index) => {
    const indexes = [...level.indexes, index];
    const kind = isObject(item) ? itemKind(item) : undefined;
    if (!isObject(item) || kind === undefined) {
      const problem = 'an item is neither a folder nor a request';
      walk.report('COLLECTION/MALFORMED', { file: walk.file, problem }, indexes);
      return;
    }
    const name = textOf(objectOr(item.info).name);
    const key = childKey(
      level.key,
      kind === 'folder' ? 'folder' : 'request',
      name,
      ordinal(kind === 'folder' ? 'folder' : 'request', name),
    );
    if (kind === 'folder') walkLevel(walk, item.items, { key, names: [...level.names, name], indexes });
    else walk.requests.push(toEntry(walk, { item, kind, key, folders: level.names, indexes }));
  });
}

interface Found {
  readonly item: JsonObject;
  readonly kind: ItemKind;
  readonly key: string;
  readonly folders: readonly string[];
  readonly indexes: readonly number[];
}

function toEntry({ file, reopen, sealer }: Walk, { item, kind, key, folders, indexes }: Found): RequestEntry {
  const { name, method, tags } = listItem(item, kind);
  const notExecutable = whyNotExecuted(kind);
  return {
    id: stableId(name, 'request', key),
    name,
    folders,
    method,
    ...(tags.length > 0 && { tags }),
    ...(notExecutable !== undefined && { notExecutable }),
    open() {
      const document = reopen();
      const chain = chainOf(document, indexes);
      return openRequest({ item: chain.at(-1) ?? {}, kind, folders: chain.slice(0, -1), document, sealer });
    },
    locate: (fileText) => locateIn(fileText, file, pathOf(indexes)),
  };
}

/** The item at these indexes, behind the folders that they lead through. */
function chainOf(document: JsonObject, indexes: readonly number[]): JsonObject[] {
  const chain: JsonObject[] = [];
  for (const index of indexes) chain.push(objectOr(listOr((chain.at(-1) ?? document).items)[index]));
  return chain;
}

function pathOf(indexes: readonly number[]): (string | number)[] {
  return indexes.flatMap((index) => ['items', index]);
}

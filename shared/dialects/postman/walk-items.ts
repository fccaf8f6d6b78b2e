import { locateJson } from '../../collection/json-place.ts';
import type { RequestEntry } from '../../collection/model.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from './narrow.ts';
import { openRequest, type Placed, readMethod } from './open-request.ts';

export interface WalkInput {
  readonly file: string;
  readonly text: string;
  readonly collection: JsonObject;
  /** The collection once more, for opening requests: no entry holds on to a part of the first one. */
  readonly reopen: () => JsonObject;
  /** Where the collection stands in the file: empty, or the key of its wrapper. */
  readonly path: readonly string[];
}

interface Walk extends WalkInput {
  readonly requests: RequestEntry[];
  readonly problems: Failure[];
}

/** An item list on the way: the names above it, and the index at each level. */
interface Level {
  readonly key: string;
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

/** The requests of a collection in file order, each cheap until it is opened, and what could not be read. */
export function walkItems(input: WalkInput): Pick<Walk, 'requests' | 'problems'> {
  const walk: Walk = { ...input, requests: [], problems: [] };
  walkLevel(walk, input.collection.item, { key: input.file, names: [], indexes: [] });
  return { requests: walk.requests, problems: walk.problems };
}

function walkLevel(walk: Walk, items: unknown, level: Level): void {
  if (level.names.length > limits.itemDepth) {
    const what = `levels of folders in ${walk.file}`;
    const where = spanOf(walk, level.indexes, walk.text);
    walk.problems.push(failure('COLLECTION/TOO_MANY', { limit: limits.itemDepth, what }, where));
    return;
  }
  const ordinal = createOrdinals();
  listOr(items).forEach((item, index) => {
    const indexes = [...level.indexes, index];
    const name = isObject(item) ? textOf(item.name) : '';
    const child = (kind: string) => childKey(level.key, kind, name, ordinal(kind, name));
    if (isObject(item) && Array.isArray(item.item)) {
      walkLevel(walk, item.item, { key: child('folder'), names: [...level.names, name], indexes });
    } else if (isObject(item) && isRequest(item.request)) {
      const id = stableId(name, 'request', child('request'));
      walk.requests.push(
        createEntry(walk, { id, name, folders: level.names, method: readMethod(item.request) }, indexes),
      );
    } else {
      walk.problems.push(badItem(walk, indexes));
    }
  });
}

type Listed = Pick<RequestEntry, 'id' | 'name' | 'folders' | 'method'>;

function createEntry({ file, path, reopen }: Walk, listed: Listed, indexes: readonly number[]): RequestEntry {
  return {
    ...listed,
    open: () => openRequest(placeIn(reopen(), indexes)),
    locate: (fileText) => spanOf({ file, path }, indexes, fileText),
  };
}

/** The item at these indexes, with the folders that they lead through. */
function placeIn(collection: JsonObject, indexes: readonly number[]): Placed {
  const chain: JsonObject[] = [];
  for (const index of indexes) chain.push(objectOr(listOr((chain.at(-1) ?? collection).item)[index]));
  return { collection, folders: chain.slice(0, -1), item: chain.at(-1) ?? {} };
}

function isRequest(request: unknown): boolean {
  return typeof request === 'string' || isObject(request);
}

function badItem(walk: Walk, indexes: readonly number[]): Failure {
  const problem = 'an item is neither a folder nor a request';
  return failure('COLLECTION/MALFORMED', { file: walk.file, problem }, spanOf(walk, indexes, walk.text));
}

function spanOf({ file, path }: Pick<Walk, 'file' | 'path'>, indexes: readonly number[], text: string): SourceSpan {
  return { file, ...locateJson(text, [...path, ...indexes.flatMap((index) => ['item', index])]) };
}

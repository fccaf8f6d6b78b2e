import { createJsonLocator, locateJson } from '../../collection/json-place.ts';
import type { RequestEntry } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import type { FailureCode } from '../../failure/catalogue.ts';
import { type Facts, type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
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
  readonly report: (code: FailureCode, facts: Facts, indexes: readonly number[]) => void;
}

/** An item list on the way: the names above it, and the index at each level. */
interface Level {
  readonly key: string;
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

/**
 * The requests of a collection in file order, each cheap until it is opened, and what could not be read: the first
 * limits.fileProblems with their places, the others counted.
 */
export function walkItems(input: WalkInput): { readonly requests: RequestEntry[]; readonly problems: Failure[] } {
  const { file, text, path } = input;
  const problems: Failure[] = [];
  const locate = createJsonLocator(text);
  let more = 0;
  const walk: Walk = {
    ...input,
    requests: [],
    report(code, facts, indexes) {
      if (problems.length >= limits.fileProblems) more += 1;
      else problems.push(failure(code, facts, { file, ...locate(jsonPath(path, indexes)) }));
    },
  };
  walkLevel(walk, input.collection.item, { key: file, names: [], indexes: [] });
  const rest = failure('COLLECTION/MALFORMED', { file, problem: `and ${more} more problems` }, { file });
  return { requests: walk.requests, problems: more > 0 ? [...problems, rest] : problems };
}

function walkLevel(walk: Walk, items: unknown, level: Level): void {
  if (level.names.length > limits.itemDepth) {
    const what = `levels of folders in ${walk.file}`;
    walk.report('COLLECTION/TOO_MANY', { limit: limits.itemDepth, what }, level.indexes);
    return;
  }
  const ordinal = createOrdinals();
  for (const [index, item] of listOr(items).entries()) {
    const indexes = [...level.indexes, index];
    if (!isObject(item)) {
      reportItem(walk, indexes);
      continue;
    }
    const name = textOf(item.name);
    if (Array.isArray(item.item)) {
      const key = childKey(level.key, 'folder', name, ordinal('folder', name));
      walkLevel(walk, item.item, { key, names: [...level.names, name], indexes });
    } else if (isRequest(item.request)) {
      const id = stableId(name, 'request', childKey(level.key, 'request', name, ordinal('request', name)));
      walk.requests.push(
        createEntry(walk, { id, name, folders: level.names, method: readMethod(item.request) }, indexes),
      );
    } else reportItem(walk, indexes);
  }
}

function reportItem({ report, file }: Walk, indexes: readonly number[]): void {
  report('COLLECTION/MALFORMED', { file, problem: 'an item is neither a folder nor a request' }, indexes);
}

type Listed = Pick<RequestEntry, 'id' | 'name' | 'folders' | 'method'>;

// Takes the walk apart: an entry that held it would hold the whole tree.
function createEntry({ file, path, reopen }: Walk, listed: Listed, indexes: readonly number[]): RequestEntry {
  const { id, name, folders, method } = listed;
  return {
    id,
    name,
    folders,
    method,
    open: () => openRequest(placeIn(reopen(), indexes)),
    locate: (fileText): SourceSpan => ({ file, ...locateJson(fileText, jsonPath(path, indexes)) }),
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

function jsonPath(path: readonly string[], indexes: readonly number[]): (string | number)[] {
  return [...path, ...indexes.flatMap((index) => ['item', index])];
}

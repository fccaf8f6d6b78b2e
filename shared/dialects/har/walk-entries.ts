import { createJsonLocator, locateJson } from '../../collection/json-place.ts';
import type { RequestEntry } from '../../collection/model.ts';
import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { methodAndPath } from '../method-and-path.ts';
import { openEntry } from './open-entry.ts';

export interface EntriesInput {
  readonly file: string;
  readonly text: string;
  readonly entries: readonly unknown[];
  readonly pages: readonly unknown[];
  /** Where the list of entries stands in the file; empty: the file is one request. */
  readonly path: readonly string[];
  /** The entry once more, for opening it. */
  readonly entryAt: (index: number) => JsonObject;
}

/** The requests in file order, those of a page in its folder, and what is broken: the first few with their places. */
export function listEntries(input: EntriesInput): { readonly requests: RequestEntry[]; readonly problems: Failure[] } {
  const { file, text, entries, path } = input;
  const locate = createJsonLocator(text);
  const titles = pageTitles(input.pages);
  const ordinal = createOrdinals();
  const requests: RequestEntry[] = [];
  const broken: Failure[] = [];
  let more = 0;
  entries.slice(0, limits.fileRequests).forEach((entry, index) => {
    const request = isObject(entry) ? entry.request : undefined;
    if (!isObject(request) || typeof request.url !== 'string' || request.url === '' || !hasMethod(request)) {
      if (broken.length >= limits.fileProblems) more += 1;
      else broken.push(malformed(file, 'an entry has no request with a method and a URL', locate([...path, index])));
      return;
    }
    const page = textOf(objectOr(entry).pageref);
    requests.push(
      createEntry(input, { entry: objectOr(entry), page, title: titles.get(page) ?? page, index, ordinal }),
    );
  });
  const rest = more > 0 ? [malformed(file, `and ${more} more problems`)] : [];
  if (entries.length > limits.fileRequests) {
    const what = `requests in ${file}`;
    rest.push(failure('COLLECTION/TOO_MANY', { limit: limits.fileRequests, what }, { file }));
  }
  return { requests, problems: [...broken, ...rest] };
}

/** A missing method is that of a browser's plain request. */
function hasMethod({ method }: JsonObject): boolean {
  return method === undefined || typeof method === 'string';
}

function malformed(file: string, problem: string, place: Partial<SourceSpan> = {}): Failure {
  return failure('COLLECTION/MALFORMED', { file, problem }, { file, ...place });
}

function pageTitles(pages: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    pages.flatMap((page): [string, string][] => {
      const { id, title } = objectOr(page);
      return typeof id === 'string' ? [[id, textOf(title) || id]] : [];
    }),
  );
}

interface Listed {
  readonly entry: JsonObject;
  /** The id of its page in the file, '' for none. */
  readonly page: string;
  readonly title: string;
  readonly index: number;
  readonly ordinal: (kind: string, name: string) => number;
}

function createEntry(input: EntriesInput, { entry, page, title, index, ordinal }: Listed): RequestEntry {
  const { file, path, entryAt } = input;
  const request = objectOr(entry.request);
  const url = textOf(request.url);
  const socket = isSocket(entry, url);
  const method = socket ? 'WEBSOCKET' : textOf(request.method).toUpperCase() || 'GET';
  const name = methodAndPath(method, url);
  const group = childKey(file, 'page', page, 0);
  return {
    id: stableId(name, 'request', childKey(group, 'request', name, ordinal(page, name))),
    name,
    folders: title === '' ? [] : [title],
    method,
    ...(socket && { notExecutable: 'WebSocket requests are not executed' }),
    open: () => openEntry(entryAt(index), method),
    locate: (fileText): SourceSpan => ({
      file,
      ...locateJson(fileText, path.length === 0 ? [] : [...path, index]),
    }),
  };
}

// `_webSocketMessages` and `_resourceType` are what Chrome writes.
function isSocket(entry: JsonObject, url: string): boolean {
  return /^wss?:/i.test(url) || Array.isArray(entry._webSocketMessages) || entry._resourceType === 'websocket';
}

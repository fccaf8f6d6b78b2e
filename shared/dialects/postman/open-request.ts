import type { AuthTemplate, RequestTemplate, Script } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { inheritAuth } from './auth.ts';
import { readBody } from './body.ts';
import { readExamples } from './examples.ts';
import { readHeaders } from './fields.ts';
import { readScripts } from './scripts.ts';
import { readSettings } from './settings.ts';
import { readUrl } from './url.ts';
import { readVariables } from './variables.ts';

/** An item with what surrounds it: the collection and the folders, outermost first. */
export interface Placed {
  readonly item: JsonObject;
  readonly folders: readonly JsonObject[];
  readonly collection: JsonObject;
}

/** Absent means GET, as in Postman; any other text is kept for the planner to judge. */
export function readMethod(request: unknown): string {
  const method = isObject(request) ? textOf(request.method) : '';
  return method === '' ? 'GET' : method.toUpperCase();
}

/**
 * Builds the request; called each time it is wanted, so nothing of it stays in memory. The larger parts are built when they
 * are first asked for: listing and searching need no bodies and no saved answers.
 */
export function openRequest(placed: Placed): RequestTemplate {
  const { item, folders, collection } = placed;
  const stated = item.request;
  const request: JsonObject = isObject(stated) ? stated : { url: stated };
  const headers = once(() => readHeaders(request.header));
  const body = once(() => readBody(request.body));
  const auth = once(() => readAuth(placed, request));
  const folderVariables = once(() => readFolderVariables(placed));
  const scripts = once(() => scriptsInOrder(placed));
  const examples = once(() => readExamples(item.response));
  return {
    ...descriptionOf(request.description ?? item.description),
    method: readMethod(request),
    url: readUrl(request.url),
    settings: readSettings([collection, ...folders, item].map((level) => level.protocolProfileBehavior)),
    get headers() {
      return headers();
    },
    get body() {
      return body();
    },
    get auth() {
      return auth();
    },
    get folderVariables() {
      return folderVariables();
    },
    get scripts() {
      return scripts();
    },
    get examples() {
      return examples();
    },
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function readAuth({ folders, collection }: Placed, request: JsonObject): AuthTemplate {
  return inheritAuth([
    { from: 'request', auth: request.auth },
    ...folders.map((folder) => ({ from: 'folder' as const, auth: folder.auth })).reverse(),
    { from: 'collection', auth: collection.auth },
  ]);
}

function readFolderVariables({ folders, item }: Placed): RequestTemplate['folderVariables'] {
  const lists = [...folders, item].map((level) => readVariables(level.variable)).reverse();
  return lists.filter((list) => list.length > 0);
}

/** Run order: all before the request, then all after it; each time from the collection inwards. */
function scriptsInOrder({ item, folders, collection }: Placed): Script[] {
  const all = [
    ...readScripts(collection.event, 'collection'),
    ...folders.flatMap((folder) => readScripts(folder.event, 'folder')),
    ...readScripts(item.event, 'request'),
  ];
  return [...all.filter(({ phase }) => phase === 'before'), ...all.filter(({ phase }) => phase === 'after')];
}

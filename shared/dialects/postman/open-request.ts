import type { RequestTemplate, Script } from '../../collection/model.ts';
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

/** Builds the whole request; called each time it is wanted, so nothing of it stays in memory. */
export function openRequest({ item, folders, collection }: Placed): RequestTemplate {
  const stated = item.request;
  const request: JsonObject = isObject(stated) ? stated : { url: stated };
  const inward = [collection, ...folders, item];
  const folderLists = [...folders, item].map((level) => readVariables(level.variable)).reverse();
  return {
    ...descriptionOf(request.description ?? item.description),
    method: readMethod(request),
    url: readUrl(request.url),
    headers: readHeaders(request.header),
    body: readBody(request.body),
    auth: inheritAuth([
      { from: 'request', auth: request.auth },
      ...folders.map((folder) => ({ from: 'folder' as const, auth: folder.auth })).reverse(),
      { from: 'collection', auth: collection.auth },
    ]),
    folderVariables: folderLists.filter((list) => list.length > 0),
    scripts: scriptsInOrder({ item, folders, collection }),
    settings: readSettings(inward.map((level) => level.protocolProfileBehavior)),
    examples: readExamples(item.response),
  };
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

import type { Example, RequestTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { readExamples } from '../postman/examples.ts';
import { readHeaders } from '../postman/fields.ts';
import { readSettings } from '../postman/settings.ts';
import { readVariables } from '../postman/variables.ts';
import { readAuth } from './auth.ts';
import { readRequestBody } from './body.ts';
import { entriesOf } from './entries.ts';
import { kindOf } from './kinds.ts';
import { readRequestUrl } from './query.ts';
import { readScripts } from './scripts.ts';

/** A request's file with what surrounds it, each by its keys. */
export interface Surrounded {
  readonly request: JsonObject;
  /** Definitions of the folders between the collection and the request, outermost first. */
  readonly folders: readonly JsonObject[];
  readonly collection: JsonObject;
  readonly examples: readonly { readonly name: string; readonly keys: JsonObject }[];
  /** What was found wrong with the places of its other files. */
  readonly notes: readonly string[];
}

/** Builds the whole request; called each time it is wanted. */
export function openRequest({ request, folders, collection, examples, notes }: Surrounded): RequestTemplate {
  const { kind, method } = kindOf(request);
  const inwards = [
    { from: 'collection' as const, keys: collection },
    ...folders.map((keys) => ({ from: 'folder' as const, keys })),
    { from: 'request' as const, keys: request },
  ];
  const { url, notes: ofUrl } = readRequestUrl(request.url, request.queryParams, request.pathVariables);
  const { body, notes: ofBody } = readRequestBody(request, kind);
  const { auth, notes: ofAuth } = readAuth(inwards.toReversed());
  const { scripts, notes: ofScripts } = readScripts(inwards, kind.replace(/-request$/, ''));
  const said = [...ofUrl, ...ofBody, ...ofAuth, ...ofScripts, ...notesOfSettings(inwards), ...notes];
  const lists = folders.map(({ variables }) => readVariables(entriesOf(variables))).reverse();
  return {
    ...descriptionOf(request.description),
    method,
    url,
    headers: readHeaders(entriesOf(request.headers ?? request.metadata)),
    body,
    auth,
    folderVariables: lists.filter((list) => list.length > 0),
    scripts,
    settings: readSettings(inwards.map(({ keys }) => settingsOf(keys))),
    examples: examples.map(readExample),
    ...(said.length > 0 && { notes: said }),
  };
}

/** In version 2's terms: there, headers that are not sent are the keys of a map. */
function settingsOf({ settings }: JsonObject): JsonObject {
  const stated = objectOr(settings);
  const { disabledSystemHeaders: headers } = stated;
  if (!Array.isArray(headers)) return stated;
  return { ...stated, disabledSystemHeaders: Object.fromEntries(headers.map((name) => [textOf(name), true])) };
}

function notesOfSettings(inwards: readonly { readonly keys: JsonObject }[]): string[] {
  const versions = inwards.map(({ keys }) => textOf(objectOr(keys.settings).protocolVersion));
  const stated = versions.findLast((version) => version !== '');
  return stated === undefined || stated === 'auto' ? [] : ['The stated HTTP version is not used.'];
}

function readExample({ name, keys }: Surrounded['examples'][number]): Example {
  const response = objectOr(keys.response);
  const { statusCode, headers, body } = response;
  const code = typeof statusCode === 'string' && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  const text = textOf(isObject(body) ? body.content : body);
  const [example] = readExamples([{ name, code, header: entriesOf(headers), body: text }]);
  return example ?? { name, headers: [] };
}

import type { BodyTemplate, Field, RequestTemplate, Variable } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { templateText } from '../../template/lex.ts';
import { hasOtherActions, readAnswerVariables } from './actions.ts';
import { readAssertions } from './assertions.ts';
import { readAuth } from './auth.ts';
import { type ReadBody, readBody, readGraphqlBody } from './body.ts';
import { readDescription } from './description.ts';
import { readExamples } from './examples.ts';
import { isEnabled, readFields, selectedVariant } from './fields.ts';
import { detailsOf, type ItemKind, readMethod } from './item-kind.ts';
import { hasHooks, scriptFlow, scriptsInOrder } from './scripts.ts';
import type { Sealer } from './sealer.ts';
import { readSettings } from './settings.ts';
import { readUrl } from './url.ts';
import { readVariables } from './variables.ts';

/** An item with what surrounds it: the document and the folders, outermost first. */
export interface Placed {
  readonly item: JsonObject;
  readonly kind: ItemKind;
  readonly folders: readonly JsonObject[];
  readonly document: JsonObject;
  readonly sealer: Sealer;
}

/** Builds the whole request; called each time it is wanted, so nothing of it stays in memory. */
export function openRequest(placed: Placed): RequestTemplate {
  const { item, kind, folders, document, sealer } = placed;
  const details = detailsOf(item, kind);
  const runtime = objectOr(item.runtime);
  const defaults = [document, ...folders].map(({ request }) => objectOr(request));
  const { body, contentType, notes } = bodyOf(item, details, placed);
  const { auth, notes: authNotes } = readAuth(
    details.auth ?? runtime.auth,
    defaults.map((level, at) => ({ from: at === 0 ? 'collection' : 'folder', auth: level.auth }) as const).reverse(),
    sealer,
  );
  const allNotes = [...notes, ...authNotes, ...notesOf(placed, runtime, defaults)];
  const assertions = readAssertions(runtime.assertions, sealer);
  const answerVariables = readAnswerVariables([...defaults, runtime].map(({ actions }) => actions));
  return {
    ...readDescription(item),
    method: readMethod(item, kind),
    url: readUrl(textOf(details.url), details.params, sealer),
    headers: withContentType(readHeaders(details, kind, defaults, sealer), contentType, sealer),
    body,
    auth,
    folderVariables: variableLists(runtime, defaults, sealer),
    scripts: scriptsInOrder(
      [
        ...defaults.map(({ scripts }, at) => ({
          from: at === 0 ? ('collection' as const) : ('folder' as const),
          scripts,
        })),
        { from: 'request', scripts: runtime.scripts },
      ],
      scriptFlow(document.extensions),
    ),
    settings: readSettings([...defaults.map(({ settings }) => objectOr(settings)[kind]), item.settings]),
    examples: readExamples(item.examples, sealer),
    ...(assertions.length > 0 && { assertions }),
    ...(answerVariables.length > 0 && { answerVariables }),
    ...(allNotes.length > 0 && { notes: allNotes }),
  };
}

function bodyOf(item: JsonObject, details: JsonObject, { kind, sealer }: Placed): ReadBody {
  switch (kind) {
    case 'http':
      return readBody(details.body, sealer);
    case 'graphql':
      return { body: readGraphqlBody(details.body, sealer), notes: [] };
    case 'grpc':
    case 'websocket':
      return { body: messageBody(details.message, sealer), notes: [] };
    case 'script':
      return { body: rawBody(textOf(item.script), 'javascript', sealer), notes: [] };
    case 'app':
      return { body: rawBody(textOf(item.code), 'html', sealer), notes: [] };
  }
}

/** What a gRPC or WebSocket item would send: a text, or for a WebSocket `{ type, data }`. */
function messageBody(stated: unknown, sealer: Sealer): BodyTemplate {
  const message = selectedVariant(stated, 'message');
  if (isObject(message)) return rawBody(textOf(message.data), textOf(message.type) || 'text', sealer);
  return rawBody(textOf(message), 'json', sealer);
}

function rawBody(text: string, language: string, sealer: Sealer): BodyTemplate {
  return text === '' ? { kind: 'none' } : { kind: 'raw', text: sealer.body(text), language };
}

/** A header takes the place of one of the same name from further out; a disabled one does not. */
function readHeaders(details: JsonObject, kind: ItemKind, defaults: readonly JsonObject[], sealer: Sealer): Field[] {
  const key = kind === 'grpc' ? 'metadata' : 'headers';
  const levels = [...defaults, details].map((level) => readFields(level[key], sealer.header, sealer));
  return levels.flatMap((fields, at) => {
    const inner = new Set(
      levels.slice(at + 1).flatMap((each) => each.filter(({ enabled }) => enabled).map(headerName)),
    );
    return fields.filter((field) => !inner.has(headerName(field)));
  });
}

function headerName({ name }: Field): string {
  return templateText(name).toLowerCase();
}

function withContentType(headers: Field[], contentType: string | undefined, sealer: Sealer): Field[] {
  const isStated = headers.some((field) => field.enabled && headerName(field) === 'content-type');
  if (contentType === undefined || isStated) return headers;
  return [...headers, { name: sealer.plain('Content-Type'), value: sealer.plain(contentType), enabled: true }];
}

/** The request's own variables, then those of the folders from the inside out. */
function variableLists(runtime: JsonObject, defaults: readonly JsonObject[], sealer: Sealer): Variable[][] {
  const lists = [...defaults.slice(1), runtime].map(({ variables }) => readVariables(variables, sealer));
  return lists.reverse().filter((list) => list.length > 0);
}

function notesOf({ item, document }: Placed, runtime: JsonObject, defaults: readonly JsonObject[]): string[] {
  const { proxy, clientCertificates } = objectOr(document.config);
  const levels = [runtime, ...defaults];
  const stated: readonly [boolean, string][] = [
    [levels.some(({ actions }) => hasOtherActions(actions)), 'Actions before the request are not run'],
    [levels.some(({ scripts }) => hasHooks(scripts)), 'Scripts of the type hooks are not run'],
    [listOr(clientCertificates).some(isOn), 'Client certificates that the collection states are not used'],
    [isOwnProxy(proxy), 'The proxy that the collection states is not used'],
    [isObject(item.app), 'The app that is attached to the request is not shown'],
  ];
  return stated.flatMap(([isStated, note]) => (isStated ? [note] : []));
}

function isOn(entry: unknown): boolean {
  return isObject(entry) && isEnabled(entry);
}

function isOwnProxy(proxy: unknown): boolean {
  return (
    isObject(proxy) && isEnabled(proxy) && proxy.inherit !== true && textOf(objectOr(proxy.config).hostname) !== ''
  );
}

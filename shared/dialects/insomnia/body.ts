import type { BodyTemplate, PartTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { readField } from './headers.ts';
import type { Texts } from './texts.ts';

const NONE: BodyTemplate = { kind: 'none' };

/** The body of a request by its media type. `rendered: false`: its templates are sent as they stand. */
export function readBody(body: unknown, texts: Texts, rendered: boolean): BodyTemplate {
  if (!isObject(body)) return NONE;
  const type = mediaType(body.mimeType);
  if (type === 'application/x-www-form-urlencoded' && Array.isArray(body.params)) return readForm(body.params, texts);
  if (type === 'multipart/form-data') return readMultipart(body.params, texts);
  const fileName = textOf(body.fileName);
  if (fileName !== '') return { kind: 'file', path: texts.plain(fileName) };
  const text = textOf(body.text);
  if (text === '') return NONE;
  const graphql = type === 'application/graphql' ? readGraphql(text, texts, rendered) : undefined;
  return graphql ?? { kind: 'raw', text: texts.body(text, rendered), ...languageOf(type) };
}

function mediaType(stated: unknown): string {
  return (textOf(stated).split(';')[0] ?? '').trim().toLowerCase();
}

const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/[/+]json$|^application\/graphql$/, 'json'],
  [/[/+]xml$/, 'xml'],
  [/^text\/html$/, 'html'],
  [/[/]javascript$/, 'javascript'],
  [/^text\/plain$/, 'text'],
];

function languageOf(type: string): { readonly language?: string } {
  const language = LANGUAGES.find(([pattern]) => pattern.test(type))?.[1];
  return language === undefined ? {} : { language };
}

function readForm(params: readonly unknown[], texts: Texts): BodyTemplate {
  const fields = params.flatMap((entry) => (isNamed(entry) ? [readField(entry, texts.field, texts)] : []));
  return fields.length === 0 ? NONE : { kind: 'urlencoded', fields };
}

function readMultipart(params: unknown, texts: Texts): BodyTemplate {
  const parts = listOr(params).flatMap((entry) => (isNamed(entry) ? [readPart(entry, texts)] : []));
  return parts.length === 0 ? NONE : { kind: 'multipart', parts };
}

function isNamed(entry: unknown): entry is JsonObject {
  return isObject(entry) && textOf(entry.name) !== '';
}

function readPart(entry: JsonObject, texts: Texts): PartTemplate {
  const type = textOf(entry.multiline);
  // The editor's language of a long text is the media type of its part.
  const contentType = type.includes('/') ? { contentType: texts.plain(type) } : {};
  const field = readField(entry, texts.field, texts);
  if (entry.type !== 'file') return { kind: 'text', ...field, ...contentType };
  const path = textOf(entry.fileName);
  return {
    kind: 'file',
    name: field.name,
    enabled: field.enabled,
    paths: path === '' ? [] : [texts.plain(path)],
    ...descriptionOf(entry.description),
  };
}

/** Undefined for a text that is no JSON, which a template in it can make it: that is sent as a text. */
function readGraphql(text: string, texts: Texts, rendered: boolean): BodyTemplate | undefined {
  const stated = parseObject(text);
  if (typeof stated?.query !== 'string') return undefined;
  const { operationName } = stated;
  return {
    kind: 'graphql',
    query: texts.body(stated.query, rendered),
    variables: texts.body(textOf(stated.variables), rendered),
    ...(typeof operationName === 'string' && operationName !== '' && { operationName: texts.plain(operationName) }),
  };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

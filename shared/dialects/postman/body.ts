import type { BodyTemplate, Field, PartTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealBody, sealField } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import { readFields } from './fields.ts';
import { parseQueryText } from './url.ts';

const NONE: BodyTemplate = { kind: 'none' };

/** The body as the runtime would send it: none where it is disabled, has no mode or has nothing for its mode. */
export function readBody(body: unknown): BodyTemplate {
  if (typeof body === 'string') return readRaw({ raw: body });
  if (!isObject(body) || body.disabled || !body.mode) return NONE;
  switch (textOf(body.mode).toLowerCase()) {
    case 'urlencoded':
      return readUrlencoded(body.urlencoded);
    case 'formdata':
      return readFormdata(body.formdata);
    case 'graphql':
      return readGraphql(body.graphql);
    case 'file':
      return readFile(body.file);
    default:
      return readRaw(body);
  }
}

function readRaw(body: JsonObject): BodyTemplate {
  const text = textOf(body.raw);
  if (text === '') return NONE;
  const language = objectOr(objectOr(body.options).raw).language;
  return { kind: 'raw', text: sealBody(text), ...(typeof language === 'string' ? { language } : {}) };
}

function readUrlencoded(data: unknown): BodyTemplate {
  const fields = typeof data === 'string' ? parseUrlencoded(data) : readFields(data);
  return fields.length === 0 ? NONE : { kind: 'urlencoded', fields };
}

function parseUrlencoded(data: string): Field[] {
  return parseQueryText(data).map(({ name, value }) => ({ name: name ?? [], value: value ?? [], enabled: true }));
}

function readFormdata(data: unknown): BodyTemplate {
  const entries = isObject(data) ? Object.entries(data).map(([key, value]) => ({ key, value })) : listOr(data);
  const parts = entries.flatMap((entry) => (isObject(entry) ? [readPart(entry)] : []));
  return parts.length === 0 ? NONE : { kind: 'multipart', parts };
}

function readPart(entry: JsonObject): PartTemplate {
  const name = textOf(entry.key);
  const shared = {
    name: lexTemplate(name),
    enabled: !entry.disabled,
    ...optionalText('contentType', entry.contentType),
    ...descriptionOf(entry.description),
  };
  if (entry.type === 'file') {
    return { kind: 'file', ...shared, paths: readPaths(entry.src), ...optionalText('fileName', entry.fileName) };
  }
  return { kind: 'text', ...shared, value: sealField(name, textOf(entry.value)) };
}

function optionalText<Key extends string>(
  key: Key,
  value: unknown,
): Partial<Record<Key, ReturnType<typeof lexTemplate>>> {
  if (typeof value !== 'string' || value === '') return {};
  const found: Partial<Record<Key, ReturnType<typeof lexTemplate>>> = {};
  found[key] = lexTemplate(value);
  return found;
}

function readPaths(src: unknown): ReturnType<typeof lexTemplate>[] {
  const sources = Array.isArray(src) ? src : [src];
  return sources.flatMap((source) => (typeof source === 'string' && source !== '' ? [lexTemplate(source)] : []));
}

function readFile(file: unknown): BodyTemplate {
  const path = isObject(file) ? file.src : file;
  if (typeof path === 'string' && path !== '') return { kind: 'file', path: lexTemplate(path) };
  return isObject(file) && typeof file.content === 'string' ? readRaw({ raw: file.content }) : NONE;
}

function readGraphql(data: unknown): BodyTemplate {
  if (!isObject(data) || Object.keys(data).length === 0) return NONE;
  const { query, variables, operationName } = data;
  return {
    kind: 'graphql',
    query: sealBody(textOf(query)),
    variables: sealBody(textOf(variables)),
    ...(typeof operationName === 'string' ? { operationName: lexTemplate(operationName) } : {}),
  };
}

// Bodies are `{ type, data }` or a list of variants of it; shapes of other writers are read where they say the same.
import type { BodyTemplate, PartTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { isEnabled, readFields, selectedVariant } from './fields.ts';
import type { Sealer } from './sealer.ts';

const NONE: BodyTemplate = { kind: 'none' };
const UNKNOWN = 'A body of an unknown type is not sent';

export interface ReadBody {
  readonly body: BodyTemplate;
  /** The content type that a file body states. */
  readonly contentType?: string;
  readonly notes: readonly string[];
}

/** The body of an HTTP request; of variants the selected one, else the first. */
export function readBody(stated: unknown, sealer: Sealer): ReadBody {
  const body = selectedVariant(stated, 'body');
  if (!isObject(body)) return { body: NONE, notes: textOf(body) === '' ? [] : [UNKNOWN] };
  const { type, data } = neutralBody(body);
  switch (type) {
    case 'json':
    case 'text':
    case 'xml':
    case 'sparql':
      return { body: readRaw(type, textOf(data), sealer), notes: [] };
    case 'form-urlencoded':
      return { body: { kind: 'urlencoded', fields: readFields(data, sealer.field, sealer) }, notes: [] };
    case 'multipart-form':
      return { body: readMultipart(data, sealer), notes: [] };
    case 'file':
      return readFile(data, sealer);
    default:
      return { body: NONE, notes: type === '' || type === 'none' ? [] : [UNKNOWN] };
  }
}

/** The query and variables of a GraphQL request. */
export function readGraphqlBody(stated: unknown, sealer: Sealer): BodyTemplate {
  const { query, variables } = objectOr(selectedVariant(stated, 'body'));
  return { kind: 'graphql', query: sealer.body(textOf(query)), variables: sealer.body(textOf(variables)) };
}

interface NeutralBody {
  readonly type: string;
  readonly data: unknown;
}

const MODES = new Map([
  ['formUrlEncoded', 'form-urlencoded'],
  ['multipartForm', 'multipart-form'],
]);

/** `{ mode: json, json: … }`, `{ raw: { format, value } }` and `{ formUrlEncoded: { parts } }` as `{ type, data }`. */
function neutralBody(body: JsonObject): NeutralBody {
  if (typeof body.type === 'string') return { type: body.type, data: body.data };
  if (typeof body.mode === 'string') return { type: MODES.get(body.mode) ?? body.mode, data: body[body.mode] };
  if (isObject(body.raw)) return { type: textOf(body.raw.format) || 'text', data: body.raw.value };
  for (const [key, type] of MODES) {
    if (isObject(body[key])) return { type, data: body[key].parts };
  }
  return { type: '', data: undefined };
}

function readRaw(language: string, text: string, sealer: Sealer): BodyTemplate {
  return text === '' ? NONE : { kind: 'raw', text: sealer.body(text), language };
}

function readMultipart(data: unknown, sealer: Sealer): BodyTemplate {
  return {
    kind: 'multipart',
    parts: listOr(data).flatMap((entry) => (isObject(entry) ? [readPart(entry, sealer)] : [])),
  };
}

function readPart(entry: JsonObject, sealer: Sealer): PartTemplate {
  const name = textOf(entry.name);
  const contentType = textOf(entry.contentType);
  const shared = {
    name: sealer.plain(name),
    enabled: isEnabled(entry),
    ...(contentType !== '' && { contentType: sealer.plain(contentType) }),
    ...descriptionOf(entry.description),
  };
  const values = (Array.isArray(entry.value) ? entry.value : [entry.value]).map(textOf);
  if (entry.type === 'file') {
    return { kind: 'file', ...shared, paths: values.filter((path) => path !== '').map(sealer.plain) };
  }
  return { kind: 'text', ...shared, value: sealer.field(name, values.join(',')) };
}

/** Only a file that is selected is sent, as in Bruno. */
function readFile(data: unknown, sealer: Sealer): ReadBody {
  const files = listOr(data).filter(isObject);
  const chosen = files.find((file) => file.selected === true);
  const path = textOf(chosen?.filePath);
  if (path === '') return { body: NONE, notes: files.length > 0 ? ['No file of the body is selected'] : [] };
  const contentType = textOf(chosen?.contentType);
  return { body: { kind: 'file', path: sealer.plain(path) }, ...(contentType !== '' && { contentType }), notes: [] };
}

import type { BodyTemplate, Field, PartTemplate } from '../../collection/model.ts';
import { type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealBody } from '../../collection/seal-literals.ts';
import { plainTemplate } from '../../template/lex.ts';
import { type FormField, formFields } from './form-fields.ts';
import { joinText } from './join-text.ts';
import { isRange, mediaKind, preferredMediaType } from './media-types.ts';
import { type Opening, own } from './opening.ts';
import { pairFields } from './parameter-values.ts';
import type { Parameter } from './parameters.ts';
import { sampleOf } from './sample.ts';
import { exampleOf } from './stated-values.ts';
import { writeXml } from './write-xml.ts';

export interface RequestBody {
  readonly body: BodyTemplate;
  /** For a Content-Type header; forms get theirs when they are sent. */
  readonly contentType?: string;
}

const NONE: RequestBody = { body: { kind: 'none' } };
const OTHER_TYPES = 'other content types of the body are left out';
const FILE_BODY = 'the body is a file, which the document does not name: give it with the call';

/** The body of an operation of OpenAPI 3, in the content type that is preferred. */
export function readRequestBody(stated: unknown, opening: Opening): RequestBody {
  if (stated === undefined) return NONE;
  const content = objectOr(opening.resolveObject(stated).content);
  const types = Object.keys(content);
  const type = preferredMediaType(types);
  if (type === undefined) return NONE;
  if (types.length > 1) opening.note(OTHER_TYPES);
  return bodyOf(type, opening.resolveObject(own(content, type)), opening);
}

/** The body of an operation of Swagger 2: its `body` parameter or its `formData` ones. */
export function readSwaggerBody(
  parameters: readonly Parameter[],
  consumes: readonly string[],
  opening: Opening,
): RequestBody {
  const form = parameters.filter((each) => each.in === 'formData');
  if (form.length > 0) return swaggerForm(form, consumes, opening);
  const body = parameters.find((each) => each.in === 'body');
  if (!body) return NONE;
  const type = preferredMediaType(consumes.filter((each) => !/form/.test(mediaKind(each)))) ?? 'application/json';
  const { schema } = body.stated;
  return bodyOf(type, { schema, example: body.stated['x-example'] }, opening);
}

function bodyOf(type: string, mediaType: JsonObject, opening: Opening): RequestBody {
  const kind = mediaKind(type);
  if (kind === 'form') return { body: urlencoded(formFields(mediaType, opening)) };
  if (kind === 'multipart') return { body: multipart(formFields(mediaType, opening)) };
  const contentType = isRange(type)
    ? kind === 'json'
      ? { contentType: 'application/json' }
      : {}
    : { contentType: type };
  if (kind === 'binary') {
    opening.note(FILE_BODY);
    return { body: { kind: 'file', path: [] }, ...contentType };
  }
  const text = bodyText(kind, mediaType, opening);
  if (text === '') return { ...NONE };
  const language = kind === 'text' ? {} : { language: kind };
  return { body: { kind: 'raw', text: sealBody(text), ...language }, ...contentType };
}

function bodyText(kind: 'json' | 'xml' | 'text', mediaType: JsonObject, opening: Opening): string {
  const stated = exampleOf(mediaType, opening);
  const value = stated ? stated.value : sampleOf(mediaType.schema, opening);
  if (value === undefined) return '';
  if (kind === 'json') return jsonText(value, mediaType, opening);
  if (typeof value === 'string') return value;
  return kind === 'xml' ? writeXml(value, mediaType.schema, opening) : textOf(value);
}

/** An example of JSON is often its text; of a schema of strings it is the string. */
function jsonText(value: unknown, { schema }: JsonObject, opening: Opening): string {
  const isText =
    typeof value === 'string' && opening.resolveObject(schema).type !== 'string' && /^\s*[[{"]/.test(value);
  return isText ? value : (JSON.stringify(value, null, 2) ?? '');
}

function urlencoded(fields: readonly FormField[]): BodyTemplate {
  return fields.length === 0 ? { kind: 'none' } : { kind: 'urlencoded', fields: fields.map(toField) };
}

function toField({ name, value, enabled, description }: FormField): Field {
  return {
    name: plainTemplate(name),
    value: joinText(value),
    enabled,
    ...(description !== undefined && { description }),
  };
}

function multipart(fields: readonly FormField[]): BodyTemplate {
  return fields.length === 0 ? { kind: 'none' } : { kind: 'multipart', parts: fields.map(toPart) };
}

function toPart(field: FormField): PartTemplate {
  const type = field.contentType === undefined ? {} : { contentType: plainTemplate(field.contentType) };
  if (!field.isFile) return { kind: 'text', ...toField(field), ...type };
  return { kind: 'file', name: plainTemplate(field.name), paths: [], enabled: field.enabled, ...type };
}

function swaggerForm(parameters: readonly Parameter[], consumes: readonly string[], opening: Opening): RequestBody {
  const fields = parameters.flatMap((parameter): FormField[] => {
    const isFile = parameter.stated.type === 'file';
    if (isFile) return [{ name: parameter.name, value: [], enabled: parameter.required, isFile }];
    return pairFields(parameter, opening).map((field) => ({ ...field, isFile }));
  });
  const inParts = fields.some(({ isFile }) => isFile) || preferredForm(consumes) === 'multipart';
  return { body: inParts ? multipart(fields) : urlencoded(fields) };
}

function preferredForm(consumes: readonly string[]): 'form' | 'multipart' {
  const kinds = new Set(listOr(consumes).map((type) => mediaKind(textOf(type))));
  return kinds.has('multipart') && !kinds.has('form') ? 'multipart' : 'form';
}

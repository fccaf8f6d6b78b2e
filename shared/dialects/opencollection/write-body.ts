import type { BodyTemplate, Field, PartTemplate } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import { type Block, type Lose, stateOf, writeFields } from './write-fields.ts';

export interface WrittenBody {
  readonly body?: Block;
  /** The content type that the body has by its language, which the format has no type for. */
  readonly contentType?: string;
}

const RAW_TYPES: ReadonlySet<string> = new Set(['json', 'text', 'xml', 'sparql']);
const CONTENT_TYPES = new Map([
  ['html', 'text/html'],
  ['javascript', 'application/javascript'],
]);

/** The body of an HTTP request; `contentType` is that of its headers, '' where they have none. */
export function writeBody(body: BodyTemplate, contentType: string, lose: Lose): WrittenBody {
  switch (body.kind) {
    case 'none':
    case 'graphql':
      return {};
    case 'raw':
      return writeRaw(templateText(body.text), body.language, contentType);
    case 'urlencoded':
      return { body: { type: 'form-urlencoded', data: writeFields(body.fields) } };
    case 'multipart':
      return { body: { type: 'multipart-form', data: body.parts.map((part) => writePart(part, lose)) } };
    case 'file':
      return { body: { type: 'file', data: [{ filePath: templateText(body.path), contentType, selected: true }] } };
  }
}

/** The query and the variables of a GraphQL request. */
export function writeGraphql(body: Extract<BodyTemplate, { kind: 'graphql' }>, lose: Lose): Block {
  if (body.operationName !== undefined && templateText(body.operationName) !== '') {
    lose('the operation name of a GraphQL request');
  }
  const variables = templateText(body.variables);
  return { query: templateText(body.query), ...(variables !== '' && { variables }) };
}

/** The Content-Type that the enabled headers state, '' where they state none. */
export function contentTypeOf(headers: readonly Field[]): string {
  const stated = headers.find((field) => field.enabled && templateText(field.name).toLowerCase() === 'content-type');
  return stated ? templateText(stated.value) : '';
}

function writeRaw(data: string, language: string | undefined, contentType: string): WrittenBody {
  if (data === '') return {};
  if (language !== undefined && RAW_TYPES.has(language)) return { body: { type: language, data } };
  const byLanguage = contentType === '' ? CONTENT_TYPES.get(language ?? '') : undefined;
  const type = language === undefined && /\bjson\b/i.test(contentType) ? 'json' : 'text';
  return { body: { type, data }, ...(byLanguage !== undefined && { contentType: byLanguage }) };
}

function writePart(part: PartTemplate, lose: Lose): Block {
  const shared = {
    ...(part.contentType !== undefined && { contentType: templateText(part.contentType) }),
    ...stateOf(part),
  };
  const name = templateText(part.name);
  if (part.kind === 'text') return { name, type: 'text', value: templateText(part.value), ...shared };
  if (part.fileName !== undefined) lose('the file name of a multipart part');
  return { name, type: 'file', value: part.paths.map(templateText), ...shared };
}

import type { BodyTemplate, Field, PartTemplate } from '../../collection/model.ts';
import { mediaTypeOf } from '../../request/media-types.ts';
import { templateText } from '../../template/lex.ts';
import { type Lose, pairsBlock, textBlock, type WritePair, writeTemplate } from './write-text.ts';

export interface WrittenBody {
  readonly mode: string;
  readonly blocks: readonly string[];
  /** The headers as they go with it: a file states its content type itself. */
  readonly headers: readonly Field[];
}

/** The body and the headers that are left to write. */
export function writeBody(body: BodyTemplate, headers: readonly Field[], lose: Lose): WrittenBody {
  switch (body.kind) {
    case 'none':
      return { mode: 'none', blocks: [], headers };
    case 'raw':
      return writeRaw(body, headers);
    case 'urlencoded':
      return {
        mode: 'formUrlEncoded',
        blocks: [pairsBlock('body:form-urlencoded', fieldPairs(body.fields), lose)],
        headers,
      };
    case 'multipart': {
      const pairs = body.parts.map((part) => partPair(part, lose));
      return { mode: 'multipartForm', blocks: [pairsBlock('body:multipart-form', pairs, lose)], headers };
    }
    case 'file':
      return writeFile(writeTemplate(body.path), headers, lose);
    case 'graphql':
      return writeGraphql(body, headers, lose);
  }
}

export function fieldPairs(fields: readonly Field[]): WritePair[] {
  return fields.map(({ name, value, ...state }) => ({
    name: writeTemplate(name),
    value: writeTemplate(value),
    ...state,
  }));
}

const MODES: ReadonlySet<string> = new Set(['json', 'text', 'xml', 'sparql']);
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html'],
  ['javascript', 'application/javascript'],
]);

function writeRaw(body: Extract<BodyTemplate, { kind: 'raw' }>, headers: readonly Field[]): WrittenBody {
  const { language } = body;
  const stated = headers.find(isContentType);
  const isJson = language === undefined && /\bjson\b/i.test(templateText(stated?.value ?? []));
  const mode = language !== undefined && MODES.has(language) ? language : isJson ? 'json' : 'text';
  const type = stated ? undefined : CONTENT_TYPES.get(language ?? '');
  const added = type === undefined ? [] : [contentType(type)];
  const kept = mode === 'sparql' ? headers.filter((header) => !isDefault(header)) : headers;
  return { mode, blocks: [textBlock(`body:${mode}`, writeTemplate(body.text))], headers: [...kept, ...added] };
}

/** Bruno adds it where the request states no other. */
function isDefault(header: Field): boolean {
  return isContentType(header) && templateText(header.value) === 'application/sparql-query';
}

function contentType(type: string): Field {
  return { name: [{ kind: 'text', text: 'Content-Type' }], value: [{ kind: 'text', text: type }], enabled: true };
}

function isContentType({ name, enabled }: Field): boolean {
  return enabled && templateText(name).toLowerCase() === 'content-type';
}

/** Without a content type Bruno would send none that tells what it is. */
function writeFile(path: string, headers: readonly Field[], lose: Lose): WrittenBody {
  const stated = headers.findLast(isContentType);
  const type = stated ? writeTemplate(stated.value) : mediaTypeOf(path);
  const value = `@file(${path}) @contentType(${type})`;
  return {
    mode: 'file',
    blocks: [pairsBlock('body:file', [{ name: 'file', value }], lose)],
    headers: headers.filter((header) => !isContentType(header)),
  };
}

function writeGraphql(
  body: Extract<BodyTemplate, { kind: 'graphql' }>,
  headers: readonly Field[],
  lose: Lose,
): WrittenBody {
  if (body.operationName && templateText(body.operationName) !== '') lose('the operation name of a GraphQL request');
  const blocks = [
    textBlock('body:graphql', writeTemplate(body.query)),
    textBlock('body:graphql:vars', writeTemplate(body.variables)),
  ];
  return { mode: 'graphql', blocks, headers };
}

function partPair(part: PartTemplate, lose: Lose): WritePair {
  const type = part.contentType === undefined ? '' : writeTemplate(part.contentType);
  const name = writeTemplate(part.name);
  if (part.kind === 'file' && part.fileName !== undefined) lose('the file name of a multipart part');
  const value = part.kind === 'text' ? writeTemplate(part.value) : `@file(${part.paths.map(writeTemplate).join('|')})`;
  const shared = part.kind === 'text' && part.description !== undefined ? { description: part.description } : {};
  return { name, value: type === '' ? value : `${value} @contentType(${type})`, enabled: part.enabled, ...shared };
}

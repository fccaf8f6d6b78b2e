// The body that the method block's `body:` chooses; the other body blocks of a file are drafts.
import type { BodyTemplate, PartTemplate } from '../../collection/model.ts';
import { descriptionOfPair, readFields } from './fields.ts';
import { withoutJsonComments } from './json-comments.ts';
import { type BruBlock, type BruPair, pairsOf, textOfBlock, valueIn } from './syntax.ts';
import type { Values } from './values.ts';

export interface ReadBody {
  readonly body: BodyTemplate;
  /** What Bruno sends with it where the request states no Content-Type of its own. */
  readonly defaultType?: string;
  /** What it sends with it whatever the request states. */
  readonly ownType?: string;
  /** The mode is none that is known. */
  readonly isUnknown?: boolean;
}

const NONE: ReadBody = { body: { kind: 'none' } };
const TEXT_MODES: ReadonlySet<string> = new Set(['json', 'text', 'xml', 'sparql']);

export function readBody(blocks: readonly BruBlock[], methodBlock: string, values: Values): ReadBody {
  const mode = bodyMode(blocks, methodBlock);
  if (TEXT_MODES.has(mode)) return readRaw(blocks, mode, values);
  switch (mode) {
    case 'none':
    case '':
    case 'grpc':
    case 'ws':
      return NONE;
    case 'formUrlEncoded':
    case 'form-urlencoded':
      return readForm(blocks, values);
    case 'multipartForm':
    case 'multipart-form':
      return readMultipart(blocks, values);
    case 'graphql':
      return readGraphql(blocks, values);
    case 'file':
      return readFile(blocks, values);
    default:
      return { ...NONE, isUnknown: true };
  }
}

/** A bare `body` block of the first files means JSON, unless a method block behind it says otherwise. */
function bodyMode(blocks: readonly BruBlock[], methodBlock: string): string {
  const stated = valueIn(blocks, methodBlock, 'body');
  const bare = blocks.findLastIndex(({ name }) => name === 'body');
  const method = blocks.findLastIndex(({ name }) => name === methodBlock);
  return bare !== -1 && (stated === undefined || bare > method) ? 'json' : (stated ?? 'none');
}

function readRaw(blocks: readonly BruBlock[], mode: string, values: Values): ReadBody {
  const stated = textOfBlock(blocks, `body:${mode}`) || (mode === 'json' ? textOfBlock(blocks, 'body') : '');
  if (stated === '') return NONE;
  const text = mode === 'json' ? withoutJsonComments(stated) : stated;
  return {
    body: { kind: 'raw', text: values.body(text), language: mode },
    ...(mode === 'sparql' && { defaultType: 'application/sparql-query' }),
  };
}

function readForm(blocks: readonly BruBlock[], values: Values): ReadBody {
  return { body: { kind: 'urlencoded', fields: readFields(pairsOf(blocks, 'body:form-urlencoded'), values) } };
}

function readGraphql(blocks: readonly BruBlock[], values: Values): ReadBody {
  const query = textOfBlock(blocks, 'body:graphql');
  const variables = withoutJsonComments(textOfBlock(blocks, 'body:graphql:vars'));
  return { body: { kind: 'graphql', query: values.body(query), variables: values.body(variables) } };
}

function readMultipart(blocks: readonly BruBlock[], values: Values): ReadBody {
  const parts = pairsOf(blocks, 'body:multipart-form').map((pair) => readPart(pair, values));
  return { body: { kind: 'multipart', parts } };
}

function readPart(pair: BruPair, values: Values): PartTemplate {
  const { value, contentType } = splitContentType(pair.value);
  const shared = {
    name: values.plain(pair.name),
    enabled: pair.enabled,
    ...(contentType !== '' && { contentType: values.plain(contentType) }),
  };
  const paths = filePaths(value);
  if (paths) return { kind: 'file', ...shared, paths: paths.map(values.plain) };
  return { kind: 'text', ...shared, value: values.field(pair.name, value), ...descriptionOfPair(pair) };
}

/** Of several files the selected one is sent, of several selected the first. */
function readFile(blocks: readonly BruBlock[], values: Values): ReadBody {
  const selected = pairsOf(blocks, 'body:file').find(({ enabled }) => enabled);
  if (!selected) return NONE;
  const { value, contentType } = splitContentType(selected.value);
  const path = filePaths(value)?.[0] ?? '';
  if (path === '') return NONE;
  const type = contentType === '' ? { defaultType: 'application/octet-stream' } : { ownType: contentType };
  return { body: { kind: 'file', path: values.plain(path) }, ...type };
}

const CONTENT_TYPE = '@contentType(';

function splitContentType(text: string): { readonly value: string; readonly contentType: string } {
  const at = text.endsWith(')') ? text.indexOf(CONTENT_TYPE) : -1;
  if (at === -1) return { value: text, contentType: '' };
  return { value: text.slice(0, at).trimEnd(), contentType: text.slice(at + CONTENT_TYPE.length, -1) };
}

function filePaths(value: string): string[] | undefined {
  if (!value.startsWith('@file(') || !value.endsWith(')')) return undefined;
  return value
    .slice('@file('.length, -1)
    .split('|')
    .filter((path) => path !== '');
}

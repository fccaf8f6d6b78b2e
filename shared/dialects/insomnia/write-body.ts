import type { BodyTemplate, Field, PartTemplate, RequestTemplate } from '../../collection/model.ts';
import { type Lose, writeTemplate } from './write-template.ts';

type Written = Record<string, unknown>;

/** The body of a request; undefined where it has none, or none that is sent with its method. */
export function writeBody({ body, method, settings }: RequestTemplate, lose: Lose): Written | undefined {
  if (body.kind === 'none') return undefined;
  if (PRUNED.has(method) && settings.disableBodyPruning !== true) {
    lose(`The body is left out: it is not sent with ${method}, and Insomnia would send it.`);
    return undefined;
  }
  return writeKind(body, lose);
}

/** The Content-Type that Insomnia would not add by itself; undefined for a body that brings its own. */
export function contentTypeOf(body: BodyTemplate): string | undefined {
  switch (body.kind) {
    case 'raw':
      return TYPES[body.language ?? 'text'] ?? TYPES.text;
    case 'urlencoded':
      return FORM;
    case 'graphql':
      return TYPES.json;
    case 'none':
    case 'multipart':
    case 'file':
      return undefined;
  }
}

const PRUNED: ReadonlySet<string> = new Set(['GET', 'COPY', 'HEAD', 'PURGE', 'UNLOCK']);
const FORM = 'application/x-www-form-urlencoded';
const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};

function writeKind(body: Exclude<BodyTemplate, { kind: 'none' }>, lose: Lose): Written {
  switch (body.kind) {
    case 'raw': {
      const mimeType = TYPES[body.language ?? ''];
      return { ...(mimeType !== undefined && { mimeType }), text: writeTemplate(body.text, lose) };
    }
    case 'urlencoded':
      return { mimeType: FORM, params: body.fields.flatMap((field) => writeParam(field, lose)) };
    case 'multipart':
      return { mimeType: 'multipart/form-data', params: body.parts.flatMap((part) => writePart(part, lose)) };
    case 'file':
      return { mimeType: 'application/octet-stream', fileName: writeTemplate(body.path, lose) };
    case 'graphql':
      return { mimeType: 'application/graphql', text: writeGraphql(body, lose) };
  }
}

function writeGraphql(body: Extract<BodyTemplate, { kind: 'graphql' }>, lose: Lose): string {
  const variables = writeTemplate(body.variables, lose);
  return JSON.stringify({
    query: writeTemplate(body.query, lose),
    ...(body.operationName && { operationName: writeTemplate(body.operationName, lose) }),
    ...(variables !== '' && { variables }),
  });
}

function writeParam(field: Field, lose: Lose): Written[] {
  const written = writePair(field, lose);
  if (written.name !== '') return [written];
  lose('A field without a name is left out.');
  return [];
}

/** A name and value pair, as headers, parameters and fields are written. */
export function writePair({ name, value, enabled, description }: Field, lose: Lose): Written {
  return {
    name: writeTemplate(name, lose),
    value: writeTemplate(value, lose),
    ...(description !== undefined && { description }),
    ...(!enabled && { disabled: true }),
  };
}

/** A part of several files is written as several parts of the same name, which is how they are sent. */
function writePart(part: PartTemplate, lose: Lose): Written[] {
  if (part.kind === 'text') {
    const [written] = writeParam(part, lose);
    const type = part.contentType && writeTemplate(part.contentType, lose);
    return written ? [{ ...written, type: 'text', ...(type !== undefined && { multiline: type }) }] : [];
  }
  if (part.contentType) lose('The content type of a file part is left out.');
  if (part.fileName) lose('The file name of a file part is left out.');
  const name = writeTemplate(part.name, lose);
  if (name === '') lose('A field without a name is left out.');
  const paths = part.paths.length > 0 ? part.paths : [[]];
  const files = paths.map((path) => ({
    name,
    type: 'file',
    fileName: writeTemplate(path, lose),
    ...('description' in part && typeof part.description === 'string' && { description: part.description }),
    ...(!part.enabled && { disabled: true }),
  }));
  return name === '' ? [] : files;
}

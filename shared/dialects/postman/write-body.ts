import type { BodyTemplate, PartTemplate } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import { type WriteText, writeField, writeRest } from './write-fields.ts';

/** undefined where there is none. */
export function writeBody(body: BodyTemplate, text: WriteText): JsonObject | undefined {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'raw': {
      const { language } = body;
      return { mode: 'raw', raw: text(body.text), ...(language !== undefined && { options: { raw: { language } } }) };
    }
    case 'urlencoded':
      return { mode: 'urlencoded', urlencoded: body.fields.map((field) => writeField(field, text)) };
    case 'multipart':
      return { mode: 'formdata', formdata: body.parts.map((part) => writePart(part, text)) };
    case 'file':
      return { mode: 'file', file: { src: text(body.path) } };
    case 'graphql': {
      const { query, variables, operationName } = body;
      const named = operationName && { operationName: text(operationName) };
      return { mode: 'graphql', graphql: { query: text(query), variables: text(variables), ...named } };
    }
  }
}

function writePart(part: PartTemplate, text: WriteText): JsonObject {
  const contentType = part.contentType && { contentType: text(part.contentType) };
  if (part.kind === 'text') return { ...writeField(part, text), type: 'text', ...contentType };
  const [first, ...others] = part.paths.map(text);
  return {
    key: text(part.name),
    type: 'file',
    src: first === undefined || others.length > 0 ? part.paths.map(text) : first,
    ...writeRest(part),
    ...contentType,
    ...(part.fileName && { fileName: text(part.fileName) }),
  };
}

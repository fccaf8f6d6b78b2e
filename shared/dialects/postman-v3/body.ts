import type { BodyTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { readBody } from '../postman/body.ts';
import { entriesOf } from './entries.ts';

export interface ReadBody {
  readonly body: BodyTemplate;
  readonly notes: readonly string[];
}

const LANGUAGES: ReadonlySet<string> = new Set(['json', 'text', 'xml', 'html', 'javascript']);

const NO_FILE = 'The body is a file that is not named.';
const UNKNOWN_TYPE = 'The body is of an unknown type; its content is sent as it is.';

/** The body of an HTTP request: `{ type, content }`. Of a gRPC or MCP request it is the message, for its description. */
export function readRequestBody(keys: JsonObject, kind: string): ReadBody {
  if (kind === 'graphql-request') return { body: graphql(keys), notes: [] };
  if (kind !== 'http-request') return { body: raw(messageOf(keys.message)), notes: [] };
  const { body } = keys;
  if (!isObject(body)) return { body: raw(textOf(body)), notes: [] };
  if (body.type === undefined && body.mode !== undefined) return { body: readBody(body), notes: [] };
  return readTyped(textOf(body.type).toLowerCase(), body.content);
}

function readTyped(type: string, content: unknown): ReadBody {
  switch (type) {
    case '':
    case 'none':
      return { body: { kind: 'none' }, notes: [] };
    case 'urlencoded':
      return noted(readBody({ mode: type, urlencoded: typeof content === 'string' ? content : entriesOf(content) }));
    case 'formdata':
      return noted(readBody({ mode: type, formdata: entriesOf(content).map(toPart) }));
    case 'graphql':
      return noted(graphql(isObject(content) ? content : { query: content }));
    case 'file': {
      const body = readBody({ mode: type, file: fileOf(content) });
      return noted(body, body.kind === 'none' && NO_FILE);
    }
    default:
      return LANGUAGES.has(type) ? noted(raw(textOf(content), type)) : noted(raw(textOf(content)), UNKNOWN_TYPE);
  }
}

function noted(body: BodyTemplate, note: string | false = false): ReadBody {
  return { body, notes: note === false ? [] : [note] };
}

function raw(text: string, language?: string): BodyTemplate {
  return readBody({ mode: 'raw', raw: text, ...(language !== undefined && { options: { raw: { language } } }) });
}

function graphql({ query, variables, operationName }: JsonObject): BodyTemplate {
  return readBody({ mode: 'graphql', graphql: { query, variables, operationName } });
}

function messageOf(message: unknown): string {
  return textOf(isObject(message) && 'content' in message ? message.content : message);
}

/** A part of type file may have its path under `value`, as a text part has its own there. */
function toPart(part: JsonObject): JsonObject {
  const { src, value } = part;
  return part.type === 'file' ? { ...part, src: src ?? value } : part;
}

function fileOf(content: unknown): unknown {
  return Array.isArray(content) ? content[0] : content;
}

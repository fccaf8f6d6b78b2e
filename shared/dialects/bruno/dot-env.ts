// The `.env` file beside bruno.json, as the dotenv package reads it.
import { limits } from '../../limits.ts';

const LINE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*|:[ \t]+)('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]*)/gm;

/** Names and values; of a name stated twice the last. Only the first limits.dotEnvChars are read. */
export function parseDotEnv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [, name = '', stated = ''] of linesOf(text).matchAll(LINE)) values.set(name, unquote(stated.trim()));
  return values;
}

/** Numbers, from 1, of the lines of which something is neither read nor blank nor a comment. */
export function unreadLines(text: string): readonly number[] {
  const rest = linesOf(text).replaceAll(LINE, (read) => read.replaceAll(/[^\n]/g, ''));
  return rest.split('\n').flatMap((line, index) => (/^\s*(?:#|$)/.test(line) ? [] : [index + 1]));
}

function linesOf(text: string): string {
  return text.slice(0, limits.dotEnvChars).replaceAll(/\r\n?/g, '\n');
}

function unquote(stated: string): string {
  const quote = stated[0] ?? '';
  const isQuoted = stated.length > 1 && ['"', "'", '`'].includes(quote) && stated.endsWith(quote);
  const text = isQuoted ? stated.slice(1, -1) : stated;
  return quote === '"' ? text.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : text;
}

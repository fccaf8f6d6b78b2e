// The `.env` file beside bruno.json, as the dotenv package reads it.
import { limits } from '../../limits.ts';

const LINE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*|:[ \t]+)('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]*)/gm;

/** Names and values; of a name stated twice the last. Only the first limits.dotEnvChars are read. */
export function parseDotEnv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lines = text.slice(0, limits.dotEnvChars).replaceAll(/\r\n?/g, '\n');
  for (const [, name = '', stated = ''] of lines.matchAll(LINE)) values.set(name, unquote(stated.trim()));
  return values;
}

function unquote(stated: string): string {
  const quote = stated[0] ?? '';
  const isQuoted = stated.length > 1 && ['"', "'", '`'].includes(quote) && stated.endsWith(quote);
  const text = isQuoted ? stated.slice(1, -1) : stated;
  return quote === '"' ? text.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : text;
}

// Node's `querystring`.
export interface QueryOptions {
  readonly encodeURIComponent?: (text: string) => string;
  readonly decodeURIComponent?: (text: string) => string;
}

/** As encodeURIComponent does, which may be that of a script's globals. */
export function escapeQuery(text: unknown): string {
  return encodeURIComponent(String(text));
}

/** Wrong escapes stay. */
export function unescapeQuery(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function writeQuery(fields: object, separator = '&', equals = '=', options: QueryOptions = {}): string {
  const write = options.encodeURIComponent ?? escapeQuery;
  const text = (value: unknown) =>
    /^(?:string|bigint|boolean)$|number/.test(typeof value) ? write(String(value)) : '';
  return Object.entries(fields)
    .flatMap(([name, value]) => [value].flat().map((each) => `${write(name)}${equals}${text(each)}`))
    .join(separator);
}

export function parseQuery(
  text: string,
  separator = '&',
  equals = '=',
  options: QueryOptions = {},
): Record<string, string | string[]> {
  const read = (part: string) => (options.decodeURIComponent ?? unescapeQuery)(part.replace(/\+/g, ' '));
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const part of text.split(separator).filter((each) => each !== '')) {
    const at = part.indexOf(equals);
    const name = read(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : read(part.slice(at + equals.length));
    const known = fields[name];
    fields[name] = known === undefined ? value : [known, value].flat();
  }
  return fields;
}

export const querystring = {
  stringify: writeQuery,
  encode: writeQuery,
  parse: parseQuery,
  decode: parseQuery,
  escape: escapeQuery,
  unescape: unescapeQuery,
};

// A URL as Postman takes it apart: nothing in `{{…}}` is looked at, and nothing is refused.
export interface ParsedUrl {
  readonly protocol?: string;
  readonly auth?: { readonly user: string; readonly password?: string };
  readonly host?: readonly string[];
  readonly port?: string;
  readonly path?: readonly string[];
  readonly query?: readonly string[];
  readonly hash?: string;
}

/** A code point of the private use area stands for each `{{…}}` while the rest is split. */
const STAND_IN = '\uE000';

/** Takes `protocol://user:password@host:port/path?query#hash` apart; what is not there is left out. */
export function parseUrl(text: string): ParsedUrl {
  const references: string[] = [];
  const bare = text
    .trimStart()
    .replaceAll(STAND_IN, '')
    .replace(/\{\{[^{}]*\}\}/g, (reference) => {
      references.push(reference);
      return STAND_IN;
    });
  // Parts are put back in the order in which they stand in the URL.
  let next = 0;
  const restore = (part: string): string => part.replaceAll(STAND_IN, () => references[next++] ?? '');
  const [beforeHash, hash] = cut(bare, '#');
  const [beforeQuery, query] = cut(beforeHash, '?');
  const slashed = beforeQuery.replaceAll('\\', '/');
  const scheme = slashed.indexOf('://');
  const protocol = scheme < 0 ? undefined : restore(slashed.slice(0, scheme));
  const afterScheme = scheme < 0 ? slashed : slashed.slice(scheme + 3).replace(/^\/+/, protocol === 'file' ? '/' : '');
  const [authority, path] = cut(afterScheme, '/');
  const at = authority.lastIndexOf('@');
  const auth = at < 0 ? undefined : authOf(authority.slice(0, at), restore);
  const { host, port } = hostOf(authority.slice(at + 1), restore);
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(auth === undefined ? {} : { auth }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path: path.split('/').map(restore) }),
    ...(query === undefined ? {} : { query: query.split('&').map(restore) }),
    ...(hash === undefined ? {} : { hash: restore(hash) }),
  };
}

function cut(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function authOf(text: string, restore: (part: string) => string): ParsedUrl['auth'] {
  const [user, password] = cut(text, ':');
  const name = restore(user);
  return password === undefined ? { user: name } : { user: name, password: restore(password) };
}

function hostOf(text: string, restore: (part: string) => string): { host?: string[]; port?: string } {
  const colon = text.lastIndexOf(':');
  const hasPort = colon >= 0 && !text.slice(colon + 1).includes(']');
  const name = hasPort ? text.slice(0, colon) : text;
  return {
    ...(name === '' ? {} : { host: name.split('.').map(restore) }),
    ...(hasPort ? { port: restore(text.slice(colon + 1)) } : {}),
  };
}

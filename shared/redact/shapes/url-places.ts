// What of a URL in a text is secret by its place: userinfo, parameters, and a session's id in the path.
import { isSensitive, looksOpaque } from '../field-rules.ts';
import { isInert } from '../marker.ts';
import type { Span } from '../span.ts';
import { eitherCase, type Finder, isTokenCode, type Pass } from './finder.ts';
import { endOfUserinfo } from './userinfo.ts';

const SCHEME = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}$/i;

/** `scheme://user:password@`, where the password may hold `@`, `:` and `/`. */
const userinfo: Finder = {
  heads: ['://'],
  inside: true,
  find: ({ text, from }, at) => {
    const end = endOfUserinfo(text, at + 3);
    if (end === undefined || !SCHEME.test(text.slice(Math.max(from, at - 32), at))) return undefined;
    return isInert(text.slice(at + 3, end)) ? undefined : { start: at + 3, end };
  },
  // The `@` is looked for instead: most URLs have none.
  peek: () => false,
};

const PATH_SESSION = /;jsessionid=(?!\[redacted\])[^\s?#&;"'<>/\\]{4,256}/iy;

const pathSession: Finder = {
  heads: [eitherCase(';jsessionid=')],
  inside: true,
  find: ({ text }, at) => {
    PATH_SESSION.lastIndex = at;
    const found = PATH_SESSION.exec(text)?.[0];
    return found === undefined ? undefined : { start: at + ';jsessionid='.length, end: at + found.length };
  },
};

export const urlPlaces: readonly Finder[] = [userinfo, pathSession];

const MOST_NAME_CHARS = 100;
const VALUE = /[^\s&#"'<>\\]{1,1024}/y;

/** The value of a sensitive parameter of a query or a fragment, by the place of its `=`. */
export function findParameter({ text, judge, from }: Pass, equals: number): Span | undefined {
  if (equals < from) return undefined;
  const name = nameBefore(text, equals);
  if (name === undefined) return undefined;
  const verdict = judge(name);
  if (!isSensitive(verdict) && verdict !== 'context') return undefined;
  VALUE.lastIndex = equals + 1;
  const value = VALUE.exec(text)?.[0];
  if (value === undefined || isInert(value) || /^[.*…]+$/.test(value)) return undefined;
  if (verdict === 'context' && !(/^(?:key|auth)$/i.test(name) && looksOpaque(value))) return undefined;
  let end = equals + 1 + value.length;
  while (value.length === 1_024 && end < text.length && !/[\s&#"'<>\\]/.test(text.charAt(end))) end += 1;
  return { start: equals + 1, end };
}

/** What stands between `?`, `&` (also written `&amp;` or `\u0026`) or `#` and a `=`. */
function nameBefore(text: string, equals: number): string | undefined {
  let start = equals;
  while (start > 0 && equals - start < MOST_NAME_CHARS && isNameCode(text.charCodeAt(start - 1))) start -= 1;
  const mark = text.charCodeAt(start - 1);
  if (start === equals || !isMark(mark)) return undefined;
  if (mark === SEMICOLON && !text.startsWith('&amp;', start - 5)) return undefined;
  const name = text.slice(start, equals);
  if (mark !== BACKSLASH) return name;
  return /^u0026./.test(name) ? name.slice(5) : undefined;
}

const [SEMICOLON, BACKSLASH] = [0x3b, 0x5c];

/** `?`, `&`, `#`, and the ends of their spellings. */
function isMark(code: number): boolean {
  return code === 0x3f || code === 0x26 || code === 0x23 || code === SEMICOLON || code === BACKSLASH;
}

function isNameCode(code: number): boolean {
  if (isTokenCode(code) || code === 0x2e || code === 0x7e || code === 0x25) return true;
  // `[`, `]`, `$`
  return code === 0x5b || code === 0x5d || code === 0x24;
}

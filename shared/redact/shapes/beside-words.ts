// Values beside a sensitive word: `token ghAb1…`, `password is hunter2!x`, `apiKey=…`, `"secret": "…"`. Text of any kind comes here,
// code too, so a value has to look made, or to be assigned without a gap to a name that can only be a secret's.
import { isSensitive } from '../field-rules.ts';
import { isInert } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import type { Span } from '../span.ts';
import { eitherCase, type Finder, isTokenCode, type Look, type Pass } from './finder.ts';
import { isMade, isPlaceholder, isUuid } from './value-look.ts';

const WORDS = [
  'passw',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'token',
  'key',
  'credential',
  'authorization',
  'cookie',
  'session',
  'signature',
  'jwt',
];

const MOST_NAME_CHARS = 40;
/** How far behind the name a value shows what it is. */
const MOST_PEEK_BYTES = 80;

const QUOTES = '["\'`*\\\\]{0,4}';
const GAP = '[ \\t]{0,3}';
const SCHEME = '(?:(?:bearer|basic|token|apikey)[ \\t]{1,3})?';
const ASSIGNED = new RegExp(
  `(${QUOTES}\\]?${GAP}(?::?=(?![=>~])|=>|:(?![:/=]))${GAP}${QUOTES})${SCHEME}([^\\s"'\`<>&,;{}()[\\]|\\\\]{4,200})`,
  'iy',
);
const SAID = /["'`]?[ \t]{1,3}(?:(?:is|was|of|to)[ \t]{1,3})?["'`]?([\w.~+/@#$%^*!-]{8,200}={0,2})(?![:=(\w])/iy;

const besideWord: Finder = {
  heads: WORDS.map(eitherCase),
  inside: true,
  find: (pass, at) => {
    if (at < pass.rejected) return undefined;
    const { text } = pass;
    const end = endOfRun(text, at, pass);
    return end - at <= MOST_NAME_CHARS && opens(text.charCodeAt(end))
      ? (assigned(pass, at, end) ?? said(pass, at, end))
      : undefined;
  },
  peek: (bytes, at, look) => {
    const { quoted } = look;
    const end = endOfByteRun(bytes, at, look);
    if (end - at > MOST_NAME_CHARS || !opens(bytes[end] ?? 0) || (quoted && bytes[end] === 0x22)) return false;
    for (let place = end; place < end + MOST_PEEK_BYTES; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte === 0x3d || byte === 0x3a || (byte >= 0x30 && byte <= 0x39)) return true;
      if (quoted && byte === 0x22) return false;
    }
    return false;
  },
};

export const besideWords: readonly Finder[] = [besideWord];

// Words that follow each other in one run share its end.
function endOfRun(text: string, at: number, pass: Pass): number {
  if (at < pass.runEnd) return pass.runEnd;
  let end = at;
  while (isTokenCode(text.charCodeAt(end))) end += 1;
  pass.runEnd = end;
  return end;
}

function endOfByteRun(bytes: Uint8Array, at: number, look: Look): number {
  if (at < look.runEnd) return look.runEnd;
  let end = at;
  while (isTokenCode(bytes[end] ?? 0)) end += 1;
  look.runEnd = end;
  return end;
}

/** What may stand between a name and its value: a gap, a quote, an escape, a bracket, a star, `:` or `=`. */
function opens(code: number): boolean {
  return (
    code === 0x20 || code === 0x09 || code === 0x3a || code === 0x3d || '"\'`*\\]'.includes(String.fromCharCode(code))
  );
}

function assigned(pass: Pass, at: number, end: number): Span | undefined {
  const { text } = pass;
  ASSIGNED.lastIndex = end;
  const found = ASSIGNED.exec(text);
  if (!found) return undefined;
  const value = found[2] ?? '';
  const start = end + found[0].length - value.length;
  const verdict = judgeBefore(pass, at, end);
  const tight = found[1] === '=';
  if (
    isSensitive(verdict) &&
    !isCall(text, start + value.length) &&
    isValue(pass, value, verdict, tight) &&
    !isHash(text, at, value)
  ) {
    return { start, end: endOfValue(text, start, bareLength(value)) };
  }
  pass.rejected = end + found[0].length;
  return undefined;
}

function said(pass: Pass, at: number, end: number): Span | undefined {
  const { text } = pass;
  SAID.lastIndex = end;
  const found = SAID.exec(text);
  const value = found?.[1] ?? '';
  if (!found || !/\d/.test(value.slice(0, MOST_PEEK_BYTES - 20)) || !isMade(value)) return undefined;
  if (!isSensitive(judgeBefore(pass, at, end)) || isHash(text, at, value)) return undefined;
  const start = end + found[0].length - value.length;
  return { start, end: endOfValue(text, start, bareLength(value)) };
}

function isValue({ judge }: Pass, value: string, verdict: NameVerdict, tight: boolean): boolean {
  if (isInert(value) || isPlaceholder(value, judge)) return false;
  if (isMade(value) || (verdict === 'secret' && isUuid(value))) return true;
  return tight && verdict === 'secret' && /^[\w!@#%^*+~=-]+$/.test(value) && !/^[\d.]+$/.test(value);
}

/** The name around a word; `key` alone says nothing, `API key` does. */
function judgeBefore({ text, from, judge }: Pass, at: number, end: number): NameVerdict {
  let start = at;
  const least = Math.max(from, at - MOST_NAME_CHARS);
  while (start > least && (isTokenCode(text.charCodeAt(start - 1)) || text.charAt(start - 1) === '.')) start -= 1;
  const name = text.slice(start, end);
  const verdict = judge(name);
  if (verdict !== 'context') return verdict;
  const before = /([A-Za-z]{1,20}) $/.exec(text.slice(Math.max(from, start - 21), start))?.[1];
  return before !== undefined && isSensitive(judge(`${before}_${name}`)) ? 'likely' : verdict;
}

/** A hash names a content: its word stands shortly before it. */
function isHash(text: string, at: number, value: string): boolean {
  if (!/^(?:[0-9a-f]{7,128}|[A-Za-z0-9+/]{27,86}={0,2})$/i.test(value)) return false;
  return /sha-?\d|md5|hash|etag|commit|checksum|digest|fingerprint|thumbprint|revision|public/i.test(
    text.slice(Math.max(0, at - MOST_NAME_CHARS), at + MOST_NAME_CHARS),
  );
}

function isCall(text: string, end: number): boolean {
  return '([{<'.includes(text.charAt(end) || ' ');
}

/** Without the marks of the sentence behind it. */
function bareLength(value: string): number {
  let length = value.length;
  while (length > 1 && '.!?:*'.includes(value.charAt(length - 1))) length -= 1;
  return length;
}

function endOfValue(text: string, start: number, length: number): number {
  let end = start + length;
  if (length < 200) return end;
  while (isTokenCode(text.charCodeAt(end))) end += 1;
  return end;
}

// The words of JSON, GraphQL and what looks like them: strings of each kind, `{{references}}`, bare words.
import { isSensitiveName } from '../redact/names.ts';
import type { LiteralRange } from './seal-ranges.ts';

const REFERENCE = /\{\{[^{}]{0,600}\}\}/y;
const WORD = /[^\s,:{}[\]()"]+/y;
const BLOCK = '"""';

export function isQuote(char: string): boolean {
  return char === '"' || char === "'";
}

/** The end of a string, a `{{reference}}`, a bare word, or the next character. */
export function wordEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return text.startsWith(BLOCK, at) ? blockEnd(text, at) : stringEnd(text, at);
  if (first === "'") return singleEnd(text, at) ?? bareEnd(WORD, text, at);
  return bareEnd(first === '{' ? REFERENCE : WORD, text, at);
}

function bareEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at += 1;
  }
  return text.length;
}

/** A GraphQL block string, in which only `\"""` is an escape. */
function blockEnd(text: string, start: number): number {
  for (let at = text.indexOf(BLOCK, start + 3); at !== -1; at = text.indexOf(BLOCK, at + 3)) {
    if (text[at - 1] !== '\\') return at + 3;
  }
  return text.length;
}

/** In a line only: an apostrophe opens nothing. */
function singleEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "'") return at + 1;
    if (char === '\n') return undefined;
    if (char === '\\') at += 1;
  }
  return undefined;
}

/** A string without its quotes, or a number. */
export function quotedLiteral(text: string, { start, end }: LiteralRange): LiteralRange | undefined {
  if (/^-?\d/.test(text.slice(start, start + 2))) return { start, end };
  const first = text[start] ?? '';
  if (!isQuote(first)) return undefined;
  const quotes = text.startsWith(BLOCK, start) ? 3 : 1;
  const closed = end >= start + 2 * quotes && text.startsWith(first.repeat(quotes), end - quotes);
  if (first === "'" && !closed) return undefined;
  return { start: Math.min(start + quotes, end), end: closed ? end - quotes : end };
}

const FLAG = /^(?:true|false|null|undefined|none|nil|~)$/i;
// What stands behind a name in a declaration.
const TYPE = /^(?:String|Int|Float|Boolean|ID|string|number|integer|boolean)$|!$/;

/**
 * A bare word in the place of a value. true, false and null are none; behind a name without quotes nor is a variable, a
 * declared type, or another field's name, as `{ token: accessToken }` has in GraphQL.
 */
export function bareLiteral(
  text: string,
  { start, end }: LiteralRange,
  { quotedKey }: { readonly quotedKey: boolean },
): LiteralRange | undefined {
  const word = text.slice(start, end);
  if (text[start] === '{' || FLAG.test(word)) return undefined;
  if (quotedKey) return { start, end };
  if (word.startsWith('$') || TYPE.test(word) || isField(text, end)) return undefined;
  return /^[A-Za-z_]\w*$/.test(word) && isSensitiveName(word) ? undefined : { start, end };
}

const BRACKET_NEXT = /[ \t]*(?:\(|\{(?!\{))/y;

/** A field behind an alias has arguments or fields of its own. */
function isField(text: string, end: number): boolean {
  BRACKET_NEXT.lastIndex = end;
  return BRACKET_NEXT.test(text);
}

/** The text of a word that may be a string. */
export function unquote(word: string): string {
  const first = word[0] ?? '';
  if (!isQuote(first)) return word;
  const inner = word.slice(1, word.length > 1 && word.endsWith(first) ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return inner;
  }
}

// The lines of a block-style YAML text (YAML 1.2.2 chapters 7 and 8), as far as names and the extents of their values need them.
import { endOfBrackets, endOfLine, nextLine, unquoteLoose } from './brackets.ts';
import { matchAt } from './match-at.ts';

export interface YamlKey {
  readonly name: string;
  /** After its colon. */
  readonly end: number;
}

export interface YamlValue {
  readonly kind: 'none' | 'plain' | 'quoted' | 'flow' | 'literal' | 'alias';
  /** Where it begins: behind anchors and tags, and behind an opening quote. */
  readonly start: number;
  /** Where its first line ends, without a comment. */
  readonly end: number;
  /** The column of its key. */
  readonly indent: number;
  readonly anchor?: string;
}

export interface Extent {
  readonly start: number;
  readonly end: number;
  /** Whether it is a map or a list. */
  readonly container: boolean;
}

/** How far a line is indented. */
export function indentOf(text: string, line: number): number {
  let at = line;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at += 1;
  return at - line;
}

export function isBlankLine(text: string, line: number): boolean {
  const code = text.charCodeAt(line + indentOf(text, line));
  return Number.isNaN(code) || code === 10 || code === 13;
}

const PLAIN_KEY =
  /(?![#&*!|>%@`{}[\],]|[-?](?:\s|$))[^\s:"'][^\r\n:]{0,199}?(?::(?=\S)[^\r\n:]{0,199}?){0,20}[ \t]{0,40}:(?=[ \t\r\n]|$)/y;
const QUOTED_KEY =
  /"((?:[^"\\\r\n]|\\.){0,300})"[ \t]{0,40}:(?=[ \t\r\n]|$)|'([^'\r\n]{0,300})'[ \t]{0,40}:(?=[ \t\r\n]|$)/y;

/** The key that stands at this place of a line, if one does. */
export function readKey(text: string, at: number): YamlKey | undefined {
  const first = text.charCodeAt(at);
  if (first === 34 || first === 39) {
    const quoted = matchAt(QUOTED_KEY, text, at);
    return (
      quoted && {
        name: quoted[1] === undefined ? (quoted[2] ?? '') : unquoteLoose(`"${quoted[1]}"`),
        end: at + quoted[0].length,
      }
    );
  }
  const plain = matchAt(PLAIN_KEY, text, at)?.[0];
  return plain === undefined || plain.includes(' #')
    ? undefined
    : { name: plain.slice(0, -1).trimEnd(), end: at + plain.length };
}

const PROPERTIES = /[ \t]*(?:(?:&([^\s,{}[\]]{1,100})|![^\s,{}[\]]{0,100})(?:[ \t]+|(?=[\r\n]|$))){0,2}/y;

/** The value behind a key at `from`; `indent` is the column of the key. Its first line only. */
export function readYamlValue(text: string, from: number, indent: number): YamlValue {
  const properties = matchAt(PROPERTIES, text, from);
  const start = from + (properties?.[0].length ?? 0);
  const anchor = properties?.[1];
  const eol = endOfLine(text, start);
  const mark = start < eol ? text.charAt(start) : '';
  const kind = kinds[mark] ?? 'plain';
  const opened = kind === 'quoted' || kind === 'alias' ? start + 1 : start;
  const end = kind === 'quoted' ? (endOfQuote(text, opened, eol) ?? eol) : endOfPlain(text, start, eol);
  return { kind, start: opened, end, indent, ...(anchor !== undefined && { anchor }) };
}

const kinds: Readonly<Record<string, YamlValue['kind']>> = {
  '': 'none',
  '#': 'none',
  '|': 'literal',
  '>': 'literal',
  '"': 'quoted',
  "'": 'quoted',
  '{': 'flow',
  '[': 'flow',
  '*': 'alias',
};

function endOfPlain(text: string, start: number, eol: number): number {
  const comment = /[ \t]+#/.exec(text.slice(start, eol));
  let end = comment ? start + comment.index : eol;
  while (end > start && /[ \t]/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function endOfQuote(text: string, start: number, limit: number): number | undefined {
  const quote = text.charCodeAt(start - 1);
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92 && quote === 34) at += 1;
    else if (code === quote && quote === 39 && text.charCodeAt(at + 1) === 39) at += 1;
    else if (code === quote) return at;
  }
  return undefined;
}

/** All of a value, its further lines with it; undefined where there is none. */
export function extentOf(text: string, value: YamlValue): Extent | undefined {
  const { kind, start, end, indent } = value;
  const line = nextLine(text, kind === 'none' || kind === 'literal' ? start : end);
  const more = endOfMore(text, line, indent, kind === 'none');
  if (kind === 'none') return more < 0 ? undefined : { start, end: more, container: true };
  if (kind === 'plain') return { start, end: more < 0 ? end : more, container: false };
  if (kind === 'literal')
    return more < 0 ? undefined : { start: startOfLiteral(text, line), end: more, container: false };
  const last = Math.max(more, end);
  if (kind === 'quoted') return { start, end: endOfQuote(text, start, last) ?? last, container: false };
  // Brackets may close in the column of the key.
  const limit = endOfLine(text, nextLine(text, last));
  const close = endOfBrackets(text, start, limit);
  return { start, end: close < 0 ? last : close, container: true };
}

function startOfLiteral(text: string, line: number): number {
  let at = line;
  while (isBlankLine(text, at) && at < text.length) at = nextLine(text, at);
  return at + indentOf(text, at);
}

/** The end of the last line that belongs to a value, or -1; `dashes`: items of a list may stand in the column of the key. */
function endOfMore(text: string, line: number, indent: number, dashes: boolean): number {
  let end = -1;
  for (let at = line; at < text.length; at = nextLine(text, at)) {
    if (isBlankLine(text, at)) continue;
    const column = indentOf(text, at);
    const isItem = dashes && column === indent && /^-(?:\s|$)/.test(text.slice(at + column, at + column + 2));
    if (column <= indent && !isItem) break;
    end = endOfLine(text, at);
  }
  return end;
}

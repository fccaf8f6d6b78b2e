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

const SAMPLE_LINES = 60;

/** Whether the first lines of a text are nearly all alike; those that are indented deeper go on with the one before them. */
export function mostLinesAre(text: string, pattern: RegExp): boolean {
  let keys = 0;
  let others = 0;
  let lines = 0;
  for (let at = 0; at < text.length && lines < SAMPLE_LINES; at = nextLine(text, at)) {
    if (isBlankLine(text, at)) continue;
    lines += 1;
    const indent = indentOf(text, at);
    const head = text.slice(at + indent, at + indent + 160);
    if (pattern.test(head)) keys += 1;
    // A deeper line goes on with a literal or a plain text.
    else if ((indent === 0 || keys === 0) && (keys === 0 || endOfLine(text, at) < text.length)) others += 1;
  }
  return keys >= 1 && keys >= others * 3;
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

const PROSE =
  /(?:^| )(?:a|an|and|are|as|at|be|by|can|for|from|if|in|is|it|may|must|of|on|or|the|these|this|to|with|you|your)(?= )/i;

/** Words before a colon that are a sentence and no name: `You pass an object with these:`. */
export function isProse(key: string): boolean {
  const words = key.trim().split(/[ \t]+/).length;
  return words > 6 || (words > 3 && PROSE.test(key));
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

/** All of a value, its further lines with it; undefined where there is none. `incomplete`: what does not close goes to the end. */
export function extentOf(text: string, value: YamlValue, incomplete = false): Extent | undefined {
  const { kind, start, end, indent } = value;
  const line = nextLine(text, kind === 'none' || kind === 'literal' ? start : end);
  const more = endOfMore(text, line, indent, kind === 'none');
  if (kind === 'none') return more < 0 ? undefined : { start, end: more, container: true };
  if (kind === 'plain') return { start, end: more < 0 ? end : more, container: false };
  if (kind === 'literal')
    return more < 0 ? undefined : { start: startOfLiteral(text, line), end: more, container: false };
  const last = Math.max(more, end);
  if (kind === 'quoted')
    return {
      start,
      end: endOfQuote(text, start, last) ?? endAtMargin(text, start, last, incomplete),
      container: false,
    };
  // Brackets may close in the column of the key, and what is in them need not be indented.
  const limit = Math.max(endOfLine(text, nextLine(text, last)), Math.min(text.length, last + MAX_MARGIN_CHARS));
  const close = endOfBrackets(text, start, limit);
  const isOpen = close < 0 && incomplete && endOfBrackets(text, start) < 0;
  return { start, end: isOpen ? text.length : close < 0 ? last : close, container: true };
}

const MAX_MARGIN_CHARS = 2_000;

/** Where a quoted text ends whose lines are not indented, if its quote closes at the end of one. */
function endAtMargin(text: string, start: number, last: number, incomplete: boolean): number {
  if (incomplete && endOfQuote(text, start, text.length) === undefined) return text.length;
  const close = endOfQuote(text, start, Math.min(text.length, last + MAX_MARGIN_CHARS));
  return close !== undefined && /^[ \t]*(?:[\r\n]|$| #)/.test(text.slice(close + 1, close + 42)) ? close : last;
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
    // A comment may stand anywhere.
    if (column <= indent && text.charAt(at + column) === '#') continue;
    const isItem = dashes && column === indent && /^-(?:\s|$)/.test(text.slice(at + column, at + column + 2));
    if (column <= indent && !isItem) break;
    end = endOfLine(text, at);
  }
  return end;
}

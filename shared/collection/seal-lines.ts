// Literals in lines of text: `password: …` and `password = …` as YAML, properties and notes have them.
import { isSensitiveName } from '../redact/names.ts';
import { isValueOfSibling, namesItsSibling } from './seal-braces.ts';
import type { LiteralRange } from './seal-ranges.ts';

const PAIR = /^([ \t]*(?:-[ \t]+)?)(["']?)([\w.-]{1,100}(?: [\w.-]{1,40}){0,2})\2[ \t]{0,8}[:=](?=\s|$|[^\s/=])[ \t]*/;
const MAX_HEAD_CHARS = 400;
const BLOCK = /^[|>][+-]?\d?[+-]?\s*(?:#.*)?$/;
const NOTHING = /^(?:true|false|null|none|nil|undefined|~|#.*)?$/i;
/** A document whose lines are read in another way. */
const OTHER = /^\s*(?:[{<]|\[(?![\w .-]{1,100}\]\s)|--|(?:#[^\n]*\n\s*)*(?:query|mutation|subscription|fragment)\b)/;

interface State {
  /** What is indented deeper than this belongs to a secret. */
  block: number;
  /** The last name that stated the name of the value beside it was a secret's. */
  named: boolean;
}

/** The values under sensitive names, one a line or in the lines below. */
export function scanLines(text: string): LiteralRange[] {
  if (!/[:=]/.test(text) || OTHER.test(text)) return [];
  const ranges: LiteralRange[] = [];
  const state: State = { block: Number.POSITIVE_INFINITY, named: false };
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const range = secretIn(text, { start, end: text[end - 1] === '\r' ? end - 1 : end }, state);
    if (range) ranges.push(range);
    start = end + 1;
  }
  return ranges;
}

function secretIn(text: string, line: LiteralRange, state: State): LiteralRange | undefined {
  const head = text.slice(line.start, Math.min(line.end, line.start + MAX_HEAD_CHARS));
  if (head.trim() === '') return undefined;
  const indent = /^[ \t]*/.exec(head)?.[0].length ?? 0;
  const isItem = /^[ \t]*-(?:[ \t]|$)/.test(head);
  const inBlock = indent > state.block || (isItem && indent === state.block);
  const [whole = '', lead = '', , name = ''] = PAIR.exec(head) ?? [];
  if (inBlock) return whole === '' ? lineText(text, line, isItem) : valueAt(text, line, whole);
  state.block = Number.POSITIVE_INFINITY;
  if (whole === '') return undefined;
  return underName(text, line, { whole, name, indent: lead.length, isItem }, state);
}

interface Pair {
  readonly whole: string;
  readonly name: string;
  readonly indent: number;
  readonly isItem: boolean;
}

function underName(text: string, line: LiteralRange, pair: Pair, state: State): LiteralRange | undefined {
  const { whole, name, indent } = pair;
  if (pair.isItem) state.named = false;
  const value = text.slice(line.start + whole.length, line.end).trim();
  if (namesItsSibling(name)) {
    state.named = isSensitiveName(value.replace(/^(["'])(.*)\1$/, '$2'));
    return undefined;
  }
  if (!isSensitiveName(name) && !(state.named && isValueOfSibling(name))) return undefined;
  if (value === '' || BLOCK.test(value)) {
    state.block = indent;
    return undefined;
  }
  return valueAt(text, line, whole);
}

/** What stands behind the name, without quotes around it. */
function valueAt(text: string, line: LiteralRange, whole: string): LiteralRange | undefined {
  const range = trimmed(text, { start: line.start + whole.length, end: line.end });
  const value = text.slice(range.start, range.end);
  // Brackets are read as brackets.
  return NOTHING.test(value) || BLOCK.test(value) || /^(?:[{[](?!\{))/.test(value) ? undefined : range;
}

function lineText(text: string, { start, end }: LiteralRange, isItem: boolean): LiteralRange {
  const skip = isItem ? (/^[ \t]*-[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0) : 0;
  return trimmed(text, { start: start + skip, end });
}

function trimmed(text: string, { start, end }: LiteralRange): LiteralRange {
  const value = text.slice(start, end);
  const from = start + value.length - value.trimStart().length;
  const to = Math.max(from, end - (value.length - value.trimEnd().length));
  const first = text[from];
  const quoted = to - from > 1 && (first === '"' || first === "'") && text[to - 1] === first;
  return quoted ? { start: from + 1, end: to - 1 } : { start: from, end: to };
}

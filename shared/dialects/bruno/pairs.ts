// The inside of a `name { key: value }` block.
import { limits } from '../../limits.ts';
import { readAnnotations } from './annotations.ts';
import type { BruPair, BruProblem } from './syntax.ts';

/**
 * How the keys of a block are written: `plain` without spaces, `quoted` in double quotes where they have any, `expression`
 * up to the first colon (assertions).
 */
export type KeyStyle = 'plain' | 'quoted' | 'expression';

export interface PairRules {
  readonly keys: KeyStyle;
  /** Environments: `'''` opens at the end of a line and closes at the start of one. */
  readonly quotesOwnLine: boolean;
  readonly budget: Budget;
}

/** How many more entries the file may have. */
export interface Budget {
  left: number;
}

export const TOO_MANY = `it has more than ${limits.bruEntries} entries`;
const UNCLOSED = 'a block has no closing "}" at the start of a line';
const UNCLOSED_TEXT = "a text in ''' has no end";
const NO_PAIR = 'a line is no "name: value"';

/** Reads pairs from behind a block's "{" to behind its "}". */
export function readPairs(
  text: string,
  open: number,
  rules: PairRules,
): { readonly pairs: BruPair[]; readonly end: number } | BruProblem {
  const pairs: BruPair[] = [];
  let at = open;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === '}' && text[at - 1] === '\n') return { pairs, end: at + 1 };
    if (at >= text.length) return { problem: UNCLOSED, at: open - 1 };
    const { end, ...notes } = readAnnotations(text, at);
    const start = skipBlanks(text, end);
    const key = readKey(text, start, rules.keys);
    if ('problem' in key) return key;
    const value = readValue(text, skipBlanks(text, key.end + 1), rules);
    if ('problem' in value) return value;
    const { end: next, ...read } = value;
    pairs.push({ name: key.name, enabled: key.enabled, ...read, ...notes, at: start });
    rules.budget.left -= 1 + (read.list?.length ?? 0);
    if (rules.budget.left < 0) return { problem: TOO_MANY, at: start };
    at = next;
  }
}

/** Reads the names of `vars:secret [ a, b ]` from behind the "[" to behind the "]". */
export function readNames(
  text: string,
  open: number,
  budget: Budget,
): { readonly pairs: BruPair[]; readonly end: number } | BruProblem {
  const pairs: BruPair[] = [];
  let at = open;
  for (;;) {
    while (isSpace(text[at]) || text[at] === ',') at += 1;
    if (text[at] === ']') return { pairs, end: at + 1 };
    const { end, ...notes } = readAnnotations(text, at);
    const start = skipSpace(text, end);
    const name = nameAt(text, start);
    if (start >= text.length) return { problem: 'a list has no closing "]"', at: open - 1 };
    if (name === '') return { problem: 'a list holds what is no name', at: start };
    pairs.push({ ...unmarked(name), value: '', ...notes, at: start });
    budget.left -= 1;
    if (budget.left < 0) return { problem: TOO_MANY, at: start };
    at = start + name.length;
  }
}

const LISTED_NAME = /[^\s[\],]+/y;

function nameAt(text: string, at: number): string {
  LISTED_NAME.lastIndex = at;
  return LISTED_NAME.exec(text)?.[0] ?? '';
}

interface Key {
  readonly name: string;
  readonly enabled: boolean;
  /** Offset of the colon. */
  readonly end: number;
}

function readKey(text: string, start: number, style: KeyStyle): Key | BruProblem {
  const quote = text[start] === '~' ? start + 1 : start;
  if (style === 'quoted' && text[quote] === '"') {
    const close = closingQuote(text, quote + 1);
    if (close !== undefined) {
      const colon = skipBlanks(text, close + 1);
      if (text[colon] !== ':') return { problem: NO_PAIR, at: start };
      return { name: text.slice(quote + 1, close).replaceAll('\\"', '"'), enabled: quote === start, end: colon };
    }
  }
  const line = lineEnd(text, start);
  let colon = start;
  while (colon < line && text[colon] !== ':') colon += 1;
  const name = text.slice(start, colon).trim();
  const spaced = style !== 'expression' && /[ \t]/.test(name);
  if (colon === line || spaced) return { problem: spaced ? SPACED : NO_PAIR, at: start };
  return { ...unmarked(name), end: colon };
}

const SPACED = 'a name with spaces is not in double quotes';

function closingQuote(text: string, from: number): number | undefined {
  for (let at = from; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\' && text[at + 1] === '"') at += 1;
  }
  return undefined;
}

function unmarked(name: string): { readonly name: string; readonly enabled: boolean } {
  return name.startsWith('~') ? { name: name.slice(1), enabled: false } : { name, enabled: true };
}

type Value = { readonly value: string; readonly list?: readonly string[]; readonly end: number };

function readValue(text: string, at: number, rules: PairRules): Value | BruProblem {
  const line = lineEnd(text, at);
  if (text.startsWith("'''", at) && (!rules.quotesOwnLine || text.slice(at + 3, line).trim() === '')) {
    return readQuoted(text, at, rules.quotesOwnLine);
  }
  if (text[at] === '[' && !rules.quotesOwnLine && text.slice(at + 1, line).trim() === '') {
    return readList(text, at, rules.budget);
  }
  return { value: text.slice(at, line).trim(), end: line };
}

function readList(text: string, at: number, budget: Budget): Value | BruProblem {
  const list: string[] = [];
  for (let from = lineEnd(text, at) + 1; from <= text.length; ) {
    if (list.length > budget.left) return { problem: TOO_MANY, at: from };
    const line = lineEnd(text, from);
    const item = text.slice(from, line).trim();
    if (item === ']') return { value: '', list, end: line };
    if (text[from] === '}') break;
    if (item !== '') list.push(item);
    from = line + 1;
  }
  return { problem: 'a list has no closing "]"', at };
}

const CONTENT_TYPE = /[ \t]*(@contentType\([^)\n]*\))?[ \t]*(?=\n|$)/y;

function readQuoted(text: string, at: number, ownLine: boolean): Value | BruProblem {
  const close = ownLine ? closeOnOwnLine(text, at + 3) : text.indexOf("'''", at + 3);
  if (close === -1) return { problem: UNCLOSED_TEXT, at };
  CONTENT_TYPE.lastIndex = close + 3;
  const tail = CONTENT_TYPE.exec(text);
  if (!tail) return { problem: "something stands behind the end of a text in '''", at: close + 3 };
  const content = unindent(text.slice(at + 3, close)).trim();
  return { value: tail[1] === undefined ? content : `${content} ${tail[1]}`, end: CONTENT_TYPE.lastIndex };
}

function closeOnOwnLine(text: string, from: number): number {
  for (let close = text.indexOf("'''", from); close !== -1; close = text.indexOf("'''", close + 3)) {
    let at = close - 1;
    while (text[at] === ' ' || text[at] === '\t') at -= 1;
    if (text[at] === '\n') return close;
  }
  return -1;
}

/** Takes the indentation of the pair and of the text in it away, and no more than that. */
function unindent(content: string): string {
  return content.replace(/\n[ \t]{1,4}/g, '\n');
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

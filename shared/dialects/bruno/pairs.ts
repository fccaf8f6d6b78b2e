// The inside of a `name { key: value }` block.
import { type Annotations, readAnnotations } from './annotations.ts';
import { lineEnd, type Scan, skipBlanks, skipSpace, stopAt, TOO_MANY, UNCLOSED } from './scan.ts';
import type { BruPair } from './syntax.ts';

/**
 * How the keys of a block are written: `plain` without spaces, `quoted` in double quotes where they have any, `expression`
 * up to the first colon (assertions).
 */
export type KeyStyle = 'plain' | 'quoted' | 'expression';

export interface PairRules {
  readonly keys: KeyStyle;
  /** Environments: `'''` opens at the end of a line and closes at the start of one. */
  readonly quotesOwnLine: boolean;
}

const UNCLOSED_TEXT = "a text in ''' has no end";
const UNCLOSED_LIST = 'a list has no closing "]"';
const NO_PAIR = 'a line is no "name: value"';
const SPACED = 'a name with spaces is not in double quotes';

/** Reads pairs from behind a block's "{" to behind its "}". */
export function readPairs(scan: Scan, rules: PairRules): BruPair[] | undefined {
  const { text, at: open } = scan;
  const pairs: BruPair[] = [];
  for (;;) {
    scan.at = skipSpace(text, scan.at);
    const first = text[scan.at];
    if (first === '}' && text[scan.at - 1] === '\n') {
      scan.at += 1;
      return pairs;
    }
    if (first === undefined) return stopAt(scan, open - 1, UNCLOSED);
    const pair = first === '@' ? readAnnotated(scan, rules) : readPair(scan, scan.at, rules);
    if (!pair) return undefined;
    pairs.push(pair);
    scan.left -= 1 + (pair.list?.length ?? 0);
    if (scan.left < 0) return stopAt(scan, pair.at, TOO_MANY);
  }
}

/** Reads the names of `vars:secret [ a, b ]` from behind the "[" to behind the "]". */
export function readNames(scan: Scan): BruPair[] | undefined {
  const { text, at: open } = scan;
  const pairs: BruPair[] = [];
  for (;;) {
    const at = skipCommas(text, scan.at);
    if (text[at] === ']') {
      scan.at = at + 1;
      return pairs;
    }
    const notes = readAnnotations(text, at);
    const start = skipSpace(text, notes.end);
    if (start >= text.length) return stopAt(scan, open - 1, UNCLOSED_LIST);
    const name = nameAt(text, start);
    if (name === '') return stopAt(scan, start, 'a list holds what is no name');
    pairs.push(withNotes({ ...unmarked(name), value: '', at: start }, notes));
    scan.left -= 1;
    if (scan.left < 0) return stopAt(scan, start, TOO_MANY);
    scan.at = start + name.length;
  }
}

function skipCommas(text: string, from: number): number {
  let at = skipSpace(text, from);
  while (text[at] === ',') at = skipSpace(text, at + 1);
  return at;
}

const LISTED_NAME = /[^\s[\],]+/y;

function nameAt(text: string, at: number): string {
  LISTED_NAME.lastIndex = at;
  return LISTED_NAME.exec(text)?.[0] ?? '';
}

function readAnnotated(scan: Scan, rules: PairRules): BruPair | undefined {
  const notes = readAnnotations(scan.text, scan.at);
  const pair = readPair(scan, skipBlanks(scan.text, notes.end), rules);
  return pair && withNotes(pair, notes);
}

function withNotes(pair: BruPair, { description, type }: Annotations): BruPair {
  return { ...pair, ...(description !== undefined && { description }), ...(type && { type }) };
}

function readPair(scan: Scan, at: number, rules: PairRules): BruPair | undefined {
  const line = lineEnd(scan.text, at);
  const key = readKey(scan, at, line, rules.keys);
  if (!key) return undefined;
  const value = readValue(scan, line, rules);
  if (value === undefined) return undefined;
  const { name, enabled } = key;
  return typeof value === 'string' ? { name, value, enabled, at } : { name, value: '', enabled, list: value, at };
}

type Key = Pick<BruPair, 'name' | 'enabled'>;

/** The scan stands behind the colon then. */
function readKey(scan: Scan, start: number, line: number, style: KeyStyle): Key | undefined {
  const { text } = scan;
  const quote = text[start] === '~' ? start + 1 : start;
  const close = style === 'quoted' && text[quote] === '"' ? closingQuote(text, quote + 1) : undefined;
  if (close !== undefined) {
    const colon = skipBlanks(text, close + 1);
    if (text[colon] !== ':') return stopAt(scan, start, NO_PAIR);
    scan.at = colon + 1;
    return { name: text.slice(quote + 1, close).replaceAll('\\"', '"'), enabled: quote === start };
  }
  const colon = text.indexOf(':', start);
  const isStated = colon !== -1 && colon < line;
  const name = text.slice(start, isStated ? colon : line).trim();
  if (style !== 'expression' && (name.includes(' ') || name.includes('\t'))) return stopAt(scan, start, SPACED);
  if (!isStated) return stopAt(scan, start, NO_PAIR);
  scan.at = colon + 1;
  return unmarked(name);
}

function closingQuote(text: string, from: number): number | undefined {
  for (let at = from; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\' && text[at + 1] === '"') at += 1;
  }
  return undefined;
}

function unmarked(name: string): Key {
  return name.startsWith('~') ? { name: name.slice(1), enabled: false } : { name, enabled: true };
}

/** The text of a value, or the items of a list; the scan stands at the end of its last line then. */
function readValue(scan: Scan, line: number, { quotesOwnLine }: PairRules): string | readonly string[] | undefined {
  const { text } = scan;
  const at = skipBlanks(text, scan.at);
  const first = text[at];
  if (first === "'" && text.startsWith("'''", at) && (!quotesOwnLine || isBlankUntil(text, at + 3, line))) {
    return readQuoted(scan, at, quotesOwnLine);
  }
  if (first === '[' && !quotesOwnLine && isBlankUntil(text, at + 1, line)) return readList(scan, at, line);
  scan.at = line;
  return text.slice(at, line).trim();
}

function isBlankUntil(text: string, from: number, line: number): boolean {
  return text.slice(from, line).trim() === '';
}

function readList(scan: Scan, at: number, firstLine: number): readonly string[] | undefined {
  const { text } = scan;
  const list: string[] = [];
  for (let from = firstLine + 1; from <= text.length; ) {
    if (list.length > scan.left) return stopAt(scan, from, TOO_MANY);
    const line = lineEnd(text, from);
    const item = text.slice(from, line).trim();
    if (item === ']') {
      scan.at = line;
      return list;
    }
    if (text[from] === '}') break;
    if (item !== '') list.push(item);
    from = line + 1;
  }
  return stopAt(scan, at, UNCLOSED_LIST);
}

const CONTENT_TYPE = /[ \t]*(@contentType\([^)\n]*\))?[ \t]*(?=\n|$)/y;

function readQuoted(scan: Scan, at: number, ownLine: boolean): string | undefined {
  const { text } = scan;
  const close = ownLine ? closeOnOwnLine(text, at + 3) : text.indexOf("'''", at + 3);
  if (close === -1) return stopAt(scan, at, UNCLOSED_TEXT);
  CONTENT_TYPE.lastIndex = close + 3;
  const tail = CONTENT_TYPE.exec(text);
  if (!tail) return stopAt(scan, close + 3, "something stands behind the end of a text in '''");
  scan.at = CONTENT_TYPE.lastIndex;
  const content = unindent(text.slice(at + 3, close)).trim();
  return tail[1] === undefined ? content : `${content} ${tail[1]}`;
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

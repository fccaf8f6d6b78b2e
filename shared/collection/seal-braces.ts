// Literals under sensitive names in JSON, GraphQL and anything else of names, colons and brackets. Lexical and tolerant:
// a body with `{{holes}}` parses as nothing, and a syntax error must not let a secret through.
import { isSensitiveName } from '../redact/names.ts';
import type { LiteralRange } from './seal-ranges.ts';
import { bareLiteral, isQuote, quotedLiteral, unquote, wordEnd } from './seal-words.ts';

interface Frame {
  /** Everything below stands under a sensitive name. */
  readonly sealed: boolean;
  readonly list: boolean;
  /** In lower case. */
  key: string;
  /** The key names a secret. Judged when it is set: a long key with many values is judged once. */
  secretKey: boolean;
  quotedKey: boolean;
  /** A bare word here is the key's value: right behind the colon, or behind a part of the value. */
  inValue: 'no' | 'start' | 'more';
  /** The object is a pair such as `{ "name": "password", "value": "…" }`. */
  named: boolean;
  readonly values: LiteralRange[];
}

const NAME_KEYS: ReadonlySet<string> = new Set(['name', 'key', 'field', 'param', 'parameter', 'header', 'id']);
const VALUE_KEYS: ReadonlySet<string> = new Set(['value', 'val']);

/** Whether a member's, attribute's or element's name says that its value is the name of another one's value. */
export function namesItsSibling(name: string): boolean {
  return NAME_KEYS.has(name.toLowerCase());
}

/** Whether what stands under this name is the value of the name beside it. */
export function isValueOfSibling(name: string): boolean {
  return VALUE_KEYS.has(name.toLowerCase());
}

/** What is sealed inside of a string that is itself no secret: offsets of the text between its quotes. */
export type InString = (text: string) => readonly LiteralRange[];

interface Scan {
  readonly text: string;
  readonly ranges: LiteralRange[];
  readonly inString: InString;
}

/** The literals under sensitive names; `inString` looks into the strings that are left. */
export function scanBraces(text: string, inString: InString): LiteralRange[] {
  const scan: Scan = { text, ranges: [], inString };
  const stack: Frame[] = [newFrame(undefined, false)];
  for (let at = 0; at < text.length; ) {
    const end = wordEnd(text, at);
    takePiece(scan, { start: at, end }, stack);
    at = end;
  }
  while (stack.length > 1) leave(stack, scan.ranges);
  leave(stack, scan.ranges);
  return scan.ranges;
}

function takePiece(scan: Scan, piece: LiteralRange, stack: Frame[]): void {
  const frame = stack.at(-1) ?? newFrame(undefined, false);
  const first = scan.text[piece.start] ?? '';
  if (isOpening(first) && piece.end === piece.start + 1) {
    stack.push(newFrame(frame, first === '['));
    frame.inValue = 'no';
  } else if (first === '}' || first === ']' || first === ')') leave(stack, scan.ranges);
  else if (first === ',') {
    setKey(frame, '', false);
    frame.inValue = frame.list && frame.sealed ? 'start' : 'no';
  } else if (first === ':') {
    // Outside of all brackets it is a line of text.
    if (frame.inValue === 'no' && frame.key !== '' && (stack.length > 1 || frame.quotedKey)) frame.inValue = 'start';
  } else if (first.trim() === '') takeBlank(first, frame);
  else takeWord(scan, piece, frame);
}

function isOpening(char: string): boolean {
  return char === '{' || char === '[' || char === '(';
}

function newFrame(around: Frame | undefined, list: boolean): Frame {
  const sealed = around !== undefined && (around.sealed || around.secretKey);
  const quotedKey = around?.quotedKey === true;
  const inValue = list && sealed ? 'start' : 'no';
  return { sealed, list, key: '', secretKey: false, quotedKey, inValue, named: false, values: [] };
}

function setKey(frame: Frame, key: string, quoted: boolean): void {
  frame.key = key.toLowerCase();
  frame.secretKey = key !== '' && !key.startsWith('$') && isSensitiveName(key);
  if (key !== '') frame.quotedKey = quoted;
  frame.inValue = 'no';
}

/** A value of bare words ends with its line, and where its key has no quotes with its first word. */
function takeBlank(blank: string, frame: Frame): void {
  const isBreak = blank === '\n' || blank === '\r';
  if (frame.inValue === 'more' && (isBreak || !frame.quotedKey)) frame.inValue = 'no';
  if (frame.inValue === 'start' && isBreak && !frame.quotedKey && !frame.list) frame.inValue = 'no';
}

function leave(stack: Frame[], ranges: LiteralRange[]): void {
  const frame = stack.at(-1);
  if (frame?.named) for (const range of frame.values.splice(0)) ranges.push(range);
  if (stack.length > 1) stack.pop();
}

const COLON_NEXT = /\s*:/y;

function takeWord(scan: Scan, word: LiteralRange, frame: Frame): void {
  const { text, ranges } = scan;
  const quoted = isQuote(text[word.start] ?? '');
  const isSecret = frame.sealed || frame.secretKey;
  const inBareValue = isSecret && frame.inValue !== 'no' && !quoted;
  if (!inBareValue && isFollowedByColon(text, word.end)) {
    setKey(frame, unquote(text.slice(word.start, word.end)), quoted);
    return;
  }
  const isBare = frame.inValue !== 'no';
  const range = quotedLiteral(text, word) ?? (isBare ? bareLiteral(text, word, frame) : undefined);
  if (isBare) frame.inValue = 'more';
  if (!range) return;
  if (isSecret) ranges.push(range);
  else if (quoted) lookInside(scan, range);
  if (NAME_KEYS.has(frame.key) && isSensitiveName(unquote(text.slice(word.start, word.end)))) frame.named = true;
  if (VALUE_KEYS.has(frame.key)) frame.values.push(range);
}

function isFollowedByColon(text: string, end: number): boolean {
  COLON_NEXT.lastIndex = end;
  return COLON_NEXT.test(text);
}

function lookInside({ text, ranges, inString }: Scan, { start, end }: LiteralRange): void {
  for (const inner of inString(text.slice(start, end)))
    ranges.push({ start: start + inner.start, end: start + inner.end });
}

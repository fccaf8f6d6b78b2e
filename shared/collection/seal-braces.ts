// Literals under sensitive names in JSON, GraphQL and anything else of names, colons and brackets. Lexical and tolerant:
// a body with `{{holes}}` parses as nothing, and a syntax error must not let a secret through.
import { isSensitiveName } from '../redact/names.ts';
import type { LiteralRange } from './seal-ranges.ts';

interface Frame {
  /** Everything below stands under a sensitive name. */
  readonly sealed: boolean;
  /** In lower case. */
  key: string;
  /** The key names a secret. Judged when it is set: a long key with many values is judged once. */
  secretKey: boolean;
  /** The object is a pair such as `{ "name": "password", "value": "…" }`. */
  named: boolean;
  readonly values: LiteralRange[];
}

const NAME_KEYS = new Set(['name', 'key', 'field', 'param', 'parameter', 'header', 'id']);
const VALUE_KEYS = new Set(['value', 'val']);

export function scanBraces(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  const stack: Frame[] = [newFrame(false)];
  for (let at = 0; at < text.length; ) {
    const end = pieceEnd(text, at);
    const frame = stack.at(-1) ?? newFrame(false);
    const first = text[at];
    if (first === '{' || first === '[' || first === '(') {
      if (end === at + 1) stack.push(newFrame(underSecret(frame)));
    } else if (first === '}' || first === ']' || first === ')') {
      leave(stack, ranges);
    } else if (first === ',') {
      setKey(frame, '');
    } else if (!isSeparator(first)) {
      takeWord(text, { start: at, end }, frame, ranges);
    }
    at = end;
  }
  while (stack.length > 1) leave(stack, ranges);
  leave(stack, ranges);
  return ranges;
}

function newFrame(sealed: boolean): Frame {
  return { sealed, key: '', secretKey: false, named: false, values: [] };
}

function setKey(frame: Frame, key: string): void {
  frame.key = key.toLowerCase();
  frame.secretKey = key !== '' && isSensitiveName(key);
}

function underSecret(frame: Frame): boolean {
  return frame.sealed || frame.secretKey;
}

function leave(stack: Frame[], ranges: LiteralRange[]): void {
  const frame = stack.at(-1);
  if (frame?.named) for (const range of frame.values.splice(0)) ranges.push(range);
  if (stack.length > 1) stack.pop();
}

function isSeparator(char: string | undefined): boolean {
  return char === undefined || char === ':' || char.trim() === '';
}

const REFERENCE = /\{\{[^{}]{0,600}\}\}/y;
const WORD = /[^\s,:{}[\]()"]+/y;

/** The end of a string, a `{{reference}}`, a bare word, or the next character. */
function pieceEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at);
  const pattern = text[at] === '{' ? REFERENCE : WORD;
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

const COLON_NEXT = /\s*:/y;

function takeWord(text: string, word: LiteralRange, frame: Frame, ranges: LiteralRange[]): void {
  COLON_NEXT.lastIndex = word.end;
  if (COLON_NEXT.test(text)) {
    setKey(frame, unquote(text.slice(word.start, word.end)));
    return;
  }
  const range = literalRange(text, word);
  if (!range) return;
  if (underSecret(frame)) ranges.push(range);
  if (NAME_KEYS.has(frame.key) && isSensitiveName(unquote(text.slice(word.start, word.end)))) frame.named = true;
  if (VALUE_KEYS.has(frame.key)) frame.values.push(range);
}

/** Strings and numbers hold secrets; true, false, null, enum values and variables do not. */
function literalRange(text: string, { start, end }: LiteralRange): LiteralRange | undefined {
  if (/^-?\d/.test(text.slice(start, start + 2))) return { start, end };
  if (text[start] !== '"') return undefined;
  const closed = end > start + 1 && text[end - 1] === '"';
  return { start: start + 1, end: closed ? end - 1 : end };
}

function unquote(word: string): string {
  if (!word.startsWith('"')) return word;
  try {
    return String(JSON.parse(word));
  } catch {
    return word.slice(1, word.endsWith('"') ? -1 : undefined);
  }
}

// Plain scalars: texts without quotes (YAML 1.2.2, 7.3.3), and what the core schema (10.3) takes them for.
import {
  COLON,
  type Cursor,
  DASH,
  endLine,
  HASH,
  isBlank,
  NEWLINE,
  nextLine,
  SPACE,
  TAB,
} from './block-yaml-cursor.ts';

const INDICATORS: ReadonlySet<number> = new Set(Array.from('\t"#%&\'*,!>@[]`{|}', (sign) => sign.charCodeAt(0)));
const QUESTION = 63;

/** Whether a plain scalar may begin at a place of a block. */
export function beginsPlain(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === DASH || code === COLON || code === QUESTION) return !isBlank(text.charCodeAt(at + 1));
  return !INDICATORS.has(code);
}

/**
 * Goes over what a plain scalar has of a line: to the colon that makes it a key, to the blank before a comment or to the
 * end of the line. Gives the offset behind the scalar.
 */
export function scanPlain(cursor: Cursor): number {
  const { text } = cursor;
  let at = cursor.at;
  let end = at;
  for (; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code > COLON) {
      end = at + 1;
    } else if (code === SPACE || code === TAB) {
      if (text.charCodeAt(at + 1) === HASH) break;
    } else if (code === NEWLINE || at >= text.length || (code === COLON && isBlank(text.charCodeAt(at + 1)))) {
      break;
    } else {
      end = at + 1;
    }
  }
  cursor.at = at;
  return end;
}

/**
 * The value of a plain scalar whose first line was scanned, and the next content: lines that are indented more than the
 * parent are folded into it. Gives up where one of them has a key.
 */
export function readPlainRest(cursor: Cursor, parent: number, first: string): unknown {
  const { text } = cursor;
  let value = first;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code === COLON) return undefined;
    if (code === SPACE || code === TAB) return endLine(cursor) ? resolvePlain(value) : undefined;
    if (!nextLine(cursor)) return undefined;
    if (cursor.indent <= parent || cursor.commentIndent !== Number.POSITIVE_INFINITY) return resolvePlain(value);
    cursor.room -= 1;
    if (cursor.room < 0) return undefined;
    const start = cursor.at;
    const end = scanPlain(cursor);
    value += (cursor.blankLines === 0 ? ' ' : '\n'.repeat(cursor.blankLines)) + text.slice(start, end);
  }
}

type PlainValue = string | number | boolean | null;

const WORDS: ReadonlyMap<string, PlainValue> = new Map<string, PlainValue>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
const LONGEST_WORD = 5;

const INTEGER = /^[-+]?[0-9]+$/;
const OCTAL = /^0o[0-7]+$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/;
const EXPONENT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const NINE = 57;

/** What a plain scalar is in the core schema: null, a boolean, a number, else its text. */
export function resolvePlain(plain: string): PlainValue {
  if (plain.charCodeAt(0) <= NINE) return numberOf(plain) ?? plain;
  if (plain.length > LONGEST_WORD) return plain;
  const word = WORDS.get(plain);
  return word === undefined ? plain : word;
}

function numberOf(plain: string): number | undefined {
  if (INTEGER.test(plain)) return Number.parseInt(plain, 10);
  if (FLOAT.test(plain) || EXPONENT.test(plain)) return Number.parseFloat(plain);
  if (OCTAL.test(plain)) return Number.parseInt(plain.slice(2), 8);
  if (HEXADECIMAL.test(plain)) return Number.parseInt(plain.slice(2), 16);
  if (INFINITE.test(plain)) return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(plain) ? Number.NaN : undefined;
}

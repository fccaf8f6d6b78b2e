// What stands behind a mark of an escape, undone into UTF-8: percent (RFC 3986, and %uXXXX of older scripts), JSON, JavaScript and C
// (RFC 8259), HTML character references, quoted-printable (RFC 2045), CSS (CSS Syntax section 4.3.7); and the seams that parts of one
// text are joined with: tags, CDATA sections, the `data:` of event streams.
import { hexDigit } from '../encodings.ts';

/** A text with its escapes undone. */
export interface Unescaped {
  bytes: Uint8Array;
  size: number;
  /** Of each escape, where what it stands for begins in `bytes` and where itself in the source, and where both end. */
  cuts: Int32Array;
  cutCount: number;
}

// Each reader writes what it reads, and gives the place behind it; the same place where nothing is to be undone.

function put(out: Unescaped, byte: number): void {
  out.bytes[out.size] = byte;
  out.size += 1;
}

function putPoint(out: Unescaped, point: number): void {
  const valid = point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? 0xfffd : point;
  if (valid < 0x80) put(out, valid);
  else if (valid < 0x800) {
    put(out, 0xc0 | (valid >> 6));
    put(out, 0x80 | (valid & 63));
  } else if (valid < 0x10000) {
    put(out, 0xe0 | (valid >> 12));
    put(out, 0x80 | ((valid >> 6) & 63));
    put(out, 0x80 | (valid & 63));
  } else {
    put(out, 0xf0 | (valid >> 18));
    put(out, 0x80 | ((valid >> 12) & 63));
    put(out, 0x80 | ((valid >> 6) & 63));
    put(out, 0x80 | (valid & 63));
  }
}

function digitAt(source: Uint8Array, at: number, to: number): number {
  return at < to ? hexDigit(source[at] ?? 0) : -1;
}

/** The byte written as two hex digits at this place, or a number below zero. */
function hexByte(source: Uint8Array, at: number, to: number): number {
  const high = digitAt(source, at, to);
  return high < 0 ? -1 : digitAt(source, at + 1, to) < 0 ? -1 : high * 16 + digitAt(source, at + 1, to);
}

function startsWith(source: Uint8Array, at: number, to: number, text: string): boolean {
  if (at + text.length > to) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (source[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

const LOWER = 32;
const LETTER_U = 117;
const LETTER_X = 120;

export function readPercent(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  const byte = hexByte(source, at + 1, to);
  if (byte >= 0) {
    put(out, byte);
    return at + 3;
  }
  return ((source[at + 1] ?? 0) | LOWER) === LETTER_U ? readUnits(source, at, to, out) : at;
}

/** Four hex digits behind a mark of two characters; two such where they are a pair of surrogates. */
function readUnits(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  const high = unitAt(source, at + 2, to);
  if (high < 0) return at;
  if (high >= 0xd800 && high < 0xdc00 && at + 6 < to && source[at + 6] === source[at]) {
    const low = ((source[at + 7] ?? 0) | LOWER) === LETTER_U ? unitAt(source, at + 8, to) : -1;
    if (low >= 0xdc00 && low <= 0xdfff) {
      putPoint(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
      return at + 12;
    }
  }
  putPoint(out, high);
  return at + 6;
}

function unitAt(source: Uint8Array, at: number, to: number): number {
  const high = hexByte(source, at, to);
  const low = high < 0 ? -1 : hexByte(source, at + 2, to);
  return low < 0 ? -1 : high * 256 + low;
}

// What \b, \f, \n, \r and \t stand for; 0 for the rest.
const controls = Uint8Array.from({ length: 256 }, (_, code) => {
  const index = 'bfnrt'.indexOf(String.fromCharCode(code));
  return index < 0 ? 0 : '\b\f\n\r\t'.charCodeAt(index);
});

export function readBackslash(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  if (at + 1 >= to) return at;
  const letter = source[at + 1] ?? 0;
  if (letter === LETTER_X) {
    const byte = hexByte(source, at + 2, to);
    if (byte < 0) return at;
    put(out, byte);
    return at + 4;
  }
  if ((letter | LOWER) === LETTER_U) {
    return source[at + 2] === 123 ? readBraced(source, at, to, out) : readUnits(source, at, to, out);
  }
  const octal = octalByte(source, at + 1, to);
  put(out, octal >= 0 ? octal : controls[letter] || letter);
  return octal >= 0 ? at + 4 : at + 2;
}

/** Three octal digits up to 377, or -1. */
function octalByte(source: Uint8Array, at: number, to: number): number {
  if (at + 3 > to) return -1;
  let byte = 0;
  for (let index = at; index < at + 3; index += 1) {
    const digit = (source[index] ?? 0) - 48;
    if (digit < 0 || digit > 7) return -1;
    byte = byte * 8 + digit;
  }
  return byte > 255 ? -1 : byte;
}

/** `\u{1f511}` of ECMAScript. */
function readBraced(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  let point = 0;
  for (let index = at + 3; index < Math.min(to, at + 10); index += 1) {
    const digit = hexDigit(source[index] ?? 0);
    if (digit < 0) {
      if (source[index] !== 125 || index === at + 3) return at;
      putPoint(out, point);
      return index + 1;
    }
    point = point * 16 + digit;
  }
  return at;
}

export function readEquals(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  const byte = hexByte(source, at + 1, to);
  if (byte >= 0) {
    put(out, byte);
    return at + 3;
  }
  if (startsWith(source, at, to, '=\r\n')) return at + 3;
  return startsWith(source, at, to, '=\n') ? at + 2 : at;
}

const MAX_CSS_DIGITS = 6;

export function readCss(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  let point = 0;
  let end = at + 1;
  for (; end <= at + MAX_CSS_DIGITS; end += 1) {
    const digit = digitAt(source, end, to);
    if (digit < 0) break;
    point = point * 16 + digit;
  }
  if (end < at + 3) return at;
  putPoint(out, point);
  const next = end < to ? (source[end] ?? 0) : 0;
  return next === 32 || (next >= 9 && next <= 13) ? end + 1 : end;
}

const LETTERS = 32;

// A map, because every object has a toString.
const namedReferences: ReadonlyMap<number, number> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    sol: '/',
    plus: '+',
    equals: '=',
    lowbar: '_',
    colon: ':',
    period: '.',
    dollar: '$',
    percnt: '%',
    num: '#',
    commat: '@',
    excl: '!',
    ast: '*',
    hyphen: '-',
    dash: '-',
    lpar: '(',
    rpar: ')',
    comma: ',',
    semi: ';',
    quest: '?',
    grave: '`',
    verbar: '|',
    vert: '|',
    lcub: '{',
    rcub: '}',
    lsqb: '[',
    rsqb: ']',
    bsol: '\\',
    hat: '^',
    nbsp: ' ',
    newline: '\n',
    tab: ' ',
  }).map(([name, letter]) => [nameKey(name), letter.charCodeAt(0)]),
);

function nameKey(name: string): number {
  return Array.from(name).reduce((key, letter) => key * LETTERS + letter.charCodeAt(0) - 96, 0);
}

const NUMBER_SIGN = 35;
const SEMICOLON = 59;

export function readReference(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  return source[at + 1] === NUMBER_SIGN ? readNumeric(source, at, to, out) : readNamed(source, at, to, out);
}

const MAX_REFERENCE_DIGITS = 9;

function readNumeric(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  const radix = ((source[at + 2] ?? 0) | LOWER) === LETTER_X ? 16 : 10;
  const first = radix === 16 ? at + 3 : at + 2;
  let point = 0;
  let end = first;
  for (; end <= first + MAX_REFERENCE_DIGITS; end += 1) {
    const digit = digitAt(source, end, to);
    if (digit < 0 || digit >= radix) break;
    point = point * radix + digit;
  }
  if (end === first || end > first + MAX_REFERENCE_DIGITS) return at;
  putPoint(out, point);
  return source[end] === SEMICOLON && end < to ? end + 1 : end;
}

const MAX_NAME_CHARS = 8;

function readNamed(source: Uint8Array, at: number, to: number, out: Unescaped): number {
  let key = 0;
  let end = at + 1;
  for (; end < to && end <= at + MAX_NAME_CHARS; end += 1) {
    const letter = (source[end] ?? 0) | LOWER;
    if (letter < 97 || letter > 122) break;
    key = key * LETTERS + letter - 96;
  }
  const letter = namedReferences.get(key);
  if (letter === undefined) return at;
  put(out, letter);
  return source[end] === SEMICOLON && end < to ? end + 1 : end;
}

const MAX_TAG_BYTES = 256;

export function readTag(source: Uint8Array, at: number, to: number): number {
  if (startsWith(source, at, to, '<![CDATA[')) return at + 9;
  const next = source[at + 1] ?? 0;
  if (next !== 33 && next !== 47 && ((next | LOWER) < 97 || (next | LOWER) > 122)) return at;
  const last = Math.min(to, at + MAX_TAG_BYTES);
  for (let end = at + 2; end < last; end += 1) {
    const byte = source[end];
    // The end of a section ends no tag.
    if (byte === 62) return source[end - 1] === 93 && source[end - 2] === 93 ? at : end + 1;
    if (byte === 60) return at;
  }
  return at;
}

export function readSectionEnd(source: Uint8Array, at: number, to: number): number {
  return startsWith(source, at, to, ']]>') ? at + 3 : at;
}

export function readDataField(source: Uint8Array, at: number, to: number): number {
  return startsWith(source, at + 1, to, 'data:') ? at + 6 : at;
}

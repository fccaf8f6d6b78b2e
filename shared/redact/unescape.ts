// A text with its escapes undone: percent (RFC 3986, and %uXXXX of older scripts), JSON and JavaScript (RFC 8259), HTML character
// references, all in one pass because a search does not care which applied; and the ambiguous ones in views of their own.

import { hexDigit, unitsAsText } from './encodings.ts';

export interface Unescaped {
  readonly text: string;
  /** Where in the original each unit begins. */
  readonly starts: Int32Array;
  /** Where in the original it ends. */
  readonly ends: Int32Array;
}

/**
 * Which marks count. Those of `hex` (`=41` of quoted-printable, RFC 2045; `\73 ` of CSS Syntax section 4.3.7) and of `seams` (tags,
 * CDATA, the `data:` of event streams) are ambiguous: in `?key=41…` and `<a href="?key=…">` they are text, so they are undone in views
 * of their own, beside the one that leaves them.
 */
export type EscapeMode = 'escapes' | 'hex' | 'seams';

export const escapeModes: readonly EscapeMode[] = ['escapes', 'hex', 'seams'];

const present: Readonly<Record<EscapeMode, RegExp>> = {
  escapes: /%u?[0-9a-f]{2}|\\|&[#a-z]/i,
  hex: /=(?:[0-9a-f]{2}|\r?\n)|\\[0-9a-f]{2}/i,
  seams: /<[/!a-z]|[\r\n]data:/i,
};

/** Undoes one level; undefined where there is nothing of this mode to undo. */
export function undoEscapes(text: string, mode: EscapeMode): Unescaped | undefined {
  return present[mode].test(text) ? undo(text, readers[mode]) : undefined;
}

interface Output {
  readonly codes: Uint16Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  size: number;
}

type Reader = (text: string, at: number, out: Output) => number;

// No escape is shorter than what it stands for.
function undo(text: string, readers: readonly (Reader | undefined)[]): Unescaped {
  const length = text.length;
  const codes = new Uint16Array(length);
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const out = { codes, starts, ends, size: 0 };
  let size = 0;
  for (let at = 0; at < length; ) {
    const code = text.charCodeAt(at);
    const reader = code < 128 ? readers[code] : undefined;
    if (reader) {
      out.size = size;
      const next = reader(text, at, out);
      size = out.size;
      if (next > at) {
        at = next;
        continue;
      }
    }
    codes[size] = code;
    starts[size] = at;
    at += 1;
    ends[size] = at;
    size += 1;
  }
  return { text: unitsAsText(codes.subarray(0, size)), starts, ends };
}

function put(out: Output, code: number, start: number, end: number): void {
  out.codes[out.size] = code;
  out.starts[out.size] = start;
  out.ends[out.size] = end;
  out.size += 1;
}

function putPoint(out: Output, point: number, start: number, end: number): void {
  for (const unit of point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)) {
    for (let at = 0; at < unit.length; at += 1) put(out, unit.charCodeAt(at), start, end);
  }
}

const readers: Readonly<Record<EscapeMode, readonly (Reader | undefined)[]>> = {
  escapes: byCode({ '%': readPercent, '\\': readBackslash, '&': readReference }),
  hex: byCode({ '=': readEquals, '\\': readCss }),
  seams: byCode({ '<': readTag, ']': readSeam, '\n': readDataField, '\r': readDataField }),
};

function byCode(table: Readonly<Record<string, Reader>>): readonly (Reader | undefined)[] {
  return Array.from({ length: 128 }, (_, code) => table[String.fromCharCode(code)]);
}

/** The byte written as two hex digits at this place, or -1. */
function hexByte(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return at + 1 < text.length && high >= 0 && low >= 0 ? high * 16 + low : -1;
}

/** One UTF-8 sequence whose bytes are each written as `mark` and two hex digits; a stray byte counts as Latin-1. */
function readBytes(text: string, at: number, out: Output, mark: string): number {
  const step = mark.length + 2;
  const first = hexByte(text, at + mark.length);
  if (first < 0) return at;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  let point = more === 0 ? first : first & (0x3f >> more);
  let end = at + step;
  for (let count = 0; count < more; count += 1) {
    const byte = text.startsWith(mark, end) ? hexByte(text, end + mark.length) : -1;
    if (byte < 0x80 || byte > 0xbf) {
      put(out, first, at, at + step);
      return at + step;
    }
    point = (point << 6) | (byte & 0x3f);
    end += step;
  }
  putPoint(out, point, at, end);
  return end;
}

function readPercent(text: string, at: number, out: Output): number {
  return /[uU]/.test(text.charAt(at + 1)) ? readUnit(text, at, out) : readBytes(text, at, out, '%');
}

function readEquals(text: string, at: number, out: Output): number {
  if (text.startsWith('=\r\n', at)) return at + 3;
  return text.startsWith('=\n', at) ? at + 2 : readBytes(text, at, out, '=');
}

const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

function readBackslash(text: string, at: number, out: Output): number {
  const letter = text.charAt(at + 1);
  if (letter === 'x') return readBytes(text, at, out, '\\x');
  if (letter === 'u' || letter === 'U') return readUnicode(text, at, out);
  if (letter === '') return at;
  put(out, controls[letter] ?? letter.charCodeAt(0), at, at + 2);
  return at + 2;
}

function readUnicode(text: string, at: number, out: Output): number {
  const braced = /^\{([0-9a-f]{1,6})\}/i.exec(text.slice(at + 2, at + 10));
  if (braced?.[1]) {
    putPoint(out, Number.parseInt(braced[1], 16), at, at + 2 + braced[0].length);
    return at + 2 + braced[0].length;
  }
  return readUnit(text, at, out);
}

/** Four hex digits behind a mark of two characters. */
function readUnit(text: string, at: number, out: Output): number {
  const high = hexByte(text, at + 2);
  const low = hexByte(text, at + 4);
  if (high < 0 || low < 0) return at;
  put(out, high * 256 + low, at, at + 6);
  return at + 6;
}

// A map, because every object has a toString.
const namedReferences: ReadonlyMap<string, string> = new Map(
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
    lcub: '{',
    rcub: '}',
    lsqb: '[',
    rsqb: ']',
    bsol: '\\',
    Hat: '^',
    nbsp: ' ',
  }),
);

function readReference(text: string, at: number, out: Output): number {
  const found = /^&(?:#x([0-9a-f]{1,8})|#([0-9]{1,9})|([a-z]{2,8}))(?:;|(?![0-9a-z]))/i.exec(text.slice(at, at + 14));
  if (!found) return at;
  const [whole, hexadecimal, decimal, name] = found;
  const end = at + whole.length;
  if (name !== undefined) {
    const letter = namedReferences.get(name) ?? namedReferences.get(name.toLowerCase());
    if (letter === undefined) return at;
    put(out, letter.charCodeAt(0), at, end);
    return end;
  }
  putPoint(out, hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16), at, end);
  return end;
}

const MAX_TAG_CHARS = 256;

function readTag(text: string, at: number): number {
  if (text.startsWith('<![CDATA[', at)) return at + 9;
  if (!/[/!a-z]/i.test(text.charAt(at + 1))) return at;
  for (let end = at + 2; end < Math.min(text.length, at + MAX_TAG_CHARS); end += 1) {
    const code = text.charCodeAt(end);
    if (code === 62) return end + 1;
    if (code === 60) return at;
  }
  return at;
}

function readSeam(text: string, at: number): number {
  return text.startsWith(']]>', at) ? at + 3 : at;
}

function readCss(text: string, at: number, out: Output): number {
  const found = /^\\([0-9a-f]{2,6})[ \t\r\n\f]?/i.exec(text.slice(at, at + 8));
  if (!found) return at;
  putPoint(out, Number.parseInt(found[1] ?? '', 16), at, at + found[0].length);
  return at + found[0].length;
}

function readDataField(text: string, at: number): number {
  return text.startsWith('data:', at + 1) ? at + 6 : at;
}

// UTF-8 as the search sees it: lower case, compatibility forms decomposed, marks, white space and invisible characters left out, and
// the two base64 alphabets as one. A byte that is no UTF-8 counts as the Latin-1 character of its number.

import { once } from '../../once.ts';

/** What a fold made; `bytes` is reused and may be longer than `size`. `seen` tells which marks stood in the source. */
export interface Folded {
  bytes: Uint8Array;
  size: number;
  seen: number;
}

export interface Folder {
  fold(source: Uint8Array, from: number, to: number, into: Folded): void;
  /** Where in the source each folded byte came from; lent until the next call. */
  positions(source: Uint8Array, from: number, to: number, size: number): Int32Array;
  /** Behind the character at this place, and behind the marks that belong to it. */
  endOf(source: Uint8Array, at: number, to: number): number;
}

/** Bits of `Folded.seen`. */
export const SEEN_PERCENT = 1 << 9;
export const SEEN_BACKSLASH = 1 << 10;
export const SEEN_AMPERSAND = 1 << 11;
export const SEEN_EQUALS = 1 << 12;
export const SEEN_ANGLE = 1 << 13;
export const SEEN_LINE_END = 1 << 14;
const SEEN_WIDE = 1 << 15;

const KEPT_BIT = 8;

const SEEN_OF: Readonly<Record<string, number>> = {
  '%': SEEN_PERCENT,
  '\\': SEEN_BACKSLASH,
  '&': SEEN_AMPERSAND,
  '=': SEEN_EQUALS,
  '<': SEEN_ANGLE,
  '\n': SEEN_LINE_END,
  '\r': SEEN_LINE_END,
};

// The low eight bits are the folded byte, the ninth says that there is one, the rest is what was seen.
const classes = Int32Array.from({ length: 256 }, (_, code) => {
  if (code > 127) return SEEN_WIDE;
  const folded = foldAscii(code);
  return folded | (folded === 0 ? 0 : 1 << KEPT_BIT) | (SEEN_OF[String.fromCharCode(code)] ?? 0);
});

function foldAscii(code: number): number {
  if (code <= 32 || code === 127) return 0;
  if (code >= 65 && code <= 90) return code + 32;
  return code === 47 ? 95 : code === 43 ? 45 : code;
}

export function createFolder(): Folder {
  const wide = once(rememberWide);
  let room = new Int32Array(0);
  return {
    fold: (source, from, to, into) => foldInto(source, from, to, into, wide),
    positions(source, from, to, size) {
      if (room.length < size) room = new Int32Array(size);
      const positions = room.subarray(0, size);
      let count = 0;
      for (let at = from; at < to; ) {
        const byte = source[at] ?? 0;
        if (byte < 128) {
          positions[count] = at;
          count += ((classes[byte] ?? 0) >> KEPT_BIT) & 1;
          at += 1;
          continue;
        }
        const length = sequenceBytes(source, at, to);
        const kept = wide().fold(pointAt(source, at, length)) >>> LENGTH_BIT;
        positions.fill(at, count, count + kept);
        count += kept;
        at += length;
      }
      return positions;
    },
    endOf(source, at, to) {
      let end = at + sequenceBytes(source, at, to);
      while (end < to && (source[end] ?? 0) > 127) {
        const length = sequenceBytes(source, end, to);
        if (wide().fold(pointAt(source, end, length)) >>> LENGTH_BIT > 0) break;
        end += length;
      }
      return end;
    },
  };
}

/** What characters beyond ASCII fold to. */
interface Wide {
  /** The first three bytes, and behind `LENGTH_BIT` how many there are. */
  fold(point: number): number;
  /** All of them, where there are more. */
  readonly long: ReadonlyMap<number, Uint8Array>;
  /** The same for each byte on its own. */
  readonly singles: Int32Array;
  /** What is known so far; -1 for the rest. */
  readonly pages: readonly (Int32Array | undefined)[];
}

const LENGTH_BIT = 24;

// One character decomposes to at most 18 (U+FDFA), of at most three bytes each.
const MAX_EXPANSION = 54;

function foldInto(source: Uint8Array, from: number, to: number, into: Folded, wide: () => Wide): void {
  if (into.bytes.length < to - from + MAX_EXPANSION) into.bytes = new Uint8Array(roomFor(to - from));
  into.size = 0;
  into.seen = 0;
  for (let at = from; at < to; ) {
    at = (source[at] ?? 0) < 128 ? foldAsciiInto(source, at, to, into) : foldWideInto(source, at, to, into, wide());
  }
}

/** Up to the next byte that is not ASCII. */
function foldAsciiInto(source: Uint8Array, from: number, to: number, into: Folded): number {
  const out = into.bytes;
  let { size, seen } = into;
  let at = from;
  // Four at a time: this loop is most of what a search costs.
  for (; at + 4 <= to; at += 4) {
    const one = classes[source[at] ?? 0] ?? 0;
    const two = classes[source[at + 1] ?? 0] ?? 0;
    const three = classes[source[at + 2] ?? 0] ?? 0;
    const four = classes[source[at + 3] ?? 0] ?? 0;
    const all = one | two | three | four;
    if (all >= SEEN_WIDE) break;
    out[size] = one;
    size = (size + ((one >> KEPT_BIT) & 1)) | 0;
    out[size] = two;
    size = (size + ((two >> KEPT_BIT) & 1)) | 0;
    out[size] = three;
    size = (size + ((three >> KEPT_BIT) & 1)) | 0;
    out[size] = four;
    size = (size + ((four >> KEPT_BIT) & 1)) | 0;
    seen |= all;
  }
  for (; at < to; at += 1) {
    const found = classes[source[at] ?? 0] ?? 0;
    if (found >= SEEN_WIDE) break;
    out[size] = found;
    size += (found >> KEPT_BIT) & 1;
    seen |= found;
  }
  into.size = size;
  into.seen = seen;
  return at;
}

// Texts in other scripts have ASCII between their letters; to change loops for each costs more than it saves.
const FEW_ASCII = 8;

/** Up to a stretch of bytes that are ASCII. */
function foldWideInto(source: Uint8Array, from: number, to: number, into: Folded, wide: Wide): number {
  const { singles } = wide;
  let out = into.bytes;
  let { size, seen } = into;
  let at = from;
  for (let ascii = 0; at < to && ascii < FEW_ASCII; ) {
    const byte = source[at] ?? 0;
    let length = 1;
    let point = byte;
    let made = singles[byte] ?? 0;
    // Without a branch for each kind of byte: in binary data, none could be foreseen.
    ascii = (ascii + 1) * (1 - (byte >> 7));
    seen |= classes[byte] ?? 0;
    if (byte >= 0xc2 && ((source[at + 1] ?? 0) & 0xc0) === 0x80) {
      length = sequenceBytes(source, at, to);
      point = pointAt(source, at, length);
      made = foldPoint(wide, point);
    }
    out[size] = made;
    out[size + 1] = made >> 8;
    out[size + 2] = made >> 16;
    if (made >>> LENGTH_BIT > 3) out.set(wide.long.get(point) ?? NONE, size);
    size += made >>> LENGTH_BIT;
    at += length;
    if (size + (to - at) + MAX_EXPANSION > out.length) out = grown(into, size);
  }
  into.size = size;
  into.seen = seen | SEEN_WIDE;
  return at;
}

function foldPoint(wide: Wide, point: number): number {
  const known = wide.pages[point >> PAGE_BITS]?.[point & PAGE_MASK] ?? -1;
  return known === -1 ? wide.fold(point) : known;
}

function grown(into: Folded, size: number): Uint8Array {
  const bytes = new Uint8Array(roomFor(into.bytes.length * 2));
  bytes.set(into.bytes.subarray(0, size));
  into.bytes = bytes;
  return bytes;
}

function roomFor(bytes: number): number {
  return bytes + MAX_EXPANSION;
}

/** How many bytes the UTF-8 sequence at this place has (RFC 3629); 1 where it is none. */
function sequenceBytes(source: Uint8Array, at: number, to: number): number {
  const first = source[at] ?? 0;
  if (first < 0xc2 || first > 0xf4 || at + 1 >= to || ((source[at + 1] ?? 0) & 0xc0) !== 0x80) return 1;
  if (first < 0xe0) return 2;
  if (at + 2 >= to || ((source[at + 2] ?? 0) & 0xc0) !== 0x80) return 1;
  if (first < 0xf0) return 3;
  return at + 3 < to && ((source[at + 3] ?? 0) & 0xc0) === 0x80 ? 4 : 1;
}

function pointAt(source: Uint8Array, at: number, length: number): number {
  const first = source[at] ?? 0;
  if (length === 1) return first;
  const second = (source[at + 1] ?? 0) & 63;
  if (length === 2) return ((first & 31) << 6) | second;
  const third = (source[at + 2] ?? 0) & 63;
  if (length === 3) return ((first & 15) << 12) | (second << 6) | third;
  return Math.min(0x10ffff, ((first & 7) << 18) | (second << 12) | (third << 6) | ((source[at + 3] ?? 0) & 63));
}

const NONE = new Uint8Array(0);
const PAGE_BITS = 7;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

function rememberWide(): Wide {
  const { singles } = latin1();
  const long = new Map(latin1().long);
  const pages: (Int32Array | undefined)[] = [undefined, singles.subarray(1 << PAGE_BITS)];
  const fold = (point: number): number => {
    let page = pages[point >> PAGE_BITS];
    if (!page) {
      page = new Int32Array(1 << PAGE_BITS).fill(-1);
      pages[point >> PAGE_BITS] = page;
    }
    const index = point & PAGE_MASK;
    const found = page[index] ?? -1;
    if (found !== -1) return found;
    const made = makePoint(point, long);
    page[index] = made;
    return made;
  };
  return { long, fold, pages, singles };
}

/** What all folders begin with: made once, when the first byte that is not ASCII is met. */
const latin1 = once((): Pick<Wide, 'singles' | 'long'> => {
  const long = new Map<number, Uint8Array>();
  const singles = Int32Array.from(classes, (found, byte) => (byte > 127 ? makePoint(byte, long) : asciiSingle(found)));
  return { singles, long };
});

const encoder = new TextEncoder();

function makePoint(point: number, long: Map<number, Uint8Array>): number {
  // Ideographs fold to themselves, and a text may have thousands of them.
  if (point >= 0x4e00 && point <= 0x9fff) {
    return packed(3, 0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  const made = encoder.encode(decompose(point));
  if (made.length > 3) long.set(point, made);
  return packed(made.length, made[0], made[1], made[2]);
}

function packed(length: number, first = 0, second = 0, third = 0): number {
  return (length << LENGTH_BIT) | (third << 16) | (second << 8) | first;
}

function asciiSingle(found: number): number {
  return (found & 0xff) | (((found >> KEPT_BIT) & 1) << LENGTH_BIT);
}

// Marks, controls, and what shows nothing: blanks of Braille, places of objects.
// Not U+FFFD: readings of a text in a wrong charset set it between letters.
const UNSEEN = /[\p{M}\p{Cc}\p{Cf}\p{DI}\s\u2800\ufffc]/gu;

function decompose(point: number): string {
  // By way of upper case, because ß and ſ have no lower case of their own.
  const plain = String.fromCodePoint(point).normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  let kept = '';
  for (const letter of plain.replace(UNSEEN, '')) {
    const code = letter.charCodeAt(0);
    if (code > 127) kept += letter;
    else if (foldAscii(code) !== 0) kept += String.fromCharCode(foldAscii(code));
  }
  return kept;
}

// Views of a text with its escapes undone, only around the marks that ask for it: what holds none is searched as it is.
import { hexDigit } from '../encodings.ts';
import type { Span } from '../span.ts';
import {
  readBackslash,
  readCss,
  readDataField,
  readEquals,
  readPercent,
  readReference,
  readSectionEnd,
  readTag,
  type Unescaped,
} from './escape-readers.ts';
import { SEEN_AMPERSAND, SEEN_ANGLE, SEEN_BACKSLASH, SEEN_EQUALS, SEEN_LINE_END, SEEN_PERCENT } from './folding.ts';

/**
 * Which marks count. Those of `hex` (`=41` of quoted-printable, `\73 ` of CSS) and of `seams` (tags, CDATA, the `data:` of event
 * streams) are ambiguous: in `?key=41…` and `<a href="?key=…">` they are text, so they are undone in views of their own, beside the
 * one that leaves them.
 */
export type EscapeMode = 'escapes' | 'hex' | 'seams';

export const escapeModes: readonly EscapeMode[] = ['escapes', 'hex', 'seams'];

/** What a fold must have seen for a mode to be worth a look. */
export const seenBy: Readonly<Record<EscapeMode, number>> = {
  escapes: SEEN_PERCENT | SEEN_BACKSLASH | SEEN_AMPERSAND,
  hex: SEEN_EQUALS | SEEN_BACKSLASH,
  seams: SEEN_ANGLE | SEEN_LINE_END,
};

const marks: Readonly<Record<EscapeMode, Uint8Array>> = {
  escapes: marksOf('%\\&'),
  hex: marksOf('=\\'),
  seams: marksOf('<]\r\n'),
};

function marksOf(text: string): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (text.includes(String.fromCharCode(code)) ? 1 : 0));
}

// A break behind an equals sign is one of quoted-printable; a section ends in what a tag does.
const MADE: Readonly<Record<string, number>> = {
  '\\': SEEN_BACKSLASH,
  '=': SEEN_EQUALS,
  '<': SEEN_ANGLE,
  '>': SEEN_ANGLE,
  '\n': SEEN_LINE_END | SEEN_EQUALS,
  '\r': SEEN_LINE_END | SEEN_EQUALS,
};

const made = Int32Array.from({ length: 256 }, (_, code) => MADE[String.fromCharCode(code)] ?? 0);

/** Room for a view; it grows to what is put into it. */
export function createUnescaped(): Unescaped {
  return { bytes: new Uint8Array(0), size: 0, cuts: new Int32Array(0), cutCount: 0 };
}

/** Undoes the escapes at these places, one level of them. No escape is shorter than what it stands for. */
export function undoEscapes(mode: EscapeMode, source: Uint8Array, range: MarkedRange, out: Unescaped): void {
  const { from, to, places, first, last } = range;
  if (out.bytes.length < to - from) out.bytes = new Uint8Array(to - from);
  out.size = 0;
  out.cutCount = 0;
  let at = from;
  for (let index = first; index < last; index += 1) {
    const place = places[index] ?? to;
    // It is part of an escape that began before it.
    if (place < at) continue;
    copy(source, at, place, out);
    const size = out.size;
    const next = readEscape(mode, source, place, to, out);
    at = Math.max(place, next);
    if (next > place) addCut(out, size, place, next);
  }
  copy(source, at, to, out);
}

const BULK_BYTES = 64;

function copy(source: Uint8Array, from: number, to: number, out: Unescaped): void {
  const { bytes, size } = out;
  const length = to - from;
  if (length > BULK_BYTES) bytes.set(source.subarray(from, to), size);
  else for (let index = 0; index < length; index += 1) bytes[size + index] = source[from + index] ?? 0;
  out.size = size + length;
}

function readEscape(mode: EscapeMode, source: Uint8Array, at: number, to: number, out: Unescaped): number {
  switch (source[at] ?? 0) {
    case PERCENT:
      return readPercent(source, at, to, out);
    case AMPERSAND:
      return readReference(source, at, to, out);
    case BACKSLASH:
      return mode === 'escapes' ? readBackslash(source, at, to, out) : readCss(source, at, to, out);
    case EQUALS:
      return readEquals(source, at, to, out);
    case ANGLE:
      return readTag(source, at, to);
    case BRACKET:
      return readSectionEnd(source, at, to);
    default:
      return readDataField(source, at, to);
  }
}

const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;
const EQUALS = 61;
const ANGLE = 60;
const BRACKET = 93;

const NUMBERS_PER_CUT = 4;

function addCut(out: Unescaped, first: number, start: number, end: number): void {
  const index = out.cutCount * NUMBERS_PER_CUT;
  if (index === out.cuts.length) {
    const cuts = new Int32Array(Math.max(64, out.cuts.length * 2));
    cuts.set(out.cuts);
    out.cuts = cuts;
  }
  out.cuts[index] = first;
  out.cuts[index + 1] = start;
  out.cuts[index + 2] = out.size;
  out.cuts[index + 3] = end;
  out.cutCount += 1;
}

/** Which marks the escapes stood for, as bits of `Folded.seen`. */
export function madeBy({ bytes, cuts, cutCount }: Unescaped): number {
  let all = 0;
  for (let index = 0; index < cutCount * NUMBERS_PER_CUT; index += NUMBERS_PER_CUT) {
    const last = cuts[index + 2] ?? 0;
    for (let at = cuts[index] ?? 0; at < last; at += 1) all |= made[bytes[at] ?? 0] ?? 0;
  }
  return all;
}

/** Whether an escape was undone in this stretch of the view, or at its ends. */
export function touchesCut({ cuts, cutCount }: Unescaped, start: number, end: number): boolean {
  let low = 0;
  let high = cutCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle * NUMBERS_PER_CUT + 2] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low < cutCount && (cuts[low * NUMBERS_PER_CUT] ?? 0) <= end;
}

/** Where in the source stands what this byte of the view came from; `from` is where the view begins. */
export function sourceOf({ cuts, cutCount }: Unescaped, from: number, at: number): Span {
  let low = 0;
  let high = cutCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle * NUMBERS_PER_CUT] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return { start: from + at, end: from + at + 1 };
  const index = (low - 1) * NUMBERS_PER_CUT;
  const last = cuts[index + 2] ?? 0;
  const end = cuts[index + 3] ?? 0;
  return at < last ? { start: cuts[index + 1] ?? 0, end } : { start: end + at - last, end: end + at - last + 1 };
}

function isMark(mode: EscapeMode, source: Uint8Array, at: number, to: number): boolean {
  const next = at + 1 < to ? (source[at + 1] ?? 0) : 0;
  const isLetter = (next | 32) >= 97 && (next | 32) <= 122;
  switch (source[at] ?? 0) {
    case PERCENT:
      return hexDigit(next) >= 0 || (next | 32) === 117;
    case AMPERSAND:
      return next === 35 || isLetter;
    case BACKSLASH:
      return mode === 'escapes' ? next < 128 && next > 8 : isHexByte(source, at + 1, to);
    case EQUALS:
      return next === 10 || next === 13 || isHexByte(source, at + 1, to);
    case ANGLE:
      return isLetter || next === 47 || next === 33;
    case BRACKET:
      return next === BRACKET;
    default:
      return next === 100 && source[at + 2] === 97;
  }
}

function isHexByte(source: Uint8Array, at: number, to: number): boolean {
  return at + 1 < to && hexDigit(source[at] ?? 0) >= 0 && hexDigit(source[at + 1] ?? 0) >= 0;
}

/** A stretch of a text, and which of the places in the list stand in it. */
export interface MarkedRange {
  readonly from: number;
  readonly to: number;
  readonly places: Int32Array;
  readonly first: number;
  readonly last: number;
}

/** Where marks of this mode stand; the list is reused, and may be longer. */
export interface MarkList {
  places: Int32Array;
  count: number;
}

function isOne(table: Uint8Array, source: Uint8Array, at: number): number {
  return table[source[at] ?? 0] ?? 0;
}

export function findMarks(mode: EscapeMode, source: Uint8Array, to: number, list: MarkList): void {
  const table = marks[mode];
  let { places } = list;
  let count = 0;
  for (let at = 0; at < to; at += 1) {
    while (
      at + 4 <= to &&
      (isOne(table, source, at) |
        isOne(table, source, at + 1) |
        isOne(table, source, at + 2) |
        isOne(table, source, at + 3)) ===
        0
    )
      at += 4;
    if (at >= to || isOne(table, source, at) === 0 || !isMark(mode, source, at, to)) continue;
    if (count === places.length) {
      places = new Int32Array(Math.max(256, count * 2));
      places.set(list.places);
      list.places = places;
    }
    places[count] = at;
    count += 1;
  }
  list.count = count;
}

/**
 * Calls `visit` for each stretch that a form with an escape in it could stand in: `reach` bytes to either side of every mark, and
 * whole runs of base64 characters.
 */
export function visitMarked(
  source: Uint8Array,
  to: number,
  { places, count }: MarkList,
  reach: number,
  visit: (range: MarkedRange) => void,
): void {
  let end = 0;
  for (let first = 0; first < count; ) {
    const from = runStart(source, Math.max(0, (places[first] ?? 0) - reach), end);
    let last = first;
    do {
      end = Math.min(to, (places[last] ?? 0) + reach);
      for (last += 1; last < count && (places[last] ?? 0) - reach <= end; last += 1) {
        end = Math.min(to, (places[last] ?? 0) + reach);
      }
      end = runEnd(source, end, to);
    } while (last < count && (places[last] ?? 0) - reach <= end);
    visit({ from, to: end, places, first, last });
    first = last;
  }
}

const RUNNING = Uint8Array.from({ length: 256 }, (_, code) =>
  /[\w+/=%\\-]/.test(String.fromCharCode(code)) && code < 128 ? 1 : 0,
);

/** Where the run of base64 characters that this place is in begins; `least` is as far back as it may. */
function runStart(source: Uint8Array, at: number, least: number): number {
  let start = at;
  while (start > least && RUNNING[source[start - 1] ?? 0] === 1) start -= 1;
  return start;
}

/** Where it ends, escapes in it counted as part of it. */
export function runEnd(source: Uint8Array, at: number, most: number): number {
  let end = at;
  while (end < most && RUNNING[source[end] ?? 0] === 1) end += 1;
  return end;
}

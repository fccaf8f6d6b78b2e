// Runs of base64 or hex digits that may hold a text: an encoded document, a compressed one. Bytes that are no text are passed over: a
// secret that stands in them as it is has the known forms of base64 and hex.
import { hexDigit, sextet } from '../encodings.ts';
import { mayBeDeflate } from '../inflate.ts';

const MIN_RUN_BYTES = 16;

const RUN = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 128 && /[\w+/-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Where the run of base64 digits begins that ends at this place. */
export function runStartBefore(source: Uint8Array, end: number): number {
  let start = end;
  while (start > 0 && RUN[source[start - 1] ?? 0] === 1) start -= 1;
  return start;
}

/** Calls `visit` with every run of sixteen characters and more; those of lines that MIME wraps base64 into are one run. */
export function visitRuns(
  source: Uint8Array,
  from: number,
  to: number,
  visit: (start: number, end: number) => void,
): void {
  for (let at = from; at + MIN_RUN_BYTES <= to; ) {
    // From the far end: one look is enough where nothing so long can stand here.
    let last = at + MIN_RUN_BYTES - 1;
    while (last >= at && RUN[source[last] ?? 0] === 1) last -= 1;
    if (last >= at) {
      at = last + 1;
      continue;
    }
    const end = wrappedEnd(source, at + MIN_RUN_BYTES, to);
    visit(at, end);
    at = end + 1;
  }
}

function wrappedEnd(source: Uint8Array, from: number, to: number): number {
  let end = from;
  for (;;) {
    while (end < to && RUN[source[end] ?? 0] === 1) end += 1;
    const next = nextLine(source, end, to);
    if (next === end || next >= to || RUN[source[next] ?? 0] !== 1) return end;
    end = next;
  }
}

/** Behind the line break at this place and the indent of the next line; quoted-printable puts an equals sign before a break. */
function nextLine(source: Uint8Array, at: number, to: number): number {
  const first = source[at] === EQUALS ? at + 1 : at;
  let next = first + lineBreakBytes(source, first);
  if (next === first) return at;
  while (next < to && isBlank(source[next])) next += 1;
  return next;
}

const EQUALS = 61;

function lineBreakBytes(source: Uint8Array, at: number): number {
  if (source[at] === 13 && source[at + 1] === 10) return 2;
  return isBreak(source[at]) ? 1 : 0;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function isBreak(byte: number | undefined): boolean {
  return byte === 13 || byte === 10;
}

/** Decodes either base64 alphabet, passing over every other byte; how many bytes it made. */
export function decodeBase64(source: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let size = 0;
  let word = 0;
  let bits = 0;
  for (let at = from; at < to; at += 1) {
    const value = SEXTETS[source[at] ?? 0] ?? 64;
    if (value === 64) continue;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    into[size] = word >> bits;
    size += 1;
  }
  return size;
}

const SEXTETS = Uint8Array.from({ length: 256 }, (_, code) => (sextet(code) < 0 ? 64 : sextet(code)));

const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => Math.max(0, hexDigit(code)));

/** Decodes pairs of hex digits; how many bytes it made. */
export function decodeHex(source: Uint8Array, from: number, to: number, into: Uint8Array): number {
  const size = (to - from) >> 1;
  for (let index = 0; index < size; index += 1) {
    const at = from + index * 2;
    into[index] = ((NIBBLES[source[at] ?? 0] ?? 0) << 4) | (NIBBLES[source[at + 1] ?? 0] ?? 0);
  }
  return size;
}

const MIN_HEX_DIGITS = 32;

const HEX = Uint8Array.from({ length: 256 }, (_, code) => (hexDigit(code) < 0 ? 0 : 1));

/** Calls `visit` with every stretch of hex digits that is long enough to hold a text. */
export function visitHex(
  source: Uint8Array,
  from: number,
  to: number,
  visit: (start: number, end: number) => void,
): void {
  for (let at = from; at + MIN_HEX_DIGITS <= to; ) {
    let last = at + MIN_HEX_DIGITS - 1;
    while (last >= at && HEX[source[last] ?? 0] === 1) last -= 1;
    if (last >= at) {
      at = last + 1;
      continue;
    }
    let end = at + MIN_HEX_DIGITS;
    while (end < to && HEX[source[end] ?? 0] === 1) end += 1;
    visit(at, end);
    at = end + 1;
  }
}

/** 1 for a digit of either base64 alphabet. */
export function digitOf(byte: number): number {
  return 1 - ((SEXTETS[byte] ?? 64) >> 6);
}

const HEAD_DIGITS = 12;

/** Whether base64 from here on may be a text. Most runs are identifiers: their first bytes tell that they are not. */
export function mayHoldText(source: Uint8Array, first: number, end: number): boolean {
  let word = 0;
  let bits = 0;
  let awaited = 0;
  let left = HEAD_DIGITS;
  for (let at = first; at < end && left > 0; at += 1) {
    const value = SEXTETS[source[at] ?? 0] ?? 64;
    if (value === 64) continue;
    left -= 1;
    word = ((word << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    awaited = nextAwaited(awaited, (word >> bits) & 0xff);
    if (awaited < 0) return false;
  }
  return left === 0;
}

/** Decodes base64 for as long as it makes a text (RFC 3629) and there is room for it; how many bytes it made. */
export function decodeText(source: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let size = 0;
  let word = 0;
  let bits = 0;
  let awaited = 0;
  for (let at = from; at < to && size < into.length; at += 1) {
    const value = SEXTETS[source[at] ?? 0] ?? 64;
    if (value === 64) continue;
    word = ((word << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (word >> bits) & 0xff;
    awaited = nextAwaited(awaited, byte);
    if (awaited < 0) break;
    into[size] = byte;
    size += 1;
  }
  return size;
}

/** Whether base64 begins here with the head of gzip (RFC 1952), or of zlib (RFC 1950) without a dictionary. */
export function opensStream(source: Uint8Array, first: number, end: number): boolean {
  if (end - first < MIN_RUN_BYTES) return false;
  const word = (threeDigits(source, first) << 6) | (SEXTETS[source[first + 3] ?? 0] ?? 0);
  const start = (word >> 8) & 0xffff;
  if (start === 0x1f8b) return (word & 0xff) === 8;
  return (start & 0x8f20) === 0x0800 && start % 31 === 0 && (word & 6) !== 6;
}

const MIN_DEFLATE_DIGITS = 24;

/** Whether base64 from here on may be a bare stream. UUIDs, digests and counters, most of the runs, have no letters of both cases. */
export function mayHoldDeflate(source: Uint8Array, start: number, end: number): boolean {
  if (end - start < MIN_DEFLATE_DIGITS) return false;
  const word = threeDigits(source, start);
  return mayBeDeflate(word >> 10, (word >> 2) & 0xff) && hasBothCases(source, start);
}

function threeDigits(source: Uint8Array, at: number): number {
  const [one, two, three] = [source[at] ?? 0, source[at + 1] ?? 0, source[at + 2] ?? 0];
  return ((SEXTETS[one] ?? 0) << 12) | ((SEXTETS[two] ?? 0) << 6) | (SEXTETS[three] ?? 0);
}

const MOST_KIND_DIGITS = 48;
// Large letters, small ones, figures.
const KINDS = Uint8Array.from(SEXTETS, (value) => (value < 26 ? 1 : value < 52 ? 2 : value < 62 ? 3 : 0));

/** Whether kinds of letters change as often as in compressed data: a quarter of the places is what words in a path do not reach. */
export function isMixed(source: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, start + MOST_KIND_DIGITS);
  let changes = 0;
  let kind = 0;
  for (let at = start; at < last; at += 1) {
    const next = KINDS[source[at] ?? 0] || kind;
    if (next !== kind) changes += 1;
    kind = next;
  }
  return changes * 4 > last - start;
}

function hasBothCases(source: Uint8Array, start: number): boolean {
  let seen = 0;
  for (let at = start; at < start + MIN_DEFLATE_DIGITS && seen !== 3; at += 1) {
    const value = SEXTETS[source[at] ?? 0] ?? 64;
    if (value < 26) seen |= 1;
    else if (value < 52) seen |= 2;
  }
  return seen === 3;
}

/** How many continuation bytes of UTF-8 (RFC 3629) are to come after this byte; -1 where it cannot stand in a text. */
function nextAwaited(awaited: number, byte: number): number {
  if (awaited > 0) return (byte & 0xc0) === 0x80 ? awaited - 1 : -1;
  if (byte < 0x80) return byte < 32 && (byte < 9 || byte > 13) ? -1 : 0;
  if (byte < 0xc2 || byte > 0xf4) return -1;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

export const MIN_TEXT_BYTES = 12;

/** Whether a text stands in these bytes. A neighbour of the same alphabet decodes to garbage, so a stretch of one is enough. */
export function holdsText(bytes: Uint8Array): boolean {
  let awaited = 0;
  let stretch = 0;
  for (let at = 0; at < bytes.length && stretch < MIN_TEXT_BYTES; at += 1) {
    awaited = nextAwaited(awaited, bytes[at] ?? 0);
    stretch = awaited < 0 ? 0 : stretch + 1;
    awaited = Math.max(0, awaited);
  }
  return stretch >= MIN_TEXT_BYTES;
}

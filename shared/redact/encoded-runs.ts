// Runs of base64 or hex digits that hold a text: an encoded document, a compressed one. Bytes that are no text are passed
// over: a secret that stands in them as it is has the known forms of base64 and hex.
import { limits } from '../limits.ts';
import { hexDigit, latin1, sextet, unbase64, unhex } from './encodings.ts';
import { mayBeDeflate, unpack } from './inflate.ts';
import { spend, type Work } from './work.ts';

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
}

const MIN_RUN_CHARS = 16;

const isRunCode = Uint8Array.from({ length: 128 }, (_, code) => (/[\w+/-]/.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Calls `visit` with every run and the text it decodes to, one character a byte, unpacked where it is compressed; one at a
 * time, so that no more than one is held. Stops where the work is used up.
 */
export function visitEncodedRuns(text: string, work: Work, visit: (run: Run) => void): void {
  let start = 0;
  for (let at = 0; at <= text.length && work.left >= 0; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code < 128 && isRunCode[code] === 1) continue;
    if (at - start >= MIN_RUN_CHARS) {
      // MIME wraps base64 into lines.
      if ((code === 13 || code === 10) && continues(text, at)) continue;
      visitRun({ text, start, end: at, work, visit });
    }
    start = at + 1;
  }
}

function continues(text: string, at: number): boolean {
  const next = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  return next < text.length && isRunCode[text.charCodeAt(next)] === 1;
}

interface Looked {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly work: Work;
  readonly visit: (run: Run) => void;
}

function visitRun(run: Looked): void {
  const { text, start, end, work } = run;
  // A neighbour of the same alphabet shifts what follows by one to three characters.
  for (let first = start; first < start + 4; first += 1) {
    if (!(mayHoldText(text, first) || (first === start && mayHoldDeflate(text, start, end)))) continue;
    if (!spend(work, end - first)) return;
    look(run, unbase64(text.slice(first, end)));
  }
  if (end - start >= MIN_HEX_CHARS) visitHex(run);
}

const MIN_HEX_CHARS = 32;

function visitHex(run: Looked): void {
  const { text, start, end, work } = run;
  let from = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && hexDigit(text.charCodeAt(at)) >= 0) continue;
    if (at - from >= MIN_HEX_CHARS && spend(work, at - from)) {
      look(run, unhex(text.slice(from, at)));
      look(run, unhex(text.slice(from + 1, at)));
    }
    from = at + 1;
  }
}

function look({ start, end, work, visit }: Looked, bytes: Uint8Array): void {
  const unpacked = unpack(bytes, work);
  const inner = unpacked ?? bytes;
  if (holdsText(inner, unpacked ? limits.secretMinScrubChars : MIN_TEXT_BYTES))
    visit({ start, end, inner: latin1(inner) });
}

const HEAD_CHARS = 12;

// Most runs are identifiers: their first bytes tell that they hold neither text nor a compressed stream.
function mayHoldText(text: string, first: number): boolean {
  let word = 0;
  let bits = 0;
  let awaited = 0;
  for (let at = first; at < first + HEAD_CHARS; at += 1) {
    word = ((word << 6) | sextet(text.charCodeAt(at))) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (word >> bits) & 0xff;
    if (at === first + 1 && (byte === 0x1f || (byte & 0x0f) === 8)) return true;
    awaited = nextAwaited(awaited, byte);
    if (awaited < 0) return false;
  }
  return true;
}

const MIN_DEFLATE_CHARS = 24;

// UUIDs, digests and counters have no letters of both cases: they are most of the runs that hold no text.
function mayHoldDeflate(text: string, start: number, end: number): boolean {
  if (end - start < MIN_DEFLATE_CHARS) return false;
  const one = sextet(text.charCodeAt(start));
  const two = sextet(text.charCodeAt(start + 1));
  const second = ((two & 15) << 4) | (sextet(text.charCodeAt(start + 2)) >> 2);
  return mayBeDeflate((one << 2) | (two >> 4), second) && hasBothCases(text, start);
}

function hasBothCases(text: string, start: number): boolean {
  let seen = 0;
  for (let at = start; at < start + MIN_DEFLATE_CHARS && seen !== 3; at += 1) {
    const value = sextet(text.charCodeAt(at));
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

const MIN_TEXT_BYTES = 12;

// What a neighbour of the same alphabet adds at either end decodes to garbage, so a stretch of text is enough.
function holdsText(bytes: Uint8Array, least: number): boolean {
  let awaited = 0;
  let stretch = 0;
  for (let at = 0; at < bytes.length && stretch < least; at += 1) {
    awaited = nextAwaited(awaited, bytes[at] ?? 0);
    stretch = awaited < 0 ? 0 : stretch + 1;
    awaited = Math.max(0, awaited);
  }
  return stretch >= least;
}

// Runs of base64 or hex digits that hold a text: an encoded document, a compressed one. Bytes that are no text are passed
// over: a secret that stands in them as it is has the known forms of base64 and hex.
import { latin1, sextet, unbase64, unhex } from './encodings.ts';
import { gunzip } from './inflate.ts';

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
}

const MIN_RUN_CHARS = 16;

const isRunCode = Uint8Array.from({ length: 128 }, (_, code) => (/[\w+/-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** Every run with the text it decodes to, one character a byte, gunzipped where it is compressed. */
export function encodedRuns(text: string): readonly Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code < 128 && isRunCode[code] === 1) continue;
    if (at - start >= MIN_RUN_CHARS) {
      // MIME wraps base64 into lines.
      if ((code === 13 || code === 10) && continues(text, at)) continue;
      addRun(runs, text, start, at);
    }
    start = at + 1;
  }
  return runs;
}

function continues(text: string, at: number): boolean {
  const next = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  return next < text.length && isRunCode[text.charCodeAt(next)] === 1;
}

const HEX = /[0-9a-f]{32,}/gi;

function addRun(runs: Run[], text: string, start: number, end: number): void {
  // A neighbour of the same alphabet shifts what follows by one to three characters.
  for (let first = start; first < start + 4; first += 1) {
    if (mayHoldText(text, first)) push(runs, start, end, unbase64(text.slice(first, end)));
  }
  if (end - start < 2 * MIN_RUN_CHARS) return;
  for (const found of text.slice(start, end).matchAll(HEX)) {
    push(runs, start, end, unhex(found[0]));
    push(runs, start, end, unhex(found[0].slice(1)));
  }
}

function push(runs: Run[], start: number, end: number, bytes: Uint8Array): void {
  const unpacked = gunzip(bytes) ?? bytes;
  if (holdsText(unpacked)) runs.push({ start, end, inner: latin1(unpacked) });
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

/** How many continuation bytes of UTF-8 (RFC 3629) are to come after this byte; -1 where it cannot stand in a text. */
function nextAwaited(awaited: number, byte: number): number {
  if (awaited > 0) return (byte & 0xc0) === 0x80 ? awaited - 1 : -1;
  if (byte < 0x80) return byte < 32 && (byte < 9 || byte > 13) ? -1 : 0;
  if (byte < 0xc2 || byte > 0xf4) return -1;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

const MIN_TEXT_BYTES = 12;

// What a neighbour of the same alphabet adds at either end decodes to garbage, so a stretch of text is enough.
function holdsText(bytes: Uint8Array): boolean {
  let awaited = 0;
  let stretch = 0;
  for (let at = 0; at < bytes.length && stretch < MIN_TEXT_BYTES; at += 1) {
    awaited = nextAwaited(awaited, bytes[at] ?? 0);
    stretch = awaited < 0 ? 0 : stretch + 1;
    awaited = Math.max(0, awaited);
  }
  return stretch >= MIN_TEXT_BYTES;
}

// A JSON text without its secrets, from its bytes. Known values, names and shapes are all looked for in what the server wrote, so
// that none hides what another would find; then they are merged.
import type { Span } from '../span.ts';
import { BY_NAME, CREDENTIAL, outermostEdits, SHAPE } from './edits.ts';
import { scanJson } from './scan.ts';
import { createScan, type Findings, type Scan, type ScanOptions, sliceText } from './scan-state.ts';
import { withTagPlaces } from './tag-places.ts';
import { readString, takeKnownNumbers } from './token-texts.ts';
import { endOfString, QUOTE } from './tokens.ts';

export interface JsonOptions extends Omit<ScanOptions, 'readsNumbers'> {
  /** Where known values stand (`Scrubber.find`); asked only of what is JSON. */
  readonly find?: (bytes: Uint8Array) => readonly Span[];
  /** Whether a text holds a known value; asked of what numbers read as. Absent where no known value is a number. */
  readonly isKnownNumber?: ((text: string) => boolean) | undefined;
  /** Where something may begin that `redactString` would change. */
  readonly candidatesIn?: (bytes: Uint8Array) => readonly number[];
  /** Told every text that a credential's name took. */
  readonly taken?: (value: string) => void;
}

export interface RedactedJson {
  /** `withheld`: it could not be looked through, or what was made of it still held a known value. */
  readonly verdict: 'json' | 'not-json' | 'cut-short' | 'withheld';
  /** The redacted text; empty unless the verdict is `json` or `cut-short`. */
  readonly text: string;
  /** Places that were replaced, by reason. */
  readonly counts: { readonly known: number; readonly names: number; readonly shapes: number };
  /** Levels of objects and lists. */
  readonly depth: number;
}

/**
 * Takes the bytes of a text in UTF-8, without a byte order mark. The result is JSON where the bytes are (RFC 8259), and differs from
 * them only where something was redacted. Time is linear; memory is that of the edits and 20 bytes for each level.
 */
export function redactJson(bytes: Uint8Array, options: JsonOptions): RedactedJson {
  const first = redactOnce(bytes, options);
  if (!options.find || first.counts.known === 0) return first;
  const made = encoder.encode(first.text);
  if (options.find(made).length === 0) return first;
  const second = redactOnce(made, { ...options, text: first.text });
  const { names, shapes } = first.counts;
  const known = first.counts.known + second.counts.known;
  const isClean = options.find(encoder.encode(second.text)).length === 0;
  return isClean ? { ...second, counts: { known, names, shapes } } : withoutText('withheld', first.depth);
}

const encoder = new TextEncoder();

function withoutText(verdict: 'not-json' | 'withheld', depth: number): RedactedJson {
  return { verdict, text: '', counts: { known: 0, names: 0, shapes: 0 }, depth };
}

function redactOnce(bytes: Uint8Array, options: JsonOptions): RedactedJson {
  const found = options.candidatesIn?.(bytes) ?? [];
  const candidates = options.redactString ? withTagPlaces(bytes, found) : found;
  const settings = { ...options, readsNumbers: options.isKnownNumber !== undefined };
  const read = (findings: Findings) => {
    const scan = createScan(bytes, settings, findings);
    return { scan, verdict: scanJson(scan) };
  };
  const plain = read({ known: [], candidates });
  if (plain.verdict === 'not-json') return withoutText('not-json', 0);
  if (plain.verdict === 'too-deep') return withoutText('withheld', plain.scan.deepest);
  const known = options.find?.(bytes) ?? [];
  const { scan } = known.length === 0 ? plain : read({ known, candidates });
  if (options.isKnownNumber) takeKnownNumbers(scan, options.isKnownNumber);
  return { verdict: plain.verdict, ...applyEdits(scan, options), depth: scan.deepest };
}

function applyEdits(scan: Scan, options: JsonOptions): Pick<RedactedJson, 'text' | 'counts'> {
  const { rows, count, texts } = scan.edits;
  const counts = { known: scan.known.length + scan.otherKnown, names: 0, shapes: 0 };
  const text = options.text ?? sliceText(scan, 0, scan.size);
  if (count === 0) return { text, counts };
  const indexOf = createIndexReader(scan, text);
  const parts: string[] = [];
  let from = 0;
  for (const at of outermostEdits(scan.edits)) {
    const start = rows[at] ?? 0;
    const end = rows[at + 1] ?? 0;
    const kind = rows[at + 2] ?? 0;
    parts.push(text.slice(from, indexOf(start)), texts[rows[at + 3] ?? 0] ?? '');
    from = indexOf(end);
    if (kind === SHAPE) counts.shapes += rows[at + 4] ?? 0;
    if (kind === CREDENTIAL || kind === BY_NAME) counts.names += 1;
    if (kind === CREDENTIAL && options.taken) tellTexts(scan, start, end, options.taken);
  }
  return { text: parts.join('') + text.slice(from), counts };
}

/** Tells where in the text the character stands that begins at an offset; offsets have to grow. */
function createIndexReader({ bytes }: Scan, text: string): (offset: number) => number {
  if (text.length === bytes.length) return (offset) => offset;
  let at = 0;
  let index = 0;
  return (offset) => {
    index += unitsBetween(bytes, at, offset);
    at = offset;
    return index;
  };
}

/** How many units of UTF-16 whole characters take; of those with four bytes it is two. */
function unitsBetween(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** The texts of a value, without the names inside of it. */
function tellTexts(scan: Scan, start: number, end: number, taken: (value: string) => void): void {
  const { bytes } = scan;
  for (let at = bytes.indexOf(QUOTE, start); at >= 0 && at < end; at = bytes.indexOf(QUOTE, at)) {
    const after = endOfString(scan, at + 1);
    if (after < 0) return;
    if (!isName(bytes, after)) taken(readString(scan, at, after));
    at = after;
  }
}

function isName(bytes: Uint8Array, after: number): boolean {
  let at = after;
  while (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9) at += 1;
  return bytes[at] === 58;
}

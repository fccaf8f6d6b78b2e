// What of a text that was cut short does not go out: it may be the beginning of a known value, whose rest did not arrive. Whoever
// chooses where the cut falls could try one character after the other if that were compared with the values. So the word that a text ends
// in goes whatever it is, and longer beginnings go for what nobody guesses at once.
import type { Span } from '../span.ts';
import { createWork, type Work } from '../work.ts';
import { runStartBefore } from './encoded-runs.ts';

type Find = (bytes: Uint8Array, work: Work) => readonly Span[];

/** Ways to look through a part of the text. */
export interface EndSearch {
  /** No known value is spelled in more bytes. */
  readonly reach: number;
  readonly known: Find;
  /** Whole values of which `beginnings` knows the beginnings. */
  readonly leaves: Find;
  readonly beginnings: Find;
}

/** How many bytes at the end of a text do not go out. */
export function openEndBytes(bytes: Uint8Array, search: EndSearch): number {
  const word = lastWord(bytes, search.reach);
  return bytes.length - Math.min(beforeCut(bytes, word, search), openBeginning(bytes, search));
}

const QUOTE = 34;
/** What closes JSON and XML is no part of a value. */
const CLOSERS = Uint8Array.from({ length: 256 }, (_, code) => ('}])>;,'.includes(String.fromCharCode(code)) ? 1 : 0));

/** Where the word begins that a text ends in; white space and quotes end words. Of a very long one, a run of base64 digits stays whole. */
function lastWord(bytes: Uint8Array, reach: number): number {
  const least = Math.max(0, bytes.length - reach);
  let from = bytes.length;
  let closes = true;
  while (from > least && (bytes[from - 1] ?? 0) > 32 && bytes[from - 1] !== QUOTE) {
    from -= 1;
    closes &&= CLOSERS[bytes[from] ?? 0] === 1;
  }
  if (closes) return bytes.length;
  return from > least ? from : runStartBefore(bytes, from);
}

/** The same place, or the beginning of a known value that a cut there would go through. */
function beforeCut(bytes: Uint8Array, at: number, { reach, known }: EndSearch): number {
  const from = Math.max(0, at - reach);
  const spans = spansIn(bytes.subarray(from, at + reach), known);
  const cut = spans.find(({ start, end }) => from + start < at && from + end > at);
  return cut ? from + cut.start : at;
}

/** Where a beginning stands near the end of the text that no whole value begins with. */
function openBeginning(bytes: Uint8Array, { reach, leaves, beginnings }: EndSearch): number {
  const from = Math.max(0, bytes.length - reach);
  const end = bytes.subarray(from);
  const begun = spansIn(end, beginnings);
  const whole = begun.length === 0 ? [] : leaves(end, createWork(end.length));
  const open = begun.find(({ start }) => !whole.some((span) => span.start <= start && start < span.end));
  return open ? from + open.start : bytes.length;
}

/** All of it where it takes too much to tell. */
function spansIn(bytes: Uint8Array, find: Find): readonly Span[] {
  const work = createWork(bytes.length);
  const spans = find(bytes, work);
  return work.left < 0 ? [{ start: 0, end: bytes.length }] : spans;
}

// Where a text that was cut short ends in what may be the beginning of a known value: a cut can fall inside a secret, inside an escape
// of one of its characters, and inside the encoded data that holds it.

import { unpackPieces } from '../inflate.ts';
import { spend, type Work } from '../work.ts';
import { decodeBase64, decodeHex, hexTailStart, opensStream, runTailStart } from './encoded-runs.ts';
import type { Unescaped } from './escape-readers.ts';
import type { Folded } from './folding.ts';
import type { Knowledge } from './knowledge.ts';
import {
  createUnescaped,
  type EscapeMode,
  escapeModes,
  findMarks,
  madeBy,
  openEscapes,
  seenBy,
  sourceOf,
  undoEscapes,
} from './unescape.ts';

const UNESCAPE_LEVELS = 3;
const RUN_LEVELS = 2;
/** So many bytes of a beginning inside encoded data take the whole run of it away. */
const TELLING_BYTES = 3;

/** How many bytes at the end of a text may be the beginning of a known value; all that decoding may cost is taken from `work`. */
export function openEndBytes(knowledge: Knowledge, bytes: Uint8Array, work: Work): number {
  const budget = { left: COMPARISONS + knowledge.table.needles.length * COMPARISONS_PER_FORM };
  return bytes.length - openFrom({ knowledge, work, budget }, bytes, RUN_LEVELS).from;
}

// A secret of one letter over and over would cost its length times its length; past this budget all of the text counts.
const COMPARISONS = 8_000_000;
const COMPARISONS_PER_FORM = 1_000;

interface Search {
  readonly knowledge: Knowledge;
  readonly work: Work;
  readonly budget: { left: number };
}

/** Where the open end of a text begins, its length where there is none; and how much of a form stands there. */
interface Open {
  readonly from: number;
  readonly length: number;
}

function widest(one: Open, other: Open): Open {
  return { from: Math.min(one.from, other.from), length: Math.max(one.length, other.length) };
}

function openFrom(search: Search, bytes: Uint8Array, runLevels: number): Open {
  const skipped = Math.max(0, bytes.length - search.knowledge.overlapBytes);
  const inViews = openInViews(search, bytes.subarray(skipped), { runLevels, level: 0 });
  return widest({ from: skipped + inViews.from, length: inViews.length }, openRun(search, bytes, runLevels));
}

interface Depth {
  readonly runLevels: number;
  readonly level: number;
  readonly mode?: EscapeMode;
  readonly unescaped?: Unescaped;
}

function openInViews(search: Search, bytes: Uint8Array, { runLevels, level, mode, unescaped }: Depth): Open {
  let open = openAsItIs(search, bytes, unescaped);
  if (level === UNESCAPE_LEVELS) return open;
  const made = unescaped ? madeBy(unescaped) : -1;
  for (const next of escapeModes) {
    if (next !== mode && next !== 'escapes' && (made & seenBy[next]) === 0) continue;
    const out = undone(next, bytes);
    if (!out) continue;
    const text = out.bytes.subarray(0, out.size);
    let inner = openInViews(search, text, { runLevels, level: level + 1, mode: next, unescaped: out });
    if (level === 0 && next === 'escapes') inner = widest(inner, openRun(search, text, runLevels));
    if (inner.from < out.size) open = widest(open, { from: sourceOf(out, 0, inner.from).start, length: inner.length });
  }
  return open;
}

function openAsItIs({ knowledge, budget }: Search, bytes: Uint8Array, unescaped: Unescaped | undefined): Open {
  const folded = { bytes: new Uint8Array(0), size: 0, seen: 0 };
  knowledge.folder.fold(bytes, 0, bytes.length, folded);
  const positions = knowledge.folder.positions(bytes, 0, bytes.length, folded.size);
  let open = { from: bytes.length, length: 0 };
  for (const end of endsOf(bytes, unescaped)) {
    const size = foldedBefore(positions, end);
    const length = longestBeginning(knowledge, folded, size, budget);
    if (length > 0) open = widest(open, { from: positions[size - length] ?? open.from, length });
  }
  return open;
}

function undone(mode: EscapeMode, bytes: Uint8Array): Unescaped | undefined {
  const list = { places: new Int32Array(0), count: 0 };
  findMarks(mode, bytes, bytes.length, list);
  if (list.count === 0) return undefined;
  const out = createUnescaped();
  undoEscapes(mode, bytes, { from: 0, to: bytes.length, places: list.places, first: 0, last: list.count }, out);
  return out.cutCount === 0 ? undefined : out;
}

/** Where the whole characters may end: at the end, or before an escape or a sequence of UTF-8 that the cut left half. */
function endsOf(bytes: Uint8Array, unescaped: Unescaped | undefined): ReadonlySet<number> {
  const ends = new Set([bytes.length, ...openEscapes(bytes)]);
  for (let back = 1; back <= 3; back += 1) if ((bytes[bytes.length - back] ?? 0) >= 0xc0) ends.add(bytes.length - back);
  // An escape at the very end may have been cut to a shorter one.
  for (let back = 1; unescaped && back <= 2; back += 1) {
    const first = unescaped.cuts[(unescaped.cutCount - back) * 4];
    if (first !== undefined && first >= bytes.length - 4) ends.add(first);
  }
  return ends;
}

function foldedBefore(positions: Int32Array, end: number): number {
  let size = positions.length;
  while (size > 0 && (positions[size - 1] ?? 0) >= end) size -= 1;
  return size;
}

/** The longest end of the folded text that is the beginning of a form. */
function longestBeginning({ table }: Knowledge, { bytes }: Folded, size: number, budget: { left: number }): number {
  let best = 0;
  if (budget.left < 0) return size;
  for (const { folded, kind } of table.needles) {
    if (kind === 'head') continue;
    budget.left -= Math.min(folded.length, size) >> 2;
    for (let length = Math.min(folded.length, size); length > best; length -= 1) {
      if (bytes[size - 1] === folded[length - 1] && isBeginning(bytes, size, folded, length, budget)) best = length;
      if (budget.left < 0) return size;
    }
  }
  return best;
}

function isBeginning(
  text: Uint8Array,
  size: number,
  form: Uint8Array,
  length: number,
  budget: { left: number },
): boolean {
  for (let index = length - 1; index >= 0; index -= 1) {
    budget.left -= 1;
    if (text[size - length + index] !== form[index]) return false;
  }
  return true;
}

const MIN_RUN_BYTES = 6;

/** The run of base64 or hex digits that the text ends in, if what it holds ends in the beginning of a known value. */
function openRun(search: Search, bytes: Uint8Array, runLevels: number): Open {
  const from = runTailStart(bytes);
  const none = { from: bytes.length, length: 0 };
  if (runLevels === 0 || bytes.length - from < MIN_RUN_BYTES) return none;
  const most = search.knowledge.overlapBytes;
  for (let first = from; first < from + 4; first += 1) {
    // Only the end of a text is looked at, in whole groups; a compressed stream can only be read from its beginning.
    const late = first + 4 * Math.max(0, Math.floor((bytes.length - first - 2 * most) / 4));
    if (endsOpen(search, decoded(decodeBase64, bytes, late), runLevels)) return { from, length: TELLING_BYTES };
  }
  for (let first = from; first < bytes.length; first += 1) {
    // What stands before a stream without a head is not looked for.
    if (first > from && !opensStream(bytes, first, bytes.length)) continue;
    if (!spend(search.work, bytes.length - first)) return { from, length: TELLING_BYTES };
    if (opensPacked(search, decoded(decodeBase64, bytes, first), runLevels)) return { from, length: TELLING_BYTES };
  }
  const hexFrom = hexTailStart(bytes);
  for (const first of [hexFrom, hexFrom + 1]) {
    const inner = decoded(decodeHex, bytes, first);
    if (endsOpen(search, inner, runLevels) || opensPacked(search, inner, runLevels)) {
      return { from: Math.min(from, hexFrom), length: TELLING_BYTES };
    }
  }
  return none;
}

function decoded(decode: typeof decodeBase64, bytes: Uint8Array, from: number): Uint8Array {
  const out = new Uint8Array(Math.max(0, bytes.length - from));
  return out.subarray(0, decode(bytes, from, bytes.length, out));
}

function endsOpen(search: Search, inner: Uint8Array, runLevels: number): boolean {
  return openFrom(search, inner, runLevels - 1).length >= TELLING_BYTES;
}

function opensPacked(search: Search, packed: Uint8Array, runLevels: number): boolean {
  const most = search.knowledge.overlapBytes;
  let last = new Uint8Array(0);
  const kind = unpackPieces(packed, search.work, (piece) => {
    const joined = new Uint8Array(last.length + piece.length);
    joined.set(last);
    joined.set(piece, last.length);
    last = joined.slice(-most);
    return true;
  });
  return search.work.left < 0 || (kind !== 'none' && endsOpen(search, last, runLevels));
}

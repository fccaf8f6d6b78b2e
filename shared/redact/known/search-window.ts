// One window of a text: as it is, with its escapes undone, and what its runs of base64 and hex digits hold.

import { REDACTED } from '../marker.ts';
import type { Work } from '../work.ts';
import { visitRuns } from './encoded-runs.ts';
import type { Unescaped } from './escape-readers.ts';
import { type Folded, SEEN_STAR, SEEN_WIDE } from './folding.ts';
import type { Hit } from './form-table.ts';
import { PHASES, runHolds } from './held-runs.ts';
import type { Knowledge } from './knowledge.ts';
import type { KnownSearch } from './known-search.ts';
import { findMasked } from './masked.ts';
import {
  createUnescaped,
  type EscapeMode,
  escapeModes,
  findMarks,
  type MarkList,
  madeBy,
  seenBy,
  sourceOf,
  touchesCut,
  undoEscapes,
  visitMarked,
} from './unescape.ts';

/** A stretch of the window. */
export interface Found {
  readonly start: number;
  readonly end: number;
  /** Part of a run of base64 characters, all of which it is. */
  readonly isRun: boolean;
}

interface Window {
  readonly bytes: Uint8Array;
  readonly to: number;
  /** Whether the text goes on behind it. */
  readonly isOpen: boolean;
  /** Whether the run of base64 characters that it ends in does. */
  readonly cutsRun: boolean;
}

export interface WindowSearch {
  find(window: Window, work: Work): readonly Found[];
}

const UNESCAPE_LEVELS = 3;
/** In the views of so many levels, runs are looked into. */
const RUN_VIEWS = 2;
/** White space and longer spellings of letters between the escapes of one form. */
const SLACK_BYTES = 64;

/** A text that is searched: the window itself, or a part of it with escapes undone. */
interface View extends Window {
  readonly origin?: { readonly view: View; readonly from: number; readonly unescaped: Unescaped };
}

/** Room that one window after the other is searched in. */
interface Desk {
  readonly knowledge: Knowledge;
  readonly folded: Folded;
  /** One for each level of escapes. */
  readonly rooms: readonly { readonly marks: MarkList; readonly out: Unescaped }[];
  readonly reach: number;
  /** Looks inside encoded data; undefined where it is deep enough. */
  readonly inner: () => KnownSearch | undefined;
  room: Uint8Array;
  readonly looked: Int32Array;
  found: Found[];
  work: Work;
}

/** `createInner` makes the search that looks inside encoded data. */
export function createWindowSearch(knowledge: Knowledge, createInner?: () => KnownSearch): WindowSearch {
  let inner: KnownSearch | undefined;
  const desk: Desk = {
    knowledge,
    folded: { bytes: new Uint8Array(0), size: 0, seen: 0 },
    rooms: Array.from({ length: UNESCAPE_LEVELS }, () => ({
      marks: { places: new Int32Array(0), count: 0 },
      out: createUnescaped(),
    })),
    reach: knowledge.table.longest + SLACK_BYTES,
    inner() {
      inner ??= createInner?.();
      return inner;
    },
    room: new Uint8Array(0),
    looked: new Int32Array(PHASES),
    found: [],
    work: { left: 0 },
  };
  return {
    find(window, work) {
      desk.found = [];
      desk.work = work;
      searchFolded(desk, window);
      const { seen } = desk.folded;
      for (const mode of escapeModes) if ((seen & seenBy[mode]) !== 0) searchUnescaped(desk, window, mode, 0);
      if ((seen & (SEEN_STAR | SEEN_WIDE)) !== 0) {
        for (const span of findMasked(knowledge.masks, window.bytes, window.to)) {
          desk.found.push({ ...span, isRun: false });
        }
      }
      searchRuns(desk, window);
      return desk.found;
    },
  };
}

function searchFolded({ knowledge: { folder, table }, folded, found }: Desk, view: View): void {
  folder.fold(view.bytes, 0, view.to, folded);
  const hits = table.find(folded);
  if (hits.length === 0) return;
  const positions = folder.positions(view.bytes, 0, view.to, folded.size);
  let headEnd = 0;
  for (const hit of hits) {
    const isHead = hit.needle.kind === 'head';
    // A secret that repeats itself begins again in its own head; each place is read once.
    if (isHead && hit.start < headEnd) continue;
    const end = endOfHit(folded, hit);
    if (isHead) headEnd = end;
    const last = folder.endOf(view.bytes, positions[end - 1] ?? 0, view.to);
    if (isHead && continues(view, last)) continue;
    addFound(found, view, { start: positions[hit.start] ?? 0, end: last, isRun: hit.needle.kind === 'run' });
  }
}

/** A head goes on for as long as the secret does. */
function endOfHit({ bytes, size }: Folded, { end, needle }: Hit): number {
  if (needle.kind !== 'head') return end;
  let last = end;
  for (let at = needle.folded.length; last < size && bytes[last] === needle.whole[at]; at += 1) last += 1;
  return last;
}

const WORD = /^\w/;

// A longer word that begins as a secret does is another word. Where the window ends, the next one tells.
function continues({ bytes, to, isOpen }: View, at: number): boolean {
  return at < to ? WORD.test(String.fromCharCode(bytes[at] ?? 0)) : isOpen;
}

function addFound(found: Found[], view: View, { start, end, isRun }: Found): void {
  if (view.origin) {
    const { view: outer, from, unescaped } = view.origin;
    const first = sourceOf(unescaped, from, start);
    addFound(found, outer, { start: first.start, end: sourceOf(unescaped, from, end - 1).end, isRun });
    return;
  }
  if (insideMarker(view.bytes, start, end)) return;
  const first = isRun ? outerStart(view.bytes, start) : start;
  const last = isRun ? outerEnd(view.bytes, end, view.to) : end;
  found.push({ start: escapeStart(view.bytes, first), end: last, isRun });
}

const MARKER = new TextEncoder().encode(REDACTED);

// A secret that reads like our own marker would make it grow at each pass.
function insideMarker(bytes: Uint8Array, start: number, end: number): boolean {
  for (let first = Math.max(0, end - MARKER.length); first <= start; first += 1) {
    let same = 0;
    while (same < MARKER.length && bytes[first + same] === MARKER[same]) same += 1;
    if (same === MARKER.length) return true;
  }
  return false;
}

const IN_RUN = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 128 && /[\w+/=-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

// The characters at the ends of a match in base64 hold bits of the secret as well.
function outerStart(bytes: Uint8Array, start: number): number {
  let first = start;
  while (first > 0 && IN_RUN[bytes[first - 1] ?? 0] === 1) first -= 1;
  return first;
}

const BACKSLASH = 92;
const ESCAPED = Uint8Array.from({ length: 256 }, (_, code) => ('"/bfnrtu'.includes(String.fromCharCode(code)) ? 1 : 0));

// What begins with the letter of an escape takes the escape with it: half of one would spoil the text around it.
function escapeStart(bytes: Uint8Array, start: number): number {
  if (bytes[start - 1] !== BACKSLASH || ESCAPED[bytes[start] ?? 0] !== 1) return start;
  let first = start - 1;
  while (first > 0 && bytes[first - 1] === BACKSLASH) first -= 1;
  return (start - first) % 2 === 1 ? start - 1 : start;
}

function outerEnd(bytes: Uint8Array, end: number, to: number): number {
  let last = end;
  while (last < to && IN_RUN[bytes[last] ?? 0] === 1) last += 1;
  return last;
}

function searchUnescaped(desk: Desk, view: View, mode: EscapeMode, level: number): void {
  const room = desk.rooms[level];
  if (!room) return;
  const { marks, out } = room;
  findMarks(mode, view.bytes, view.to, marks);
  visitMarked(view.bytes, view.to, marks, desk.reach, (range) => {
    undoEscapes(mode, view.bytes, range, out);
    if (out.cutCount === 0) return;
    const isLast = range.to === view.to;
    const inner = {
      bytes: out.bytes,
      to: out.size,
      isOpen: view.isOpen && isLast,
      cutsRun: view.cutsRun && isLast,
      origin: { view, from: range.from, unescaped: out },
    };
    searchFolded(desk, inner);
    const { seen } = desk.folded;
    if (level < RUN_VIEWS && mode === 'escapes') searchRuns(desk, inner);
    const made = seen & madeBy(out);
    for (const next of escapeModes) {
      // The marks of the other modes that stood there before were looked at beside this one.
      const asks = next === mode || next === 'escapes' ? seen : made;
      if ((asks & seenBy[next]) !== 0) searchUnescaped(desk, inner, next, level + 1);
    }
  });
}

function searchRuns(desk: Desk, view: View): void {
  const inner = desk.inner();
  if (!inner) return;
  const { bytes, to, origin } = view;
  const reader = { inner, work: desk.work, room: desk.room, known: desk.looked };
  // Of a run that goes as a whole nothing more is to be learned.
  const known = origin ? [] : desk.found.toSorted((a, b) => a.end - b.end);
  let next = 0;
  visitRuns(bytes, 0, to, (start, end) => {
    while ((known[next]?.end ?? end) < end) next += 1;
    if ((known[next]?.start ?? end) <= start || desk.work.left < 0) return;
    // Without an escape in it, it was looked into as it stands.
    if (origin && !touchesCut(origin.unescaped, start, end)) return;
    const run = { bytes, start, end, isCut: view.cutsRun && end === to };
    if (runHolds(reader, run)) addFound(desk.found, view, { start, end, isRun: true });
  });
  desk.room = reader.room;
}

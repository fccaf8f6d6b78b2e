// One window of a text: as it is, with its escapes undone, and what its runs of base64 and hex digits hold.

import { REDACTED } from '../marker.ts';
import type { Work } from '../work.ts';
import { visitRuns } from './encoded-runs.ts';
import type { Unescaped } from './escape-readers.ts';
import type { Folded } from './folding.ts';
import type { Hit } from './form-table.ts';
import { PHASES, runHolds } from './held-runs.ts';
import { type Knowledge, LEAST_REACH_BYTES } from './knowledge.ts';
import type { KnownSearch } from './known-search.ts';
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
  /** Whether the run of base64 characters that it ends in goes on behind it. */
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
  const endOf = (end: number) => folder.endOf(view.bytes, positions[end - 1] ?? 0, view.to);
  let headEnd = -1;
  for (const [index, { start, end, needle }] of hits.entries()) {
    const first = positions[start] ?? 0;
    if (needle.kind !== 'head') addFound(found, view, { start: first, end: endOf(end), isRun: needle.kind === 'run' });
    // A secret that repeats itself begins again in what goes with its head; each place is read once.
    else if (first >= headEnd && !isWhole(hits, index)) {
      headEnd = tokenEnd(view, endOf(end), first + Math.max(LEAST_REACH_BYTES, needle.wholeBytes));
      addFound(found, view, { start: first, end: headEnd, isRun: false });
    }
  }
}

/** Whether all of the secret follows its head. */
function isWhole(hits: readonly Hit[], head: number): boolean {
  const { start, needle: { wholeBytes } = { wholeBytes: 0 } } = hits[head] ?? { start: 0 };
  for (let index = head + 1; (hits[index]?.end ?? Number.POSITIVE_INFINITY) <= start + wholeBytes; index += 1) {
    if (hits[index]?.start === start) return true;
  }
  return false;
}

const IN_TOKEN = Uint8Array.from({ length: 256 }, (_, code) =>
  code < 128 && /[\w+/=*.-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Where the token ends that a head begins, what masks its middle and its end included. What the secret goes on with is no matter: were
 * it, whoever has the head could try one character after the other.
 */
function tokenEnd({ bytes, to }: View, at: number, most: number): number {
  const last = Math.min(to, most);
  let end = at;
  while (end < last) {
    if (IN_TOKEN[bytes[end] ?? 0] === 1) end += 1;
    else if (isBullet(bytes, end)) end += 3;
    else break;
  }
  return Math.min(end, to);
}

/** U+2022, the bullet, and U+2026, the ellipsis. */
function isBullet(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && (bytes[at + 2] === 0xa2 || bytes[at + 2] === 0xa6);
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
    const inner = {
      bytes: out.bytes,
      to: out.size,
      cutsRun: view.cutsRun && range.to === view.to,
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

// Known values in UTF-8 of any length, in bounded memory: the text is cut into windows that overlap by more than the longest spelling.
// Where one ends depends on what the text holds and where, never on the pieces that it arrives in, so a stream is searched as a whole is.
import type { Span } from '../span.ts';
import type { Work } from '../work.ts';
import type { Knowledge } from './knowledge.ts';
import { createWindowSearch, type Found } from './search-window.ts';
import { runEnd } from './unescape.ts';

export interface KnownSearch {
  /** Begins another text. Where `work.left` goes below zero, the search of it is not finished. */
  start(work: Work): void;
  push(bytes: Uint8Array): void;
  end(): void;
  /** What was found since the last call, sorted and disjoint; nothing more will be found before `settled`. */
  take(): { readonly spans: readonly Span[]; readonly settled: number };
}

const WINDOW_BYTES = 128 * 1024;
/** How far a window is drawn out so that a run of base64 characters stays whole. */
const LONGEST_RUN_BYTES = 1024 * 1024;
const RUN_SIGN_BYTES = 16;

/** `levels`: how many encodings, one inside the other, are looked into. */
export function createKnownSearch(knowledge: Knowledge, levels: number): KnownSearch {
  const overlap = knowledge.overlapBytes;
  const windowBytes = Math.max(WINDOW_BYTES, 2 * overlap);
  const window = createWindowSearch(knowledge, levels > 0 ? () => createKnownSearch(knowledge, levels - 1) : undefined);
  let text: Text = beginning({ left: 0 });

  const pass = (isLast: boolean) => {
    for (let end = windowEnd(text, windowBytes, isLast); end > 0; end = windowEnd(text, windowBytes, isLast)) {
      const isEnd = isLast && end === text.size;
      const cutsRun = !isEnd && runEnd(text.bytes, end, end + 1) > end;
      const found = window.find({ bytes: text.bytes, to: end, cutsRun }, text.work);
      settle(text, found, { end, isEnd, known: text.base === 0 ? 0 : overlap });
      letGo(text, isEnd ? end : end - overlap);
      if (text.work.left < 0) text.size = 0;
    }
  };
  return {
    start(work) {
      text = { ...beginning(work), bytes: text.bytes };
    },
    push(bytes) {
      for (let at = 0; at < bytes.length && text.work.left >= 0; at += windowBytes) {
        append(text, bytes.subarray(at, at + windowBytes));
        pass(false);
      }
    },
    end: () => pass(true),
    take() {
      const spans = text.done;
      text.done = [];
      return { spans, settled: text.base };
    },
  };
}

/** As much of a text as is held. */
interface Text {
  readonly work: Work;
  bytes: Uint8Array;
  size: number;
  /** Where in the text the first of them stands. */
  base: number;
  /** How many of them were looked at for the end of a run. */
  looked: number;
  /** Where the rest of a run begins that is taken out, or -1. */
  openRun: number;
  /** Found in what is held still, and before it. */
  pending: Span[];
  done: Span[];
}

function beginning(work: Work): Text {
  return { work, bytes: new Uint8Array(0), size: 0, base: 0, looked: 0, openRun: -1, pending: [], done: [] };
}

function append(text: Text, bytes: Uint8Array): void {
  const size = text.size + bytes.length;
  if (size > text.bytes.length) {
    const grown = new Uint8Array(text.bytes.length === 0 ? size : Math.max(size, text.bytes.length * 2));
    grown.set(text.bytes.subarray(0, text.size));
    text.bytes = grown;
  }
  text.bytes.set(bytes, text.size);
  text.size = size;
}

/** Where the next window ends; 0 where that takes more of the text to tell, or there is no more. */
function windowEnd(text: Text, windowBytes: number, isLast: boolean): number {
  if (text.size <= windowBytes) return isLast ? text.size : 0;
  if (runEnd(text.bytes, windowBytes - RUN_SIGN_BYTES, windowBytes) < windowBytes) return windowBytes;
  const most = Math.min(text.size, windowBytes + LONGEST_RUN_BYTES);
  text.looked = runEnd(text.bytes, Math.max(windowBytes, text.looked), most);
  if (text.looked < text.size) return text.looked;
  return isLast ? text.size : 0;
}

interface WindowPlace {
  readonly end: number;
  readonly isEnd: boolean;
  /** What ends within so many bytes was found in the window before. */
  readonly known: number;
}

function settle(text: Text, found: readonly Found[], { end, isEnd, known }: WindowPlace): void {
  const { base } = text;
  const spans = text.pending;
  const add = (start: number, last: number) => spans.push({ start: base + start, end: base + last });
  const openFrom = text.openRun - base;
  let isRunOpen = false;
  if (text.openRun >= 0) {
    const last = runEnd(text.bytes, openFrom, end);
    if (last > openFrom) add(openFrom, last);
    isRunOpen = last === end;
  }
  for (const { start, end: last, isRun } of found) {
    if (last < known) continue;
    add(start, last);
    if (isRun && last === end) isRunOpen = true;
  }
  text.openRun = isRunOpen && !isEnd ? base + end : -1;
  text.pending = merged(spans);
}

function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of isSorted(spans) ? spans : spans.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && span.start <= last.end) out[out.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else out.push(span);
  }
  return out;
}

function isSorted(spans: readonly Span[]): boolean {
  return spans.every(({ start }, index) => index === 0 || start >= (spans[index - 1]?.start ?? 0));
}

/** Forgets the first bytes, and gives out what was found in them. */
function letGo(text: Text, bytes: number): void {
  text.bytes.copyWithin(0, bytes, text.size);
  text.size -= bytes;
  text.base += bytes;
  text.looked = 0;
  const { base } = text;
  const open: Span[] = [];
  for (const span of text.pending) {
    if (span.end <= base) giveOut(text.done, span);
    else if (span.start >= base) open.push(span);
    else {
      giveOut(text.done, { start: span.start, end: base });
      open.push({ start: base, end: span.end });
    }
  }
  text.pending = open;
}

function giveOut(done: Span[], span: Span): void {
  const last = done.at(-1);
  if (last?.end === span.start) done[done.length - 1] = { start: last.start, end: span.end };
  else done.push(span);
}

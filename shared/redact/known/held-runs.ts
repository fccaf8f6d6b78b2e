// Whether a run of base64 or hex digits holds a known value: as a text, or in a compressed stream.
import { unpackPieces } from '../inflate.ts';
import { spend, type Work } from '../work.ts';
import {
  decodeBase64,
  decodeHex,
  decodeText,
  digitOf,
  holdsText,
  isMixed,
  MIN_TEXT_BYTES,
  mayHoldDeflate,
  mayHoldText,
  opensStream,
  visitHex,
} from './encoded-runs.ts';
import type { KnownSearch } from './known-search.ts';

/** Ways to read digits, by how many of a group stand before them. */
export const PHASES = 4;

/** What a run is looked into with; the room is used again. */
export interface RunReader {
  readonly inner: KnownSearch;
  readonly work: Work;
  room: Uint8Array;
  /** How far each of the ways to read the digits of a run was looked at. */
  readonly known: Int32Array;
}

export interface Run {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Whether it goes on behind its end. */
  readonly isCut: boolean;
}

/** Whether the run holds a known value, as far as the work allows to tell. */
export function runHolds(reader: RunReader, run: Run): boolean {
  const { bytes, start, end } = run;
  let found = false;
  let isHex = false;
  visitHex(bytes, start, end, (from, to) => {
    isHex ||= from === start && to === end;
    for (const first of [from, from + 1]) {
      if (found || !spend(reader.work, (to - first) >> 1)) return;
      const room = roomFor(reader, to - first);
      found = holdsKnown(reader, room.subarray(0, decodeHex(bytes, first, to, room)), run.isCut && to === end);
    }
  });
  // So many digits that are all of hex are no base64: one in three of its alphabet is.
  return found || (!isHex && (headHolds(reader, run) || restHolds(reader, run)));
}

// A neighbour of the same alphabet shifts what follows by one to three characters.
function headHolds(reader: RunReader, { bytes, start, end, isCut }: Run): boolean {
  for (let first = start; first < start + PHASES; first += 1) {
    const isLikely =
      mayHoldText(bytes, first, end) ||
      opensStream(bytes, first, end) ||
      (first === start && mayHoldDeflate(bytes, start, end));
    if (!isLikely) continue;
    if (!spend(reader.work, end - first)) return false;
    if (holdsKnown(reader, decoded(reader, bytes, first, end), isCut)) return true;
  }
  return false;
}

const SEPARATOR = 1;
const STREAM = 2;
/** A path or a prefix in front of a stream without a head is no longer. */
const MAX_PREFIX_BYTES = 256;

// What may stand before a place where something begins, and the first digit of what gzip and zlib begin with.
const MARKS = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code > 127) return 0;
  return '/-_+'.includes(String.fromCharCode(code)) ? SEPARATOR : 'He'.includes(String.fromCharCode(code)) ? STREAM : 0;
});

/** The same behind its first digits: a path, a prefix, or another word may stand before what is encoded. */
function restHolds(reader: RunReader, run: Run): boolean {
  const { bytes, start, end } = run;
  reader.known.fill(0);
  let digits = 0;
  for (let at = start; at + MIN_DIGITS <= end; at += 1) {
    const mark = MARKS[bytes[at] ?? 0] ?? 0;
    digits += digitOf(bytes[at] ?? 0);
    if (mark === 0 || reader.work.left < 0) continue;
    if (mark === STREAM) {
      if (at > start && opensStream(bytes, at, end) && streamHolds(reader, { ...run, start: at })) return true;
      continue;
    }
    if (mayOpenStream(run, at + 1) && streamHolds(reader, { ...run, start: at + 1 })) return true;
    if (textHolds(reader, run, at + 1, digits % PHASES)) return true;
  }
  return false;
}

function textHolds(reader: RunReader, { bytes, end }: Run, first: number, phase: number): boolean {
  const { known } = reader;
  if (first < (known[phase] ?? 0) || !mayHoldText(bytes, first, end)) return false;
  const size = decodeText(bytes, first, end, roomFor(reader, end - first));
  known[phase] = first + Math.floor((size * 4) / 3);
  if (size < MIN_TEXT_BYTES || !spend(reader.work, size)) return false;
  return holdsInText(reader.inner, reader.room.subarray(0, size), reader.work);
}

const MIN_DIGITS = 12;

function mayOpenStream({ bytes, start, end }: Run, first: number): boolean {
  if (opensStream(bytes, first, end)) return true;
  return first - start <= MAX_PREFIX_BYTES && mayHoldDeflate(bytes, first, end) && isMixed(bytes, first, end);
}

const PROBE_DIGITS = 192;
const PROBE_PRICE = 4_096;

// Most of what begins so is no stream, which its first bytes tell.
function streamHolds(reader: RunReader, { bytes, start, end, isCut }: Run): boolean {
  if (end - start > PROBE_DIGITS) {
    if (isOddGzip(decoded(reader, bytes, start, start + HEAD_DIGITS))) return false;
    if (!spend(reader.work, PROBE_PRICE)) return false;
    const probe = decoded(reader, bytes, start, start + PROBE_DIGITS);
    const kind = unpackPieces(probe, reader.work, () => true);
    if (kind === 'none') return false;
    if (kind !== 'cut') return holdsKnown(reader, probe, false);
  }
  return spend(reader.work, end - start) && holdsKnown(reader, decoded(reader, bytes, start, end), isCut);
}

const HEAD_DIGITS = 16;

// RFC 1952 section 2.3: what is said of compression and system is one of a few.
function isOddGzip(head: Uint8Array): boolean {
  const [first, , , flags = 0, , , , , effort = 0, system = 0] = head;
  return first === 0x1f && (flags > 31 || effort > 4 || (system > 13 && system < 255));
}

function decoded(reader: RunReader, bytes: Uint8Array, from: number, to: number): Uint8Array {
  const room = roomFor(reader, to - from);
  return room.subarray(0, decodeBase64(bytes, from, to, room));
}

function roomFor(reader: RunReader, bytes: number): Uint8Array {
  if (reader.room.length < bytes) reader.room = new Uint8Array(bytes);
  return reader.room;
}

/** Whether decoded data holds a known value, or goes on compressed where nothing can look into it. */
function holdsKnown({ inner, work }: RunReader, bytes: Uint8Array, isCut: boolean): boolean {
  let found = false;
  let isFirst = true;
  const packed = unpackPieces(bytes, work, (piece) => {
    if (isFirst) inner.start(work);
    isFirst = false;
    inner.push(piece);
    found ||= inner.take().spans.length > 0;
    return !found && work.left >= 0;
  });
  if (found || (packed === 'cut' && isCut)) return true;
  if (packed !== 'none' && holdsInRest(inner)) return true;
  if (packed === 'whole' || !holdsText(bytes)) return false;
  return holdsInText(inner, bytes, work);
}

function holdsInText(inner: KnownSearch, text: Uint8Array, work: Work): boolean {
  inner.start(work);
  inner.push(text);
  return holdsInRest(inner);
}

function holdsInRest(inner: KnownSearch): boolean {
  inner.end();
  return inner.take().spans.length > 0;
}

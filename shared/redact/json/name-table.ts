// Names by their bytes: a name that was judged once is known again without being decoded. Records repeat their names in one order, so
// each name remembers which one came after it, and comparing with that one is most often all there is to do.
import { factsOf, type Judge } from './name-facts.ts';
import { endOfString, type JsonSource, QUOTE } from './tokens.ts';

const MAX_NAMES = 2_048;
const POOL_BYTES = 65_536;
const MAX_TOKEN_BYTES = 256;
const SLOTS = 2 * MAX_NAMES;
const PROBES = 8;

/** The names that one judge has judged, at most `MAX_NAMES`. Row 0 is no name. */
export interface NameTable {
  readonly judge: Judge;
  /** By hash: a row, or 0. */
  readonly slots: Int32Array;
  /** Rows: the token's length with its quotes, where it stands in the pool, what is known of it, the row seen after it. */
  readonly lengths: Int32Array;
  readonly offsets: Int32Array;
  readonly facts: Int32Array;
  readonly followers: Int32Array;
  readonly pool: Uint8Array;
  readonly poolView: DataView;
  poolEnd: number;
  rows: number;
  /** The row of the last name read. */
  last: number;
  /** The facts of the last name read. */
  found: number;
}

const tables = new WeakMap<Judge, NameTable>();

/** The table of a judge; it is kept as long as the judge is. */
export function nameTableOf(judge: Judge): NameTable {
  const kept = tables.get(judge);
  if (kept) return kept;
  const pool = new Uint8Array(POOL_BYTES);
  const table: NameTable = {
    judge,
    slots: new Int32Array(SLOTS),
    lengths: new Int32Array(MAX_NAMES + 1),
    offsets: new Int32Array(MAX_NAMES + 1),
    facts: new Int32Array(MAX_NAMES + 1),
    followers: new Int32Array(MAX_NAMES + 1),
    pool,
    poolView: new DataView(pool.buffer),
    poolEnd: 0,
    rows: 0,
    last: 0,
    found: 0,
  };
  tables.set(judge, table);
  return table;
}

/** The end of the name whose quote is at `at`, or BROKEN or OPEN; its facts are then in `table.found`. */
export function readNameToken(table: NameTable, source: JsonSource, at: number): number {
  const expected = table.followers[table.last] ?? 0;
  const row = isSameToken(table, expected, source, at) ? expected : findRow(table, source, at);
  if (row === 0) return readUnknown(table, source, at);
  if (row !== expected) table.followers[table.last] = row;
  table.last = row;
  table.found = table.facts[row] ?? 0;
  return at + (table.lengths[row] ?? 0);
}

/** The same for a value that may be the name of a pair: names do not follow it. */
export function judgeToken(table: NameTable, source: JsonSource, at: number): number {
  const { last } = table;
  table.last = 0;
  const end = readNameToken(table, source, at);
  table.last = last;
  return end;
}

function isSameToken(table: NameTable, row: number, { bytes, view, size }: JsonSource, at: number): boolean {
  const length = table.lengths[row] ?? 0;
  if (length === 0 || at + length > size) return false;
  const offset = table.offsets[row] ?? 0;
  if (length < 4) return bytes[at + length - 1] === QUOTE && bytes[at + 1] === table.pool[offset + 1];
  const last = length - 4;
  for (let next = 0; next < last; next += 4) {
    if (view.getInt32(at + next, true) !== table.poolView.getInt32(offset + next, true)) return false;
  }
  return view.getInt32(at + last, true) === table.poolView.getInt32(offset + last, true);
}

function findRow(table: NameTable, source: JsonSource, at: number): number {
  let slot = slotOf(source, at);
  for (let probe = 0; probe < PROBES; probe += 1) {
    const row = table.slots[slot] ?? 0;
    if (row === 0) return 0;
    if (isSameToken(table, row, source, at)) return row;
    slot = (slot + 1) % SLOTS;
  }
  return 0;
}

function slotOf({ bytes, size }: JsonSource, start: number): number {
  let hash = 0;
  for (let at = start + 1; at < size; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) break;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & (SLOTS - 1);
}

function readUnknown(table: NameTable, source: JsonSource, at: number): number {
  source.escaped = false;
  const end = endOfString(source, at + 1);
  if (end < 0) return end;
  const token = source.bytes.subarray(at, end);
  table.found = factsOf(decodeToken(token, source.escaped), table.judge);
  if (source.escaped || token.length > MAX_TOKEN_BYTES) table.last = 0;
  else remember(table, source, at, token);
  return end;
}

function remember(table: NameTable, source: JsonSource, at: number, token: Uint8Array): void {
  if (table.rows >= MAX_NAMES || table.poolEnd + token.length > POOL_BYTES) forget(table);
  let slot = slotOf(source, at);
  for (let probe = 1; probe < PROBES && table.slots[slot] !== 0; probe += 1) slot = (slot + 1) % SLOTS;
  table.rows += 1;
  const row = table.rows;
  table.slots[slot] = row;
  table.lengths[row] = token.length;
  table.offsets[row] = table.poolEnd;
  table.facts[row] = table.found;
  table.followers[row] = 0;
  table.pool.set(token, table.poolEnd);
  table.poolEnd += token.length;
  table.followers[table.last] = row;
  table.last = row;
}

function forget(table: NameTable): void {
  table.slots.fill(0);
  table.followers.fill(0);
  table.lengths.fill(0);
  table.rows = 0;
  table.poolEnd = 0;
  table.last = 0;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text that a string token stands for, quotes included in the token. */
function decodeToken(token: Uint8Array, escaped: boolean): string {
  const text = decoder.decode(token);
  return escaped ? String(JSON.parse(text)) : text.slice(1, -1);
}

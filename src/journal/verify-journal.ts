// Whether the journal is whole: every entry follows the one before it, none is missing, and the newest is the one that was
// sealed in the database and noted outside of it. Where its oldest entries were removed, it begins where the base says, and an
// entry behind that says so too.
import { ok, type Result } from '../../shared/failure/result.ts';
import { type ChainHash, entryHash } from '../../shared/journal/chain.ts';
import type { JournalEntry } from '../../shared/journal/event.ts';
import type { Sql } from '../state/state.ts';
import type { AnchorReading } from './anchor.ts';
import { broken, type Head, type JournalRow, parseEntry, readHead, readRows } from './journal-rows.ts';
import { readBase } from './journal-start.ts';

const BATCH_ROWS = 1_000;

export interface JournalSummary {
  /** How many there are. */
  readonly entries: number;
  /** Hash of the newest entry; zeros for an empty journal. Note it elsewhere to prove more than this machine can. */
  readonly head: string;
  /** The entries through this seq were removed, the last time at `at` (milliseconds since the epoch). */
  readonly pruned?: { readonly through: number; readonly at: number };
}

/** `anchor` must have been read before the transaction began. Failure: JOURNAL/BROKEN with the first bad entry's seq. */
export function verifyJournal(sql: Sql, anchor: AnchorReading, hash: ChainHash): Result<JournalSummary> {
  const head = readHead(sql, hash);
  if (!head.ok) return head;
  const base = readBase(sql, hash);
  if (!base.ok) return base;
  let last = base.value;
  let anchored = anchorHash(anchor, last);
  let prunedAt: number | undefined;
  const followed = followRows(sql, base.value, hash, (entry) => {
    last = entry;
    anchored = anchorHash(anchor, last) ?? anchored;
    if (tellsOf(entry, base.value)) prunedAt = entry.at;
    return true;
  });
  if (!followed.ok) return followed;
  const ends = checkEnds(last, head.value, anchor, anchored);
  if (!ends.ok) return ends;
  const summary = { entries: last.seq - base.value.seq, head: last.hash };
  if (base.value.seq === 0) return ok(summary);
  if (prunedAt === undefined) return broken(base.value.seq, 'it is missing, and no entry says that it was removed');
  return ok({ ...summary, pruned: { through: base.value.seq, at: prunedAt } });
}

/**
 * Checks every entry behind `start`, also below the first: one that was put there must not stay unseen. `visit` is given each that fits,
 * and says whether to go on. Failure: JOURNAL/BROKEN with the first bad entry's seq.
 */
export function followRows(
  sql: Sql,
  start: Head,
  hash: ChainHash,
  visit: (entry: JournalEntry) => boolean,
): Result<void> {
  let last = start;
  for (let after = Number.MIN_SAFE_INTEGER; ; after = last.seq) {
    const rows = readRows(sql, after, BATCH_ROWS);
    for (const row of rows) {
      const entry = follow(last, row, hash);
      if (!entry.ok) return entry;
      last = entry.value;
      if (!visit(entry.value)) return ok(undefined);
    }
    if (rows.length < BATCH_ROWS) return ok(undefined);
  }
}

/** Whether one entry fits the entry before it; `start` is where the chain begins. Failure: JOURNAL/BROKEN. */
export function checkRow(row: JournalRow, start: Head, hash: ChainHash): Result<void> {
  const previous = row.seq === start.seq + 1 ? start.hash : row.previous;
  if (previous === undefined || row.seq <= start.seq) return broken(row.seq, 'the entry before it is missing');
  return entryHash(previous, row, hash) === row.hash
    ? ok(undefined)
    : broken(row.seq, 'it was changed, or stands in another place');
}

function follow(last: Head, row: JournalRow, hash: ChainHash): Result<JournalEntry> {
  if (row.seq <= last.seq) return broken(row.seq, 'it was added before the first');
  if (row.seq !== last.seq + 1) return broken(last.seq + 1, 'it is missing');
  const fits = checkRow(row, last, hash);
  return fits.ok ? parseEntry(row) : fits;
}

function tellsOf({ event }: JournalEntry, base: Head): boolean {
  return event.type === 'pruned' && event.through === base.seq && event.hash === base.hash;
}

function anchorHash(anchor: AnchorReading, { seq, hash }: Head): string | undefined {
  return typeof anchor === 'object' && anchor.seq === seq ? hash : undefined;
}

function checkEnds(
  last: Head,
  head: Head | undefined,
  anchor: AnchorReading,
  anchored: string | undefined,
): Result<void> {
  if (!head && last.seq > 0) return broken(last.seq, 'the seal of the newest entry was removed');
  if (head && last.seq < head.seq) return broken(last.seq + 1, 'it is missing, as is everything behind it');
  if (head && last.seq > head.seq) return broken(head.seq + 1, 'it was added behind the end');
  if (head && last.hash !== head.hash) return broken(last.seq, 'it is not the entry that the journal ends with');
  if (anchor === 'missing')
    return last.seq === 0 ? ok(undefined) : broken(last.seq, 'the file journal.head is missing');
  if (anchor === 'damaged') return broken(last.seq, 'the file journal.head is damaged');
  if (anchor.seq > last.seq) return broken(last.seq + 1, `it is missing: the journal once had ${anchor.seq} entries`);
  // An entry that was removed with the operator's knowledge cannot be compared any more; the base vouches for it.
  if (anchored !== undefined && anchor.hash !== anchored)
    return broken(anchor.seq, 'it is not the entry that the file journal.head names');
  return ok(undefined);
}

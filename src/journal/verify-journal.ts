// Whether the journal is whole: every entry follows the one before it, none is missing, and the newest is the one that was
// sealed in the database and noted outside of it.
import { ok, type Result } from '../../shared/failure/result.ts';
import { CHAIN_START, type ChainHash, entryHash } from '../../shared/journal/chain.ts';
import type { Sql } from '../state/state.ts';
import type { AnchorReading } from './anchor.ts';
import { broken, type Head, type JournalRow, parseEntry, readHead, readRows } from './journal-rows.ts';

const BATCH_ROWS = 1_000;

export interface JournalSummary {
  readonly entries: number;
  /** Hash of the newest entry; zeros for an empty journal. Note it elsewhere to prove more than this machine can. */
  readonly head: string;
}

/** `anchor` must have been read before the transaction began. Failure: JOURNAL/BROKEN with the first bad entry's seq. */
export function verifyJournal(sql: Sql, anchor: AnchorReading, hash: ChainHash): Result<JournalSummary> {
  const head = readHead(sql, hash);
  if (!head.ok) return head;
  let last: Head = { seq: 0, hash: CHAIN_START };
  let anchored = '';
  // From below the first entry: one that was put there must not stay unseen.
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = readRows(sql, after, BATCH_ROWS);
    for (const row of rows) {
      const next = follow(last, row, hash);
      if (!next.ok) return next;
      last = next.value;
      after = last.seq;
      if (typeof anchor === 'object' && anchor.seq === last.seq) anchored = last.hash;
    }
    if (rows.length < BATCH_ROWS) break;
  }
  return checkEnds(last, head.value, anchor, anchored);
}

/** Whether one entry fits the entry before it. Failure: JOURNAL/BROKEN. */
export function checkRow(row: JournalRow, hash: ChainHash): Result<void> {
  if (row.previous === undefined) return broken(row.seq, 'the entry before it is missing');
  return entryHash(row.previous, row, hash) === row.hash
    ? ok(undefined)
    : broken(row.seq, 'it was changed, or stands in another place');
}

function follow(last: Head, row: JournalRow, hash: ChainHash): Result<Head> {
  if (row.seq < 1) return broken(row.seq, 'it was added before the first');
  if (row.seq !== last.seq + 1) return broken(last.seq + 1, 'it is missing');
  const fits = checkRow({ ...row, previous: last.hash }, hash);
  if (!fits.ok) return fits;
  const entry = parseEntry(row);
  return entry.ok ? ok({ seq: row.seq, hash: row.hash }) : entry;
}

function checkEnds(
  last: Head,
  head: Head | undefined,
  anchor: AnchorReading,
  anchored: string,
): Result<JournalSummary> {
  if (!head && last.seq > 0) return broken(last.seq, 'the seal of the newest entry was removed');
  const sealed = head ?? { seq: 0, hash: CHAIN_START };
  if (last.seq < sealed.seq) return broken(last.seq + 1, 'it is missing, as is everything behind it');
  if (last.seq > sealed.seq) return broken(sealed.seq + 1, 'it was added behind the end');
  if (last.hash !== sealed.hash) return broken(last.seq, 'it is not the entry that the journal ends with');
  if (anchor === 'missing')
    return last.seq === 0 ? ok({ entries: 0, head: last.hash }) : broken(last.seq, 'the file journal.head is missing');
  if (anchor === 'damaged') return broken(last.seq, 'the file journal.head is damaged');
  if (anchor.seq > last.seq) return broken(last.seq + 1, `it is missing: the journal once had ${anchor.seq} entries`);
  if (anchor.seq > 0 && anchor.hash !== anchored)
    return broken(anchor.seq, 'it is not the entry that the file journal.head names');
  return ok({ entries: last.seq, head: last.hash });
}

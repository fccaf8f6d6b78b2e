// The removal of the oldest entries: in steps, each one transaction that checks what it removes, and leaves a base and an entry that says
// so. Between any two of them the journal verifies.
import { ok, type Result } from '../../shared/failure/result.ts';
import type { ChainHash } from '../../shared/journal/chain.ts';
import type { JournalEntry } from '../../shared/journal/event.ts';
import { integerIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import { type Head, readEnd } from './journal-rows.ts';
import { readBase, writeBase } from './journal-start.ts';
import { followRows } from './verify-journal.ts';

/** Which entries are kept: those at or after `before` (milliseconds since the epoch), or the newest `keep`. */
export type PruneRule = { readonly before: number } | { readonly keep: number };

export interface Removal {
  /** What the first entry that is removed follows. */
  readonly start: Head;
  /** The last entry that is removed; `start` where none is. */
  readonly end: Head;
}

/** An execution takes minutes at most: a begin that is older and has no end never gets one. */
const LONGEST_EXECUTION_MS = 3_600_000;

export interface PrunePlan {
  /** Not beyond this seq. */
  readonly until: number;
  /** Stop at the first place behind so many entries. */
  readonly atMost: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The last entry that a rule lets go. An entry from the future, which a clock set wrong has left, holds nothing up. */
export function lastToGo(sql: Sql, rule: PruneRule, now: number): number {
  const newest = sql.one('SELECT max(seq) AS seq FROM journal');
  const last = newest?.seq == null ? 0 : integerIn(newest, 'seq');
  if ('keep' in rule) return last - rule.keep;
  const text = 'SELECT seq FROM journal WHERE at >= ? AND at <= ? ORDER BY seq LIMIT 1';
  const kept = sql.one(text, rule.before, now);
  return kept ? integerIn(kept, 'seq') - 1 : last;
}

/**
 * What is to be removed now. It ends where no execution is cut in two: before the begin of one that is kept, and before one that may not
 * have ended. Only of a journal in which some execution was always under way for an hour, one is. Everything in it was checked. Failure:
 * JOURNAL/BROKEN.
 */
export function planRemoval(sql: Sql, hash: ChainHash, plan: PrunePlan): Result<Removal> {
  const base = readBase(sql, hash);
  if (!base.ok) return base;
  const start = base.value;
  let end = start;
  // The newest end of the executions that began so far, and the time of the first entry behind `end`.
  let reach = 0;
  let waitsSince: number | undefined;
  const followed = followRows(sql, start, hash, (entry) => {
    if (entry.seq > plan.until) return false;
    reach = Math.max(reach, lastOf(sql, entry, plan.now));
    if (reach === Number.POSITIVE_INFINITY) return false;
    waitsSince ??= entry.at;
    if (reach <= entry.seq || entry.at - waitsSince > LONGEST_EXECUTION_MS) {
      end = { seq: entry.seq, hash: entry.hash };
      waitsSince = undefined;
    }
    return end.seq - start.seq < plan.atMost;
  });
  return followed.ok ? ok({ start, end }) : followed;
}

/** Removes what was planned in this very transaction; says nothing of it in the chain yet. */
export function removeEntries(sql: Sql, { end }: Removal, hash: ChainHash): void {
  // What is removed must not go on standing in the free pages of the file for ever.
  sql.one('PRAGMA secure_delete = ON');
  sql.run('DELETE FROM journal WHERE seq <= ?', end.seq);
  writeBase(sql, end, hash);
}

/** Where an execution that begins with this entry ends; infinite where it may be under way. */
function lastOf(sql: Sql, { seq, at, event }: JournalEntry, now: number): number {
  if (event.type !== 'begin') return seq;
  const end = readEnd(sql, event.correlationId);
  if (end) return end.seq;
  return now - at < LONGEST_EXECUTION_MS ? Number.POSITIVE_INFINITY : seq;
}

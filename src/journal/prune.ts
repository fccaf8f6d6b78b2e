// Pruning as a whole: step by step, so that nobody waits long for the database and a server can answer in between.
import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { JournalEntry, PrunedBy, PrunedEvent } from '../../shared/journal/event.ts';
import { readBase } from './journal-start.ts';
import type { JournalStore } from './journal-store.ts';
import { lastToGo, type PruneRule, planRemoval, type Removal, removeEntries } from './prune-journal.ts';
import { followRows } from './verify-journal.ts';

/** Of one step: for so many other processes wait before they can write. */
const STEP_ENTRIES = 5_000;

export interface Prune {
  readonly rule: PruneRule;
  readonly by: PrunedBy;
  /** Is given the entries of each step, in order and each once, before they are removed; a failure of it ends the prune there. */
  readonly archive?: (entries: readonly JournalEntry[]) => Result<void>;
}

/** `count` 0: nothing was old enough, and `through` is where the journal began already. */
export interface PruneReport {
  readonly from: number;
  readonly through: number;
  readonly count: number;
  /** How many more the rule lets go, and executions that are kept whole hold up; absent: none. */
  readonly held?: number;
}

const NOTHING: PruneReport = { from: 1, through: 0, count: 0 };

/** What a prune would remove. Failures: JOURNAL/BROKEN, those of State. */
export function findPrunable(store: JournalStore, rule: PruneRule): Result<PruneReport> {
  const now = store.now();
  return store.read(NOTHING, (sql, hash) => {
    const until = lastToGo(sql, rule, now);
    const planned = planRemoval(sql, hash, { until, atMost: Number.MAX_SAFE_INTEGER, now });
    return planned.ok ? ok(withHeld(reportOf(planned.value), until)) : planned;
  });
}

/**
 * Removes the oldest entries, each step of them in one transaction that checks them once more, writes where the journal begins now, and
 * appends an entry that says so. Failures: JOURNAL/BROKEN (it is evidence: nothing of the step was removed), JOURNAL/NOT_WRITABLE, those
 * of the archive.
 */
export async function pruneJournal(store: JournalStore, { rule, by, archive }: Prune): Promise<Result<PruneReport>> {
  const bounds = store.read(NOTHING, (sql, hash) => {
    const base = readBase(sql, hash);
    return base.ok ? ok({ ...NOTHING, from: base.value.seq + 1, through: lastToGo(sql, rule, store.now()) }) : base;
  });
  if (!bounds.ok) return bounds;
  const { from, through } = bounds.value;
  let removed: PruneReport = { from, through: from - 1, count: 0 };
  // Fixed once: each step appends an entry, and the newest entries are counted from the end.
  for (let archived = 0; removed.through < through; ) {
    if (archive) {
      const kept = archiveStep(store, { until: through, archived, archive });
      if (!kept.ok) return kept;
      archived = kept.value;
    }
    const step = removeStep(store, archive ? archived : through, by);
    if (!step.ok) return step;
    if (step.value.count === 0) break;
    removed = { from, through: step.value.through, count: removed.count + step.value.count };
    await setImmediate();
  }
  return ok(withHeld(removed, through));
}

interface Archiving {
  readonly until: number;
  /** Seq of the newest entry that the archive has. */
  readonly archived: number;
  readonly archive: (entries: readonly JournalEntry[]) => Result<void>;
}

/** Gives the seq of the newest entry that the archive has now. */
function archiveStep(store: JournalStore, { until, archived, archive }: Archiving): Result<number> {
  const now = store.now();
  const entries: JournalEntry[] = [];
  const read = store.read(archived, (sql, hash) => {
    const planned = planRemoval(sql, hash, { until, atMost: STEP_ENTRIES, now });
    if (!planned.ok) return planned;
    const { start, end } = planned.value;
    const followed = followRows(sql, start, hash, (entry) => {
      if (entry.seq > archived && entry.seq <= end.seq) entries.push(entry);
      return entry.seq < end.seq;
    });
    return followed.ok ? ok(Math.max(archived, end.seq)) : followed;
  });
  if (!read.ok || entries.length === 0) return read;
  const written = archive(entries);
  return written.ok ? read : written;
}

function removeStep(store: JournalStore, until: number, by: PrunedBy): Result<PruneReport> {
  let report = NOTHING;
  const written = store.write('durable', (sql, hash) => {
    const removal = planRemoval(sql, hash, { until, atMost: STEP_ENTRIES, now: store.now() });
    if (!removal.ok) return removal;
    report = reportOf(removal.value);
    if (report.count === 0) return ok(undefined);
    removeEntries(sql, removal.value, hash);
    return ok(eventOf(report, removal.value, by));
  });
  return written.ok ? ok(report) : written;
}

function reportOf({ start, end }: Removal): PruneReport {
  return { from: start.seq + 1, through: end.seq, count: end.seq - start.seq };
}

function withHeld(report: PruneReport, until: number): PruneReport {
  return until > report.through ? { ...report, held: until - report.through } : report;
}

function eventOf(report: PruneReport, { end }: Removal, by: PrunedBy): PrunedEvent {
  return { type: 'pruned', ...report, hash: end.hash, by };
}

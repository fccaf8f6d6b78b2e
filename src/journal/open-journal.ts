// The journal of executions: appended to before anything is sent, by any number of servers at once, and chained so that a
// later change of it shows.
import { ok, type Result } from '../../shared/failure/result.ts';
import { CHAIN_START, type ChainHash } from '../../shared/journal/chain.ts';
import type { BeginEvent, DeniedEvent, EndEvent, JournalEntry } from '../../shared/journal/event.ts';
import type { HistoryEntry, HistoryQuery, Journal } from '../execute/ports.ts';
import type { Sql } from '../state/state.ts';
import { readAnchor } from './anchor.ts';
import { appendCheckpoint, readNewestCheckpoint } from './checkpoint-file.ts';
import {
  type CheckpointFinding,
  checkingKey,
  compareCheckpoint,
  invalidCheckpoint,
  ownKey,
  readCheckpoint,
  signCheckpoint,
} from './checkpoints.ts';
import {
  asCall,
  asEnd,
  type CallFilter,
  type Head,
  type JournalRow,
  parseEntry,
  readAnswer,
  readCalls,
  readEnd,
  readHead,
  readRows,
} from './journal-rows.ts';
import { readBase } from './journal-start.ts';
import { type JournalOptions, JournalStore } from './journal-store.ts';
import { findPrunable, type Prune, type PruneReport, pruneJournal } from './prune.ts';
import type { PruneRule } from './prune-journal.ts';
import { checkRow, type JournalSummary, verifyJournal } from './verify-journal.ts';

/** What else is looked for than agents may ask for. */
type OperatorFilter = Pick<CallFilter, 'caller' | 'since'>;

export interface VerifyOptions {
  /** A signed note; absent: the newest that a server of this data folder wrote, if there is one. */
  readonly checkpoint?: string;
  /** The public key that it must be signed with, as `keyward journal key` prints it; absent: the data folder's own. */
  readonly key?: string;
}

export interface JournalVerdict extends JournalSummary {
  readonly checkpoint?: CheckpointFinding;
}

/** Opens the journal of the state given. Nothing is read or made before the first use. */
export function openJournal(options: JournalOptions): OpenJournal {
  return new OpenJournal(options);
}

export class OpenJournal implements Journal {
  readonly #store: JournalStore;

  constructor(options: JournalOptions) {
    this.#store = new JournalStore(options);
  }

  /** On disk when it returns. Failures: JOURNAL/NOT_WRITABLE, JOURNAL/BROKEN; nothing may be sent then. */
  begin(event: BeginEvent): Result<void> {
    return this.#store.write('durable', () => ok(event));
  }

  /** On disk when it returns. Failures as for `begin`. */
  denied(event: DeniedEvent): Result<void> {
    return this.#store.write('durable', () => ok(event));
  }

  /** Survives a crash of the process when it returns; a power cut may take it, and the begin entry then stands without an end. */
  end(event: EndEvent): Result<void> {
    return this.#store.write('relaxed', () => ok(event));
  }

  /**
   * Executions and refusals, newest first; each entry shown is checked against the chain. An end whose begin was pruned is not among
   * them. Failure: JOURNAL/BROKEN.
   */
  history({
    limit,
    before = Number.MAX_SAFE_INTEGER,
    ...filter
  }: HistoryQuery & OperatorFilter): Result<readonly HistoryEntry[]> {
    return this.#store.read([], (sql, hash) => {
      const start = readBase(sql, hash);
      if (!start.ok) return start;
      const found: HistoryEntry[] = [];
      for (const row of readCalls(sql, before, limit, filter)) {
        const begin = checkedEntry(row, start.value, hash, asCall);
        if (!begin.ok) return begin;
        const entry = withLater(begin.value, (row, as) => checkedEntry(row, start.value, hash, as), sql);
        if (!entry.ok) return entry;
        found.push(entry.value);
      }
      return ok(found);
    });
  }

  /**
   * Checks every entry, and that the journal still has what the checkpoint says. Failures: JOURNAL/BROKEN with the seq of the first bad
   * one; JOURNAL/CHECKPOINT_INVALID.
   */
  verify({ checkpoint, key }: VerifyOptions = {}): Result<JournalVerdict> {
    const { home } = this.#store.state;
    const hash = this.#store.knownHash();
    if (!hash.ok) return hash;
    // Both are read first: an entry that is written meanwhile may move them above what this transaction sees.
    const newest = checkpoint === undefined ? readNewestCheckpoint(home) : ok(checkpoint);
    if (!newest.ok) return newest;
    const anchor = hash.value ? readAnchor(home, hash.value) : 'missing';
    const verdict = this.#store.read<JournalVerdict>({ entries: 0, head: CHAIN_START }, (sql, known) => {
      const verified = verifyJournal(sql, anchor, known);
      if (!verified.ok || newest.value === 'missing') return verified;
      const signedWith = checkingKey(home, known, key);
      if (!signedWith.ok) return signedWith;
      const read = readCheckpoint(newest.value, signedWith.value, known);
      const found = read.ok ? compareCheckpoint(sql, read.value, known) : read;
      return found.ok ? ok({ ...verified.value, checkpoint: found.value }) : found;
    });
    const isMissing = verdict.ok && newest.value !== 'missing' && verdict.value.checkpoint === undefined;
    return isMissing ? invalidCheckpoint('this data folder has no journal') : verdict;
  }

  /** Entries in order, as they stand, unchecked: for an export, also of a broken journal. `after` is a seq to page on. */
  entries({ after = 0, limit }: { readonly after?: number; readonly limit: number }): Result<readonly JournalEntry[]> {
    return this.#store.state.read((sql) => {
      const entries: JournalEntry[] = [];
      for (const row of readRows(sql, after, limit)) {
        const entry = parseEntry(row);
        if (!entry.ok) return entry;
        entries.push(entry.value);
      }
      return ok(entries);
    });
  }

  /** What `prune` would remove. Failures: those of `verify`: a journal that does not verify is evidence, and is not pruned. */
  prunable(rule: PruneRule): Result<PruneReport> {
    const verified = this.verify();
    return verified.ok ? findPrunable(this.#store, rule) : verified;
  }

  /** Removes the oldest entries for the operator, executions whole; see pruneJournal. Failures: also those of `verify`. */
  async prune(rule: PruneRule, archive?: Prune['archive']): Promise<Result<PruneReport>> {
    const verified = this.verify();
    if (!verified.ok) return verified;
    return pruneJournal(this.#store, { rule, by: 'operator', ...(archive && { archive }) });
  }

  /**
   * Removes what is older than `keepMs`, for a server that does so once in a while; what it removes, and no more, is checked before.
   * Failures: as of pruneJournal.
   */
  pruneOlderThan(keepMs: number): Promise<Result<PruneReport>> {
    return pruneJournal(this.#store, { rule: { before: this.#store.now() - keepMs }, by: 'retention' });
  }

  /**
   * The public key of this journal's checkpoints, in the verifier key form of signed notes. Failures: those of private files,
   * JOURNAL/BROKEN.
   */
  checkpointKey(): Result<string> {
    const hash = this.#store.hashForWriting();
    if (!hash.ok) return hash;
    const key = ownKey(this.#store.state.home, hash.value);
    return key.ok ? ok(key.value.text) : key;
  }

  /** A signed note of the newest entry of a journal that verifies. Failures: as of `verify` and `checkpointKey`. */
  checkpoint(): Result<string> {
    const verified = this.verify();
    if (!verified.ok) return verified;
    return this.#sign();
  }

  /**
   * For a server that does so once in a while: appends a checkpoint to the file journal.checkpoints, on disk when it returns. Nothing is
   * written where no entry came since the newest there is, nor where that one does not hold any more: the journal may not grow over
   * where it was cut. Failures: JOURNAL/CHECKPOINT_INVALID, and as of `checkpointKey`.
   */
  writeCheckpoint(): Result<'written' | 'unchanged'> {
    const { home } = this.#store.state;
    const newest = readNewestCheckpoint(home);
    if (!newest.ok) return newest;
    const isNew = newest.value === 'missing' ? ok(true) : this.#hasMoreThan(newest.value);
    if (!isNew.ok) return isNew;
    if (!isNew.value) return ok('unchanged');
    const signed = this.#sign();
    if (!signed.ok) return signed;
    const appended = appendCheckpoint(home, signed.value);
    return appended.ok ? ok('written') : appended;
  }

  #hasMoreThan(note: string): Result<boolean> {
    return this.#store.read(true, (sql, hash) => {
      const key = checkingKey(this.#store.state.home, hash, undefined);
      if (!key.ok) return key;
      const read = readCheckpoint(note, key.value, hash);
      const found = read.ok ? compareCheckpoint(sql, read.value, hash) : read;
      if (!found.ok) return found;
      const head = readHead(sql, hash);
      return head.ok ? ok((head.value?.seq ?? 0) > found.value.seq) : head;
    });
  }

  /** Nothing is signed that a power cut could take: what was signed and is missing later would pass for cut off. */
  #sign(): Result<string> {
    const { state, now } = this.#store;
    const head = this.#store.settle();
    if (!head.ok) return head;
    const hash = this.#store.hashForWriting();
    if (!hash.ok) return hash;
    const key = ownKey(state.home, hash.value);
    return key.ok ? ok(signCheckpoint(head.value, now(), key.value, hash.value)) : key;
  }
}

type Check = <Entry extends JournalEntry>(row: JournalRow, as: (entry: JournalEntry) => Result<Entry>) => Result<Entry>;

/** With the end of an execution, or with what came of a question. */
function withLater(begin: HistoryEntry['begin'], check: Check, sql: Sql): Result<HistoryEntry> {
  const { event } = begin;
  if (event.type === 'begin') {
    const row = readEnd(sql, event.correlationId);
    const end = row && check(row, asEnd);
    return end && !end.ok ? end : ok(end ? { begin, end: end.value } : { begin });
  }
  const row = event.asked && readAnswer(sql, event.correlationId);
  const answer = row && check(row, asCall);
  return answer && !answer.ok ? answer : ok(answer ? { begin, answer: answer.value } : { begin });
}

function checkedEntry<Entry extends JournalEntry>(
  row: JournalRow,
  start: Head,
  hash: ChainHash,
  as: (entry: JournalEntry) => Result<Entry>,
): Result<Entry> {
  const fits = checkRow(row, start, hash);
  if (!fits.ok) return fits;
  const entry = parseEntry(row);
  return entry.ok ? as(entry.value) : entry;
}

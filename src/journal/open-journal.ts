// The journal of executions: appended to before anything is sent, by any number of servers at once, and chained so that a
// later change of it shows.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { canonicalEvent } from '../../shared/journal/canonical.ts';
import { CHAIN_START, type ChainHash, entryHash } from '../../shared/journal/chain.ts';
import type { BeginEvent, DeniedEvent, EndEvent, JournalEntry, JournalEvent } from '../../shared/journal/event.ts';
import type { HistoryEntry, HistoryQuery, Journal } from '../execute/ports.ts';
import type { Durability, Sql, State } from '../state/state.ts';
import { advanceAnchor, makeAnchor, readAnchor } from './anchor.ts';
import { makeJournalKey, readJournalHash } from './journal-key.ts';
import {
  asBroken,
  broken,
  type Head,
  hasRows,
  type JournalRow,
  parseEntry,
  readCalls,
  readEnd,
  readHead,
  readRows,
  writeRow,
} from './journal-rows.ts';
import { checkRow, type JournalSummary, verifyJournal } from './verify-journal.ts';

export interface JournalOptions {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Opens the journal of the state given. Nothing is read or made before the first use. */
export function openJournal(options: JournalOptions): OpenJournal {
  return new OpenJournal(options);
}

export class OpenJournal implements Journal {
  readonly #state: State;
  readonly #now: () => number;
  #hash: ChainHash | undefined;
  #prepared = false;

  constructor({ state, now }: JournalOptions) {
    this.#state = state;
    this.#now = now;
  }

  /** On disk when it returns. Failures: JOURNAL/NOT_WRITABLE, JOURNAL/BROKEN; nothing may be sent then. */
  begin(event: BeginEvent): Result<void> {
    return this.#append(event, 'durable');
  }

  /** On disk when it returns. Failures as for `begin`. */
  denied(event: DeniedEvent): Result<void> {
    return this.#append(event, 'durable');
  }

  /** Survives a crash of the process when it returns; a power cut may take it, and the begin entry then stands without an end. */
  end(event: EndEvent): Result<void> {
    return this.#append(event, 'relaxed');
  }

  /** Executions and refusals, newest first; each entry shown is checked against the chain. Failure: JOURNAL/BROKEN. */
  history({ requestId, limit, before = Number.MAX_SAFE_INTEGER }: HistoryQuery): Result<readonly HistoryEntry[]> {
    return this.#read([], (sql, hash) => {
      const found: HistoryEntry[] = [];
      for (const row of readCalls(sql, before, limit, requestId)) {
        const begin = checkedEntry(row, hash);
        if (!begin.ok) return begin;
        const endRow = readEnd(sql, begin.value.event.correlationId);
        const end = endRow && checkedEntry(endRow, hash);
        if (end && !end.ok) return end;
        found.push(end ? { begin: begin.value, end: end.value } : { begin: begin.value });
      }
      return ok(found);
    });
  }

  /** Checks every entry. Failure: JOURNAL/BROKEN with the seq of the first bad one. */
  verify(): Result<JournalSummary> {
    const hash = this.#knownHash();
    if (!hash.ok) return hash;
    // Read first: an entry that is written meanwhile may raise the anchor above what this transaction sees.
    const anchor = hash.value ? readAnchor(this.#state.home, hash.value) : 'missing';
    return this.#read({ entries: 0, head: CHAIN_START }, (sql, known) => verifyJournal(sql, anchor, known));
  }

  /** Entries in order, as they stand, unchecked: for an export, also of a broken journal. `after` is a seq to page on. */
  entries({ after = 0, limit }: { readonly after?: number; readonly limit: number }): Result<readonly JournalEntry[]> {
    return this.#state.read((sql) => {
      const entries: JournalEntry[] = [];
      for (const row of readRows(sql, after, limit)) {
        const entry = parseEntry(row);
        if (!entry.ok) return entry;
        entries.push(entry.value);
      }
      return ok(entries);
    });
  }

  #append(event: JournalEvent, durability: Durability): Result<void> {
    const hash = this.#hashForWriting();
    if (!hash.ok) return notWritable(hash.failure);
    const text = canonicalEvent(event);
    const appended = this.#state.write((sql) => {
      const head = this.#headForWriting(sql, hash.value);
      if (!head.ok) return head;
      const link = { seq: head.value.seq + 1, at: this.#now(), event: text };
      const newest = entryHash(head.value.hash, link, hash.value);
      writeRow(sql, link, newest, hash.value);
      return ok({ seq: link.seq, hash: newest });
    }, durability);
    const outcome = asBroken(appended);
    if (!outcome.ok) return notWritable(outcome.failure);
    // Only what a power cut cannot take is anchored; else the anchor would name an entry that never reached the disk.
    if (durability === 'durable') advanceAnchor(this.#state.home, outcome.value, hash.value);
    return ok(undefined);
  }

  #headForWriting(sql: Sql, hash: ChainHash): Result<Head> {
    const head = readHead(sql, hash);
    if (!head.ok) return head;
    if (head.value) return ok(head.value);
    const anchor = readAnchor(this.#state.home, hash);
    if (hasRows(sql) || typeof anchor !== 'object' || anchor.seq > 0)
      return broken(1, 'the journal was emptied or replaced');
    return ok(anchor);
  }

  #read<T>(empty: T, work: (sql: Sql, hash: ChainHash) => Result<T>): Result<T> {
    const hash = this.#knownHash();
    if (!hash.ok) return hash;
    const read = this.#state.read((sql) => {
      if (hash.value) return work(sql, hash.value);
      return hasRows(sql) ? broken(1, 'the file journal.key is missing or damaged') : ok(empty);
    });
    return asBroken(read);
  }

  #knownHash(): Result<ChainHash | undefined> {
    if (this.#hash) return ok(this.#hash);
    const read = readJournalHash(this.#state.home);
    if (!read.ok) return read;
    if (read.value !== 'missing') this.#hash = read.value;
    return ok(this.#hash);
  }

  // The key and the anchor are made for an empty journal only: a new key would make every entry there is look forged.
  #hashForWriting(): Result<ChainHash> {
    if (this.#hash && this.#prepared) return ok(this.#hash);
    const empty = this.#state.read((sql) => ok(!hasRows(sql)));
    if (!empty.ok) return empty;
    if (empty.value) {
      const made = makeJournalKey(this.#state.home);
      if (!made.ok) return made;
    }
    const hash = this.#knownHash();
    if (!hash.ok) return hash;
    if (!hash.value) return broken(1, 'the file journal.key is missing or damaged');
    const anchored = empty.value ? makeAnchor(this.#state.home, hash.value) : ok('exists');
    this.#prepared = anchored.ok;
    return anchored.ok ? ok(hash.value) : anchored;
  }
}

function checkedEntry(row: JournalRow, hash: ChainHash): Result<JournalEntry> {
  const fits = checkRow(row, hash);
  return fits.ok ? parseEntry(row) : fits;
}

function notWritable(found: Failure): Result<never> {
  if (found.code === 'JOURNAL/BROKEN') return err(found);
  return err(
    failure('JOURNAL/NOT_WRITABLE', { reason: String(found.facts.reason ?? found.facts.problem ?? 'unknown') }),
  );
}

// The journal's key and its transactions: what is read is read with the key that the entries were made with, and what is written
// follows the entry that was sealed as the newest.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { canonicalEvent } from '../../shared/journal/canonical.ts';
import { type ChainHash, entryHash } from '../../shared/journal/chain.ts';
import type { JournalEvent } from '../../shared/journal/event.ts';
import type { Durability, Sql, State } from '../state/state.ts';
import { advanceAnchor, makeAnchor, readAnchor } from './anchor.ts';
import { makeJournalKey, readJournalHash } from './journal-key.ts';
import { asBroken, broken, type Head, hasRows, readHead, writeRow } from './journal-rows.ts';

export interface JournalOptions {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class JournalStore {
  readonly state: State;
  readonly now: () => number;
  #hash: ChainHash | undefined;
  #prepared = false;

  constructor({ state, now }: JournalOptions) {
    this.state = state;
    this.now = now;
  }

  /** One consistent view; `empty` where the journal was never written to. Failures: JOURNAL/BROKEN, those of State. */
  read<T>(empty: T, work: (sql: Sql, hash: ChainHash) => Result<T>): Result<T> {
    const hash = this.knownHash();
    if (!hash.ok) return hash;
    const read = this.state.read((sql) => {
      if (hash.value) return work(sql, hash.value);
      return hasRows(sql) ? broken(1, 'the file journal.key is missing or damaged') : ok(empty);
    });
    return asBroken(read);
  }

  /**
   * One transaction, which ends with the entry to append that `work` gives, if any. Failures: JOURNAL/NOT_WRITABLE, JOURNAL/BROKEN, and
   * nothing was changed.
   */
  write(durability: Durability, work: (sql: Sql, hash: ChainHash) => Result<JournalEvent | undefined>): Result<void> {
    const hash = this.hashForWriting();
    if (!hash.ok) return notWritable(hash.failure);
    const written = this.state.write((sql) => {
      const head = this.#headForWriting(sql, hash.value);
      if (!head.ok) return head;
      const event = work(sql, hash.value);
      if (!event.ok) return event;
      return ok(event.value && this.#append(sql, head.value, event.value, hash.value));
    }, durability);
    const outcome = asBroken(written);
    if (!outcome.ok) return notWritable(outcome.failure);
    // Only what a power cut cannot take is anchored; else the anchor would name an entry that never reached the disk.
    if (outcome.value && durability === 'durable') advanceAnchor(this.state.home, outcome.value, hash.value);
    return ok(undefined);
  }

  /** The newest entry, which is on disk, with every one before it, when this returns. Failures: as of `write`. */
  settle(): Result<Head> {
    const hash = this.hashForWriting();
    if (!hash.ok) return notWritable(hash.failure);
    const settled = this.state.write((sql) => {
      const head = this.#headForWriting(sql, hash.value);
      // The log is only brought to disk by a transaction that has written something.
      if (head.ok && head.value.seq > 0) sql.run('UPDATE journal_head SET seq = seq WHERE one = 1');
      return head;
    }, 'durable');
    const outcome = asBroken(settled);
    if (!outcome.ok) return notWritable(outcome.failure);
    advanceAnchor(this.state.home, outcome.value, hash.value);
    return outcome;
  }

  /** Undefined where there is no key. Failures: those of private files. */
  knownHash(): Result<ChainHash | undefined> {
    if (this.#hash) return ok(this.#hash);
    const read = readJournalHash(this.state.home);
    if (!read.ok) return read;
    if (read.value !== 'missing') this.#hash = read.value;
    return ok(this.#hash);
  }

  /**
   * The key and the anchor are made for an empty journal only: a new key would make every entry there is look forged. Failures: as of
   * `read`.
   */
  hashForWriting(): Result<ChainHash> {
    if (this.#hash && this.#prepared) return ok(this.#hash);
    const empty = this.state.read((sql) => ok(!hasRows(sql)));
    if (!empty.ok) return empty;
    if (empty.value) {
      const made = makeJournalKey(this.state.home);
      if (!made.ok) return made;
    }
    const hash = this.knownHash();
    if (!hash.ok) return hash;
    if (!hash.value) return broken(1, 'the file journal.key is missing or damaged');
    const anchored = empty.value ? makeAnchor(this.state.home, hash.value) : ok('exists');
    this.#prepared = anchored.ok;
    return anchored.ok ? ok(hash.value) : anchored;
  }

  #append(sql: Sql, head: Head, event: JournalEvent, hash: ChainHash): Head {
    const link = { seq: head.seq + 1, at: this.now(), event: canonicalEvent(event) };
    const newest = entryHash(head.hash, link, hash);
    writeRow(sql, link, newest, hash);
    return { seq: link.seq, hash: newest };
  }

  #headForWriting(sql: Sql, hash: ChainHash): Result<Head> {
    const head = readHead(sql, hash);
    if (!head.ok) return head;
    if (head.value) return ok(head.value);
    const anchor = readAnchor(this.state.home, hash);
    if (hasRows(sql) || typeof anchor !== 'object' || anchor.seq > 0)
      return broken(1, 'the journal was emptied or replaced');
    return ok(anchor);
  }
}

function notWritable(found: Failure): Result<never> {
  if (found.code === 'JOURNAL/BROKEN') return err(found);
  return err(
    failure('JOURNAL/NOT_WRITABLE', { reason: String(found.facts.reason ?? found.facts.problem ?? 'unknown') }),
  );
}

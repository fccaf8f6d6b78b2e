// What probes and counts ask of the journal: whether an execution could be recorded now, and how much there is.
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { columnList, integerIn } from '../state/columns.ts';
import { CHECKPOINTS_FILE } from './checkpoint-file.ts';
import { type JournalOptions, JournalStore } from './journal-store.ts';

export interface JournalHealth {
  /** Takes the lock that an entry takes and writes nothing. Failures: JOURNAL/NOT_WRITABLE, JOURNAL/BROKEN. */
  check(): Result<void>;
  /** Undefined where the database cannot be read. */
  facts(): JournalFacts | undefined;
}

interface JournalFacts {
  readonly entries: number;
  /** When the newest checkpoint was written, in milliseconds since the epoch. */
  readonly checkpointAt?: number;
}

/** Below this a disk counts as full: SQLite's log alone grows to some megabytes. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

const SPAN = `SELECT ${columnList({ oldest: 'integer', newest: 'integer' })} FROM (SELECT
  (SELECT coalesce(min(seq), 1) FROM journal) AS oldest, (SELECT coalesce(max(seq), 0) FROM journal) AS newest)`;

export function createJournalHealth(options: JournalOptions): JournalHealth {
  const store = new JournalStore(options);
  const { state } = options;
  return {
    check() {
      const written = store.write('relaxed', () => ok(undefined));
      if (!written.ok) return written;
      return hasRoom(state.home) ? written : err(failure('JOURNAL/NOT_WRITABLE', { reason: 'ENOSPC' }));
    },
    facts() {
      const read = state.read((sql) => {
        const row = sql.one(SPAN) ?? {};
        return ok(integerIn(row, 'newest') - integerIn(row, 'oldest') + 1);
      });
      if (!read.ok) return undefined;
      const at = statSync(join(state.home, CHECKPOINTS_FILE), { throwIfNoEntry: false })?.mtimeMs;
      return { entries: read.value, ...(at !== undefined && { checkpointAt: at }) };
    },
  };
}

function hasRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= LEAST_FREE_BYTES;
}

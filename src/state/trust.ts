// Which configurations the operator has accepted. Trust covers one text at one path: an edited file, or the same text copied
// to another workspace, is not what was accepted.
import { ok, type Result } from '../../shared/failure/result.ts';
import { columnList, textIn } from './columns.ts';
import type { State } from './state.ts';

export interface TrustedConfig {
  /** Absolute path. */
  readonly file: string;
  /** Over the file and the certificate files that it names. */
  readonly hash: string;
  readonly text: string;
}

export interface TrustStore {
  /** What was last accepted at this path. Failure: INTERNAL/STATE_UNAVAILABLE. */
  find(file: string): Result<TrustedConfig | undefined>;
  /** Accepts a configuration in place of what was accepted at its path; durable when it returns. `at` is in ms since the epoch. */
  accept(config: TrustedConfig, at: number): Result<void>;
}

export function createTrustStore(state: State): TrustStore {
  return {
    find: (file) =>
      state.read((sql) => {
        const row = sql.one(FIND, file);
        return ok(row && { file, hash: textIn(row, 'hash'), text: textIn(row, 'text') });
      }),
    accept: ({ file, hash, text }, at) =>
      state.write((sql) => {
        sql.run(ACCEPT, file, hash, text, at);
        return ok(undefined);
      }, 'durable'),
  };
}

const FIND = `SELECT ${columnList({ hash: 'text', text: 'text' })} FROM trusted_config WHERE file = ?`;

const ACCEPT = `INSERT INTO trusted_config (file, hash, text, trusted_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (file) DO UPDATE SET hash = excluded.hash, text = excluded.text, trusted_at = excluded.trusted_at`;

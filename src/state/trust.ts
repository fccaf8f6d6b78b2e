// Which configurations the operator has accepted. Trust covers one text at one path: an edited file, or the same text copied
// to another workspace, is not what was accepted.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { columnList, textIn } from './columns.ts';
import type { Row, State } from './state.ts';
import { makeTrustKey, readTrustMac, type TrustMac } from './trust-key.ts';
import { createVouchedMemory } from './vouched-memory.ts';

export interface TrustedConfig {
  /** Absolute path. */
  readonly file: string;
  /** Over the file and the certificate files that it names. */
  readonly hash: string;
  readonly text: string;
  /** Ids of the collections and environments that were there and that it lists with a level looser than its default. */
  readonly raised: readonly string[];
}

export interface TrustStore {
  /** What was last accepted at this path, if the note of it verifies. Failures: those of State, and of private files. */
  find(file: string): Result<TrustedConfig | undefined>;
  /** Notes that were not written with the key of this data folder: nothing of them is trusted. Failures: as of `find`. */
  unverified(): Result<readonly TrustedConfig[]>;
  /**
   * Accepts a configuration in place of what was accepted at its path; durable when it returns. `at` is in ms since the
   * epoch. Failures: as of `find`.
   */
  accept(config: TrustedConfig, at: number): Result<void>;
}

/** `now` gives ms since the epoch. */
export function createTrustStore(state: State, now: () => number = Date.now): TrustStore {
  const memory = createVouchedMemory<TrustedConfig | undefined>(state, { now, most: MOST_FILES });
  return {
    // Asked before each call.
    find: (file) =>
      memory.recall(file, () =>
        state.read((sql) => {
          const row = sql.one(`${SELECT} WHERE file = ?`, file);
          const mac = readTrustMac(state.home);
          if (!mac.ok) return mac;
          return ok(row && verifies(row, mac.value) ? configOf(row) : undefined);
        }),
      ),
    unverified: () =>
      state.read((sql) => {
        const rows = sql.all(SELECT);
        const mac = readTrustMac(state.home);
        return mac.ok ? ok(rows.filter((row) => !verifies(row, mac.value)).map(configOf)) : mac;
      }),
    accept({ file, hash, text, raised }, at) {
      const written = state.write<void>((sql) => {
        const made = makeTrustKey(state.home);
        const mac = made.ok ? readTrustMac(state.home) : made;
        if (!mac.ok) return mac;
        if (mac.value === 'missing') return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'ENOENT' }));
        const ids = JSON.stringify(raised);
        sql.run(ACCEPT, file, hash, text, ids, mac.value(vouched({ file, hash, text, raised: ids })), at);
        return ok(undefined);
      }, 'durable');
      memory.forget();
      return written;
    },
  };
}

/** More than the roots of any workspace. */
const MOST_FILES = 64;

type Columns = Readonly<Record<'file' | 'hash' | 'text' | 'raised', string>>;

/** What the proof covers, unambiguous whatever the columns hold. */
function vouched({ file, hash, text, raised }: Columns): string {
  return JSON.stringify(['keyward trust 1', file, hash, text, raised]);
}

function verifies(row: Row, mac: TrustMac | 'missing'): boolean {
  return mac !== 'missing' && mac(vouched(columnsOf(row))) === textIn(row, 'mac');
}

function configOf(row: Row): TrustedConfig {
  const columns = columnsOf(row);
  return { ...columns, raised: parseIds(columns.raised) };
}

function columnsOf(row: Row): Columns {
  return {
    file: textIn(row, 'file'),
    hash: textIn(row, 'hash'),
    text: textIn(row, 'text'),
    raised: textIn(row, 'raised'),
  };
}

function parseIds(text: string): readonly string[] {
  try {
    const ids: unknown = JSON.parse(text);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

const COLUMNS = { file: 'text', hash: 'text', text: 'text', raised: 'text', mac: 'text' } as const;
const SELECT = `SELECT ${columnList(COLUMNS)} FROM trusted_config`;

const ACCEPT = `INSERT INTO trusted_config (file, hash, text, raised, mac, trusted_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (file) DO UPDATE SET hash = excluded.hash, text = excluded.text, raised = excluded.raised,
    mac = excluded.mac, trusted_at = excluded.trusted_at`;

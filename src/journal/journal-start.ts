// Where the journal begins after its oldest entries were removed: the position and hash of the last one of them, sealed with the
// journal's key. Without one it begins with its first entry.
import { ok, type Result } from '../../shared/failure/result.ts';
import { baseHash, CHAIN_START, type ChainHash } from '../../shared/journal/chain.ts';
import { columnList, integerIn, textIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import { broken, type Head } from './journal-rows.ts';

const SELECT = `SELECT ${columnList({ seq: 'integer', hash: 'text', mac: 'text' })} FROM journal_base WHERE one = 1`;

/** The start of the chain where nothing was removed. Failure: JOURNAL/BROKEN where it is not the one that was sealed. */
export function readBase(sql: Sql, hash: ChainHash): Result<Head> {
  const row = sql.one(SELECT);
  if (!row) return ok({ seq: 0, hash: CHAIN_START });
  const base = { seq: integerIn(row, 'seq'), hash: textIn(row, 'hash') };
  return base.seq > 0 && baseHash(base.seq, base.hash, hash) === textIn(row, 'mac')
    ? ok(base)
    : broken(base.seq, 'what says where the journal begins was changed');
}

export function writeBase(sql: Sql, { seq, hash: last }: Head, hash: ChainHash): void {
  sql.run(
    `INSERT INTO journal_base (one, seq, hash, mac) VALUES (1, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
    seq,
    last,
    baseHash(seq, last, hash),
  );
}

// One key as the database holds it. A mac with a key from outside of the database vouches for all of it: whoever can write only the
// database can neither make a key nor widen one nor take back its end.
import { bytesIn, columnList, integerIn, lossyTextIn } from '../state/columns.ts';
import { type Row, type Sql, StateError } from '../state/state.ts';
import type { TrustMac } from '../state/trust-key.ts';

export interface KeyRow {
  readonly keyId: string;
  readonly callerId: string;
  readonly name: string;
  /** SHA-256 of the secret part. */
  readonly digest: Buffer;
  /** JSON list. */
  readonly scopes: string;
  /** Milliseconds since the epoch, as all times. */
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
}

export interface StoredRow extends KeyRow {
  readonly mac: string;
}

/** The row of a key, or one that is nobody's and that no mac vouches for: to read either takes as long. */
export function findRow(sql: Sql, keyId: string): StoredRow {
  const row = sql.one(FIND, keyId);
  if (!row) throw new StateError('SQLITE_EMPTY');
  return rowOf(row);
}

export function allRows(sql: Sql): readonly StoredRow[] {
  return sql.all(`${SELECT} ORDER BY name, created_at, key_id`).map(rowOf);
}

export function rowsOfName(sql: Sql, name: string): readonly StoredRow[] {
  return sql.all(`${SELECT} WHERE name = ? ORDER BY created_at DESC, key_id`, name).map(rowOf);
}

/** Writes a row in place of one of the same key. */
export function putRow(sql: Sql, row: KeyRow, mac: TrustMac): void {
  const { keyId, callerId, name, digest, scopes, createdAt, expiresAt = null, revokedAt = null } = row;
  sql.run(PUT, keyId, callerId, name, digest, scopes, createdAt, expiresAt, revokedAt, mac(vouched(row)));
}

/** When each key was last used, by key id. */
export function lastUses(sql: Sql): ReadonlyMap<string, number> {
  const rows = sql.all(SELECT_USES);
  return new Map(rows.map((row) => [lossyTextIn(row, 'key_id'), integerIn(row, 'last_used_at')]));
}

export function removeRow(sql: Sql, keyId: string): void {
  sql.run('DELETE FROM access_key WHERE key_id = ?', keyId);
}

/** Whether the row was written with the mac's key and is as it was then. */
export function isGenuine(row: StoredRow, mac: TrustMac | 'missing'): boolean {
  return mac !== 'missing' && mac(vouched(row)) === row.mac;
}

/** What the mac covers, unambiguous whatever the columns hold. */
function vouched({ keyId, callerId, name, digest, scopes, createdAt, expiresAt, revokedAt }: KeyRow): string {
  const times = [createdAt, expiresAt ?? null, revokedAt ?? null];
  return JSON.stringify(['keyward access key 1', keyId, callerId, name, digest.toString('hex'), scopes, ...times]);
}

function rowOf(row: Row): StoredRow {
  return {
    keyId: lossyTextIn(row, 'key_id'),
    callerId: lossyTextIn(row, 'caller_id'),
    name: lossyTextIn(row, 'name'),
    digest: bytesIn(row, 'digest'),
    scopes: lossyTextIn(row, 'scopes'),
    createdAt: integerIn(row, 'created_at'),
    expiresAt: row.expires_at === null ? undefined : integerIn(row, 'expires_at'),
    revokedAt: row.revoked_at === null ? undefined : integerIn(row, 'revoked_at'),
    mac: lossyTextIn(row, 'mac'),
  };
}

const COLUMNS = {
  key_id: 'text',
  caller_id: 'text',
  name: 'text',
  digest: 'bytes',
  scopes: 'text',
  created_at: 'integer',
  expires_at: 'integer',
  revoked_at: 'integer',
  mac: 'text',
} as const;

const SELECT = `SELECT ${columnList(COLUMNS)} FROM access_key`;

const NOBODY = `SELECT x'30', x'30', x'6e6f626f6479', zeroblob(32), x'5b5d', 0, NULL, 0, x''`;
const FIND = `SELECT * FROM (SELECT 0 AS nobody, * FROM (${SELECT} WHERE key_id = ?) UNION ALL SELECT 1, * FROM (${NOBODY}))
  ORDER BY nobody LIMIT 1`;

const SELECT_USES = `SELECT ${columnList({ key_id: 'text', last_used_at: 'integer' })} FROM access_use`;

const PUT = `INSERT INTO access_key (key_id, caller_id, name, digest, scopes, created_at, expires_at, revoked_at, mac)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key_id) DO UPDATE SET caller_id = excluded.caller_id, name = excluded.name, digest = excluded.digest,
    scopes = excluded.scopes, created_at = excluded.created_at, expires_at = excluded.expires_at,
    revoked_at = excluded.revoked_at, mac = excluded.mac`;

// One secret as stored. Everything that says where and how long it may go travels in the additional data, so that an
// edited column makes the value unreadable instead of more widely usable.
import { randomBytes } from 'node:crypto';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { bytesIn, columnList, integerIn, optionalIntegerIn, optionalTextIn, textIn } from '../state/columns.ts';
import { type Row, type Sql, StateError } from '../state/state.ts';
import { lengthPrefixed, NONCE_BYTES, openBytes, type SealedBytes, sealBytes } from './aead.ts';

export type RecordPolicy = Omit<HandleInfo, 'lastUsedAt' | 'useCount'>;

export interface StoredRecord {
  readonly policy: RecordPolicy;
  /** Counts the writes of this record; an older copy of it does not fit the vault's manifest. */
  readonly version: number;
  readonly sealed: SealedBytes;
}

/** Encrypts a value under its policy, with a fresh nonce. */
export function sealRecord(
  key: Uint8Array,
  vaultId: string,
  policy: RecordPolicy,
  version: number,
  value: Uint8Array,
): StoredRecord {
  const sealed = sealBytes(key, randomBytes(NONCE_BYTES), value, additionalData(vaultId, policy, version));
  return { policy, version, sealed };
}

/** The value; undefined where any column of the record is not as it was sealed. */
export function openRecord(key: Uint8Array, vaultId: string, record: StoredRecord): Buffer | undefined {
  return openBytes(key, record.sealed, additionalData(vaultId, record.policy, record.version));
}

const COLUMNS = columnList({
  id: 'text',
  name: 'text',
  label: 'text',
  origins: 'text',
  path_allowed: 'integer',
  created_at: 'integer',
  updated_at: 'integer',
  expires_at: 'integer',
  version: 'integer',
  nonce: 'bytes',
  ciphertext: 'bytes',
  tag: 'bytes',
});

export function readRecords(sql: Sql): readonly StoredRecord[] {
  return sql.all(`SELECT ${COLUMNS} FROM handle ORDER BY handle.name`).map(parseRecord);
}

export function writeRecord(sql: Sql, { policy, version, sealed }: StoredRecord): void {
  sql.run(
    `INSERT INTO handle
     (id, name, label, origins, path_allowed, created_at, updated_at, expires_at, version, nonce, ciphertext, tag)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       label = excluded.label, origins = excluded.origins, path_allowed = excluded.path_allowed,
       updated_at = excluded.updated_at, expires_at = excluded.expires_at, version = excluded.version,
       nonce = excluded.nonce, ciphertext = excluded.ciphertext, tag = excluded.tag`,
    policy.id,
    policy.name,
    policy.label ?? null,
    JSON.stringify(policy.origins),
    policy.pathAllowed ? 1 : 0,
    policy.createdAt,
    policy.updatedAt,
    policy.expiresAt ?? null,
    version,
    sealed.nonce,
    sealed.ciphertext,
    sealed.tag,
  );
}

function additionalData(vaultId: string, policy: RecordPolicy, version: number): Buffer {
  return lengthPrefixed([
    'keyward.vault.record.v1',
    vaultId,
    policy.id,
    policy.name,
    policy.label === undefined ? '0' : `1${policy.label}`,
    String(policy.origins.length),
    ...policy.origins,
    policy.pathAllowed ? '1' : '0',
    String(policy.createdAt),
    String(policy.updatedAt),
    policy.expiresAt === undefined ? 'never' : String(policy.expiresAt),
    String(version),
  ]);
}

function parseRecord(row: Row): StoredRecord {
  const label = optionalTextIn(row, 'label');
  const expiresAt = optionalIntegerIn(row, 'expires_at');
  const policy: RecordPolicy = {
    id: textIn(row, 'id'),
    name: textIn(row, 'name'),
    ...(label === undefined ? {} : { label }),
    origins: parseStoredOrigins(textIn(row, 'origins')),
    // Only 0 and 1 are written: any other number would pass for 1 here and still authenticate.
    pathAllowed: flagIn(row, 'path_allowed'),
    createdAt: integerIn(row, 'created_at'),
    updatedAt: integerIn(row, 'updated_at'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const sealed = { nonce: bytesIn(row, 'nonce'), ciphertext: bytesIn(row, 'ciphertext'), tag: bytesIn(row, 'tag') };
  return { policy, version: integerIn(row, 'version'), sealed };
}

function flagIn(row: Row, column: string): boolean {
  const value = integerIn(row, column);
  if (value !== 0 && value !== 1) throw new StateError('SQLITE_MISMATCH');
  return value === 1;
}

// A text that is not a list of origins binds to nothing; it cannot authenticate either, as none was ever written so.
function parseStoredOrigins(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

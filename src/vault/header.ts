// The vault's one header row: which key opens it, the wrapped data key, and the seal over the list of records.
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { bytesIn, columnList, integerIn, textIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import { KEY_BYTES, lengthPrefixed, NONCE_BYTES, openBytes, type SealedBytes, sealBytes } from './aead.ts';
import type { KeyIdentity, KeySourceKind } from './key-source.ts';

const FORMAT = 1;

export interface VaultHeader {
  readonly vaultId: string;
  readonly key: KeyIdentity;
  readonly wrapped: SealedBytes;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Counts the changes of the vault. */
  readonly generation: number;
  readonly manifest: Buffer;
}

/** The keys of an open vault. */
export interface VaultKeys {
  readonly vaultId: string;
  readonly key: KeyIdentity;
  readonly recordKey: Buffer;
  readonly manifestKey: Buffer;
}

/** A header for a new vault without records: a random data key under the key-encryption key given. */
export function createHeader(key: KeyIdentity, keyEncryptionKey: Uint8Array, createdAt: number): VaultHeader {
  const vaultId = randomBytes(16).toString('hex');
  const dataKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const wrapped = sealBytes(keyEncryptionKey, nonce, dataKey, wrapData(vaultId, key, createdAt));
  const manifest = manifestOf(deriveKeys(vaultId, key, dataKey), 0, []);
  dataKey.fill(0);
  return { vaultId, key, wrapped, createdAt, generation: 0, manifest };
}

/** Undefined where the key is not the one, or where any field of the header but generation and manifest was changed. */
export function openHeader(header: VaultHeader, keyEncryptionKey: Uint8Array): VaultKeys | undefined {
  const additional = wrapData(header.vaultId, header.key, header.createdAt);
  const dataKey = openBytes(keyEncryptionKey, header.wrapped, additional);
  if (!dataKey) return undefined;
  const keys = deriveKeys(header.vaultId, header.key, dataKey);
  dataKey.fill(0);
  return keys;
}

/** A record as the manifest sees it: the version fixes the rest, because it is part of what the record authenticates. */
export interface ManifestEntry {
  readonly id: string;
  readonly version: number;
}

/** Seals which records there are and how new each is: none can be removed, added or put back to an older copy alone. */
export function manifestOf(keys: VaultKeys, generation: number, entries: readonly ManifestEntry[]): Buffer {
  const sorted = [...entries].sort((left, right) => (left.id < right.id ? -1 : 1));
  const parts = [
    'keyward.vault.manifest.v1',
    keys.vaultId,
    String(generation),
    ...sorted.flatMap(({ id, version }) => [id, String(version)]),
  ];
  return createHmac('sha256', keys.manifestKey).update(lengthPrefixed(parts)).digest();
}

export function manifestFits(keys: VaultKeys, header: VaultHeader, entries: readonly ManifestEntry[]): boolean {
  const expected = manifestOf(keys, header.generation, entries);
  return header.manifest.length === expected.length && timingSafeEqual(header.manifest, expected);
}

const COLUMNS = columnList({
  format: 'integer',
  vault_id: 'text',
  key_source: 'text',
  key_id: 'text',
  kdf: 'text',
  nonce: 'bytes',
  wrapped_key: 'bytes',
  tag: 'bytes',
  created_at: 'integer',
  generation: 'integer',
  manifest: 'bytes',
});

/** Undefined where there is no vault. Failure: VAULT/CORRUPT where records stand without a header, or the format is unknown. */
export function readHeader(sql: Sql): Result<VaultHeader | undefined> {
  const row = sql.one(`SELECT ${COLUMNS} FROM vault WHERE one = 1`);
  if (!row) return sql.one('SELECT 1 AS found FROM handle LIMIT 1') ? corrupt('its header is missing') : ok(undefined);
  if (integerIn(row, 'format') !== FORMAT) return corrupt('its header has an unknown format');
  return ok({
    vaultId: textIn(row, 'vault_id'),
    key: { source: textIn(row, 'key_source') as KeySourceKind, id: textIn(row, 'key_id'), kdf: textIn(row, 'kdf') },
    wrapped: { nonce: bytesIn(row, 'nonce'), ciphertext: bytesIn(row, 'wrapped_key'), tag: bytesIn(row, 'tag') },
    createdAt: integerIn(row, 'created_at'),
    generation: integerIn(row, 'generation'),
    manifest: bytesIn(row, 'manifest'),
  });
}

export function insertHeader(sql: Sql, header: VaultHeader): void {
  sql.run(
    'INSERT INTO vault (one, format, vault_id, key_source, key_id, kdf, nonce, wrapped_key, tag, created_at, generation, manifest) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    FORMAT,
    header.vaultId,
    header.key.source,
    header.key.id,
    header.key.kdf,
    header.wrapped.nonce,
    header.wrapped.ciphertext,
    header.wrapped.tag,
    header.createdAt,
    header.generation,
    header.manifest,
  );
}

export function updateManifest(sql: Sql, generation: number, manifest: Uint8Array): void {
  sql.run('UPDATE vault SET generation = ?, manifest = ? WHERE one = 1', generation, manifest);
}

function wrapData(vaultId: string, key: KeyIdentity, createdAt: number): Buffer {
  return lengthPrefixed([
    'keyward.vault.key.v1',
    String(FORMAT),
    vaultId,
    key.source,
    key.id,
    key.kdf,
    String(createdAt),
  ]);
}

// RFC 5869: one key per use, so that no output of one can be taken for the other's.
function deriveKeys(vaultId: string, key: KeyIdentity, dataKey: Buffer): VaultKeys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', dataKey, vaultId, use, KEY_BYTES));
  return {
    vaultId,
    key,
    recordKey: derive('keyward.vault.record.v1'),
    manifestKey: derive('keyward.vault.manifest.v1'),
  };
}

function corrupt(what: string): Result<never> {
  return err(failure('VAULT/CORRUPT', { what }));
}

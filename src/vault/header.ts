// The vault's one header row: which key opens it, the wrapped data key, and the seal over the list of records.
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import { bytesIn, columnList, integerIn, textIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import { KEY_BYTES, lengthPrefixed, NONCE_BYTES, openBytes, type SealedBytes, sealBytes } from './aead.ts';
import type { KeyEncryptionKey, KeyIdentity } from './key-context.ts';

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
  /** What the data key was wrapped into: other keys belong to a header that differs in it. */
  readonly wrapped: SealedBytes;
  readonly recordKey: Buffer;
  readonly manifestKey: Buffer;
}

/** A header for a new vault without records: a random data key under the key-encryption key given. */
export function createHeader(key: KeyIdentity, keyEncryptionKey: Uint8Array, createdAt: number): VaultHeader {
  const vaultId = randomBytes(16).toString('hex');
  const dataKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const wrapped = sealBytes(keyEncryptionKey, nonce, dataKey, wrapData(vaultId, key, createdAt));
  const keys = deriveKeys(vaultId, key, wrapped, dataKey);
  const manifest = manifestOf(keys, 0, []);
  wipeKeys(keys);
  dataKey.fill(0);
  return { vaultId, key, wrapped, createdAt, generation: 0, manifest };
}

/**
 * The same vault under another key-encryption key, and under another data key if so wanted; its manifest still is the old
 * one. Undefined as for `openHeader`.
 */
export function rewrapHeader(
  header: VaultHeader,
  present: Uint8Array,
  next: KeyEncryptionKey,
  { newDataKey }: { readonly newDataKey: boolean },
): { readonly header: VaultHeader; readonly keys: VaultKeys } | undefined {
  const opened = openBytes(present, header.wrapped, wrapData(header.vaultId, header.key, header.createdAt));
  if (!opened) return undefined;
  const dataKey = newDataKey ? randomBytes(KEY_BYTES) : Buffer.from(opened);
  opened.fill(0);
  const additional = wrapData(header.vaultId, next.identity, header.createdAt);
  const wrapped = sealBytes(next.key, randomBytes(NONCE_BYTES), dataKey, additional);
  const keys = deriveKeys(header.vaultId, next.identity, wrapped, dataKey);
  dataKey.fill(0);
  return { header: { ...header, key: next.identity, wrapped }, keys };
}

/** Undefined where the key is not the one, or where any field of the header but generation and manifest was changed. */
export function openHeader(header: VaultHeader, keyEncryptionKey: Uint8Array): VaultKeys | undefined {
  const additional = wrapData(header.vaultId, header.key, header.createdAt);
  const dataKey = openBytes(keyEncryptionKey, header.wrapped, additional);
  if (!dataKey) return undefined;
  const keys = deriveKeys(header.vaultId, header.key, header.wrapped, dataKey);
  dataKey.fill(0);
  return keys;
}

/** Whether the keys were had from this very header: the wrapping authenticates which key opens it and where that is. */
export function isOpenedBy(keys: VaultKeys, { vaultId, key, wrapped }: VaultHeader): boolean {
  const same = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right) === 0;
  return (
    keys.vaultId === vaultId &&
    keys.key.source === key.source &&
    keys.key.id === key.id &&
    keys.key.kdf === key.kdf &&
    same(keys.wrapped.nonce, wrapped.nonce) &&
    same(keys.wrapped.ciphertext, wrapped.ciphertext) &&
    same(keys.wrapped.tag, wrapped.tag)
  );
}

export function wipeKeys({ recordKey, manifestKey }: VaultKeys): void {
  recordKey.fill(0);
  manifestKey.fill(0);
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

/** Puts a rewrapped header in the place of the one there is. */
export function replaceHeader(sql: Sql, { key, wrapped, generation, manifest }: VaultHeader): void {
  sql.run(
    'UPDATE vault SET key_source = ?, key_id = ?, kdf = ?, nonce = ?, wrapped_key = ?, tag = ?, generation = ?, manifest = ? WHERE one = 1',
    key.source,
    key.id,
    key.kdf,
    wrapped.nonce,
    wrapped.ciphertext,
    wrapped.tag,
    generation,
    manifest,
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
function deriveKeys(vaultId: string, key: KeyIdentity, wrapped: SealedBytes, dataKey: Buffer): VaultKeys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', dataKey, vaultId, use, KEY_BYTES));
  return {
    vaultId,
    key,
    wrapped,
    recordKey: derive('keyward.vault.record.v1'),
    manifestKey: derive('keyward.vault.manifest.v1'),
  };
}

function corrupt(what: string): Result<never> {
  return err(failure('VAULT/CORRUPT', { what }));
}

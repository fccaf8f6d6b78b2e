// One secret as stored. Everything that says where and how long it may go travels in the additional data, so that an
// edited column makes the value unreadable instead of more widely usable.
import { randomBytes } from 'node:crypto';
import { type HandleInfo, secretPlaces, secretSources } from '../../shared/secret/secret-ref.ts';
import { bytesIn, columnList, integerIn, optionalIntegerIn, optionalTextIn, textIn } from '../state/columns.ts';
import { type Row, type Sql, StateError } from '../state/state.ts';
import { lengthPrefixed, NONCE_BYTES, openBytes, type SealedBytes, sealBytes } from './aead.ts';

export type RecordPolicy = Omit<HandleInfo, 'lastUsedAt' | 'useCount' | 'writingId'>;

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
  tier: 'text',
  places: 'text',
  methods: 'text',
  max_uses: 'integer',
  source: 'text',
  rotated_at: 'integer',
  version: 'integer',
  nonce: 'bytes',
  ciphertext: 'bytes',
  tag: 'bytes',
});

export function readRecords(sql: Sql): readonly StoredRecord[] {
  return sql.all(`SELECT ${COLUMNS} FROM handle ORDER BY handle.name, handle.tier`).map(parseRecord);
}

export function writeRecord(sql: Sql, { policy, version, sealed }: StoredRecord): void {
  sql.run(
    `INSERT INTO handle
     (id, name, label, origins, path_allowed, created_at, updated_at, expires_at, tier, places, methods,
      max_uses, source, rotated_at, version, nonce, ciphertext, tag)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       label = excluded.label, origins = excluded.origins, path_allowed = excluded.path_allowed,
       updated_at = excluded.updated_at, expires_at = excluded.expires_at,
       places = excluded.places, methods = excluded.methods, max_uses = excluded.max_uses, source = excluded.source,
       rotated_at = excluded.rotated_at, version = excluded.version,
       nonce = excluded.nonce, ciphertext = excluded.ciphertext, tag = excluded.tag`,
    policy.id,
    policy.name,
    policy.label ?? null,
    JSON.stringify(policy.origins),
    policy.pathAllowed ? 1 : 0,
    policy.createdAt,
    policy.updatedAt,
    policy.expiresAt ?? null,
    policy.tier ?? 'reading',
    policy.places === undefined ? null : JSON.stringify(policy.places),
    policy.methods === undefined ? null : JSON.stringify(policy.methods),
    policy.maxUses ?? null,
    policy.source ?? 'value',
    policy.rotatedAt ?? null,
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
    ...additions(policy),
  ]);
}

/** Nothing for a policy without them, so that what was sealed before there were any still opens. */
function additions({ tier, places, methods, maxUses, source, rotatedAt }: RecordPolicy): readonly string[] {
  const stated = [
    ['tier', tier === 'reading' ? undefined : tier],
    ['places', places && JSON.stringify(places)],
    ['methods', methods && JSON.stringify(methods)],
    ['max-uses', maxUses?.toString()],
    ['source', source === 'value' ? undefined : source],
    ['rotated', rotatedAt?.toString()],
  ] as const;
  return stated.flatMap(([name, text]) => (text === undefined ? [] : [name, text]));
}

function parseRecord(row: Row): StoredRecord {
  const label = optionalTextIn(row, 'label');
  const expiresAt = optionalIntegerIn(row, 'expires_at');
  const policy: RecordPolicy = {
    id: textIn(row, 'id'),
    name: textIn(row, 'name'),
    ...(label === undefined ? {} : { label }),
    origins: parseTexts(textIn(row, 'origins')),
    // Only 0 and 1 are written: any other number would pass for 1 here and still authenticate.
    pathAllowed: flagIn(row, 'path_allowed'),
    createdAt: integerIn(row, 'created_at'),
    updatedAt: integerIn(row, 'updated_at'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...parseAdditions(row),
  };
  const sealed = { nonce: bytesIn(row, 'nonce'), ciphertext: bytesIn(row, 'ciphertext'), tag: bytesIn(row, 'tag') };
  return { policy, version: integerIn(row, 'version'), sealed };
}

function parseAdditions(row: Row): Partial<RecordPolicy> {
  const tier = oneOf(['reading', 'writing'] as const, textIn(row, 'tier'));
  const source = oneOf(secretSources, textIn(row, 'source'));
  const places = optionalTextIn(row, 'places');
  const methods = optionalTextIn(row, 'methods');
  const maxUses = optionalIntegerIn(row, 'max_uses');
  const rotatedAt = optionalIntegerIn(row, 'rotated_at');
  return {
    ...(tier === 'reading' ? {} : { tier }),
    ...(source === 'value' ? {} : { source }),
    ...(places === undefined ? {} : { places: parseTexts(places).map((place) => oneOf(secretPlaces, place)) }),
    ...(methods === undefined ? {} : { methods: parseTexts(methods) }),
    ...(maxUses === undefined ? {} : { maxUses }),
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
  };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new StateError('SQLITE_MISMATCH');
  return found;
}

function flagIn(row: Row, column: string): boolean {
  const value = integerIn(row, column);
  if (value !== 0 && value !== 1) throw new StateError('SQLITE_MISMATCH');
  return value === 1;
}

// A text that is not a list allows nothing; it cannot authenticate either, as none was ever written so.
function parseTexts(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

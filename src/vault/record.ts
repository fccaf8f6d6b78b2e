// One secret as stored. Everything that says where and how long it may go travels in the additional data, so that an
// edited column makes the value unreadable instead of more widely usable.
import { randomBytes } from 'node:crypto';
import { type HandleInfo, secretPlaces, secretSources } from '../../shared/secret/secret-ref.ts';
import { textIn } from '../state/columns.ts';
import { type Sql, StateError } from '../state/state.ts';
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

const TEXTS = ['id', 'name', 'label', 'origins', 'tier', 'places', 'methods', 'source'] as const;
const INTEGERS = [
  'path_allowed',
  'created_at',
  'updated_at',
  'expires_at',
  'max_uses',
  'rotated_at',
  'version',
] as const;
const BYTES = ['nonce', 'ciphertext', 'tag'] as const;

const NAMES = [...TEXTS, ...INTEGERS, ...BYTES] as const;
const VALUES = [...TEXTS, ...INTEGERS, ...BYTES.map((name) => `hex(${name})`)];
const PLACES = new Map(NAMES.map((name, index) => [name, index]));

// Rows that are handed over one by one cost ten times as much. As bytes, because the driver aborts the process on a text that is not
// UTF-8, which one flipped byte in the file is enough to make.
const ALL = `SELECT CAST(json_group_array(json_array(${VALUES.join(', ')})) AS BLOB) AS records
  FROM (SELECT * FROM handle ORDER BY handle.name, handle.tier)`;

/** By name, the reading credential of a name first. */
export function readRecords(sql: Sql): readonly StoredRecord[] {
  const row = sql.one(ALL);
  const listed = row && parsed(textIn(row, 'records'));
  if (!Array.isArray(listed)) throw new StateError('SQLITE_MISMATCH');
  return listed.map(parseRecord);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

type Row = readonly unknown[];

function parseRecord(row: unknown): StoredRecord {
  if (!Array.isArray(row)) throw new StateError('SQLITE_MISMATCH');
  const label = optionalText(row, 'label');
  const expiresAt = optionalInteger(row, 'expires_at');
  const policy: RecordPolicy = {
    id: text(row, 'id'),
    name: text(row, 'name'),
    ...(label === undefined ? {} : { label }),
    origins: parseTexts(text(row, 'origins')),
    // Only 0 and 1 are written: any other number would pass for 1 here and still authenticate.
    pathAllowed: flag(integer(row, 'path_allowed')),
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...parseAdditions(row),
  };
  const [nonce, ciphertext, tag] = [text(row, 'nonce'), text(row, 'ciphertext'), text(row, 'tag')];
  return {
    policy,
    version: integer(row, 'version'),
    // Made for each use: most records are only told of.
    get sealed() {
      const bytes = (hex: string) => Buffer.from(hex, 'hex');
      return { nonce: bytes(nonce), ciphertext: bytes(ciphertext), tag: bytes(tag) };
    },
  };
}

function text(row: Row, name: (typeof TEXTS | typeof BYTES)[number]): string {
  const value = optionalText(row, name);
  if (value === undefined) throw new StateError('SQLITE_MISMATCH');
  return value;
}

function optionalText(row: Row, name: (typeof TEXTS | typeof BYTES)[number]): string | undefined {
  const value = memberOf(row, name);
  if (value === null) return undefined;
  if (typeof value !== 'string') throw new StateError('SQLITE_MISMATCH');
  return value;
}

function integer(row: Row, name: (typeof INTEGERS)[number]): number {
  const value = optionalInteger(row, name);
  if (value === undefined) throw new StateError('SQLITE_MISMATCH');
  return value;
}

function optionalInteger(row: Row, name: (typeof INTEGERS)[number]): number | undefined {
  const value = memberOf(row, name);
  if (value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new StateError('SQLITE_MISMATCH');
  return value;
}

function memberOf(row: Row, name: (typeof NAMES)[number]): unknown {
  return row[PLACES.get(name) ?? NAMES.length];
}

function parseAdditions(row: Row): Partial<RecordPolicy> {
  const tier = oneOf(['reading', 'writing'] as const, text(row, 'tier'));
  const source = oneOf(secretSources, text(row, 'source'));
  const places = optionalText(row, 'places');
  const methods = optionalText(row, 'methods');
  const maxUses = optionalInteger(row, 'max_uses');
  const rotatedAt = optionalInteger(row, 'rotated_at');
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

function flag(value: number): boolean {
  if (value !== 0 && value !== 1) throw new StateError('SQLITE_MISMATCH');
  return value === 1;
}

// A text that is not a list allows nothing; it cannot authenticate either, as none was ever written so.
function parseTexts(text: string): readonly string[] {
  const texts = parsed(text);
  return Array.isArray(texts) ? texts.map(String) : [];
}

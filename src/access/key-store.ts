// The keys of callers over HTTP. The secret of a key leaves once, when it is made; what is kept is its SHA-256, which is enough for 190
// bits of chance.
import { createHash, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { type KeyParts, keyParts, keyText } from '../../shared/access/key-text.ts';
import { nearestNames } from '../../shared/collection/nearest.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { Sql, State } from '../state/state.ts';
import { makeTrustKey, readTrustMac, type TrustMac } from '../state/trust-key.ts';
import { createVouchedMemory } from '../state/vouched-memory.ts';
import {
  allRows,
  findRow,
  isGenuine,
  type KeyRow,
  lastUses,
  putRow,
  removeRow,
  rowsOfName,
  type StoredRow,
} from './key-row.ts';

/** A key without its secret. Times are milliseconds since the epoch. */
export interface KeyInfo {
  readonly keyId: string;
  /** Stays when the key is rotated, and is never given to another key. */
  readonly callerId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

/** `unverified`: its row was not written with the key of this data folder; it opens nothing. */
export interface ListedKey extends KeyInfo {
  readonly lastUsedAt?: number;
  readonly state: 'active' | 'replaced' | 'expired' | 'revoked' | 'unverified';
}

export interface MadeKey {
  readonly info: KeyInfo;
  /** The whole key: given here and never again. */
  readonly key: string;
}

export interface NewKey {
  readonly name: string;
  /** As `parseScopes` takes them. */
  readonly scopes: readonly string[];
  readonly expiresAt?: number;
}

export interface Rotation {
  /** How long the old key goes on beside the new one; 0: not at all. */
  readonly graceMs: number;
  /** Absent: the new key lives as long as the old one was made for. */
  readonly expiresAt?: number;
}

/** Failures of every method: those of State, and of private files. */
export interface KeyStore {
  /** Durable when it returns. Failures: ACCESS/KEY_EXISTS for a name that is not revoked; INPUT/INVALID for what is no name. */
  create(key: NewKey): Result<MadeKey>;
  /** By name, then by age. */
  list(): Result<readonly ListedKey[]>;
  /** Ends every key of this name; gives those that it ended. Failure: ACCESS/KEY_NOT_FOUND. */
  revoke(name: string): Result<readonly KeyInfo[]>;
  /** A new key for the same caller. Failure: ACCESS/KEY_NOT_FOUND. */
  rotate(name: string, rotation: Rotation): Result<MadeKey>;
  /** The key that is there, not ended, and has this secret; as much work where there is none. */
  verify(parts: KeyParts): Result<KeyInfo | undefined>;
  /** Whether any key opens anything now. */
  hasLive(): Result<boolean>;
}

export interface KeyStoreOptions {
  readonly state: State;
  readonly now: () => number;
}

export function createKeyStore({ state, now }: KeyStoreOptions): KeyStore {
  const memory = createVouchedMemory<KeyInfo | undefined>(state, { now, most: MOST_REMEMBERED, keeps: isFound });
  const pepper = randomBytes(PEPPER_BYTES).toString('hex');
  const read = <T>(work: (sql: Sql, mac: TrustMac | 'missing') => Result<T>): Result<T> =>
    state.read((sql) => {
      const mac = readTrustMac(state.home);
      return mac.ok ? work(sql, mac.value) : mac;
    });
  const change = <T>(work: (sql: Sql, mac: TrustMac) => Result<T>): Result<T> => {
    const changed = state.write((sql) => {
      const made = makeTrustKey(state.home);
      const mac = made.ok ? readTrustMac(state.home) : made;
      if (!mac.ok) return mac;
      return mac.value === 'missing'
        ? err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'ENOENT' }))
        : work(sql, mac.value);
    }, 'durable');
    memory.forget();
    return changed;
  };
  /** Only of a key that was found is anything remembered, so how long it takes tells nothing to who does not hold it. */
  const find = ({ keyId, secret }: KeyParts) =>
    memory.recall(hash('sha256', `${pepper}_${keyId}_${secret}`, 'base64'), () =>
      read((sql, mac) => ok(verified(findRow(sql, keyId), mac, secret))),
    );
  return {
    create: (key) => change((sql, mac) => create(sql, mac, key, now())),
    list: () => read((sql, mac) => ok(listed(allRows(sql), lastUses(sql), mac, now()))),
    revoke: (name) => change((sql, mac) => revoke(sql, mac, name, now())),
    rotate: (name, rotation) => change((sql, mac) => rotate({ sql, mac, now: now() }, name, rotation)),
    verify(parts) {
      const found = find(parts);
      return found.ok && found.value && !isLive(found.value, now()) ? ok(undefined) : found;
    },
    hasLive: () => read((sql, mac) => ok(allRows(sql).some((row) => isLive(row, now()) && isGenuine(row, mac)))),
  };
}

/** Keys in use at once, on most servers; more cost a look-up each time. */
const MOST_REMEMBERED = 4_096;
const PEPPER_BYTES = 32;

const isFound = (key: KeyInfo | undefined) => key !== undefined;

/** As much of a name as every list, log and journal can show on one line. */
const NAME = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,64}(?<! )$/u;

function create(sql: Sql, mac: TrustMac, { name, scopes, expiresAt }: NewKey, now: number): Result<MadeKey> {
  if (!NAME.test(name))
    return err(failure('INPUT/INVALID', { problem: 'the name of a key has 1 to 64 printable characters' }));
  if (current(sql, mac, name).length > 0) return err(failure('ACCESS/KEY_EXISTS', { name }));
  const callerId = randomText(CALLER_CHARS);
  return ok(
    add(sql, mac, { callerId, name, scopes: JSON.stringify(scopes), createdAt: now, expiresAt, revokedAt: undefined }),
  );
}

interface Change {
  readonly sql: Sql;
  readonly mac: TrustMac;
  readonly now: number;
}

function rotate({ sql, mac, now }: Change, name: string, { graceMs, expiresAt }: Rotation): Result<MadeKey> {
  const rows = current(sql, mac, name);
  const [newest] = rows;
  if (!newest) return notFound(sql, mac, name);
  for (const row of rows) {
    const ended =
      graceMs > 0
        ? { expiresAt: Math.min(row.expiresAt ?? Number.POSITIVE_INFINITY, now + graceMs) }
        : { revokedAt: now };
    putRow(sql, { ...row, ...ended }, mac);
  }
  const lifetimeMs = newest.expiresAt === undefined ? undefined : newest.expiresAt - newest.createdAt;
  // Later than the one that it replaces, even where the clock stands: the newest is the one that counts.
  const createdAt = Math.max(now, newest.createdAt + 1);
  const ends = expiresAt ?? (lifetimeMs === undefined ? undefined : createdAt + lifetimeMs);
  const { callerId, scopes } = newest;
  return ok(add(sql, mac, { callerId, name, scopes, createdAt, expiresAt: ends, revokedAt: undefined }));
}

function revoke(sql: Sql, mac: TrustMac, name: string, now: number): Result<readonly KeyInfo[]> {
  const rows = rowsOfName(sql, name);
  const [live, forged] = [current(sql, mac, name), rows.filter((row) => !isGenuine(row, mac))];
  if (live.length + forged.length === 0) return notFound(sql, mac, name);
  const ended = live.map((row) => ({ ...row, revokedAt: now }));
  for (const row of ended) putRow(sql, row, mac);
  // Nothing vouches for these, so there is nothing to keep of them.
  for (const { keyId } of forged) removeRow(sql, keyId);
  return ok([...ended, ...forged].map(infoOf));
}

/** Those of a name that are not revoked, newest first; the name is theirs, even when they have expired. */
function current(sql: Sql, mac: TrustMac, name: string): readonly StoredRow[] {
  return rowsOfName(sql, name).filter((row) => row.revokedAt === undefined && isGenuine(row, mac));
}

function notFound(sql: Sql, mac: TrustMac, name: string): Result<never> {
  const names = allRows(sql).filter((row) => row.revokedAt === undefined && isGenuine(row, mac));
  const nearest = nearestNames(
    name,
    names.map((row) => row.name),
  ).join(', ');
  return err(failure('ACCESS/KEY_NOT_FOUND', { name, nearest: nearest || 'none' }));
}

/** Sixteen characters of 62 are 95 bits. */
const CALLER_CHARS = 16;

function add(sql: Sql, mac: TrustMac, about: Omit<KeyRow, 'keyId' | 'digest'>): MadeKey {
  const parts = { keyId: randomText(keyParts.idChars), secret: randomText(keyParts.secretChars) };
  const row = { ...about, keyId: parts.keyId, digest: digestOf(parts.secret) };
  putRow(sql, row, mac);
  return { info: infoOf(row), key: keyText(parts) };
}

/** Each character with equal chance. */
function randomText(chars: number): string {
  return Array.from({ length: chars }, () => keyParts.alphabet.charAt(randomInt(keyParts.alphabet.length))).join('');
}

const NO_DIGEST = Buffer.alloc(32);

/** Nothing is left out where something is wrong already, so that it takes as long. */
function verified(row: StoredRow, mac: TrustMac | 'missing', secret: string): KeyInfo | undefined {
  const given = digestOf(secret);
  const isSame = timingSafeEqual(given, row.digest.length === given.length ? row.digest : NO_DIGEST);
  const genuine = isGenuine(row, mac);
  return isSame && genuine ? infoOf(row) : undefined;
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function isLive({ expiresAt, revokedAt }: Partial<Pick<KeyRow, 'expiresAt' | 'revokedAt'>>, now: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt);
}

function listed(
  rows: readonly StoredRow[],
  used: ReadonlyMap<string, number>,
  mac: TrustMac | 'missing',
  now: number,
): readonly ListedKey[] {
  const newest = new Map<string, number>();
  for (const { callerId, createdAt } of rows) newest.set(callerId, Math.max(createdAt, newest.get(callerId) ?? 0));
  const stateOf = (row: StoredRow): ListedKey['state'] => {
    if (!isGenuine(row, mac)) return 'unverified';
    if (row.revokedAt !== undefined) return 'revoked';
    if (!isLive(row, now)) return 'expired';
    return newest.get(row.callerId) === row.createdAt ? 'active' : 'replaced';
  };
  return rows.map((row) => {
    const lastUsedAt = used.get(row.keyId);
    return { ...infoOf(row), ...(lastUsedAt !== undefined && { lastUsedAt }), state: stateOf(row) };
  });
}

function infoOf({ keyId, callerId, name, scopes, createdAt, expiresAt, revokedAt }: KeyRow): KeyInfo {
  return {
    keyId,
    callerId,
    name,
    scopes: parseList(scopes),
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}

function parseList(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

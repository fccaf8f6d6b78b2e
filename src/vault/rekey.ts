// One key-encryption key takes the place of another. The new one is stored before the one transaction that puts it into the
// header, and the old one is removed after it: whatever moment a process is killed at, the vault opens with one of the two.
import { timingSafeEqual } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import type { Sql } from '../state/state.ts';
import { counterPlace, openCounter } from './counter.ts';
import {
  isOpenedBy,
  manifestOf,
  readHeader,
  replaceHeader,
  rewrapHeader,
  type VaultHeader,
  type VaultKeys,
  wipeKeys,
} from './header.ts';
import type { KeyContext, KeyEncryptionKey, KeySource, KeySourceConfig } from './key-context.ts';
import { findKey, keySourceOf } from './key-source.ts';
import { openRecord, readRecords, type StoredRecord, sealRecord, writeRecord } from './record.ts';
import { asNotWritable, asVaultFailure, checkVault, type VaultSession } from './session.ts';
import { forgetSpareKey, noteSpareKey, readSpareKeys, removeSpareKeys } from './spare-keys.ts';

/** In their order: the new key is noted, stored, about to be in use, in use; the old one is removed. */
export type RekeyStep = 'noted' | 'stored' | 'sealed' | 'replaced' | 'removed';

export interface RekeyOrder {
  /** Where the new key comes from and how to get at it. */
  readonly to: KeySourceConfig & { readonly source: KeySourceKind };
  /** Also encrypts every record anew: for a key that others may have had. */
  readonly newDataKey: boolean;
  /** Told of each step once it is done. */
  readonly onStep?: (step: RekeyStep) => void;
}

export interface Rekeyed {
  readonly from: KeySourceKind;
  readonly to: KeySourceKind;
  /** Where the new key is, in words for the operator. */
  readonly where: string;
  readonly secrets: number;
  /** Keys that could not be removed now; the next run tries again. */
  readonly left: number;
}

interface Exchange {
  readonly session: VaultSession;
  readonly keys: VaultKeys;
  readonly present: Buffer;
  readonly next: KeyEncryptionKey;
  readonly source: KeySource;
  /** In which the new key is found. */
  readonly context: KeyContext;
  readonly newDataKey: boolean;
  readonly step: (done: RekeyStep) => void;
}

/** Failures: those of the session and of the new source; VAULT/REKEYED where another process was first; INPUT/INVALID for the same key. */
export function rekeyVault(session: VaultSession, { to, newDataKey, onStep }: RekeyOrder): Result<Rekeyed> {
  const may = session.mayChange();
  if (!may.ok) return may;
  const keys = session.keys();
  if (!keys.ok) return keys;
  const cleaned = removeSpareKeys(session, keys.value);
  if (!cleaned.ok) return cleaned;
  const source = keySourceOf(to.source);
  if (!source) throw new Error(`no key source ${to.source}`);
  const context = { ...session.context, config: to };
  const present = findKey(keys.value.key, session.context);
  // Another process may have put in its key, and removed this one, since it was had.
  if (!present.ok) return hasAnotherKey(session, keys.value) ? err(failure('VAULT/REKEYED')) : present;
  const next = source.draw(context);
  if (!next.ok) return next;
  const step = onStep ?? (() => undefined);
  try {
    if (timingSafeEqual(present.value, next.value.key)) {
      return err(failure('INPUT/INVALID', { problem: 'the new key is the one that the vault has' }));
    }
    const given = { session, keys: keys.value, source, context, newDataKey, step };
    return exchange({ ...given, present: present.value, next: next.value });
  } finally {
    present.value.fill(0);
    next.value.key.fill(0);
  }
}

function hasAnotherKey({ state }: VaultSession, keys: VaultKeys): boolean {
  const header = state.read(readHeader);
  return header.ok && header.value !== undefined && !isOpenedBy(keys, header.value);
}

function exchange(given: Exchange): Result<Rekeyed> {
  const { session, keys, next, source, context, step } = given;
  const stored = storeNext(given);
  const replaced = stored.ok ? replaceKey(given) : stored;
  if (!replaced.ok) {
    // What a disk did with a write that it reports as failed shows at the next run only: the key stays noted until then.
    if (replaced.failure.code !== 'VAULT/NOT_WRITABLE') discardNext(given);
    return replaced;
  }
  step('replaced');
  const now = replaced.value;
  openCounter(now.keys, context).raise(now.generation);
  if (counterPlace(keys.key.source) !== counterPlace(next.identity.source)) {
    openCounter(keys, session.context).remove();
  }
  const removed = removeSpareKeys(session, now.keys);
  session.forget();
  wipeKeys(now.keys);
  step('removed');
  return ok({
    from: keys.key.source,
    to: next.identity.source,
    where: source.where(next.identity, context),
    secrets: now.secrets,
    left: removed.ok ? removed.value.left : 1,
  });
}

function storeNext({ session, keys, next, source, context, step }: Exchange): Result<void> {
  if (!source.store) return ok(undefined);
  const noted = session.state.write((sql) => {
    noteSpareKey(sql, keys, next.identity);
    return ok(undefined);
  }, 'durable');
  if (!noted.ok) return asNotWritable(noted);
  step('noted');
  const kept = source.store.keep(next, context);
  if (kept.ok) step('stored');
  // Who removes what is left of others takes it away while it is written, after its note.
  else if (!isNoted(session, keys, next)) return err(failure('VAULT/REKEYED'));
  return kept;
}

function isNoted({ state }: VaultSession, keys: VaultKeys, { identity }: KeyEncryptionKey): boolean {
  // Alone among all processes: whoever is removing keys at this moment has not told yet which notes went.
  const noted = state.write((sql) => ok(readSpareKeys(sql, keys).some(({ id }) => id === identity.id)), 'relaxed');
  return !noted.ok || noted.value;
}

/** Only ever its own: another process may be just putting in a key that is noted as well. */
function discardNext({ session, next, source, context }: Exchange): void {
  if (!source.store?.remove(next.identity.id, context).ok) return;
  session.state.write((sql) => {
    forgetSpareKey(sql, next.identity.id);
    return ok(undefined);
  }, 'durable');
}

interface Replaced {
  readonly keys: VaultKeys;
  readonly generation: number;
  readonly secrets: number;
}

function replaceKey(given: Exchange): Result<Replaced> {
  const { session, keys } = given;
  const seen = openCounter(keys, session.context).read();
  const replaced = session.state.write((sql) => {
    const header = readHeader(sql);
    if (!header.ok) return header;
    if (!header.value || !isOpenedBy(keys, header.value) || !isNextThere(sql, given)) {
      return err(failure('VAULT/REKEYED'));
    }
    const records = readRecords(sql);
    const whole = checkVault(keys, header.value, records, seen, session.context);
    if (!whole.ok) return whole;
    return replaceWithin(sql, header.value, records, given);
  }, 'durable');
  return asNotWritable(asVaultFailure(replaced));
}

function isNextThere(sql: Sql, { keys, next, source, context }: Exchange): boolean {
  if (!source.store) return true;
  if (!readSpareKeys(sql, keys).some(({ id }) => id === next.identity.id)) return false;
  const found = source.find(next.identity, context);
  const same = found.ok && timingSafeEqual(found.value, next.key);
  if (found.ok) found.value.fill(0);
  return same;
}

function replaceWithin(
  sql: Sql,
  header: VaultHeader,
  records: readonly StoredRecord[],
  { keys, present, next, newDataKey, step }: Exchange,
): Result<Replaced> {
  const rewrapped = rewrapHeader(header, present, next, { newDataKey });
  if (!rewrapped) return err(failure('VAULT/CORRUPT', { what: 'its header' }));
  if (newDataKey) {
    const sealed = sealAnew(sql, records, keys, rewrapped.keys);
    if (!sealed.ok) return sealed;
  }
  const generation = header.generation + 1;
  const entries = records.map(({ policy, version }) => ({ id: policy.id, version }));
  const manifest = manifestOf(rewrapped.keys, generation, entries);
  replaceHeader(sql, { ...rewrapped.header, generation, manifest });
  const spare = readSpareKeys(sql, keys).filter(({ id }) => id !== next.identity.id);
  forgetSpareKey(sql, next.identity.id);
  const movesCounter = counterPlace(keys.key.source) !== counterPlace(next.identity.source);
  const old = keySourceOf(keys.key.source)?.store || movesCounter ? [keys.key] : [];
  for (const each of [...spare, ...old]) noteSpareKey(sql, rewrapped.keys, each);
  step('sealed');
  return ok({ keys: rewrapped.keys, generation, secrets: records.length });
}

function sealAnew(sql: Sql, records: readonly StoredRecord[], keys: VaultKeys, next: VaultKeys): Result<void> {
  for (const record of records) {
    const { policy, version } = record;
    const value = openRecord(keys.recordKey, keys.vaultId, record);
    if (!value) return err(failure('VAULT/CORRUPT', { what: `the secret "${policy.name}"` }));
    writeRecord(sql, sealRecord(next.recordKey, next.vaultId, policy, version, value));
    value.fill(0);
  }
  return ok(undefined);
}

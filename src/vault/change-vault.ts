// Every change of the vault: one durable transaction that first checks what is there, so that a tampered vault is never
// sealed anew as if it were whole.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { Sql } from '../state/state.ts';
import { openCounter } from './counter.ts';
import { isOpenedBy, manifestOf, readHeader, updateManifest, type VaultKeys } from './header.ts';
import { readRecords, type StoredRecord } from './record.ts';
import { asNotWritable, asVaultFailure, checkVault, type VaultSession } from './session.ts';

export interface VaultChange {
  readonly sql: Sql;
  readonly keys: VaultKeys;
  readonly records: readonly StoredRecord[];
}

/**
 * Runs `work` inside the transaction and seals the new list of records; again, with the key had anew, where another process
 * rekeyed the vault in between. Failures: those of the session, its word against changes, VAULT/NOT_WRITABLE.
 */
export function changeVault<T>(
  session: VaultSession,
  keys: VaultKeys,
  work: (change: VaultChange) => Result<T>,
): Result<T> {
  const may = session.mayChange();
  if (!may.ok) return may;
  const changed = tryChange(session, keys, work);
  if (!changed.ok || changed.value !== REKEYED) return changed as Result<T>;
  const now = session.keys();
  return now.ok ? changeVault(session, now.value, work) : now;
}

const REKEYED = Symbol('the vault has another key now');

function tryChange<T>(
  session: VaultSession,
  keys: VaultKeys,
  work: (change: VaultChange) => Result<T>,
): Result<T | typeof REKEYED> {
  const counter = openCounter(keys, session.context);
  const seen = counter.read();
  let generation = 0;
  const changed = session.state.write<T | typeof REKEYED>((sql) => {
    const header = readHeader(sql);
    if (!header.ok) return header;
    if (header.value?.vaultId !== keys.vaultId)
      return err(failure('VAULT/CORRUPT', { what: 'another vault was put in its place' }));
    if (!isOpenedBy(keys, header.value)) return ok(REKEYED);
    const records = readRecords(sql);
    const whole = checkVault(keys, header.value, records, seen, session.context);
    if (!whole.ok) return whole;
    const outcome = work({ sql, keys, records });
    if (!outcome.ok) return outcome;
    generation = header.value.generation + 1;
    const entries = readRecords(sql).map(({ policy, version }) => ({ id: policy.id, version }));
    updateManifest(sql, generation, manifestOf(keys, generation, entries));
    return outcome;
  }, 'durable');
  session.forget();
  if (changed.ok && changed.value !== REKEYED) counter.raise(generation);
  return asNotWritable(asVaultFailure(changed));
}

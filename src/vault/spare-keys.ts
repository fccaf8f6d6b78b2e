// Notes of keys that are, or were about to be, stored beside the one in use. A note is written before its key is, and goes
// after its key is gone, so a process that is killed in between leaves nothing that is not found again. Each note is sealed:
// whoever can only write the database must not have a key removed.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import { bytesIn, columnList, textIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import { lengthPrefixed } from './aead.ts';
import { counterPlace, openCounter } from './counter.ts';
import { isOpenedBy, readHeader, type VaultHeader, type VaultKeys } from './header.ts';
import { keySourceOf } from './key-source.ts';
import { asNotWritable, asVaultFailure, type VaultSession } from './session.ts';

export interface SpareKey {
  readonly id: string;
  readonly source: KeySourceKind;
}

/** How many keys wait for their removal; needs no key, so a note may be anyone's. */
export function countSpareKeys(sql: Sql): number {
  return sql.all(SELECT).length;
}

/** Those whose note is genuine. */
export function readSpareKeys(sql: Sql, keys: VaultKeys): readonly SpareKey[] {
  return sql.all(SELECT).flatMap((row) => {
    const spare = { id: textIn(row, 'key_id'), source: textIn(row, 'source') as KeySourceKind };
    const mac = bytesIn(row, 'mac');
    const expected = sealOf(keys, spare);
    return mac.length === expected.length && timingSafeEqual(mac, expected) ? [spare] : [];
  });
}

export function noteSpareKey(sql: Sql, keys: VaultKeys, spare: SpareKey): void {
  sql.run(
    'INSERT INTO spare_key (key_id, source, mac) VALUES (?, ?, ?) ON CONFLICT (key_id) DO UPDATE SET mac = excluded.mac',
    spare.id,
    spare.source,
    sealOf(keys, spare),
  );
}

export function forgetSpareKey(sql: Sql, id: string): void {
  sql.run('DELETE FROM spare_key WHERE key_id = ?', id);
}

/**
 * Removes every noted key but the one in use, alone among all processes: a key that another one is just putting in is either
 * in use by then, or its note is gone and that process gives up. Gives how many were removed, and how many could not be.
 * Failures: those of the session, VAULT/REKEYED.
 */
export function removeSpareKeys(
  session: VaultSession,
  keys: VaultKeys,
): Result<{ readonly removed: number; readonly left: number }> {
  const removed = session.state.write((sql) => {
    const header = readHeader(sql);
    if (!header.ok) return header;
    if (!header.value || !isOpenedBy(keys, header.value)) return err(failure('VAULT/REKEYED'));
    const { key } = header.value;
    const spare = readSpareKeys(sql, keys);
    const gone = spare.filter((each) => removeOne(session, header.value, each));
    for (const { id } of gone) forgetSpareKey(sql, id);
    keySourceOf(key.source)?.store?.settle?.(key.id, session.context);
    return ok({ removed: gone.length, left: spare.length - gone.length });
  }, 'durable');
  return asNotWritable(asVaultFailure(removed));
}

function removeOne({ context }: VaultSession, header: VaultHeader | undefined, { id, source }: SpareKey): boolean {
  if (!header) return false;
  if (id === header.key.id) return true;
  const removed = keySourceOf(source)?.store?.remove(id, context);
  if (removed && !removed.ok) return false;
  if (counterPlace(source) !== counterPlace(header.key.source)) {
    openCounter(header, context).raise(header.generation);
    openCounter({ vaultId: header.vaultId, key: { source } }, context).remove();
  }
  return true;
}

const SELECT = `SELECT ${columnList({ key_id: 'text', source: 'text', mac: 'bytes' })} FROM spare_key`;

function sealOf({ vaultId, manifestKey }: VaultKeys, { id, source }: SpareKey): Buffer {
  const parts = ['keyward.vault.spare-key.v1', vaultId, id, source];
  return createHmac('sha256', manifestKey).update(lengthPrefixed(parts)).digest();
}

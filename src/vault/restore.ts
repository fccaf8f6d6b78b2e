// What becomes of a backup's secrets in a vault: a plan that is made and carried out inside one transaction, or refused whole.
import { nearestNames } from '../../shared/collection/nearest.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { BackupContents, BackupSecret } from './backup-contents.ts';
import type { VaultChange } from './change-vault.ts';
import { readHeader } from './header.ts';
import { type StoredRecord, sealRecord, writeRecord } from './record.ts';

export interface RestoreRule {
  /** Adds what the vault lacks, by id and by name; what it has stays. */
  readonly merge: boolean;
  /** Names or ids to take from the backup, whatever the vault has under them. */
  readonly replace: readonly string[];
  /** The operator's word that newer things may give way to older ones. */
  readonly acceptOlder: boolean;
}

/** By name. */
export interface Restored {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  /** In the backup, and not taken from it. */
  readonly kept: readonly string[];
}

interface Move {
  readonly secret: BackupSecret;
  /** What the vault has under the same id, or the same name and tier. */
  readonly clashes: readonly StoredRecord[];
  readonly taken: boolean;
}

/**
 * Writes what the rule takes; ids stay. An empty vault takes everything. Failures: VAULT/NOT_EMPTY without a rule,
 * SECRET/NOT_FOUND for a name that the backup lacks, VAULT/BACKUP_OLDER.
 */
export function restoreWithin(change: VaultChange, contents: BackupContents, rule: RestoreRule): Result<Restored> {
  const { secrets } = contents;
  const { records } = change;
  const chosen = rule.replace.length > 0;
  if (records.length > 0 && !rule.merge && !chosen) {
    const count = `${records.length} ${records.length === 1 ? 'secret' : 'secrets'}`;
    return err(failure('VAULT/NOT_EMPTY', { secrets: count }));
  }
  const missing = rule.replace.find((each) => !secrets.some((secret) => isNamed(secret, each)));
  if (missing !== undefined) return err(notInBackup(missing, secrets));
  const all = rule.merge || (records.length === 0 && !chosen);
  const clashesWith = findClashes(records);
  const moves = secrets.map((secret): Move => {
    const clashes = clashesWith(secret);
    const named = rule.replace.some((each) => isNamed(secret, each));
    return { secret, clashes, taken: named || (all && clashes.length === 0) };
  });
  const taken = moves.filter((move) => move.taken);
  const older = rule.acceptOlder ? undefined : whatIsOlder(change, contents, taken);
  if (older !== undefined) return err(failure('VAULT/BACKUP_OLDER', { what: older }));
  for (const move of taken) carryOut(change, move);
  const names = (some: readonly Move[]) => some.map(({ secret }) => secret.policy.name);
  return ok({
    added: names(taken.filter(({ clashes }) => clashes.length === 0)),
    replaced: names(taken.filter(({ clashes }) => clashes.length > 0)),
    kept: names(moves.filter((move) => !move.taken)),
  });
}

function isNamed({ policy }: BackupSecret, nameOrId: string): boolean {
  return policy.name === nameOrId || policy.id === nameOrId;
}

function findClashes(records: readonly StoredRecord[]): (secret: BackupSecret) => readonly StoredRecord[] {
  const slot = ({ name, tier }: StoredRecord['policy']) => `${tier ?? 'reading'} ${name}`;
  const byId = new Map(records.map((record) => [record.policy.id, record]));
  const bySlot = new Map(records.map((record) => [slot(record.policy), record]));
  return ({ policy }) => {
    const found = [byId.get(policy.id), bySlot.get(slot(policy))];
    return [...new Set(found.filter((record) => record !== undefined))];
  };
}

function tierOf({ tier }: StoredRecord['policy']): string {
  return tier ?? 'reading';
}

function whatIsOlder({ sql }: VaultChange, { origin }: BackupContents, taken: readonly Move[]): string | undefined {
  if (taken.length === 0) return undefined;
  const header = readHeader(sql);
  const generation = header.ok && header.value?.vaultId === origin.vaultId ? header.value.generation : 0;
  if (generation > origin.generation) {
    return `it was made after change ${origin.generation} of this vault, which has seen ${generation}`;
  }
  const newer = taken.find(({ secret, clashes }) =>
    clashes.some(({ policy }) => policy.updatedAt > secret.policy.updatedAt),
  );
  return newer && `"${newer.secret.policy.name}" was changed after it was made`;
}

function carryOut({ sql, keys }: VaultChange, { secret, clashes }: Move): void {
  const { policy, value } = secret;
  const same = clashes.find((record) => record.policy.id === policy.id);
  // A record keeps its row, and with it its count of uses, only where it is the same handle under the same name.
  for (const record of clashes) {
    if (record !== same || record.policy.name !== policy.name || tierOf(record.policy) !== tierOf(policy)) {
      sql.run('DELETE FROM handle WHERE id = ?', record.policy.id);
    }
  }
  const version = Math.max(secret.version, (same?.version ?? 0) + 1);
  writeRecord(sql, sealRecord(keys.recordKey, keys.vaultId, policy, version, value));
}

function notInBackup(name: string, secrets: readonly BackupSecret[]) {
  const names = secrets.map(({ policy }) => policy.name);
  return failure('SECRET/NOT_FOUND', { name, nearest: nearestNames(name, names).join(', ') || 'none' });
}

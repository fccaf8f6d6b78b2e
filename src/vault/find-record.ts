// Finding a record in what was read of the vault, and what may be told of it.
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { HandleInfo, SecretTier } from '../../shared/secret/secret-ref.ts';
import { damaged, notFound } from './edit-secret.ts';
import type { RecordPolicy, StoredRecord } from './record.ts';
import type { VaultView } from './session.ts';
import type { HandleUse } from './uses.ts';

/** By id, else by name. Failures: SECRET/NOT_FOUND; VAULT/CORRUPT where the key is at hand and the record does not authenticate. */
export function findRecord(view: VaultView, nameOrId: string): Result<StoredRecord> {
  const found = recordNamed(view, nameOrId);
  if (!found) return err(notFound(nameOrId, [...view.reading.keys(), ...view.writing.keys()]));
  return isWhole(view, found) ? ok(found) : err(damaged(found.policy.name));
}

/** What is told of a record: the reading credential of a name tells of the writing one beside it. */
export function infoOf(
  { writing }: Pick<VaultView, 'writing'>,
  policy: RecordPolicy,
  used: HandleUse | undefined,
): HandleInfo {
  const info = withUses(policy, used);
  const other = policy.tier === 'writing' ? undefined : writing.get(policy.name);
  return other ? { ...info, writingId: other.policy.id } : info;
}

export function withUses(policy: RecordPolicy, used: HandleUse | undefined): HandleInfo {
  return used ? { ...policy, useCount: used.uses, lastUsedAt: used.lastUsedAt } : { ...policy, useCount: 0 };
}

export function recordNamed({ byId, reading, writing }: VaultView, nameOrId: string): StoredRecord | undefined {
  return byId.get(nameOrId) ?? reading.get(nameOrId) ?? writing.get(nameOrId);
}

export function recordsOf(view: VaultView, tier: SecretTier): ReadonlyMap<string, StoredRecord> {
  return tier === 'writing' ? view.writing : view.reading;
}

/** Whether a record authenticates, as far as that can be told without asking for the key. */
export function isWhole(view: VaultView, record: StoredRecord): boolean {
  if (!view.verified) return true;
  const value = view.open(record);
  value?.fill(0);
  return value !== undefined;
}

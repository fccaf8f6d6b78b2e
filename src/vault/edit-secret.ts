// What set, bind and delete do inside a change. A record is opened before anything of it is kept: its policy counts only
// as long as it authenticates.
import { randomBytes } from 'node:crypto';
import { nearestNames } from '../../shared/collection/nearest.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseOrigins } from '../../shared/secret/binding.ts';
import { handleId, parseHandleLabel, parseHandleName } from '../../shared/secret/handle-name.ts';
import { parseSecretValue } from '../../shared/secret/secret-value.ts';
import type { VaultChange } from './change-vault.ts';
import { openRecord, type RecordPolicy, type StoredRecord, sealRecord, writeRecord } from './record.ts';

export interface SetSecret {
  readonly name: string;
  readonly value: string;
  /** As typed; may be empty only with `replace`, which then keeps the origins there are. */
  readonly origins: readonly string[];
  readonly label?: string;
  /** The operator's word that the handle may stand in a path segment. */
  readonly pathAllowed?: boolean;
  /** Milliseconds since the epoch. Replacing without it takes an expiry away. */
  readonly expiresAt?: number;
  readonly replace?: boolean;
}

/** Checks everything that can be checked without the vault. Failure: SECRET/INVALID. */
export function parseSetSecret(input: SetSecret, now: number): Result<SetSecret> {
  const name = parseHandleName(input.name);
  if (!name.ok) return name;
  const value = parseSecretValue(input.value);
  if (!value.ok) return value;
  const label = parseHandleLabel(input.label ?? '');
  if (!label.ok) return label;
  const origins = input.replace && input.origins.length === 0 ? ok([]) : parseOrigins(input.origins);
  if (!origins.ok) return origins;
  if (input.expiresAt !== undefined && (!Number.isSafeInteger(input.expiresAt) || input.expiresAt <= now)) {
    return err(failure('SECRET/INVALID', { problem: 'the expiry is not in the future' }));
  }
  return ok({ ...input, origins: origins.value });
}

/** Stores a parsed secret. Failures: SECRET/EXISTS, SECRET/NOT_FOUND (to replace, without origins), VAULT/CORRUPT. */
export function setSecret(change: VaultChange, input: SetSecret, now: number): Result<RecordPolicy> {
  const existing = change.records.find(({ policy }) => policy.name === input.name);
  if (!existing)
    return input.origins.length > 0
      ? store(change, newPolicy(input, now), 1, input.value)
      : err(notFound(input.name, namesOf(change)));
  if (!input.replace) return err(failure('SECRET/EXISTS', { name: input.name }));
  const opened = open(change, existing);
  if (!opened.ok) return opened;
  const { expiresAt: _, ...kept } = existing.policy;
  const policy: RecordPolicy = {
    ...kept,
    ...chosen(input),
    origins: input.origins.length > 0 ? input.origins : kept.origins,
    updatedAt: now,
  };
  return store(change, policy, existing.version + 1, input.value);
}

/** Adds origins, already parsed, to a record. Failures: SECRET/NOT_FOUND, VAULT/CORRUPT. */
export function bindSecret(
  change: VaultChange,
  nameOrId: string,
  origins: readonly string[],
  now: number,
): Result<RecordPolicy> {
  const existing = findRecord(change, nameOrId);
  if (!existing.ok) return existing;
  const value = open(change, existing.value);
  if (!value.ok) return value;
  const { policy, version } = existing.value;
  const bound = [...new Set([...policy.origins, ...origins])].sort();
  return store(change, { ...policy, origins: bound, updatedAt: now }, version + 1, value.value);
}

/** Removes a record, a damaged one too. Failure: SECRET/NOT_FOUND. */
export function deleteSecret(change: VaultChange, nameOrId: string): Result<RecordPolicy> {
  const existing = findRecord(change, nameOrId);
  if (!existing.ok) return existing;
  change.sql.run('DELETE FROM handle WHERE id = ?', existing.value.policy.id);
  return ok(existing.value.policy);
}

export function notFound(name: string, names: readonly string[]): Failure {
  return failure('SECRET/NOT_FOUND', { name, nearest: nearestNames(name, names).join(', ') || 'none' });
}

export function damaged(name: string): Failure {
  return failure('VAULT/CORRUPT', { what: `the secret "${name}"` });
}

function newPolicy(input: SetSecret, now: number): RecordPolicy {
  const id = handleId(randomBytes(16).toString('hex'));
  return {
    id,
    name: input.name,
    origins: input.origins,
    pathAllowed: false,
    ...chosen(input),
    createdAt: now,
    updatedAt: now,
  };
}

function chosen({ label, pathAllowed, expiresAt }: SetSecret): Partial<RecordPolicy> {
  return {
    ...(label === undefined ? {} : { label }),
    ...(pathAllowed === undefined ? {} : { pathAllowed }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function store(
  { sql, keys }: VaultChange,
  policy: RecordPolicy,
  version: number,
  value: string | Buffer,
): Result<RecordPolicy> {
  const bytes = Buffer.from(value);
  writeRecord(sql, sealRecord(keys.recordKey, keys.vaultId, policy, version, bytes));
  bytes.fill(0);
  return ok(policy);
}

function open({ keys }: VaultChange, record: StoredRecord): Result<Buffer> {
  const value = openRecord(keys.recordKey, keys.vaultId, record);
  return value ? ok(value) : err(damaged(record.policy.name));
}

function findRecord(change: VaultChange, nameOrId: string): Result<StoredRecord> {
  const found =
    change.records.find(({ policy }) => policy.id === nameOrId) ??
    change.records.find(({ policy }) => policy.name === nameOrId);
  return found ? ok(found) : err(notFound(nameOrId, namesOf(change)));
}

function namesOf({ records }: VaultChange): string[] {
  return records.map(({ policy }) => policy.name);
}

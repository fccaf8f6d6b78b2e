// What set, bind and delete do inside a change. A record is opened before anything of it is kept: its policy counts only
// as long as it authenticates.
import { randomBytes } from 'node:crypto';
import { nearestNames } from '../../shared/collection/nearest.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseOrigins } from '../../shared/secret/binding.ts';
import { handleId, parseHandleLabel, parseHandleName } from '../../shared/secret/handle-name.ts';
import {
  parseExpiresAt,
  parseMaxUses,
  parseMethods,
  parsePlaces,
  placesOf,
  placesRule,
} from '../../shared/secret/handle-policy.ts';
import { type Rebinding, rebind } from '../../shared/secret/rebind.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import { parseSecretReference } from '../../shared/secret/secret-reference.ts';
import { parseSecretValue } from '../../shared/secret/secret-value.ts';
import type { VaultChange } from './change-vault.ts';
import { openRecord, type RecordPolicy, type StoredRecord, sealRecord, writeRecord } from './record.ts';

export interface SetSecret {
  readonly name: string;
  readonly value: string;
  /** The value only names a place outside, as shared/secret/secret-reference.ts reads it. */
  readonly outside?: boolean;
  /** As typed; may be empty only where there are some to keep: with `replace`, or with `tier: 'writing'` beside a reading one. */
  readonly origins: readonly string[];
  /** Of the two credentials under the name; absent: `reading`. */
  readonly tier?: SecretTier;
  readonly label?: string;
  /** The operator's word that the handle may stand in a path segment. */
  readonly pathAllowed?: boolean;
  /** As typed. Absent: all, or those that there are. */
  readonly places?: readonly string[];
  readonly methods?: readonly string[];
  readonly maxUses?: number;
  /** Milliseconds since the epoch. Replacing without it takes an expiry away. */
  readonly expiresAt?: number;
  readonly replace?: boolean;
  /** Replacing leaves an expiry as it is, over or not. */
  readonly keepsExpiry?: boolean;
  /** The operator's word that a value is kept here in the place of a reference to one outside. */
  readonly endsReference?: boolean;
  /** Names of handles that it takes the place of: they go, and where they were bound to it is bound to as well. Its id is a new one. */
  readonly insteadOf?: readonly string[];
  /** Only in the place of the value that this record had then, and of no other under the name. */
  readonly seen?: SeenValue;
}

export type SeenValue = Pick<RecordPolicy, 'id' | 'rotatedAt'>;

export interface BindSecret {
  readonly rebinding: Rebinding;
  /** When it was last changed, as far as whoever agreed to this knows. */
  readonly seen?: number;
}

/** A secret to store, of which all is checked that can be without the vault. */
export interface ParsedSecret {
  readonly name: string;
  readonly tier: SecretTier;
  readonly value: string;
  /** Empty: those that there are. */
  readonly origins: readonly string[];
  readonly replace: boolean;
  readonly keepsExpiry: boolean;
  readonly endsReference: boolean;
  readonly insteadOf: readonly string[];
  readonly seen: SeenValue | undefined;
  readonly stated: Partial<Pick<RecordPolicy, 'label' | 'expiresAt' | 'methods' | 'maxUses' | 'source'>>;
  readonly places?: ReturnType<typeof placesRule>;
  readonly pathAllowed?: boolean;
}

/** Checks everything that can be checked without the vault. Failure: SECRET/INVALID. */
export function parseSetSecret(input: SetSecret, now: number): Result<ParsedSecret> {
  const { tier = 'reading', replace = false, keepsExpiry = false, endsReference = false, pathAllowed } = input;
  const name = parseHandleName(input.name);
  if (!name.ok) return name;
  const value = parseSecretValue(input.value);
  if (!value.ok) return value;
  const mayKeep = replace || tier === 'writing';
  const origins = mayKeep && input.origins.length === 0 ? ok([]) : parseOrigins(input.origins);
  if (!origins.ok) return origins;
  const stated = parseStated(input, now);
  if (!stated.ok) return stated;
  const places = input.places && parsePlaces([...input.places, ...(pathAllowed ? ['path'] : [])]);
  if (places && !places.ok) return places;
  return ok({
    name: name.value,
    tier,
    value: value.value,
    origins: origins.value,
    replace,
    keepsExpiry,
    endsReference,
    insteadOf: input.insteadOf ?? [],
    seen: input.seen,
    stated: stated.value,
    ...(places && { places: placesRule(places.value) }),
    ...(pathAllowed !== undefined && { pathAllowed }),
  });
}

function parseStated(input: SetSecret, now: number): Result<ParsedSecret['stated']> {
  const label = optional(input.label, parseHandleLabel);
  if (!label.ok) return label;
  const methods = optional(input.methods, parseMethods);
  if (!methods.ok) return methods;
  const maxUses = optional(input.maxUses, parseMaxUses);
  if (!maxUses.ok) return maxUses;
  const expiresAt = optional(input.expiresAt, (at) => parseExpiresAt(at, now));
  if (!expiresAt.ok) return expiresAt;
  const reference = optional(input.outside ? input.value : undefined, parseSecretReference);
  if (!reference.ok) return reference;
  return ok({
    ...(label.value !== undefined && { label: label.value }),
    ...(methods.value && { methods: methods.value }),
    ...(maxUses.value !== undefined && { maxUses: maxUses.value }),
    ...(expiresAt.value !== undefined && { expiresAt: expiresAt.value }),
    ...(reference.value && { source: reference.value.kind }),
  });
}

function optional<Typed, Parsed>(
  typed: Typed | undefined,
  parse: (typed: Typed) => Result<Parsed>,
): Result<Parsed | undefined> {
  return typed === undefined ? ok(undefined) : parse(typed);
}

/**
 * Stores a parsed secret. Failures: SECRET/EXISTS, SECRET/NOT_FOUND (origins to keep, and none there), SECRET/INVALID (a value in the
 * place of a reference, without the word for it), VAULT/CORRUPT.
 */
export function setSecret(change: VaultChange, input: ParsedSecret, now: number): Result<RecordPolicy> {
  return input.insteadOf.length === 0 ? storeParsed(change, input, now) : takePlace(change, input, now);
}

function takePlace(change: VaultChange, input: ParsedSecret, now: number): Result<RecordPolicy> {
  const before = input.insteadOf.flatMap((name) => findNamed(change, name, input.tier) ?? []);
  const origins = new Set(input.origins);
  for (const record of before) {
    const opened = open(change, record);
    if (!opened.ok) return opened;
    opened.value.fill(0);
    for (const origin of record.policy.origins) origins.add(origin);
    change.sql.run('DELETE FROM handle WHERE id = ?', record.policy.id);
  }
  const records = change.records.filter((record) => !before.includes(record));
  return storeParsed({ ...change, records }, { ...input, origins: [...origins] }, now);
}

function storeParsed(change: VaultChange, input: ParsedSecret, now: number): Result<RecordPolicy> {
  const { name, tier, value } = input;
  const existing = findNamed(change, name, tier);
  if (input.seen && !isSeen(existing, input.seen)) return err(changedMeanwhile());
  if (!existing) {
    const origins = input.origins.length > 0 ? input.origins : findNamed(change, name, 'reading')?.policy.origins;
    if (!origins) return err(notFound(name, namesOf(change)));
    return store(change, newPolicy({ ...input, origins }, now), 1, value);
  }
  if (!input.replace) return err(failure('SECRET/EXISTS', { name }));
  const { expiresAt, source = 'value', ...kept } = existing.policy;
  if (source !== 'value' && input.stated.source === undefined && !input.endsReference) {
    return err(failure('SECRET/INVALID', { problem: `its value is kept outside (${source}), and is changed there` }));
  }
  const opened = open(change, existing);
  if (!opened.ok) return opened;
  opened.value.fill(0);
  // What it was set to come from, and until when, is that of the old value.
  const policy: RecordPolicy = {
    ...(input.keepsExpiry && expiresAt !== undefined && { expiresAt }),
    ...withRules(kept, input),
    origins: input.origins.length > 0 ? input.origins : kept.origins,
    updatedAt: now,
    rotatedAt: now,
  };
  // A new value may be used as often as the old one could be.
  if (policy.maxUses !== undefined) change.sql.run('DELETE FROM handle_use WHERE handle_id = ?', policy.id);
  return store(change, policy, existing.version + 1, value);
}

function isSeen(record: StoredRecord | undefined, { id, rotatedAt }: SeenValue): boolean {
  return record?.policy.id === id && record.policy.rotatedAt === rotatedAt;
}

function changedMeanwhile(): Failure {
  return failure('SECRET/INVALID', { problem: 'it was changed meanwhile, so look at it again' });
}

/** Changes what a record may be used for. Failures: SECRET/NOT_FOUND, SECRET/INVALID, VAULT/CORRUPT. */
export function bindSecret(
  change: VaultChange,
  nameOrId: string,
  { rebinding, seen }: BindSecret,
  now: number,
): Result<RecordPolicy> {
  const existing = findRecord(change, nameOrId);
  if (!existing.ok) return existing;
  const { policy, version } = existing.value;
  if (seen !== undefined && policy.updatedAt !== seen) {
    return err(changedMeanwhile());
  }
  const bound = rebind(policy, rebinding, now);
  if (!bound.ok) return bound;
  const value = open(change, existing.value);
  if (!value.ok) return value;
  const { places: _, methods: __, expiresAt: ___, maxUses: ____, ...rest } = policy;
  return store(change, { ...rest, ...bound.value, updatedAt: now }, version + 1, value.value);
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

function newPolicy(input: ParsedSecret, now: number): RecordPolicy {
  const id = handleId(randomBytes(16).toString('hex'));
  const { name, tier, origins } = input;
  const policy: RecordPolicy = { id, name, origins, pathAllowed: false, createdAt: now, updatedAt: now };
  return withRules(tier === 'writing' ? { ...policy, tier } : policy, input);
}

/** What was stated anew replaces what there was, and nothing else does. */
function withRules(policy: RecordPolicy, { stated, places, pathAllowed }: ParsedSecret): RecordPolicy {
  const { places: _, ...unplaced } = policy;
  if (places) return { ...unplaced, ...stated, ...places };
  if (pathAllowed === undefined) return { ...policy, ...stated };
  const others = placesOf(policy).filter((place) => place !== 'path');
  return { ...unplaced, ...stated, ...placesRule(pathAllowed ? [...others, 'path'] : others) };
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

/** By id, else by name: the reading one before the writing one. */
function findRecord(change: VaultChange, nameOrId: string): Result<StoredRecord> {
  const found =
    change.records.find(({ policy }) => policy.id === nameOrId) ??
    findNamed(change, nameOrId, 'reading') ??
    findNamed(change, nameOrId, 'writing');
  return found ? ok(found) : err(notFound(nameOrId, namesOf(change)));
}

function findNamed({ records }: VaultChange, name: string, tier: SecretTier): StoredRecord | undefined {
  return records.find(({ policy }) => policy.name === name && (policy.tier ?? 'reading') === tier);
}

function namesOf({ records }: VaultChange): string[] {
  return records.map(({ policy }) => policy.name);
}

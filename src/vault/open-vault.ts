// The store of handles as everyone but the signer sees it: what there is and where it may go. There is no way to a value here.
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseOrigins } from '../../shared/secret/binding.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { isTooShortToScrub } from '../../shared/secret/secret-value.ts';
import type { HandleDirectory } from '../execute/ports.ts';
import type { State } from '../state/state.ts';
import { changeVault } from './change-vault.ts';
import {
  bindSecret,
  damaged,
  deleteSecret,
  notFound,
  parseSetSecret,
  type SetSecret,
  setSecret,
} from './edit-secret.ts';
import { type KeySourceConfig, type KeySourceKind, keySourceWarning } from './key-source.ts';
import type { MakeKeyring } from './keyring.ts';
import { osKeyring } from './os-keyring.ts';
import type { RecordPolicy } from './record.ts';
import { type LoadedRecord, VaultSession, type VaultView } from './session.ts';
import { UseCounts } from './uses.ts';

export interface VaultOptions {
  readonly state: State;
  readonly keySource: KeySourceConfig;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The operating system's keychain unless given. */
  readonly makeKeyring?: MakeKeyring;
}

export interface VaultStatus {
  readonly exists: boolean;
  readonly secrets: number;
  /** Of an existing vault. */
  readonly source?: KeySourceKind;
  /** To be shown at every start. */
  readonly warning?: string;
}

export interface StoredSecret {
  readonly info: HandleInfo;
  /** The value is too short to be found again in an answer: only its binding protects it. */
  readonly tooShortToScrub: boolean;
}

/** Opens the vault in the state given; reads nothing yet and asks for no key before a value or a change needs it. */
export function openVault(options: VaultOptions): Vault {
  return new Vault(options);
}

let sessionWithin: (vault: Vault) => VaultSession;
let usesWithin: (vault: Vault) => UseCounts;

/** All failures: SECRET/*, VAULT/*, INTERNAL/STATE_UNAVAILABLE, CONFIG/HOME_UNSAFE. */
export class Vault implements HandleDirectory {
  readonly #session: VaultSession;
  readonly #uses: UseCounts;

  static {
    sessionWithin = (vault) => vault.#session;
    usesWithin = (vault) => vault.#uses;
  }

  constructor({ state, keySource, now, makeKeyring = osKeyring }: VaultOptions) {
    this.#session = new VaultSession(state, now, { home: state.home, config: keySource, makeKeyring });
    this.#uses = new UseCounts(state);
  }

  /** By name. Checked against the key where the key is at hand: one damaged record then fails the list. */
  list(): Result<readonly HandleInfo[]> {
    const view = this.#session.view();
    if (!view.ok) return view;
    const records = [...view.value.byId.values()];
    const bad = view.value.verified ? records.find(({ value }) => value === undefined) : undefined;
    if (bad) return err(damaged(bad.stored.policy.name));
    const uses = this.#uses.all();
    return ok(records.map(({ stored }) => withUses(stored.policy, uses)));
  }

  /** Metadata of one handle. Failure: SECRET/NOT_FOUND with the nearest names. */
  describe(nameOrId: string): Result<HandleInfo> {
    const view = this.#session.view();
    if (!view.ok) return view;
    const found = findLoaded(view.value, nameOrId);
    return found.ok ? ok(withUses(found.value.stored.policy, this.#uses.all())) : found;
  }

  /** Stores a secret, making the vault where there is none. Replacing keeps the id, and whatever is not given anew. */
  set(input: SetSecret): Result<StoredSecret> {
    const now = this.#session.now();
    const parsed = parseSetSecret(input, now);
    if (!parsed.ok) return parsed;
    const keys = this.#session.keysOrNewVault();
    if (!keys.ok) return keys;
    const stored = changeVault(this.#session, keys.value, (change) => setSecret(change, parsed.value, now));
    return this.#answer(stored, (info) => ({ info, tooShortToScrub: isTooShortToScrub(input.value) }));
  }

  /** Adds origins to those that a handle may go to. */
  bind(nameOrId: string, origins: readonly string[]): Result<HandleInfo> {
    const parsed = parseOrigins(origins);
    if (!parsed.ok) return parsed;
    const keys = this.#session.keys();
    if (!keys.ok) return asNotFound(keys, nameOrId);
    const now = this.#session.now();
    const bound = changeVault(this.#session, keys.value, (change) => bindSecret(change, nameOrId, parsed.value, now));
    return this.#answer(bound, (info) => info);
  }

  /** Removes a handle and its value; gives what it was. */
  delete(nameOrId: string): Result<HandleInfo> {
    const keys = this.#session.keys();
    if (!keys.ok) return asNotFound(keys, nameOrId);
    const uses = this.#uses.all();
    const deleted = changeVault(this.#session, keys.value, (change) => deleteSecret(change, nameOrId));
    return deleted.ok ? ok(withUses(deleted.value, uses)) : deleted;
  }

  /** What there is, without asking for the key. */
  status(): Result<VaultStatus> {
    const view = this.#session.view();
    return view.ok ? ok(statusOf(view.value)) : view;
  }

  /** Asks for the key and checks every record. A vault that does not exist yet is fine. */
  check(): Result<VaultStatus> {
    const status = this.status();
    if (!status.ok || !status.value.exists) return status;
    const view = this.#session.verified();
    if (!view.ok) return view;
    const listed = this.list();
    return listed.ok ? ok(statusOf(view.value)) : listed;
  }

  /** Writes pending use counts and wipes what memory holds. */
  close(): void {
    this.#uses.flush();
    this.#session.close();
  }

  #answer<T>(stored: Result<RecordPolicy>, shape: (info: HandleInfo) => T): Result<T> {
    return stored.ok ? ok(shape(withUses(stored.value, this.#uses.all()))) : stored;
  }
}

/** For resolve.ts alone: tests/architecture lets nothing else import it. */
export function sessionOf(vault: Vault): { readonly session: VaultSession; readonly uses: UseCounts } {
  return { session: sessionWithin(vault), uses: usesWithin(vault) };
}

/** By id, else by name. Failures: SECRET/NOT_FOUND; VAULT/CORRUPT where the record was checked and does not authenticate. */
export function findLoaded(view: VaultView, nameOrId: string): Result<LoadedRecord> {
  const found = view.byId.get(nameOrId) ?? view.byName.get(nameOrId);
  if (!found) return err(notFound(nameOrId, [...view.byName.keys()]));
  return view.verified && found.value === undefined ? err(damaged(found.stored.policy.name)) : ok(found);
}

export function withUses(policy: RecordPolicy, uses: ReturnType<UseCounts['all']>): HandleInfo {
  const used = uses.get(policy.id);
  return used ? { ...policy, useCount: used.uses, lastUsedAt: used.lastUsedAt } : { ...policy, useCount: 0 };
}

function statusOf({ header, byId }: VaultView): VaultStatus {
  if (!header) return { exists: false, secrets: 0 };
  const { source } = header.key;
  const warning = keySourceWarning(source);
  return { exists: true, secrets: byId.size, source, ...(warning === undefined ? {} : { warning }) };
}

// Without a vault there is no handle either, and that is the plainer thing to say.
function asNotFound(result: Result<unknown> & { ok: false }, name: string): Result<never> {
  return err(result.failure.code === 'VAULT/ABSENT' ? notFound(name, []) : result.failure);
}

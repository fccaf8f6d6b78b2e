// The store of handles as everyone but the signer sees it: what there is and where it may go. There is no way to a value here.
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import type { Rebinding } from '../../shared/secret/rebind.ts';
import type { HandleInfo, SecretTier } from '../../shared/secret/secret-ref.ts';
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
import { findRecord, infoOf, isWhole, recordNamed, recordsOf, withUses } from './find-record.ts';
import type { KeySourceConfig } from './key-context.ts';
import { keySourceWarning } from './key-source.ts';
import type { MakeKeyring } from './keyring.ts';
import { osKeyring } from './os-keyring.ts';
import { isOutside } from './providers/ask-outside.ts';
import type { RecordPolicy, StoredRecord } from './record.ts';
import { VaultSession, type VaultView } from './session.ts';
import type { VaultUpkeep } from './upkeep.ts';
import { UseCounts } from './uses.ts';

export interface VaultOptions {
  readonly state: State;
  readonly keySource: KeySourceConfig;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The operating system's keychain unless given. */
  readonly makeKeyring?: MakeKeyring;
  /** Asked before every change, whose failure it then is. Absent: every change is fine. */
  readonly mayChange?: () => Result<void>;
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

/** A handle that points outward, and where it points to. */
export interface NamedReference extends Pick<HandleInfo, 'id' | 'name' | 'origins'> {
  readonly reference: string;
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

  constructor({ state, keySource, now, makeKeyring = osKeyring, mayChange = () => ok(undefined) }: VaultOptions) {
    this.#session = new VaultSession(state, now, { home: state.home, config: keySource, makeKeyring }, mayChange);
    this.#uses = new UseCounts(state);
  }

  /** By name, the reading credential of a name first. Checked where the key is at hand: one damaged record then fails the list. */
  list(): Result<readonly HandleInfo[]> {
    const view = this.#session.view();
    if (!view.ok) return view;
    const bad = view.value.damaged();
    if (bad) return err(damaged(bad.policy.name));
    const uses = this.#uses.all();
    return ok(
      Array.from(view.value.byId.values(), (record) => infoOf(view.value, record.policy, uses.get(record.policy.id))),
    );
  }

  /** Metadata of one handle, of one tier of its name where that is given. Failure: SECRET/NOT_FOUND with the nearest names. */
  describe(nameOrId: string, tier?: SecretTier): Result<HandleInfo> {
    const view = this.#session.view();
    if (!view.ok) return view;
    const named = tier && recordsOf(view.value, tier).get(nameOrId);
    if (tier && !named) return err(notFound(nameOrId, Array.from(recordsOf(view.value, tier).keys())));
    const found = findRecord(view.value, named?.policy.id ?? nameOrId);
    return found.ok ? ok(this.#info(view.value, found.value)) : found;
  }

  /** The same, by name or id; undefined where there is none. */
  find(nameOrId: string): Result<HandleInfo | undefined> {
    const view = this.#session.view();
    if (!view.ok) return view;
    const found = recordNamed(view.value, nameOrId);
    if (!found) return ok(undefined);
    return isWhole(view.value, found) ? ok(this.#info(view.value, found)) : err(damaged(found.policy.name));
  }

  /** Ids of the handles whose value is too short to be found again in an answer. Asks for the key. */
  tooShortToScrub(): Result<ReadonlySet<string>> {
    const view = this.#session.verified();
    if (!view.ok) return view.failure.code === 'VAULT/ABSENT' ? ok(new Set()) : view;
    const { byId, open } = view.value;
    const short = Array.from(byId.values()).filter((record) => {
      if (isOutside(record.policy)) return false;
      const value = open(record);
      const isShort = value !== undefined && isTooShortToScrub(value.toString('utf8'));
      value?.fill(0);
      return isShort;
    });
    return ok(new Set(short.map(({ policy }) => policy.id)));
  }

  /** What the handles that point outward name; no secrets, which authenticated as such. Asks for the key. */
  references(): Result<readonly NamedReference[]> {
    const view = this.#session.verified();
    if (!view.ok) return view.failure.code === 'VAULT/ABSENT' ? ok([]) : view;
    const { byId, open } = view.value;
    const outside = Array.from(byId.values()).filter(({ policy }) => isOutside(policy));
    return ok(
      outside.map((record) => {
        const { id, name, origins } = record.policy;
        return { id, name, origins, reference: open(record)?.toString('utf8') ?? '' };
      }),
    );
  }

  /** Stores a secret, making the vault where there is none. Replacing keeps the id, and whatever is not given anew. */
  set(input: SetSecret): Result<StoredSecret> {
    const now = this.#session.now();
    const parsed = parseSetSecret(input, now);
    if (!parsed.ok) return parsed;
    const keys = this.#session.keysOrNewVault();
    if (!keys.ok) return keys;
    const stored = changeVault(this.#session, keys.value, (change) => setSecret(change, parsed.value, now));
    if (stored.ok && stored.value.maxUses !== undefined) this.#uses.forget(stored.value.id);
    return this.#answer(stored, (info) => ({
      info,
      tooShortToScrub: !input.outside && isTooShortToScrub(input.value),
    }));
  }

  /** Changes what a handle may be used for; `seen`: only if it is what it was at that time. */
  bind(nameOrId: string, rebinding: Rebinding, seen?: number): Result<HandleInfo> {
    const keys = this.#session.keys();
    if (!keys.ok) return asNotFound(keys, nameOrId);
    const now = this.#session.now();
    const bound = changeVault(this.#session, keys.value, (change) =>
      bindSecret(change, nameOrId, { rebinding, ...(seen !== undefined && { seen }) }, now),
    );
    return this.#answer(bound, (info) => info);
  }

  /** Removes a handle and its value; gives what it was. */
  delete(nameOrId: string): Result<HandleInfo> {
    const keys = this.#session.keys();
    if (!keys.ok) return asNotFound(keys, nameOrId);
    const uses = this.#uses.all();
    const deleted = changeVault(this.#session, keys.value, (change) => deleteSecret(change, nameOrId));
    return deleted.ok ? ok(withUses(deleted.value, uses.get(deleted.value.id))) : deleted;
  }

  /** Whether changes are accepted at all: to be asked before a person is asked for anything. */
  mayChange(): Result<void> {
    return this.#session.mayChange();
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

  /** What only the operator does, and seldom: loaded when it is asked for. */
  async upkeep(): Promise<VaultUpkeep> {
    const { VaultUpkeep: Upkeep } = await import('./upkeep.ts');
    return new Upkeep(this.#session);
  }

  /** Writes pending use counts and wipes what memory holds. */
  close(): void {
    this.#uses.flush();
    this.#session.close();
  }

  #answer<T>(stored: Result<RecordPolicy>, shape: (info: HandleInfo) => T): Result<T> {
    if (!stored.ok) return stored;
    const view = this.#session.view();
    const used = this.#uses.of(stored.value.id);
    return ok(shape(view.ok ? infoOf(view.value, stored.value, used) : withUses(stored.value, used)));
  }

  #info(view: VaultView, { policy }: StoredRecord): HandleInfo {
    return infoOf(view, policy, this.#uses.of(policy.id));
  }
}

/** For resolve.ts alone: tests/architecture lets nothing else import it. */
export function sessionOf(vault: Vault): { readonly session: VaultSession; readonly uses: UseCounts } {
  return { session: sessionWithin(vault), uses: usesWithin(vault) };
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

// The vault while this process has it open: the key once it was had, and the records of the newest revision. Every
// access asks whether another process has changed the vault since. Values leave only through resolve.ts.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { once } from '../../shared/once.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { State } from '../state/state.ts';
import { openCounter } from './counter.ts';
import {
  createHeader,
  insertHeader,
  manifestFits,
  openHeader,
  readHeader,
  type VaultHeader,
  type VaultKeys,
} from './header.ts';
import { findKey, type KeyContext, makeKey } from './key-source.ts';
import { openRecord, readRecords, type StoredRecord } from './record.ts';

/** No value is kept decrypted: each is opened for one use. */
export interface VaultView {
  readonly header: VaultHeader | undefined;
  readonly byId: ReadonlyMap<string, StoredRecord>;
  /** Reading credentials by name; a name that has none is not among them. */
  readonly reading: ReadonlyMap<string, StoredRecord>;
  readonly writing: ReadonlyMap<string, StoredRecord>;
  /** Whether the list of records was checked against the key and the manifest. */
  readonly verified: boolean;
  /** The value, for the caller to wipe; undefined where the record does not authenticate, or the key is not at hand. */
  open(record: StoredRecord): Buffer | undefined;
  /** The first record that does not authenticate. Opens each once; undefined too where the key is not at hand. */
  damaged(): StoredRecord | undefined;
}

export class VaultSession {
  readonly state: State;
  readonly now: () => number;
  readonly context: KeyContext;
  #keys: VaultKeys | undefined;
  #view: VaultView | undefined;
  #mark = '';
  #revision = 0;

  constructor(state: State, now: () => number, context: KeyContext) {
    this.state = state;
    this.now = now;
    this.context = context;
  }

  /** Changes whenever any value or binding may have changed. */
  revision(): number {
    if (!this.view().ok) this.#revision += 1;
    return this.#revision;
  }

  /** The records as they are now; checked where the key is at hand, metadata alone where it is not. */
  view(): Result<VaultView> {
    const mark = this.state.mark();
    if (!mark.ok) return mark;
    if (this.#view && mark.value === this.#mark) return ok(this.#view);
    const loaded = asVaultFailure(this.#load());
    if (!loaded.ok) {
      this.forget();
      return loaded;
    }
    this.#mark = mark.value;
    return loaded;
  }

  /** The records, checked; asks for the key at the first call. Failures: VAULT/ABSENT, VAULT/KEY_*, VAULT/CORRUPT, VAULT/ROLLED_BACK. */
  verified(): Result<VaultView> {
    const view = this.view();
    if (!view.ok || view.value.verified) return view;
    if (!view.value.header) return err(failure('VAULT/ABSENT'));
    const keys = this.#unlock(view.value.header);
    if (!keys.ok) return keys;
    this.forget();
    return this.view();
  }

  /** The keys of the vault there is. Failures as for `verified`. */
  keys(): Result<VaultKeys> {
    const view = this.verified();
    if (!view.ok) return view;
    return this.#keys ? ok(this.#keys) : err(failure('VAULT/ABSENT'));
  }

  /** The keys, of a new vault where there is none. Of two processes that make one at once, the second uses the first's. */
  keysOrNewVault(): Result<VaultKeys> {
    const found = this.keys();
    if (found.ok || found.failure.code !== 'VAULT/ABSENT') return found;
    const made = makeKey(this.context);
    if (!made.ok) return made;
    const header = createHeader(made.value.identity, made.value.key, this.now());
    const stored = this.state.write((sql) => {
      const present = readHeader(sql);
      if (present.ok && !present.value) insertHeader(sql, header);
      return present;
    }, 'durable');
    if (!stored.ok) return asNotWritable(asVaultFailure(stored));
    this.forget();
    if (!stored.value) this.#keys = openHeader(header, made.value.key);
    return this.keys();
  }

  /** Drops what was read, so that the next access reads again. */
  forget(): void {
    this.#view = undefined;
    this.#revision += 1;
  }

  close(): void {
    this.forget();
    this.#keys?.recordKey.fill(0);
    this.#keys?.manifestKey.fill(0);
    this.#keys = undefined;
  }

  #unlock(header: VaultHeader): Result<VaultKeys> {
    const key = findKey(header.key, this.context);
    if (!key.ok) return key;
    const keys = openHeader(header, key.value);
    key.value.fill(0);
    this.#keys = keys;
    if (keys) return ok(keys);
    // A key that is found by its id is the right one, so the header must be wrong; a passphrase can always be mistyped.
    const { source } = header.key;
    return err(
      source === 'passphrase'
        ? failure('VAULT/KEY_WRONG', { source })
        : failure('VAULT/CORRUPT', { what: 'its header' }),
    );
  }

  #load(): Result<VaultView> {
    // Read before the records: the counter is raised after each commit, so it can never be ahead of what is read later.
    const seen = this.#keys ? openCounter(this.#keys, this.context).read() : undefined;
    return this.state.read((sql) => {
      const header = readHeader(sql);
      if (!header.ok) return header;
      if (this.#view && isSameHeader(this.#view.header, header.value)) return ok(this.#view);
      const records = header.value ? readRecords(sql) : [];
      this.forget();
      if (this.#keys?.vaultId !== header.value?.vaultId) this.#keys = undefined;
      const keys = this.#keys;
      if (!keys || !header.value) return ok(this.#keep(header.value, records, undefined));
      const whole = checkVault(keys, header.value, records, seen, this.context);
      return whole.ok ? ok(this.#keep(header.value, records, keys)) : whole;
    });
  }

  #keep(header: VaultHeader | undefined, records: readonly StoredRecord[], keys: VaultKeys | undefined): VaultView {
    const open = (record: StoredRecord) => keys && openRecord(keys.recordKey, keys.vaultId, record);
    const ofTier = (tier: SecretTier) =>
      new Map(
        records.flatMap((each) => ((each.policy.tier ?? 'reading') === tier ? [[each.policy.name, each] as const] : [])),
      );
    this.#view = {
      header,
      byId: new Map(records.map((each) => [each.policy.id, each])),
      reading: ofTier('reading'),
      writing: ofTier('writing'),
      verified: keys !== undefined,
      open,
      damaged: once(() => (keys ? records.find((each) => !authenticates(open(each))) : undefined)),
    };
    return this.#view;
  }
}

function authenticates(value: Buffer | undefined): boolean {
  value?.fill(0);
  return value !== undefined;
}

/** Whether the list of records is the newest that was sealed: none missing, added or put back. Failures: VAULT/CORRUPT, VAULT/ROLLED_BACK. */
export function checkVault(
  keys: VaultKeys,
  header: VaultHeader,
  records: readonly StoredRecord[],
  seen: number | undefined,
  context: KeyContext,
): Result<void> {
  const entries = records.map(({ policy, version }) => ({ id: policy.id, version }));
  if (!manifestFits(keys, header, entries)) return err(failure('VAULT/CORRUPT', { what: 'the list of its records' }));
  if (seen === undefined || seen <= header.generation) return ok(undefined);
  const { place } = openCounter(keys, context);
  return err(failure('VAULT/ROLLED_BACK', { found: header.generation, seen, counter: place }));
}

/** What the database says about a damaged file, said about the vault. */
export function asVaultFailure<T>(result: Result<T>): Result<T> {
  if (result.ok || !isDamage(result.failure)) return result;
  return err(failure('VAULT/CORRUPT', { what: `the database (${result.failure.facts.reason})` }));
}

/** What the database says about a failed write, said about the vault. */
export function asNotWritable<T>(result: Result<T>): Result<T> {
  if (result.ok || result.failure.code !== 'INTERNAL/STATE_UNAVAILABLE') return result;
  return err(failure('VAULT/NOT_WRITABLE', result.failure.facts));
}

function isDamage({ code, facts }: Failure): boolean {
  return code === 'INTERNAL/STATE_UNAVAILABLE' && /^SQLITE_(?:MISMATCH|CORRUPT)/.test(String(facts.reason));
}

function isSameHeader(left: VaultHeader | undefined, right: VaultHeader | undefined): boolean {
  if (!left || !right) return left === right;
  return left.vaultId === right.vaultId && left.generation === right.generation && left.manifest.equals(right.manifest);
}

// The vault while this process has it open: the key once it was had, and the records of the newest revision. Every
// access asks whether another process has changed the vault since. Values leave only through resolve.ts.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { once } from '../../shared/once.ts';
import type { State } from '../state/state.ts';
import { openCounter } from './counter.ts';
import {
  createHeader,
  insertHeader,
  isOpenedBy,
  manifestFits,
  openHeader,
  readHeader,
  type VaultHeader,
  type VaultKeys,
  wipeKeys,
} from './header.ts';
import { type KeyContext, wrongKey } from './key-context.ts';
import { findKey, keySourceOf, makeKey } from './key-source.ts';
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

/** How often the key may change while it is being had. */
const MOST_REKEYED = 10;

export class VaultSession {
  readonly state: State;
  readonly now: () => number;
  readonly context: KeyContext;
  /** Asked before every change of the vault, before anything is read or made for it. */
  readonly mayChange: () => Result<void>;
  #keys: VaultKeys | undefined;
  #view: VaultView | undefined;
  #mark = '';
  #revision = 0;

  constructor(state: State, now: () => number, context: KeyContext, mayChange: () => Result<void>) {
    this.state = state;
    this.now = now;
    this.context = context;
    this.mayChange = mayChange;
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
    for (let rekeyed = 0; rekeyed < MOST_REKEYED; rekeyed += 1) {
      const view = this.view();
      if (!view.ok || view.value.verified) return view;
      const { header } = view.value;
      if (!header) return err(failure('VAULT/ABSENT'));
      const checked = this.#check(header, [...view.value.byId.values()]);
      if (checked.ok && checked.value.verified) return checked;
      // Another process may have put in another key since the header was read, and removed the one that it names.
      const now = this.view();
      if (!now.ok || isSameHeader(header, now.value.header)) return checked.ok ? now : checked;
    }
    return err(failure('VAULT/REKEYED'));
  }

  #check(header: VaultHeader, records: readonly StoredRecord[]): Result<VaultView> {
    const keys = this.#unlock(header);
    if (!keys.ok) return keys;
    this.forget();
    // What was read a moment ago is checked as it is; where it does not fit, that may be because it has changed since.
    const seen = openCounter(keys.value, this.context).read();
    const whole = checkVault(keys.value, header, records, seen, this.context);
    return whole.ok ? ok(this.#keep(header, records, keys.value)) : this.view();
  }

  /** The keys of the vault there is. Failures as for `verified`. */
  keys(): Result<VaultKeys> {
    const view = this.verified();
    if (!view.ok) return view;
    return this.#keys ? ok(this.#keys) : err(failure('VAULT/ABSENT'));
  }

  /** The keys, of a new vault where there is none. Of two processes that make one at once, the second uses the first's. */
  keysOrNewVault(): Result<VaultKeys> {
    const may = this.mayChange();
    if (!may.ok) return may;
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
    this.forget();
    if (stored.ok && !stored.value) this.#keys = openHeader(header, made.value.key);
    made.value.key.fill(0);
    return stored.ok ? this.keys() : asNotWritable(asVaultFailure(stored));
  }

  /** Drops what was read, so that the next access reads again. */
  forget(): void {
    this.#view = undefined;
    this.#revision += 1;
  }

  close(): void {
    this.forget();
    if (this.#keys) wipeKeys(this.#keys);
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
    return keySourceOf(source)?.mistakable ? wrongKey(source) : err(failure('VAULT/CORRUPT', { what: 'its header' }));
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
      // After a rekey the key is had anew: what an edited header says about it was not authenticated by the old one.
      if (this.#keys && !(header.value && isOpenedBy(this.#keys, header.value))) this.#keys = undefined;
      const keys = this.#keys;
      if (!keys || !header.value) return ok(this.#keep(header.value, records, undefined));
      const whole = checkVault(keys, header.value, records, seen, this.context);
      return whole.ok ? ok(this.#keep(header.value, records, keys)) : whole;
    });
  }

  #keep(header: VaultHeader | undefined, records: readonly StoredRecord[], keys: VaultKeys | undefined): VaultView {
    const open = (record: StoredRecord) => keys && openRecord(keys.recordKey, keys.vaultId, record);
    const reading = new Map<string, StoredRecord>();
    const writing = new Map<string, StoredRecord>();
    for (const record of records)
      (record.policy.tier === 'writing' ? writing : reading).set(record.policy.name, record);
    this.#view = {
      header,
      byId: new Map(records.map((each) => [each.policy.id, each])),
      reading,
      writing,
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
  return (
    left.vaultId === right.vaultId &&
    left.generation === right.generation &&
    left.manifest.equals(right.manifest) &&
    Buffer.compare(left.wrapped.tag, right.wrapped.tag) === 0
  );
}

// The operator's care of a vault: what it is, whether it is whole, another key, a backup and back.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type BackupSecret, readContents, writeContents } from './backup-contents.ts';
import { type DeriveKey, openBackup, sealBackup } from './backup-format.ts';
import { changeVault } from './change-vault.ts';
import { openCounter } from './counter.ts';
import { readHeader, type VaultHeader } from './header.ts';
import { keySourceOf } from './key-source.ts';
import { type KeychainState, probeKeychain } from './keychain.ts';
import { readRecords } from './record.ts';
import { type Rekeyed, type RekeyOrder, rekeyVault } from './rekey.ts';
import { type Restored, type RestoreRule, restoreWithin } from './restore.ts';
import { asVaultFailure, type VaultSession } from './session.ts';
import { countSpareKeys, removeSpareKeys } from './spare-keys.ts';

export interface VaultDescription {
  readonly source: VaultHeader['key']['source'];
  /** Where the key is, in words for the operator. */
  readonly where: string;
  readonly secrets: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** How many changes it has seen. */
  readonly generation: number;
  /** Where a roll-back would show. */
  readonly counter: string;
  /** Keys that a rekey which was cut short left behind. */
  readonly spareKeys: number;
  /** Only of a vault whose key is there. */
  readonly keychain?: KeychainState;
  readonly warning?: string;
}

export interface VerifiedVault {
  readonly secrets: number;
  readonly generation: number;
  readonly counter: string;
  /** Without one an older copy of the whole vault would not have shown. */
  readonly counterFound: boolean;
  /** Keys that a rekey left behind: removed now, and still there. */
  readonly removed: number;
  readonly left: number;
}

export class VaultUpkeep {
  readonly #session: VaultSession;

  constructor(session: VaultSession) {
    this.#session = session;
  }

  /** Undefined where there is no vault. Asks for no key; asks the keychain only where the key is there. */
  describe(): Result<VaultDescription | undefined> {
    const { state, context } = this.#session;
    const read = state.read((sql) => {
      const header = readHeader(sql);
      if (!header.ok) return header;
      return ok({ header: header.value, secrets: readRecords(sql).length, spareKeys: countSpareKeys(sql) });
    });
    if (!read.ok) return asVaultFailure(read);
    const { header, secrets, spareKeys } = read.value;
    if (!header) return ok(undefined);
    const { createdAt, generation, key, vaultId } = header;
    const source = keySourceOf(key.source);
    const kept = { secrets, createdAt, generation, counter: openCounter({ vaultId, key }, context).place, spareKeys };
    return ok({
      source: key.source,
      where: source?.where(key, context) ?? 'unknown',
      ...kept,
      ...(key.source === 'keychain' && { keychain: probeKeychain(context.makeKeyring) }),
      ...(source?.warning !== undefined && { warning: source.warning }),
    });
  }

  /** Asks for the key; checks every record, their list and the counter; removes what a rekey left. Failures: those of the session. */
  verify(): Result<VerifiedVault> {
    const keys = this.#session.keys();
    if (!keys.ok) return keys;
    const read = this.#readAll();
    if (!read.ok) return read;
    wipeValues(read.value.secrets);
    const spare = removeSpareKeys(this.#session, keys.value);
    if (!spare.ok) return spare;
    const counter = openCounter(keys.value, this.#session.context);
    const { secrets, header } = read.value;
    return ok({
      secrets: secrets.length,
      generation: header.generation,
      counter: counter.place,
      counterFound: counter.read() !== undefined,
      ...spare.value,
    });
  }

  /** Failures: see rekeyVault. */
  rekey(order: RekeyOrder): Result<Rekeyed> {
    return rekeyVault(this.#session, order);
  }

  /** Every secret with its policy and value, but not its use count, encrypted. Failures: those of the session, VAULT/BACKUP_NOT_WRITTEN. */
  backup(derive: DeriveKey, file: string): Result<{ readonly bytes: Buffer; readonly secrets: number }> {
    const read = this.#readAll();
    if (!read.ok) return read;
    const { header, secrets } = read.value;
    const origin = { vaultId: header.vaultId, generation: header.generation, madeAt: this.#session.now() };
    const contents = writeContents({ origin, secrets });
    const bytes = sealBackup(contents, derive);
    contents.fill(0);
    wipeValues(secrets);
    if (!bytes) return err(failure('VAULT/BACKUP_NOT_WRITTEN', { file, problem: 'the vault is too large' }));
    return ok({ bytes, secrets: secrets.length });
  }

  /** Makes a vault where there is none. Failures: VAULT/BACKUP_INVALID, before anything is written; those of restoreWithin and changes. */
  restore(bytes: Buffer, derive: DeriveKey, rule: RestoreRule, file: string): Result<Restored> {
    const opened = openBackup(bytes, derive);
    if (typeof opened === 'string') return err(failure('VAULT/BACKUP_INVALID', { file, problem: opened }));
    try {
      const contents = readContents(opened);
      if (!contents) {
        const problem = 'what it holds is not what this version of Keyward writes';
        return err(failure('VAULT/BACKUP_INVALID', { file, problem }));
      }
      const keys = this.#session.keysOrNewVault();
      if (!keys.ok) return keys;
      return changeVault(this.#session, keys.value, (change) => restoreWithin(change, contents, rule));
    } finally {
      opened.fill(0);
    }
  }

  /** One view, checked against manifest and counter, with every value opened, for the caller to wipe. */
  #readAll(): Result<{ readonly header: VaultHeader; readonly secrets: readonly BackupSecret[] }> {
    const view = this.#session.verified();
    if (!view.ok) return view;
    const { header, byId } = view.value;
    if (!header) return err(failure('VAULT/ABSENT'));
    const secrets: BackupSecret[] = [];
    for (const record of byId.values()) {
      const value = view.value.open(record);
      if (!value) {
        wipeValues(secrets);
        return err(failure('VAULT/CORRUPT', { what: `the secret "${record.policy.name}"` }));
      }
      secrets.push({ policy: record.policy, version: record.version, value });
    }
    return ok({ header, secrets });
  }
}

function wipeValues(secrets: readonly BackupSecret[]): void {
  for (const { value } of secrets) value.fill(0);
}

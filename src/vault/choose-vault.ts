// Which vault a process works with: that of its data folder, or one that ends with it. What is stored is never passed over.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { GivenKeySource, KeySourceKind } from '../../shared/secret/key-source.ts';
import { createMemoryState } from '../state/open-state.ts';
import type { KeySourceConfig } from './key-context.ts';
import { openVault, type Vault, type VaultOptions } from './open-vault.ts';

export interface ChosenVault extends Pick<VaultOptions, 'state' | 'now' | 'makeKeyring'> {
  readonly source: KeySourceKind | undefined;
  /** Keys and passphrases that the process was handed, for whoever asks to wipe. */
  readonly keys: {
    passphrase(of: 'vault' | 'backup'): Result<Buffer | undefined>;
    key(source: GivenKeySource, of: 'vault'): Result<Buffer>;
  };
  /** The backup that fills a vault in memory. */
  readonly restore: string | undefined;
  /** Whether the process goes on to use what is stored. One that ends with its command may not change a vault that ends with it. */
  readonly serves: boolean;
}

/**
 * The vault of the state given, or one in memory where that is the key source. Failures, for one in memory only:
 * VAULT/KEY_UNAVAILABLE where the data folder has a vault, those of reading and restoring the backup.
 */
export async function openChosenVault({ source, keys, restore, serves, ...rest }: ChosenVault): Promise<Result<Vault>> {
  const keySource: KeySourceConfig = {
    ...(source === undefined ? {} : { source }),
    passphrase: () => keys.passphrase('vault'),
    givenKey: (from) => keys.key(from, 'vault'),
  };
  const stored = openVault({ ...rest, keySource });
  if (source !== 'memory') return ok(stored);
  const status = stored.status();
  stored.close();
  if (!status.ok) return status;
  if (status.value.exists) return refuse(status.value.source ?? 'another');
  let isFilled = restore === undefined;
  const mayChange = () => (serves || !isFilled ? ok(undefined) : err(failure('VAULT/KEY_UNAVAILABLE', ENDS_WITH_IT)));
  const vault = openVault({ ...rest, keySource, state: createMemoryState(rest.state.home), mayChange });
  if (restore === undefined) return ok(vault);
  const filled = await fill(vault, restore, () => keys.passphrase('backup'));
  isFilled = true;
  return filled.ok ? ok(vault) : filled;
}

const ENDS_WITH_IT = {
  reason: 'a vault in memory would end with this command, and what it stored with it',
  recovery: 'Store it in a vault that lasts, and fill the one in memory from its backup: KEYWARD_RESTORE=FILE.',
};

async function fill(
  vault: Vault,
  file: string,
  givePassphrase: () => Result<Buffer | undefined>,
): Promise<Result<unknown>> {
  const [{ readBackupFile }, { passphraseKey }, upkeep] = await Promise.all([
    import('./backup-file.ts'),
    import('./passphrase.ts'),
    vault.upkeep(),
  ]);
  const passphrase = givePassphrase();
  if (!passphrase.ok) return passphrase;
  const words = passphrase.value;
  if (!words) {
    const recovery = 'Give it in KEYWARD_BACKUP_PASSPHRASE or KEYWARD_BACKUP_PASSPHRASE_FILE.';
    return err(failure('VAULT/KEY_UNAVAILABLE', { reason: 'no passphrase of the backup was given', recovery }));
  }
  const bytes = readBackupFile(file);
  if (!bytes.ok) return bytes;
  const rule = { merge: false, replace: [], acceptOlder: false };
  const restored = upkeep.restore(bytes.value, (parameters) => passphraseKey(words, parameters), rule, file);
  words.fill(0);
  return restored;
}

function refuse(source: string): Result<never> {
  const reason = `the data folder has a vault whose key source is ${source}, but memory is configured`;
  const recovery = 'Unset KEYWARD_KEY_SOURCE to use that vault, or name another data folder in KEYWARD_HOME.';
  return err(failure('VAULT/KEY_UNAVAILABLE', { reason, recovery }));
}

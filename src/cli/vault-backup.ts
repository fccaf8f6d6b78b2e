import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ok, type Result } from '../../shared/failure/result.ts';
import { type KeySourceKind, keySources } from '../../shared/secret/key-source.ts';
import { readBackupFile, writeBackupFile } from '../vault/backup-file.ts';
import type { DeriveKey } from '../vault/backup-format.ts';
import { passphraseKey } from '../vault/passphrase.ts';
import type { Restored, RestoreRule } from '../vault/restore.ts';
import type { VaultUpkeep } from '../vault/upkeep.ts';
import { agreed } from './agree.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts, ReadableUpkeep } from './parts.ts';
import { takePassphrase } from './passphrase.ts';
import { type DataOptions, fail, type Session, withData } from './session.ts';
import { printable } from './terminal.ts';
import { finish, withUpkeep, withUpkeepToChange } from './vault-session.ts';

interface BackupOptions extends DataOptions {
  readonly force?: boolean;
  readonly stdin?: boolean;
}

interface RestoreOptions extends DataOptions {
  readonly merge?: boolean;
  readonly replace?: readonly string[];
  readonly yes?: boolean;
  readonly stdin?: boolean;
  readonly keySource?: KeySourceKind;
}

const PASSPHRASE_FROM =
  '\nThe passphrase comes from --stdin, a hidden prompt, or KEYWARD_BACKUP_PASSPHRASE (or _FILE); never from KEYWARD_PASSPHRASE.';

export function addBackup(vault: Command, session: Session): void {
  const backup = vault
    .command('backup')
    .description('write every secret into one file, encrypted with a passphrase; restores on any machine')
    .argument('<file>', 'file to make')
    .option('--force', 'replace a file that is there')
    .option('--stdin', 'read the passphrase from standard input')
    .addHelpText('after', PASSPHRASE_FROM);
  withData(backup).action((file: string, options: BackupOptions) =>
    withUpkeep(session, options, (upkeep, parts) => writeBackup(session, upkeep, parts, resolve(file), options)),
  );
}

async function writeBackup(
  session: Session,
  upkeep: ReadableUpkeep,
  parts: Parts,
  file: string,
  options: BackupOptions,
): Promise<ExitCode> {
  // Said before a passphrase is typed in vain.
  const verified = upkeep.verify();
  if (!verified.ok) return fail(session, verified.failure, options);
  const derive = await takeDerive(session, parts, options, { isNew: true });
  if (!derive.ok) return fail(session, derive.failure, options);
  const sealed = upkeep.backup(derive.value.derive, file);
  derive.value.wipe();
  if (!sealed.ok) return fail(session, sealed.failure, options);
  const { bytes, secrets } = sealed.value;
  const written = writeBackupFile(file, bytes, { force: options.force === true });
  if (!written.ok) return fail(session, written.failure, options);
  const sentence = `${secrets} ${secrets === 1 ? 'secret' : 'secrets'} in ${file}. Without the passphrase nobody can read it, you included.`;
  return finish(session, options, ok({ file, secrets, bytes: bytes.length }), printable(sentence));
}

export function addRestore(vault: Command, session: Session): void {
  const restore = vault
    .command('restore')
    .description('take the secrets of a backup into the vault, which is made where there is none; ids stay')
    .argument('<file>', 'what keyward vault backup wrote')
    .option('--merge', 'add what the vault lacks, by id and by name; what it has stays')
    .option('--replace <name>', 'take this one from the backup whatever the vault has (repeatable)', collect)
    .option('--yes', 'bring older values back without asking')
    .option('--stdin', 'read the passphrase from standard input')
    .addOption(
      new Option('--key-source <source>', 'for a vault that is made: where its key comes from').choices(
        keySources.filter((source) => source !== 'memory'),
      ),
    )
    .addHelpText('after', PASSPHRASE_FROM);
  withData(restore).action((file: string, options: RestoreOptions) =>
    withUpkeepToChange(session, options, (upkeep, parts) =>
      restoreBackup(session, upkeep, parts, resolve(file), options),
    ),
  );
}

async function restoreBackup(
  session: Session,
  upkeep: VaultUpkeep,
  parts: Parts,
  file: string,
  options: RestoreOptions,
): Promise<ExitCode> {
  const bytes = readBackupFile(file);
  if (!bytes.ok) return fail(session, bytes.failure, options);
  const derive = await takeDerive(session, parts, options, { isNew: false });
  if (!derive.ok) return fail(session, derive.failure, options);
  const rule = { merge: options.merge === true, replace: options.replace ?? [], acceptOlder: options.yes === true };
  const tryIt = (with_: RestoreRule) => upkeep.restore(bytes.value, derive.value.derive, with_, file);
  let restored = tryIt(rule);
  if (!restored.ok && restored.failure.code === 'VAULT/BACKUP_OLDER' && session.terminal.interactive) {
    const question = `${String(restored.failure.facts.what)}. What was rotated or deleted since comes back. Restore it all the same?`;
    if (!(await agreed(session, options, question))) return EXIT.failed;
    restored = tryIt({ ...rule, acceptOlder: true });
  }
  derive.value.wipe();
  return finish(session, options, restored.ok ? ok({ ...restored.value }) : restored, sentenceOf(restored));
}

function sentenceOf(restored: Result<Restored>): string {
  if (!restored.ok) return '';
  const { added, replaced, kept } = restored.value;
  const part = (verb: string, names: readonly string[]) => (names.length > 0 ? [`${verb} ${names.join(', ')}`] : []);
  const parts = [...part('added', added), ...part('replaced', replaced), ...part('not taken', kept)];
  return printable(parts.length > 0 ? `Restored: ${parts.join('; ')}.` : 'The backup holds no secret.');
}

async function takeDerive(
  session: Session,
  { keys }: Parts,
  { stdin }: { readonly stdin?: boolean },
  { isNew }: { readonly isNew: boolean },
): Promise<Result<{ readonly derive: DeriveKey; wipe(): void }>> {
  const passphrase = await takePassphrase(session, {
    given: () => keys.passphrase('backup'),
    stdin: stdin === true,
    question: 'Passphrase of the backup',
    isNew,
    setting: 'KEYWARD_BACKUP_PASSPHRASE',
  });
  if (!passphrase.ok) return passphrase;
  const words = passphrase.value;
  return ok({ derive: (parameters) => passphraseKey(words, parameters), wipe: () => void words.fill(0) });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

import { type Command, Option } from 'commander';
import { ok, type Result } from '../../shared/failure/result.ts';
import { type KeySourceKind, keySources } from '../../shared/secret/key-source.ts';
import type { KeySourceConfig } from '../vault/key-context.ts';
import type { VaultUpkeep } from '../vault/upkeep.ts';
import type { ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { takePassphrase } from './passphrase.ts';
import { type DataOptions, fail, type Session, withData } from './session.ts';
import { finish, withUpkeepToChange } from './vault-session.ts';

interface RekeyOptions extends DataOptions {
  readonly to?: KeySourceKind;
  readonly dataKey?: boolean;
  readonly stdin?: boolean;
}

const KEPT_SOURCES = keySources.filter((source) => source !== 'memory');

export function addRekey(vault: Command, session: Session): void {
  const rekey = vault
    .command('rekey')
    .description('put another key in the place of the one that opens the vault; secrets and their ids stay')
    .addOption(new Option('--to <source>', 'where the new key comes from (default: as now)').choices(KEPT_SOURCES))
    .option('--data-key', 'also encrypt every secret anew: for a key that others may have had')
    .option('--stdin', 'read the new passphrase from standard input');
  rekey.addHelpText(
    'after',
    `
The present key comes from where it always does. A new passphrase comes from --stdin, a hidden prompt or
KEYWARD_NEW_PASSPHRASE (or _FILE), a new key of your own from KEYWARD_NEW_KEY, KEYWARD_NEW_KEY_FD or
KEYWARD_NEW_KEY_CREDENTIAL; where the source changes, the setting that will be used from then on will do.`,
  );
  withData(rekey).action((options: RekeyOptions) =>
    withUpkeepToChange(session, options, (upkeep, parts) => rekeyVault(session, upkeep, parts, options)),
  );
}

async function rekeyVault(
  session: Session,
  upkeep: VaultUpkeep,
  parts: Parts,
  options: RekeyOptions,
): Promise<ExitCode> {
  const present = upkeep.describe();
  if (!present.ok) return fail(session, present.failure, options);
  const from = present.value?.source;
  const source = options.to ?? from ?? 'keychain';
  const passphrase = source === 'passphrase' ? await newPassphrase(session, parts, options, from) : ok(undefined);
  if (!passphrase.ok) return fail(session, passphrase.failure, options);
  const to: KeySourceConfig & { readonly source: KeySourceKind } = {
    source,
    passphrase: () => passphrase,
    givenKey: (given) => newKey(parts, given, from),
  };
  const done = upkeep.rekey({ to, newDataKey: options.dataKey === true });
  if (!done.ok) return fail(session, done.failure, options);
  const { where, secrets, left } = done.value;
  tellWhatFollows(session, parts, source, left);
  const fields = { from, to: source, where, secrets, data_key: options.dataKey === true, keys_left: left };
  const anew = options.dataKey ? `, and ${secrets} ${secrets === 1 ? 'secret' : 'secrets'} encrypted anew` : '';
  return finish(session, options, ok(fields), `The vault has a new key: ${where}${anew}.`);
}

function newPassphrase(
  session: Session,
  { keys }: Parts,
  { stdin }: RekeyOptions,
  from: KeySourceKind | undefined,
): Promise<Result<Buffer>> {
  return takePassphrase(session, {
    given() {
      const given = keys.passphrase('new');
      return !given.ok || given.value || from === 'passphrase' ? given : keys.passphrase('vault');
    },
    stdin: stdin === true,
    question: 'New passphrase of the vault',
    isNew: true,
    setting: 'KEYWARD_NEW_PASSPHRASE',
  });
}

function newKey({ keys }: Parts, source: Parameters<Parts['keys']['key']>[0], from: KeySourceKind | undefined) {
  const given = keys.key(source, 'new');
  return given.ok || from === source ? given : keys.key(source, 'vault');
}

function tellWhatFollows({ terminal }: Session, { keySource }: Parts, to: KeySourceKind, left: number): void {
  if (keySource !== undefined && keySource !== to) {
    terminal.note(`KEYWARD_KEY_SOURCE says ${keySource}: set it to ${to} wherever Keyward is started.`);
  }
  terminal.note(
    'Copies of the data folder from before open with the old key only. Backups of keyward vault backup are not concerned.',
  );
  if (left > 0) terminal.note('warning: the old key could not be removed now; keyward vault verify tries again.');
}

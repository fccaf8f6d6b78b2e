// The whole command line as commander sees it. Help texts are pinned: docs/reference/cli.md is made from them.
import { Command, CommanderError } from 'commander';
import { nearestNames } from '../../shared/collection/nearest.ts';
import { addAccess } from './access.ts';
import { addApprovals } from './approvals.ts';
import { COMMANDS } from './arguments.ts';
import { addCall } from './call.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addJournal } from './journal.ts';
import { addList } from './list.ts';
import { addLogin } from './login.ts';
import { addSecrets } from './secrets.ts';
import { addServe } from './serve.ts';
import type { Session } from './session.ts';
import { printable } from './terminal.ts';
import { addTrust } from './trust.ts';
import { addVault } from './vault.ts';

const ABOUT = `Lets AI agents use your API collections while it keeps the keys.

Without a command it serves: keyward ./apis is keyward serve ./apis.`;

const AFTER = `
Exit codes: 0 done, 1 the thing asked for failed, 2 used wrongly.
Environment: KEYWARD_HOME (data folder), KEYWARD_LOG_LEVEL, NO_COLOR, and where the vault's key comes from:
KEYWARD_KEY_SOURCE, which is keychain, systemd-credential (KEYWARD_KEY_CREDENTIAL), file-descriptor
(KEYWARD_KEY_FD), environment (KEYWARD_KEY), passphrase (KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE),
key-file, or memory (KEYWARD_RESTORE: a backup to fill it from, with KEYWARD_BACKUP_PASSPHRASE or _FILE).
For serve --http: KEYWARD_HTTP_CONFIG (default: http.yaml in the data folder), and KEYWARD_HTTP_LISTEN, _HOSTS,
_PUBLIC_URL, _MONITOR and _TRUSTED_PROXIES in the place of its keys.`;

/** The command `keyward` with all its subcommands; `version` is the package's. */
export function createProgram(session: Session, version: string): Command {
  const program = new Command('keyward')
    .description(ABOUT)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ helpWidth: 100 })
    .addHelpText('after', AFTER)
    .configureOutput({
      writeOut: (text) => session.terminal.line(text.trimEnd()),
      writeErr: (text) => session.terminal.note(text.trimEnd()),
      outputError: (text) => session.terminal.note(printable(text.replace(/^error: /, 'error INPUT/INVALID: ').trim())),
    })
    .exitOverride();
  for (const add of [
    addServe,
    addDemo,
    addList,
    addCall,
    addImport,
    addExport,
    addSecrets,
    addLogin,
    addVault,
    addTrust,
    addAccess,
    addApprovals,
    addJournal,
    addDoctor,
  ]) {
    add(program, session);
  }
  return program;
}

/** Parses and runs; resolves with the exit code of whichever command ran. */
export async function runProgram(session: Session, version: string, argv: readonly string[]): Promise<ExitCode> {
  const program = createProgram(session, version);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return session.outcome();
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem;
    if (problem.exitCode === 0) return EXIT.done;
    if (problem.code !== 'commander.help') session.terminal.note('  fix: keyward help shows the commands and options.');
    return EXIT.usedWrongly;
  }
}

/** Tells of a first word that is neither a command nor anything on disk. */
export function refuseCommand({ terminal }: Session, word: string): ExitCode {
  const [nearest] = nearestNames(word, COMMANDS, 1);
  terminal.note(printable(`error INPUT/INVALID: there is no command "${word}", and no file or folder of that name.`));
  terminal.note(nearest ? `  fix: did you mean keyward ${nearest}?` : '  fix: keyward help shows the commands.');
  return EXIT.usedWrongly;
}

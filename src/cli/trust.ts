// The operator's word for a keyward.yaml. Nothing that an agent can reach leads here: no tool, and no file.
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/load-config.ts';
import { agreed } from './agree.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { printable } from './terminal.ts';

interface TrustOptions extends DataOptions {
  readonly yes?: boolean;
}

export function addTrust(program: Command, session: Session): void {
  const command = program
    .command('trust')
    .description('accept what the keyward.yaml of a workspace loosens, until the file is edited; shows it and asks')
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)')
    .option('--yes', 'do not ask');
  withData(command).action((workspaces: string[], options: TrustOptions) =>
    withParts(session, { ...options, workspaces }, (parts) => trust(session, parts, options)),
  );
}

async function trust(session: Session, parts: Parts, options: TrustOptions): Promise<ExitCode> {
  const loaded = await parts.config();
  if (!loaded.ok) return fail(session, loaded.failure, options);
  const { file, hash, text, trusted } = loaded.value;
  if (file === undefined || hash === undefined || text === undefined) {
    session.terminal.note(printable(`There is no keyward.yaml in ${parts.roots.join(', ')}: nothing to trust.`));
    return EXIT.failed;
  }
  if (!trusted) {
    if (!options.json) show(session, loaded.value, file);
    if (!(await agreed(session, options, 'Trust this file as it is now?'))) return EXIT.failed;
    const accepted = (await parts.trust()).accept({ file, hash, text }, Date.now());
    if (!accepted.ok) return fail(session, accepted.failure, options);
  }
  const { loosens } = loaded.value;
  if (options.json) session.terminal.json({ file, hash, trusted: true, loosens });
  else session.terminal.line(printable(trusted ? `Trusted already: ${file}` : `Trusted: ${file}`));
  return EXIT.done;
}

function show({ terminal }: Session, { loosens }: LoadedConfig, file: string): void {
  terminal.line(printable(file));
  terminal.line(
    loosens.length > 0
      ? 'loosens the defaults:'
      : 'loosens nothing; trusted, what it tightens holds after an edit too.',
  );
  for (const loosened of loosens) terminal.line(`  ${printable(loosened)}`);
}

import type { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printable } from '../terminal.ts';
import { shownKey } from './shown-key.ts';
import { withKeys } from './with-keys.ts';

export function addRevoke(access: Command, session: Session): void {
  const revoke = access
    .command('revoke')
    .description('end a key at once, also for servers that run; a later key of this name is another caller')
    .argument('<name>', 'name of the key');
  withData(revoke).action((name: string, options: DataOptions) =>
    withKeys(session, options, (keys) => {
      const ended = keys.revoke(name);
      if (!ended.ok) return fail(session, ended.failure, options);
      if (options.json) session.terminal.json({ revoked: ended.value.map(shownKey) });
      else session.terminal.line(printable(`${name} revoked: its next call is refused.`));
      return EXIT.done;
    }),
  );
}

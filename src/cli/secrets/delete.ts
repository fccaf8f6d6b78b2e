import type { Command } from 'commander';
import { agreed } from '../agree.ts';
import { EXIT } from '../exit-code.ts';
import { fail, type HomeOption, type Session, withHome } from '../session.ts';
import { printable } from '../terminal.ts';
import { nameOf } from './shown-secret.ts';
import { type TierOption, withSecretToChange, withTier } from './vault-command.ts';

interface DeleteOptions extends HomeOption, TierOption {
  readonly yes?: boolean;
}

export function addDelete(secrets: Command, session: Session): void {
  const remove = secrets
    .command('delete')
    .description('delete a secret for good, with the writing credential of its name; asks first')
    .argument('<name>', 'name or id')
    .option('--yes', 'do not ask');
  withHome(withTier(remove)).action((name: string, options: DeleteOptions) =>
    withSecretToChange(session, options, name, async (vault, info) => {
      const both = info.writingId === undefined ? nameOf(info) : `${info.name} and its writing credential`;
      if (!(await agreed(session, options, `Delete ${both}? Requests that name it will fail.`))) return EXIT.failed;
      // The writing one first: alone, it would go on being used.
      const ids = [...(info.writingId === undefined ? [] : [info.writingId]), info.id];
      for (const id of ids) {
        const deleted = vault.delete(id);
        if (!deleted.ok) return fail(session, deleted.failure);
      }
      session.terminal.line(printable(`${both} deleted.`));
      return EXIT.done;
    }),
  );
}

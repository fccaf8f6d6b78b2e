// The operator's side of the vault. A value comes in through a hidden prompt, standard input or a file, and has no way out.
import type { Command } from 'commander';
import { addAudit } from './secrets/audit.ts';
import { addBind } from './secrets/bind.ts';
import { addDelete } from './secrets/delete.ts';
import { addImport } from './secrets/import.ts';
import { addRotate } from './secrets/rotate.ts';
import { addSet } from './secrets/set.ts';
import { addShow } from './secrets/show.ts';
import type { Session } from './session.ts';

export function addSecrets(program: Command, session: Session): void {
  const secrets = program
    .command('secrets')
    .description('keep secrets for {{vault:NAME}}: values go in and never come out; there is no get')
    .helpCommand(false);
  addSet(secrets, session);
  addShow(secrets, session);
  addBind(secrets, session);
  addRotate(secrets, session);
  addDelete(secrets, session);
  addImport(secrets, session);
  addAudit(secrets, session);
}

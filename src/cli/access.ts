// The operator's side of the keys of callers over HTTP. A key is printed once, when it is made.
import type { Command } from 'commander';
import { addCreate } from './access/create.ts';
import { addKeyList } from './access/list.ts';
import { addMatrix } from './access/matrix.ts';
import { addRevoke } from './access/revoke.ts';
import { addRotateKey } from './access/rotate.ts';
import type { Session } from './session.ts';

export function addAccess(program: Command, session: Session): void {
  const access = program
    .command('access')
    .description('keys for agents that call over HTTP: who they are, what each may do')
    .helpCommand(false);
  addCreate(access, session);
  addKeyList(access, session);
  addRevoke(access, session);
  addRotateKey(access, session);
  addMatrix(access, session);
}

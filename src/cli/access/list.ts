import type { Command } from 'commander';
import { principalId } from '../../access/key-authenticator.ts';
import type { ListedKey } from '../../access/key-store.ts';
import { EXIT } from '../exit-code.ts';
import { dateOf } from '../secrets/shown-secret.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { type Column, printTable } from '../table.ts';
import { shownKey } from './shown-key.ts';
import { withKeys } from './with-keys.ts';

export function addKeyList(access: Command, session: Session): void {
  const list = access
    .command('list')
    .description('list the keys, ended ones too: who, what for, until when; never a key');
  withData(list).action((options: DataOptions) =>
    withKeys(session, options, (keys) => {
      const listed = keys.list();
      if (!listed.ok) return fail(session, listed.failure, options);
      if (options.json) session.terminal.json({ keys: listed.value.map(shownKey) });
      else printTable(session.terminal, listed.value, COLUMNS, 'No keys yet: keyward access create NAME.');
      return EXIT.done;
    }),
  );
}

const COLUMNS: readonly Column<ListedKey>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'KEY ID', cell: ({ keyId }) => keyId },
  { title: 'SCOPES', cell: ({ scopes }) => scopes.join(' ') },
  { title: 'CREATED', cell: ({ createdAt }) => dateOf(createdAt)?.slice(0, 10) ?? '' },
  { title: 'LAST USED', cell: ({ lastUsedAt }) => dateOf(lastUsedAt) ?? 'never' },
  { title: 'EXPIRES', cell: ({ expiresAt }) => dateOf(expiresAt) ?? 'never' },
  { title: 'ID', cell: ({ callerId }) => principalId(callerId) },
];

import type { Command } from 'commander';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import { EXIT } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printPairs, printTable } from '../table.ts';
import { dateOf, nameOf, shownSecret } from './shown-secret.ts';
import { findSecret, type TierOption, withTier, withVault } from './vault-command.ts';

export function addShow(secrets: Command, session: Session): void {
  const list = secrets.command('list').description('list the secrets: names, origins and times, never a value');
  withData(list).action((options: DataOptions) =>
    withVault(session, options, (vault) => {
      const listed = vault.list();
      if (!listed.ok) return fail(session, listed.failure, options);
      if (options.json) session.terminal.json({ secrets: listed.value.map(shownSecret) });
      else printList(session, listed.value);
      return EXIT.done;
    }),
  );
  const describe = secrets.command('describe').description('show one secret: everything but its value');
  withData(withTier(describe.argument('<name>', 'name or id'))).action(
    (name: string, options: DataOptions & TierOption) =>
      withVault(session, options, (vault) => {
        const found = findSecret(vault, name, options);
        if (!found.ok) return fail(session, found.failure, options);
        const fields = shownSecret(found.value);
        if (options.json) session.terminal.json(fields);
        else
          printPairs(
            session.terminal,
            Object.entries(fields).map(([key, value]) => [key, textOf(value)]),
          );
        return EXIT.done;
      }),
  );
}

function printList({ terminal }: Session, secrets: readonly HandleInfo[]): void {
  const columns = [
    { title: 'NAME', cell: nameOf },
    { title: 'LABEL', cell: ({ label }: HandleInfo) => label ?? '' },
    { title: 'ORIGINS', cell: ({ origins }: HandleInfo) => origins.join(' ') },
    { title: 'PLACES', cell: ({ places }: HandleInfo) => places?.join(' ') ?? 'all' },
    { title: 'METHODS', cell: ({ methods }: HandleInfo) => methods?.join(' ') ?? 'all' },
    { title: 'USES', cell: ({ useCount, maxUses }: HandleInfo) => usesOf(useCount, maxUses) },
    { title: 'LAST USED', cell: ({ lastUsedAt }: HandleInfo) => dateOf(lastUsedAt) ?? 'never' },
    { title: 'EXPIRES', cell: ({ expiresAt }: HandleInfo) => dateOf(expiresAt) ?? 'never' },
  ];
  printTable(terminal, secrets, columns, 'No secrets yet: keyward secrets set NAME --origin URL.');
}

function usesOf(useCount: number, maxUses: number | undefined): string {
  return maxUses === undefined ? String(useCount) : `${useCount} of ${maxUses}`;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('  ') : String(value);
}

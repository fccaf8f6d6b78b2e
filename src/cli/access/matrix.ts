// Who can do what, and why.
import type { Command } from 'commander';
import { parseScopes } from '../../../shared/access/reach.ts';
import { nearestNames } from '../../../shared/collection/nearest.ts';
import { type Failure, failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { ListedKey } from '../../access/key-store.ts';
import type { ExecutionContext } from '../../execute/ports.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Parts } from '../parts.ts';
import { collect } from '../secrets/vault-command.ts';
import { type DataOptions, fail, type Session, withData, withParts } from '../session.ts';
import { type Column, printPairs, printTable } from '../table.ts';
import { printable } from '../terminal.ts';
import type { Permissions, ThingAccess } from './permissions.ts';
import { shownKey } from './shown-key.ts';

interface MatrixOptions extends DataOptions {
  readonly workspace?: readonly string[];
}

export function addMatrix(access: Command, session: Session): void {
  const matrix = access
    .command('matrix')
    .description('show what each key can do with each collection and environment, and which rule says so')
    .argument('[name...]', 'names of keys (default: all that have not ended)')
    .option('--workspace <path>', 'file or folder of collections (repeatable; default: the current folder)', collect);
  withData(matrix).action((names: string[], options: MatrixOptions) =>
    withParts(session, { ...options, workspaces: options.workspace ?? [] }, (parts) =>
      show(session, parts, names, options),
    ),
  );
}

interface Row {
  readonly key: ListedKey;
  readonly may: Permissions;
}

async function show(session: Session, parts: Parts, names: readonly string[], options: DataOptions): Promise<ExitCode> {
  const listed = (await parts.accessKeys()).list();
  if (!listed.ok) return fail(session, listed.failure, options);
  const wanted = pick(
    listed.value.filter(({ state }) => state === 'active'),
    names,
  );
  if (!wanted.ok) return fail(session, wanted.failure, options);
  const context = await parts.context();
  if (!context.ok) return fail(session, context.failure, options);
  const rows = await rowsOf(wanted.value, context.value);
  if (!rows.ok) return fail(session, rows.failure, options);
  if (options.json) session.terminal.json({ keys: rows.value.map(shownRow) });
  else print(session, rows.value);
  return EXIT.done;
}

function pick(keys: readonly ListedKey[], names: readonly string[]): Result<readonly ListedKey[]> {
  const unknown = names.find((name) => !keys.some((key) => key.name === name));
  if (unknown !== undefined) return err(notFound(unknown, keys));
  return ok(names.length === 0 ? keys : keys.filter(({ name }) => names.includes(name)));
}

function notFound(name: string, keys: readonly ListedKey[]): Failure {
  const near = nearestNames(
    name,
    keys.map((key) => key.name),
  );
  return failure('ACCESS/KEY_NOT_FOUND', { name, nearest: near.join(', ') || 'none' });
}

async function rowsOf(keys: readonly ListedKey[], context: ExecutionContext): Promise<Result<readonly Row[]>> {
  const { permissionsOf } = await import('./permissions.ts');
  const rows: Row[] = [];
  for (const key of keys) {
    const reach = parseScopes(key.scopes);
    const may = reach.ok ? permissionsOf(context, reach.value) : reach;
    if (!may.ok) return may;
    rows.push({ key, may: may.value });
  }
  return ok(rows);
}

function shownRow({ key, may: { unknown, ...may } }: Row) {
  return { ...shownKey(key), ...may, ...(unknown.length > 0 && { names_nothing: unknown }) };
}

function print({ terminal }: Session, rows: readonly Row[]): void {
  if (rows.length === 0) terminal.line('No keys yet: keyward access create NAME.');
  for (const [at, { key, may }] of rows.entries()) {
    if (at > 0) terminal.line();
    terminal.line(terminal.style('bold', printable(key.name)));
    printPairs(terminal, [
      ['scopes', key.scopes.join('  ')],
      ['tools', may.tools.join('  ') || 'none'],
      [
        'secrets',
        may.handles.map(({ name, tier }) => (tier === 'writing' ? `${name} (writing)` : name)).join('  ') || 'none',
      ],
    ]);
    for (const name of may.unknown) terminal.note(printable(`${key.name}: nothing here is named by ${name}`));
    printTable(terminal, may.collections, columns('COLLECTION'), 'No collections here.');
    if (may.environments.length > 0) printTable(terminal, may.environments, columns('ENVIRONMENT'), '');
  }
}

function columns(title: string): readonly Column<ThingAccess>[] {
  return [
    { title, cell: ({ name }) => name },
    { title: 'ACCESS', cell: ({ access }) => access },
    { title: 'GET', cell: ({ reading }) => reading.verdict },
    { title: 'POST', cell: ({ changing }) => changing.verdict },
    { title: 'RULE', cell: ({ rule }) => rule },
    {
      title: 'WHY',
      cell: ({ access, reading, changing }) =>
        (access === 'all' ? changing : access === 'safe' ? changing : reading).reason,
    },
  ];
}

// Listings from the shell: the same tools an agent calls, so that both see the same.
import { Argument, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { listAll, type Row } from './list-all.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { type Column, printTable } from './table.ts';

interface Listing {
  readonly tool: string;
  readonly columns: readonly Column<Row>[];
  readonly empty: string;
}

interface ListOptions extends DataOptions {
  readonly query?: string;
  readonly collection?: string;
}

const column = (title: string, name: string): Column<Row> => ({ title, cell: (row) => cellOf(row[name]) });
const amount = (title: string, name: string): Column<Row> => ({ ...column(title, name), align: 'right' });

const LISTINGS = {
  collections: {
    tool: 'list_collections',
    columns: [
      column('NAME', 'name'),
      column('FORMAT', 'format'),
      amount('REQUESTS', 'request_count'),
      column('ACCESS', 'access'),
      column('ID', 'id'),
    ],
    empty: 'No collections here: keyward doctor tells what was looked at.',
  },
  requests: {
    tool: 'list_requests',
    columns: [
      column('METHOD', 'method'),
      column('NAME', 'name'),
      column('FOLDER', 'path'),
      column('URL', 'url'),
      column('ID', 'id'),
    ],
    empty: 'No requests.',
  },
  environments: {
    tool: 'list_environments',
    columns: [
      column('NAME', 'name'),
      column('KIND', 'kind'),
      amount('VARIABLES', 'variable_count'),
      column('ACCESS', 'access'),
      column('ID', 'id'),
    ],
    empty: 'No environments.',
  },
  secrets: {
    tool: 'list_secrets',
    columns: [
      column('NAME', 'name'),
      column('LABEL', 'label'),
      column('ORIGINS', 'origins'),
      column('LAST USED', 'last_used'),
      column('EXPIRES', 'expires'),
    ],
    empty: 'No secrets yet: keyward secrets set NAME --origin URL.',
  },
} as const satisfies Record<string, Listing>;

type What = keyof typeof LISTINGS;

export function addList(program: Command, session: Session): void {
  const command = program
    .command('list')
    .description('list collections, requests, environments or secrets, as an agent sees them')
    .addArgument(new Argument('<what>', 'what to list').choices(Object.keys(LISTINGS)))
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)')
    .option('--query <words>', 'only entries with these words')
    .option('--collection <ref>', 'only requests or environments of this collection');
  withData(command).action((what: What, workspaces: string[], options: ListOptions) =>
    withParts(session, { ...options, workspaces }, (parts) => list(session, what, parts, options)),
  );
}

async function list(session: Session, what: What, parts: Parts, options: ListOptions): Promise<ExitCode> {
  const { tool, columns, empty }: Listing = LISTINGS[what];
  const listed = await listAll(parts, tool, what, filtersOf(what, options));
  if (!listed.ok) return fail(session, listed.failure, options);
  if (options.json) session.terminal.json({ [what]: listed.rows });
  else printTable(session.terminal, listed.rows, columns, empty);
  return EXIT.done;
}

function filtersOf(what: What, { query, collection }: ListOptions): Row {
  const inCollection = what === 'requests' || what === 'environments';
  return {
    ...(query !== undefined && what !== 'environments' && { query }),
    ...(collection !== undefined && inCollection && { collection_id: collection }),
  };
}

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellOf).join(' ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

// The record of executions for the operator. It opens no workspace, so that it works where the files are gone.
import { type Command, InvalidArgumentError } from 'commander';
import type { JournalEntry } from '../../shared/journal/event.ts';
import { limits } from '../../shared/limits.ts';
import { redactValue } from '../../shared/redact/redact-fields.ts';
import type { HistoryEntry } from '../execute/ports.ts';
import type { OpenJournal } from '../journal/open-journal.ts';
import { type HistoryParts, historyFields, historyParts } from '../tools/history-fields.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type DataOptions, fail, type HomeOption, type Session, withData, withHome, withParts } from './session.ts';
import { type Column, printTable } from './table.ts';
import { jsonLine } from './terminal.ts';

interface ShowOptions extends DataOptions {
  readonly limit: number;
  readonly request?: string;
}

const EXPORT_PAGE = 500;

export function addJournal(program: Command, session: Session): void {
  const journal = program
    .command('journal')
    .description('what was executed and refused: who, what, where, with which secrets, and why')
    .helpCommand(false);
  const show = journal
    .command('show')
    .description('show the newest executions and refusals')
    .option('--limit <n>', 'how many', readLimit, limits.pageSize)
    .option('--request <id>', 'only those of this request');
  withData(show).action((options: ShowOptions) =>
    withJournal(session, options, (opened) => list(session, opened, options)),
  );
  const verify = journal.command('verify').description('check that no entry was changed, removed, added or moved');
  withData(verify).action((options: DataOptions) =>
    withJournal(session, options, (opened) => check(session, opened, options)),
  );
  const write = journal.command('export').description('print every entry, oldest first, as one JSON object a line');
  withHome(write).action((options: HomeOption) =>
    withJournal(session, options, (opened) => exportAll(session, opened)),
  );
}

function withJournal(session: Session, options: DataOptions, work: (journal: OpenJournal) => ExitCode): Promise<void> {
  return withParts(session, options, async (parts) => work(await parts.journal()));
}

function list(session: Session, journal: OpenJournal, { limit, request, json }: ShowOptions): ExitCode {
  const found = journal.history({ limit, ...(request === undefined ? {} : { requestId: request }) });
  if (!found.ok) return fail(session, found.failure, { ...(json && { json }) });
  const entries = found.value.map(rowOf);
  if (json) session.terminal.json({ entries });
  else printTable(session.terminal, entries, COLUMNS, 'Nothing was executed yet.');
  return EXIT.done;
}

type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const COLUMNS: readonly Column<Row>[] = [
  { title: 'WHEN', cell: ({ at }) => text(at).slice(0, 19).replace('T', ' ') },
  { title: 'WHO', cell: ({ who }) => text(who) },
  { title: 'METHOD', cell: ({ method }) => text(method) },
  { title: 'WHERE', cell: ({ origin, path }) => text(origin) + text(path) },
  { title: 'REQUEST', cell: ({ request_name }) => text(request_name) },
  { title: 'OUTCOME', cell: ({ outcome }) => text(outcome) },
  { title: 'MS', cell: ({ duration_ms }) => text(duration_ms), align: 'right' },
];

function rowOf(entry: HistoryEntry): Row {
  return redacted({ seq: entry.begin.seq, ...historyFields(entry), outcome: outcomeOf(historyParts(entry)) });
}

function outcomeOf({ begin, end }: HistoryParts): string {
  if (begin.type === 'denied') return `refused ${begin.failure}`;
  if (!end) return 'unfinished';
  return end.failure ?? `status ${end.status ?? 'unknown'}`;
}

function check(session: Session, journal: OpenJournal, options: DataOptions): ExitCode {
  const verified = journal.verify();
  if (!verified.ok) return fail(session, verified.failure, options);
  const { entries, head } = verified.value;
  if (options.json) session.terminal.json({ whole: true, entries, head });
  else session.terminal.line(`Whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}. Newest: ${head}`);
  return EXIT.done;
}

function exportAll(session: Session, journal: OpenJournal): ExitCode {
  let after = 0;
  for (;;) {
    const page = journal.entries({ after, limit: EXPORT_PAGE });
    if (!page.ok) return fail(session, page.failure);
    for (const entry of page.value) session.terminal.line(jsonLine(exported(entry)));
    after = page.value.at(-1)?.seq ?? after;
    if (page.value.length < EXPORT_PAGE) break;
  }
  return EXIT.done;
}

function exported({ seq, at, event, hash }: JournalEntry): Row {
  return { ...redacted({ seq, at: new Date(at).toISOString(), event }), hash };
}

/** Entries hold no secret; what is printed passes the redactor all the same. */
function redacted(row: Row): Row {
  const { value, failure } = redactValue(row);
  return failure ? { withheld: true } : (value as Row);
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.maxPageSize) return limit;
  throw new InvalidArgumentError(`Give a number from 1 to ${limits.maxPageSize}.`);
}

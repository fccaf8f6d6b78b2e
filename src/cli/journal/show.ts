import { type Command, InvalidArgumentError } from 'commander';
import type { CallEvent } from '../../../shared/journal/event.ts';
import { limits } from '../../../shared/limits.ts';
import type { HistoryEntry } from '../../execute/ports.ts';
import type { OpenJournal } from '../../journal/open-journal.ts';
import { type HistoryParts, historyFields, historyParts } from '../../tools/history-fields.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { type Column, printTable } from '../table.ts';
import { type Row, redactedRow } from './exported-entry.ts';
import { MOMENT, readMoment } from './moment.ts';
import { withJournal } from './with-journal.ts';

interface ShowOptions extends DataOptions {
  readonly limit: number;
  readonly request?: string;
  readonly caller?: string;
  readonly since?: number;
  readonly wide?: boolean;
}

export function addShow(journal: Command, session: Session): void {
  const show = journal
    .command('show')
    .description('show the newest executions and refusals')
    .option('--limit <n>', 'how many', readLimit, limits.pageSize)
    .option('--request <id>', 'only those of this request')
    .option('--caller <name>', 'only those of callers with this name or id')
    .option('--since <when>', `only those since then: ${MOMENT}`, readMoment)
    .option('--wide', 'also the key, client and address of the caller, and who approved');
  withData(show).action((options: ShowOptions) =>
    withJournal(session, options, (opened) => list(session, opened, options)),
  );
}

function list(session: Session, journal: OpenJournal, options: ShowOptions): ExitCode {
  const { limit, request, caller, since, wide, json } = options;
  const found = journal.history({
    limit,
    ...(request !== undefined && { requestId: request }),
    ...(caller !== undefined && { caller }),
    ...(since !== undefined && { since }),
  });
  if (!found.ok) return fail(session, found.failure, options);
  const entries = found.value.map(rowOf);
  const isFiltered = request !== undefined || caller !== undefined || since !== undefined;
  const none = isFiltered ? 'Nothing of that is in the journal.' : 'Nothing was executed yet.';
  if (json) session.terminal.json({ entries });
  else printTable(session.terminal, entries, wide ? [...COLUMNS, ...WIDE] : COLUMNS, none);
  return EXIT.done;
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const part = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null ? text(new Map(Object.entries(value)).get(name)) : '';

const COLUMNS: readonly Column<Row>[] = [
  { title: 'WHEN', cell: ({ at }) => text(at).slice(0, 19).replace('T', ' ') },
  { title: 'WHO', cell: ({ who, caller }) => part(caller, 'name') || text(who) },
  { title: 'METHOD', cell: ({ method }) => text(method) },
  { title: 'WHERE', cell: ({ origin, path }) => text(origin) + text(path) },
  { title: 'REQUEST', cell: ({ request_name, request_id }) => text(request_name) || text(request_id) },
  { title: 'OUTCOME', cell: ({ outcome }) => text(outcome) },
  { title: 'MS', cell: ({ duration_ms }) => text(duration_ms), align: 'right' },
];

const WIDE: readonly Column<Row>[] = [
  { title: 'KEY', cell: ({ caller }) => part(caller, 'key_id') },
  { title: 'CLIENT', cell: ({ caller }) => part(caller, 'client') },
  { title: 'ADDRESS', cell: ({ caller }) => part(caller, 'address') },
  { title: 'APPROVED BY', cell: ({ approved_by }) => text(approved_by) },
];

function rowOf(entry: HistoryEntry): Row {
  const { begin, end } = historyParts(entry);
  const answer = entry.answer?.event;
  const outcome =
    begin.type === 'denied' && begin.asked ? askedOutcome(answer) : outcomeOf({ begin, ...(end && { end }) });
  return redactedRow({
    seq: entry.begin.seq,
    ...historyFields(entry),
    ...operatorFields(begin),
    ...(answer && { answered_in: answer.correlationId }),
    outcome,
  });
}

/** What agents are not told, not even of their own calls. */
function operatorFields({ principal, caller, approvedBy, askedIn, askedInVain, detail }: CallEvent): Row {
  return {
    principal,
    ...(caller && {
      caller: {
        name: caller.name,
        ...(caller.keyId !== undefined && { key_id: caller.keyId }),
        ...(caller.client !== undefined && { client: caller.client }),
        ...(caller.address !== undefined && { address: caller.address }),
      },
    }),
    ...(approvedBy && { approved_by: approvedBy }),
    ...(askedIn !== undefined && { asked_in: askedIn }),
    ...(askedInVain && { asked_in_vain: true }),
    ...(detail && { detail }),
  };
}

function askedOutcome(answer: CallEvent | undefined): string {
  // One that came with a call which failed before it could be told of counted for nothing, too.
  if (!answer) return 'asked the client, no answer that counted';
  return answer.askedInVain ? 'asked the client, answered in vain' : 'asked the client, answered';
}

function outcomeOf({ begin, end }: HistoryParts): string {
  if (begin.type === 'denied') return `refused ${begin.failure}`;
  if (!end) return 'unfinished';
  return end.failure ?? `status ${end.status ?? 'unknown'}`;
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.maxPageSize) return limit;
  throw new InvalidArgumentError(`Give a number from 1 to ${limits.maxPageSize}.`);
}

import { type Command, InvalidArgumentError } from 'commander';
import type { OpenJournal } from '../../journal/open-journal.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { fail, type HomeOption, type Session, withHome } from '../session.ts';
import { jsonLine } from '../terminal.ts';
import { exportedEntry } from './exported-entry.ts';
import { MOMENT, readMoment } from './moment.ts';
import { withJournal } from './with-journal.ts';

interface ExportOptions extends HomeOption {
  readonly after?: number;
  readonly since?: number;
}

const PAGE = 500;

export function addExport(journal: Command, session: Session): void {
  const write = journal
    .command('export')
    .description('print every entry, oldest first, as one JSON object a line')
    .option('--after <seq>', 'only those behind this one: what an earlier export ended with', readSeq)
    .option('--since <when>', `only those since then: ${MOMENT}`, readMoment);
  withHome(write).action((options: ExportOptions) =>
    withJournal(session, options, (opened) => exportEntries(session, opened, options)),
  );
}

function exportEntries(session: Session, journal: OpenJournal, { after = 0, since = 0 }: ExportOptions): ExitCode {
  for (let last = after; ; ) {
    const page = journal.entries({ after: last, limit: PAGE });
    if (!page.ok) return fail(session, page.failure);
    for (const entry of page.value) if (entry.at >= since) session.terminal.line(jsonLine(exportedEntry(entry)));
    last = page.value.at(-1)?.seq ?? last;
    if (page.value.length < PAGE) return EXIT.done;
  }
}

function readSeq(given: string): number {
  const seq = Number(given);
  if (/^\d{1,15}$/.test(given)) return seq;
  throw new InvalidArgumentError('Give the seq of an entry.');
}

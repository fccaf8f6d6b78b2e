import type { OpenJournal } from '../../journal/open-journal.ts';
import type { ExitCode } from '../exit-code.ts';
import { type DataOptions, type Session, withParts } from '../session.ts';

/** Opens the journal of the data folder for a command's work. */
export function withJournal(
  session: Session,
  options: DataOptions,
  work: (journal: OpenJournal) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  return withParts(session, options, async (parts) => work(await parts.journal()));
}

export function entriesOf(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}

import type { Command } from 'commander';
import type { Result } from '../../../shared/failure/result.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { withJournal } from './with-journal.ts';

export function addCheckpoint(journal: Command, session: Session): void {
  const checkpoint = journal
    .command('checkpoint')
    .description('print a signed statement of which entry is the newest; kept elsewhere, it shows a later cut');
  withData(checkpoint).action((options: DataOptions) =>
    withJournal(session, options, (opened) => print(session, options, 'checkpoint', opened.checkpoint())),
  );
  const key = journal
    .command('key')
    .description('print the public key that checkpoints are checked with: give it to who keeps them');
  withData(key).action((options: DataOptions) =>
    withJournal(session, options, (opened) => print(session, options, 'key', opened.checkpointKey())),
  );
}

function print(session: Session, options: DataOptions, name: string, made: Result<string>): ExitCode {
  if (!made.ok) return fail(session, made.failure, options);
  if (options.json) session.terminal.json({ [name]: made.value });
  else for (const line of made.value.replace(/\n$/, '').split('\n')) session.terminal.line(line);
  return EXIT.done;
}

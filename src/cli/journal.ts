// The record of executions for the operator. It opens no workspace, so that it works where the files are gone.
import type { Command } from 'commander';
import { addCheckpoint } from './journal/checkpoint.ts';
import { addExport } from './journal/export-entries.ts';
import { addPrune } from './journal/prune.ts';
import { addShow } from './journal/show.ts';
import { addVerify } from './journal/verify.ts';
import type { Session } from './session.ts';

export function addJournal(program: Command, session: Session): void {
  const journal = program
    .command('journal')
    .description('what was executed and refused: who, what, where, with which secrets, and why')
    .helpCommand(false);
  addShow(journal, session);
  addVerify(journal, session);
  addExport(journal, session);
  addCheckpoint(journal, session);
  addPrune(journal, session);
}

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { MAX_NOTE_CHARS } from '../../../shared/journal/signed-note.ts';
import type { JournalVerdict, OpenJournal } from '../../journal/open-journal.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { entriesOf, withJournal } from './with-journal.ts';

interface VerifyOptions extends DataOptions {
  readonly checkpoint?: string;
  readonly key?: string;
}

export function addVerify(journal: Command, session: Session): void {
  const verify = journal
    .command('verify')
    .description('check that no entry was changed, removed, added or moved')
    .option('--checkpoint <file>', 'a checkpoint to hold it against (default: the newest that a server here wrote)')
    .option('--key <key>', 'what keyward journal key printed (default: the key of this data folder)');
  withData(verify).action((options: VerifyOptions) =>
    withJournal(session, options, (opened) => check(session, opened, options)),
  );
}

function check(session: Session, journal: OpenJournal, options: VerifyOptions): ExitCode {
  const { checkpoint: file, key } = options;
  const note = file === undefined ? ok(undefined) : readNote(file);
  if (!note.ok) return fail(session, note.failure, options);
  const verified = journal.verify({
    ...(note.value !== undefined && { checkpoint: note.value }),
    ...(key !== undefined && { key }),
  });
  if (!verified.ok) return fail(session, verified.failure, options);
  if (options.json) session.terminal.json({ whole: true, ...shown(verified.value) });
  else for (const line of linesOf(verified.value)) session.terminal.line(line);
  return EXIT.done;
}

function shown({ entries, head, pruned, checkpoint }: JournalVerdict) {
  return {
    entries,
    head,
    ...(pruned && { pruned: { through: pruned.through, at: timeOf(pruned.at) } }),
    ...(checkpoint && { checkpoint: { ...checkpoint, at: timeOf(checkpoint.at) } }),
  };
}

function linesOf({ entries, head, pruned, checkpoint }: JournalVerdict): string[] {
  const whole = `Whole: ${entriesOf(entries)}. Newest: ${head}`;
  const before = pruned
    ? [`Those through ${pruned.through} were removed by keyward, the last time at ${timeOf(pruned.at)}.`]
    : [];
  return [whole, ...before, ...(checkpoint ? [sentenceOf(checkpoint)] : [])];
}

function sentenceOf({ seq, at, state }: NonNullable<JournalVerdict['checkpoint']>): string {
  const made = `The checkpoint of ${timeOf(at)}`;
  return state === 'holds'
    ? `${made} holds: entry ${seq} is the one that was signed.`
    : `${made} is genuine but says nothing here: entry ${seq}, which was signed, is among those that were removed.`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

function readNote(file: string): Result<string> {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= MAX_NOTE_CHARS) return ok(text);
  } catch {
    // Falls through: what cannot be read is as good as what is no checkpoint.
  }
  return err(failure('INPUT/INVALID', { problem: 'the file of --checkpoint cannot be read' }));
}

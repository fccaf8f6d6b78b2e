import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { failure } from '../../../shared/failure/failure.ts';
import { ok, type Result } from '../../../shared/failure/result.ts';
import type { JournalEntry } from '../../../shared/journal/event.ts';
import type { OpenJournal } from '../../journal/open-journal.ts';
import type { PruneReport } from '../../journal/prune.ts';
import type { PruneRule } from '../../journal/prune-journal.ts';
import { agreed } from '../agree.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { jsonLine, printable } from '../terminal.ts';
import { type ArchiveFile, createArchiveFile } from './archive-file.ts';
import { exportedEntry } from './exported-entry.ts';
import { MOMENT, readMoment } from './moment.ts';
import { entriesOf, withJournal } from './with-journal.ts';

interface PruneOptions extends DataOptions {
  readonly before?: number;
  readonly keep?: number;
  readonly archive?: string;
  readonly yes?: boolean;
}

export function addPrune(journal: Command, session: Session): void {
  const prune = journal
    .command('prune')
    .description('remove the oldest entries; what is left verifies, and says what was removed')
    .addOption(new Option('--before <when>', `those before then: ${MOMENT}`).argParser(readMoment).conflicts('keep'))
    .option('--keep <n>', 'all but so many of the newest', readCount)
    .option('--archive <file>', 'write them to this new file first, as keyward journal export does')
    .option('--yes', 'do not ask');
  withData(prune).action((options: PruneOptions) =>
    withJournal(session, options, (opened) => run(session, opened, options)),
  );
}

async function run(session: Session, journal: OpenJournal, options: PruneOptions): Promise<ExitCode> {
  const rule = ruleOf(options);
  if (!rule) return fail(session, failure('INPUT/INVALID', { problem: 'give --before or --keep' }), options);
  const found = journal.prunable(rule);
  if (!found.ok) return fail(session, found.failure, options);
  if (found.value.count === 0) return tell(session, options, found.value);
  const question = `Remove ${entriesOf(found.value.count)}, ${found.value.from} through ${found.value.through}, for good?`;
  if (!(await agreed(session, options, question))) return EXIT.failed;
  const archive = options.archive === undefined ? ok(undefined) : createArchiveFile(resolve(options.archive));
  if (!archive.ok) return fail(session, archive.failure, options);
  const file = archive.value;
  const pruned = await journal.prune(rule, file && ((entries) => writeEntries(file, entries)));
  file?.close();
  return pruned.ok ? tell(session, options, pruned.value) : fail(session, pruned.failure, options);
}

function ruleOf({ before, keep }: PruneOptions): PruneRule | undefined {
  if (before !== undefined) return { before };
  return keep === undefined ? undefined : { keep };
}

function writeEntries(file: ArchiveFile, entries: readonly JournalEntry[]): Result<void> {
  return file.append(entries.map((entry) => `${jsonLine(exportedEntry(entry))}\n`).join(''));
}

function tell({ terminal }: Session, { json, archive }: PruneOptions, report: PruneReport): ExitCode {
  const { from, through, count, held = 0 } = report;
  const file = archive === undefined || count === 0 ? undefined : resolve(archive);
  const where = file === undefined ? '' : ` They are in ${file}.`;
  if (json)
    terminal.json({
      removed: count,
      ...(count > 0 && { from, through }),
      ...(held > 0 && { held }),
      ...(file !== undefined && { archive: file }),
    });
  else if (count === 0) terminal.line(held === 0 ? 'Nothing to remove.' : `Nothing to remove yet.${heldUp(held)}`);
  else terminal.line(printable(`Removed: ${entriesOf(count)}, ${from} through ${through}.${where}${heldUp(held)}`));
  return EXIT.done;
}

function heldUp(held: number): string {
  if (held === 0) return '';
  return ` ${entriesOf(held)} more could go, but executions are kept whole: one that is under way, or ends among those that are kept, holds them up, for an hour at most.`;
}

function readCount(given: string): number {
  const count = Number(given);
  if (/^\d{1,9}$/.test(given) && count >= 1) return count;
  throw new InvalidArgumentError('Give a number from 1.');
}

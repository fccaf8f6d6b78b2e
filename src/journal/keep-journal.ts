// What a server does for its journal once in a while: signed checkpoints, and the removal of entries that are old enough.
import type { Failure } from '../../shared/failure/failure.ts';
import type { OpenJournal } from './open-journal.ts';

export interface JournalKeeping {
  /** Entries older than this are removed; absent: none are. */
  readonly keepMs?: number;
  /** 0: never. */
  readonly checkpointEveryMs: number;
}

const PRUNE_EVERY_MS = 60 * 60_000;

/** Begins at once, and tells of each failure. Gives what ends it, with a last checkpoint. */
export function keepJournal(
  journal: Pick<OpenJournal, 'writeCheckpoint' | 'pruneOlderThan'>,
  { keepMs, checkpointEveryMs }: JournalKeeping,
  onFailure: (found: Failure) => void,
): () => Promise<void> {
  const checkpoint = (): void => {
    const written = journal.writeCheckpoint();
    if (!written.ok) onFailure(written.failure);
  };
  let pruning: Promise<void> = Promise.resolve();
  const prune = (): void => {
    pruning = pruning.then(async () => {
      const pruned = keepMs === undefined ? undefined : await journal.pruneOlderThan(keepMs);
      if (pruned?.ok === false) onFailure(pruned.failure);
    });
  };
  const timers: NodeJS.Timeout[] = [];
  const often = (work: () => void, everyMs: number): void => {
    work();
    timers.push(setInterval(work, everyMs).unref());
  };
  if (checkpointEveryMs > 0) often(checkpoint, checkpointEveryMs);
  if (keepMs !== undefined) often(prune, PRUNE_EVERY_MS);
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await pruning;
    if (checkpointEveryMs > 0) checkpoint();
  };
}

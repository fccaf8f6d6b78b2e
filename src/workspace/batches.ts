// Gathers what happens to files until it has been quiet for a moment, so that a storm of events is one look at the disk.

import type { TouchedFolder } from './folder-tree.ts';
import type { FolderEvent } from './folder-watchers.ts';

/** What happened since the last batch. */
export interface Batch {
  readonly touched: ReadonlyMap<string, TouchedFolder>;
  /** Events can have been lost, or nothing is known: everything is looked at again. */
  readonly everything: boolean;
}

export interface Batches {
  note(event: FolderEvent): void;
  noteEverything(): void;
  close(): void;
}

export interface BatchOptions {
  /** How long it has to be quiet. */
  readonly quietMs: number;
  /** How long after its first event a batch starts at the latest. */
  readonly latestMs: number;
  /** So many events that the system can have dropped some: from here on a batch is about everything. */
  readonly maxEvents: number;
  /** Works through one batch; the next one waits for it, and then as long again. */
  readonly run: (batch: Batch) => Promise<void>;
}

interface Gathering {
  readonly folders: Map<string, { names: Set<string>; renamed: boolean; unsure: boolean }>;
  readonly since: number;
  everything: boolean;
  events: number;
}

export function createBatches({ quietMs, latestMs, maxEvents, run }: BatchOptions): Batches {
  let gathering: Gathering | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let restUntil = 0;
  let closed = false;

  const gathered = (): Gathering => {
    gathering ??= { folders: new Map(), since: performance.now(), everything: false, events: 0 };
    return gathering;
  };
  const schedule = (): void => {
    if (closed || running || gathering === undefined) return;
    const now = performance.now();
    const quiet = Math.min(quietMs, gathering.since + latestMs - now);
    clearTimeout(timer);
    timer = setTimeout(() => void start(), Math.max(quiet, restUntil - now, 0));
    timer.unref();
  };
  const start = async (): Promise<void> => {
    if (closed || gathering === undefined) return;
    const { folders, everything, events } = gathering;
    gathering = undefined;
    running = true;
    const startedAt = performance.now();
    try {
      await run({ touched: folders, everything: everything || events >= maxEvents });
    } finally {
      running = false;
      const now = performance.now();
      restUntil = now + (now - startedAt);
      schedule();
    }
  };
  return {
    note({ folder, name, renamed }) {
      const { folders } = gathered();
      const touched = folders.get(folder) ?? { names: new Set(), renamed: false, unsure: false };
      folders.set(folder, touched);
      touched.renamed ||= renamed;
      if (name === undefined) touched.unsure = true;
      else touched.names.add(name);
      gathered().events += 1;
      schedule();
    },
    noteEverything() {
      gathered().everything = true;
      schedule();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

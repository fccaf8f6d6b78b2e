// What is other on disk than when it was looked at, whatever the system told: a net for events that never came.
import { basename, dirname } from 'node:path';
import { identityOf, statsOf } from './folder-node.ts';
import type { FolderEvent } from './folder-watchers.ts';
import { stampOf } from './read-bounded.ts';
import type { Slices } from './slices.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** Compares the times of all folders and files, opening none, and gives the events that tell of the differences. */
export async function findLostChanges({ tree, index }: WorkspaceFiles, slices: Slices): Promise<FolderEvent[]> {
  const lost: FolderEvent[] = [];
  for (const { path, identity, mark } of tree.folders()) {
    if (slices.isOver()) await slices.next();
    const stats = statsOf(path);
    if (!stats || identityOf(stats) !== identity) lost.push({ folder: path, renamed: true });
    // Named by itself: its own list is another, and what is below it is compared by itself.
    else if (stampOf(stats).mark !== mark) lost.push({ folder: path, name: basename(path), renamed: false });
  }
  for (const path of await index.findWritten(slices)) {
    lost.push({ folder: dirname(path), name: basename(path), renamed: false });
  }
  return lost;
}

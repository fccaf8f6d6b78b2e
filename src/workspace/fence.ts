// Folders that nothing may be read from, whatever a path to them looks like. Judged before a file is opened: to open and
// close a database file of one's own process is enough to lose SQLite's locks on it (POSIX, fcntl).
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Fence {
  /** Whether a path is one of the folders or lies inside one, after links. What does not exist lies where its folder does. */
  holds(path: string): boolean;
  /** Whether a folder is itself one of them. */
  isGate(folder: string): boolean;
}

/** Folders are compared by identity: on some file systems one folder has many spellings. */
export function createFence(folders: readonly string[]): Fence {
  // Asked anew each time, because the data folder may be made later than this.
  const gates = (): string[] => folders.flatMap((folder) => identityOf(folder) ?? []);
  const isIn = (wanted: readonly string[], path: string): boolean => wanted.includes(identityOf(path) ?? '');
  return {
    holds(path) {
      const wanted = gates();
      return ancestors(path).some((each) => isIn(wanted, each));
    },
    isGate: (folder) => isIn(gates(), folder),
  };
}

/** The root that a data folder lies in, or that lies in it; undefined where they have nothing of each other. */
export function entangledRoot(home: string, roots: readonly string[]): string | undefined {
  const fence = createFence([home]);
  return roots.find((root) => createFence([root]).holds(home) || fence.holds(root));
}

/** The path after links, and every folder above it. */
function ancestors(path: string): string[] {
  const found: string[] = [];
  for (let at = realPath(path); at !== found.at(-1); at = dirname(at)) found.push(at);
  return found;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : realPath(folder);
  }
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

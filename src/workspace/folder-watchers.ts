// One watcher for each searched folder, none for files: see docs/adr/0006-watching.md.
import { type FSWatcher, watch as watchOnDisk } from 'node:fs';
import { basename, join } from 'node:path';

export interface FolderWatchers {
  /** Watches the folder that has this identity; one that took the place of another is watched anew. */
  add(path: string, identity: string): void;
  /** All folders are watched anew as they are added again: what became of them may have been missed. */
  renew(): void;
  /** Ends the watching of all others. */
  retain(isWanted: (path: string) => boolean): void;
  /** Whether the system would not watch some folder: changes in it are found by looking only. */
  isLimited(): boolean;
  close(): void;
}

export interface FolderEvent {
  readonly folder: string;
  /** Absent where the system does not say. */
  readonly name?: string;
  /** Something was made, deleted or renamed; otherwise it was written. */
  readonly renamed: boolean;
}

export interface WatcherEvents {
  readonly onEvent: (event: FolderEvent) => void;
  /** Told once of the error code that set a limit. */
  readonly onLimited: (code: string) => void;
}

/** The part of Node's `watch` that is used. */
export type WatchFolder = (
  path: string,
  options: { readonly persistent: false },
  listener: (kind: string, name: string | null) => void,
) => Pick<FSWatcher, 'on' | 'close'>;

interface Watched {
  readonly identity: string;
  readonly watcher: ReturnType<WatchFolder>;
  /** Another folder may stand at the path by now, even one with the same identity. */
  stale: boolean;
}

/** Errors that say nothing of the system's limits: the folder is gone or closed to this user, and cannot be read either. */
const OF_THE_FOLDER: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'];

export function createFolderWatchers(
  { onEvent, onLimited }: WatcherEvents,
  watch: WatchFolder = watchOnDisk,
): FolderWatchers {
  const watched = new Map<string, Watched>();
  let limited = false;
  const fail = (error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (limited || OF_THE_FOLDER.includes(code)) return;
    limited = true;
    onLimited(code);
  };
  const end = (path: string): void => {
    watched.get(path)?.watcher.close();
    watched.delete(path);
  };
  const lose = (folder: string): void => {
    end(folder);
    onEvent({ folder, renamed: true });
  };
  const hear = (folder: string, renamed: boolean, name: string | null): void => {
    // Its own name: it was itself deleted or moved, and this watcher hears nothing of what comes in its place.
    if (renamed && name === basename(folder)) {
      lose(folder);
      return;
    }
    const child = renamed && name !== null ? watched.get(join(folder, name)) : undefined;
    if (child) child.stale = true;
    onEvent({ folder, renamed, ...(name !== null && { name }) });
  };
  const begin = (folder: string, identity: string): void => {
    // Without `persistent` a watcher does not keep the process.
    const watcher = watch(folder, { persistent: false }, (kind, name) => hear(folder, kind === 'rename', name));
    watcher.on('error', (error) => {
      fail(error);
      if (watched.get(folder)?.watcher === watcher) lose(folder);
    });
    watched.set(folder, { identity, watcher, stale: false });
  };
  return {
    add(path, identity) {
      const known = watched.get(path);
      if (known?.identity === identity && !known.stale) return;
      end(path);
      try {
        begin(path, identity);
      } catch (error) {
        fail(error);
      }
    },
    renew() {
      for (const each of watched.values()) each.stale = true;
    },
    retain(isWanted) {
      for (const path of [...watched.keys()]) if (!isWanted(path)) end(path);
    },
    isLimited: () => limited,
    close() {
      for (const path of [...watched.keys()]) end(path);
    },
  };
}

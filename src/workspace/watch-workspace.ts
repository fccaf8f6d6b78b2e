// A workspace that follows its files while a server runs. What is served changes as a whole, batch by batch; calls under way
// keep what they hold.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CONFIG_FILE } from '../../shared/config/config-file.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Workspace } from '../execute/ports.ts';
import { type Batch, type Batches, createBatches } from './batches.ts';
import { statsOf } from './folder-node.ts';
import { createFolderWatchers, type FolderEvent, type FolderWatchers, type WatchFolder } from './folder-watchers.ts';
import { IGNORE_FILE } from './gitignore.ts';
import { dialectsBeside, dialectsOf, isSearched } from './interest.ts';
import { findLostChanges } from './lost-changes.ts';
import { createLossGauge } from './lost-events.ts';
import { stampOf } from './read-bounded.ts';
import { createSlices } from './slices.ts';
import { createWorkspaceFiles, type WorkspaceFiles, type WorkspaceOptions } from './workspace-files.ts';
import { createWorkspaceView } from './workspace-view.ts';

export interface WatchOptions extends WorkspaceOptions {
  /** Told once, with the system's error code, if it will not watch all folders: they are then looked at by the clock. */
  readonly onLimited?: (code: string) => void;
  /** Told of a bug; the workspace stays as it was. */
  readonly onBug?: (error: unknown) => void;
  /** How often folders are looked at that cannot be watched. */
  readonly lookEveryMs?: number;
  /** How often everything is compared with the disk, whatever the system tells. */
  readonly compareEveryMs?: number;
  /** How the system watches a folder; default: Node's way. */
  readonly watch?: WatchFolder;
}

export interface LiveWorkspace extends Workspace {
  /** Calls back after each change of what is served, and of a keyward.yaml at a root; gives the function that ends it. */
  onChange(listener: () => void): () => void;
  /** Stops following; what was read stays served. */
  close(): void;
}

/** Loads as `openWorkspace` does and then follows the files. Fails as it does. */
export async function watchWorkspace(options: WatchOptions): Promise<Result<LiveWorkspace>> {
  const listeners = new Set<() => void>();
  const pending: FolderEvent[] = [];
  let note = (event: FolderEvent): void => void pending.push(event);
  const events = {
    onEvent: (event: FolderEvent) => note(event),
    onLimited: (code: string) => options.onLimited?.(code),
  };
  const watchers = createFolderWatchers(events, options.watch);
  const made = createWorkspaceFiles(options, watchers.add);
  if (!made.ok) return made;
  const files = made.value;
  await files.refreshAll();
  const following = { files, watchers, listeners, options, config: configMark(files) };
  const batches = createBatches({
    quietMs: limits.watchQuietMs,
    latestMs: limits.watchLatestMs,
    maxEvents: limits.watchEvents,
    run: (batch) => follow(batch, following),
  });
  const gauge = createLossGauge(() => {
    watchers.renew();
    batches.noteEverything();
  });
  note = (event) => {
    gauge.count();
    if (concerns(event, files)) batches.note(event);
  };
  for (const event of pending.splice(0)) note(event);
  const timer = setInterval(() => lookAround(files, watchers, batches), options.lookEveryMs ?? limits.lookEveryMs);
  timer.unref();
  const stopComparing = compareByTheClock(files, batches, options.compareEveryMs ?? limits.compareEveryMs);
  return ok({
    ...createWorkspaceView(files),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearInterval(timer);
      stopComparing();
      gauge.close();
      batches.close();
      watchers.close();
      listeners.clear();
    },
  });
}

interface Following {
  readonly files: WorkspaceFiles;
  readonly watchers: FolderWatchers;
  readonly listeners: ReadonlySet<() => void>;
  readonly options: WatchOptions;
  /** The times of keyward.yaml when everything was looked at last. */
  config: string;
}

async function follow(batch: Batch, following: Following): Promise<void> {
  const { files, watchers, listeners, options } = following;
  const before = files.index.snapshot().revision;
  try {
    if (batch.everything) await files.refreshAll();
    else await files.refresh(batch.touched);
  } catch (error) {
    options.onBug?.(error);
  }
  watchers.retain((path) => files.tree.holdsFolder(path) || isAboveNamed(files, path));
  const config = batch.everything ? configMark(files) : following.config;
  const isOther = config !== following.config || files.index.snapshot().revision !== before;
  following.config = config;
  if (!isOther && !touchesConfig(batch)) return;
  for (const listener of [...listeners]) listener();
}

function configMark({ roots }: WorkspaceFiles): string {
  const stats = roots.map(({ path }) => statsOf(join(path, CONFIG_FILE)));
  return stats.map((each) => each && stampOf(each).mark).join();
}

function touchesConfig({ touched }: Batch): boolean {
  return [...touched.values()].some(({ names, unsure }) => unsure || names.has(CONFIG_FILE));
}

/** Gives the function that ends it. */
function compareByTheClock(files: WorkspaceFiles, batches: Batches, everyMs: number): () => void {
  let isUnderWay = false;
  const compare = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    for (const event of await findLostChanges(files, createSlices(limits.sliceMs))) batches.note(event);
    isUnderWay = false;
  };
  const timer = setInterval(() => void compare(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What can be seen only by looking: a root that was gone and is back, and folders that the system does not watch. */
function lookAround(
  files: WorkspaceFiles,
  watchers: FolderWatchers,
  batches: { note(event: FolderEvent): void; noteEverything(): void },
): void {
  if (watchers.isLimited()) batches.noteEverything();
  for (const { root, kind } of files.tree.roots()) {
    if (kind !== 'gone' || !existsSync(root.path)) continue;
    batches.note({ folder: root.kind === 'file' ? dirname(root.path) : root.path, renamed: true });
  }
}

/** Whether an event can matter: most are about files that are not read. */
function concerns({ folder, name, renamed }: FolderEvent, { tree, roots }: WorkspaceFiles): boolean {
  // A folder that is itself gone says so by its own name.
  if (name === undefined || name === CONFIG_FILE || name === basename(folder)) return true;
  const path = join(folder, name);
  if (!tree.holdsFolder(folder)) return roots.some((root) => root.path === path);
  if (name === IGNORE_FILE || tree.holdsFolder(path) || dialectsBeside(name).length > 0) return true;
  return renamed ? isSearched(name) : dialectsOf(name).length > 0 || roots.some((root) => root.path === path);
}

function isAboveNamed({ roots }: WorkspaceFiles, path: string): boolean {
  return roots.some(({ kind, path: file }) => kind === 'file' && dirname(file) === path);
}

import { ok, type Result } from '../../shared/failure/result.ts';
import type { Workspace } from '../execute/ports.ts';
import type { LiveWorkspace, WatchOptions } from './watch-workspace.ts';
import type { WorkspaceOptions } from './workspace-files.ts';

export type Globs = Pick<WorkspaceOptions, 'include' | 'alsoWithin'>;

/** The workspace of a server: followed, and loaded again only where other globs count. */
export interface FollowedWorkspace {
  /** Fails as `watchWorkspace` does. */
  open(globs: Globs): Promise<Result<Workspace>>;
  /** Calls back after each change of what was opened last. */
  onChange(listener: () => void): void;
  close(): void;
}

export function createFollowedWorkspace(options: Omit<WatchOptions, keyof Globs>): FollowedWorkspace {
  const listeners = new Set<() => void>();
  let live: { readonly globs: string; readonly workspace: LiveWorkspace } | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  const open = async ({ include, alsoWithin }: Globs): Promise<Result<Workspace>> => {
    const globs = JSON.stringify([include, alsoWithin]);
    if (live?.globs === globs) return ok(live.workspace);
    // Loaded when first needed: a server answers tools/list before.
    const { watchWorkspace } = await import('./watch-workspace.ts');
    const watched = await watchWorkspace({
      ...options,
      ...(include && { include }),
      ...(alsoWithin && { alsoWithin }),
    });
    if (!watched.ok) return watched;
    const workspace = watched.value;
    live?.workspace.close();
    live = { globs, workspace };
    if (closed) workspace.close();
    workspace.onChange(() => {
      for (const listener of [...listeners]) listener();
    });
    return watched;
  };
  return {
    // One after the other, so that what was asked for last is what is followed.
    open(globs) {
      const opened = last.then(() => open(globs));
      last = opened.catch(() => undefined);
      return opened;
    },
    onChange(listener) {
      listeners.add(listener);
    },
    close() {
      closed = true;
      live?.workspace.close();
    },
  };
}

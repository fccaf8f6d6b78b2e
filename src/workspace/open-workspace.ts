// The only reader of collection files. A file that does not load becomes a problem; the rest is served.
import { ok, type Result } from '../../shared/failure/result.ts';
import type { Workspace } from '../execute/ports.ts';
import { createWorkspaceFiles, type WorkspaceOptions } from './workspace-files.ts';
import { createWorkspaceView } from './workspace-view.ts';

/**
 * Loads everything below the roots, as it is now, in slices: others in this process get their turn. Fails only where a root
 * itself cannot be read (COLLECTION/UNREADABLE, CONFIG/HOME_UNSAFE).
 */
export async function openWorkspace(options: WorkspaceOptions): Promise<Result<Workspace>> {
  const files = createWorkspaceFiles(options);
  if (!files.ok) return files;
  await files.value.refreshAll();
  return ok(createWorkspaceView(files.value));
}

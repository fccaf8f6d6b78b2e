import { realpathSync, statSync } from 'node:fs';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { Fence } from './fence.ts';

/** A folder that is searched, or a file that was named itself; `path` is absolute and free of links. */
export interface Root {
  readonly path: string;
  readonly kind: 'folder' | 'file';
}

/**
 * The roots as they are on disk. Fails with COLLECTION/UNREADABLE for one that is neither a file nor a folder, and with
 * CONFIG/HOME_UNSAFE for one behind the fence.
 */
export function resolveRoots(paths: readonly string[], fence: Fence): Result<Root[]> {
  const roots: Root[] = [];
  for (const given of paths) {
    try {
      const path = realpathSync(given);
      if (fence.holds(path)) return err(failure('CONFIG/HOME_UNSAFE', { home: given, problem: SERVED }));
      const stats = statSync(path);
      if (!stats.isDirectory() && !stats.isFile()) return err(failure('COLLECTION/UNREADABLE', { file: given }));
      roots.push({ path, kind: stats.isDirectory() ? 'folder' : 'file' });
    } catch {
      return err(failure('COLLECTION/UNREADABLE', { file: given }));
    }
  }
  return ok(roots);
}

const SERVED = 'it is named as a workspace';

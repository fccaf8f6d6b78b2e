import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONFIG_FILE } from '../../shared/config/config-file.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

/** Where the roots of a workspace and their configuration are, found once: what moves later does not move these. */
export interface ConfigPlace {
  /** The roots, absolute and free of links. */
  readonly roots: readonly string[];
  /** Where keyward.yaml may stand: absolute paths, whether or not anything is there. */
  readonly files: readonly string[];
  /** COLLECTION/UNREADABLE as long as a root is not there, or its name leads elsewhere: then no policy is known for it. */
  check(): Result<void>;
}

interface PlacedRoot {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Fails with COLLECTION/UNREADABLE for a root that is neither a file nor a folder. */
export function placeConfig(given: readonly string[]): Result<ConfigPlace> {
  const placed = new Map<string, PlacedRoot>();
  for (const root of given) {
    const found = placeRoot(root);
    if (!found) return unreadable(root);
    placed.set(root, found);
  }
  const all = [...placed.values()];
  const folders = all.map(({ path, isFolder }) => (isFolder ? path : dirname(path)));
  return ok({
    roots: all.map(({ path }) => path),
    files: [...new Set(folders)].map((folder) => join(folder, CONFIG_FILE)),
    check() {
      for (const [root, { path, isFolder }] of placed) {
        const now = placeRoot(root);
        if (now?.path !== path || now.isFolder !== isFolder) return unreadable(root);
      }
      return ok(undefined);
    },
  });
}

function placeRoot(root: string): PlacedRoot | undefined {
  try {
    const path = realpathSync(root);
    const stats = statSync(path);
    return stats.isDirectory() || stats.isFile() ? { path, isFolder: stats.isDirectory() } : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(root: string): Result<never> {
  return err(failure('COLLECTION/UNREADABLE', { file: root }));
}

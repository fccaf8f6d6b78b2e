import { basename, dirname } from 'node:path';
import type { WithheldFiles } from '../execute/ports.ts';

const NOTHING: WithheldFiles = { files: [], folders: [], shown: [] };

/** What tells whether an absolute path is one of the files withheld, or stands in a folder that is; `pathOf` gives that of a file. */
export function createWithheldTest(
  { files, folders, shown }: WithheldFiles = NOTHING,
  pathOf: (file: string) => string | undefined,
): (path: string) => boolean {
  if (files.length === 0 && folders.length === 0) return () => false;
  const foldersOf = (all: readonly string[]) => new Set(all.flatMap((file) => folderOf(pathOf(file)) ?? []));
  const [hidden, told] = [foldersOf(folders), foldersOf(shown)];
  const paths = new Set(files.map(pathOf));
  return (path) => {
    if (paths.has(path)) return true;
    for (let folder = dirname(path), below = path; folder !== below; below = folder, folder = dirname(folder)) {
      if (told.has(folder)) return false;
      if (hidden.has(folder)) return true;
    }
    return false;
  };
}

/** Postman's folders say what they are in a folder of their own. */
function folderOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const folder = dirname(path);
  return basename(folder) === '.resources' ? dirname(folder) : folder;
}

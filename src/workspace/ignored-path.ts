import { join } from 'node:path';
import { statsOf } from './folder-node.ts';
import { IGNORE_FILE, type IgnoreRules, ignoreAll, isIgnored } from './gitignore.ts';
import { readIgnoreFile } from './ignore-file.ts';

/**
 * Whether the ignore files below a root leave out a file, or a folder above it, as they are on disk now. One that cannot be
 * followed leaves out all of its folder.
 *
 * @param file relative to the root, forward slashes
 */
export function isIgnoredOnDisk(root: string, file: string): boolean {
  const names = file.split('/');
  let rules: IgnoreRules | undefined;
  for (let depth = 0; depth < names.length; depth += 1) {
    const folder = names.slice(0, depth).join('/');
    const path = join(root, folder, IGNORE_FILE);
    // A link to one is not followed, as everywhere else.
    if (statsOf(path)?.isFile()) rules = { folder, rules: rulesAt(path), above: rules };
    if (isIgnored(rules, names.slice(0, depth + 1).join('/'), depth + 1 < names.length)) return true;
  }
  return false;
}

function rulesAt(path: string): IgnoreRules['rules'] {
  const read = readIgnoreFile(IGNORE_FILE, path);
  return read.ok ? read.value : ignoreAll;
}

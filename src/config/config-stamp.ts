import { limits } from '../../shared/limits.ts';
import type { ConfigPlace } from './config-place.ts';
import { readWithStats } from './read-small-file.ts';

/**
 * What changes with every write of these files, and when one comes or goes. What they say counts as well: two writes in one
 * step of the clock can leave the same times, and times can be set.
 */
export function configStamp(files: readonly string[]): string {
  return files.map(stampOf).join(' ');
}

/** Tells whether all is as it was now: the roots, the files, and what `trusted` gives of them. */
export function followConfig({ files, check }: ConfigPlace, trusted: (file: string) => unknown): () => boolean {
  const stamp = () => configStamp(files) + JSON.stringify([check().ok, files.map(trusted)]);
  const before = stamp();
  return () => stamp() === before;
}

function stampOf(file: string): string {
  const found = readWithStats(file, limits.configFileBytes);
  if (found === undefined || found === 'absent') return found ?? 'unreadable';
  const { dev, ino, mtimeNs, ctimeNs } = found.stats;
  // With its length, so that no byte can move between files.
  return `${dev}:${ino}:${mtimeNs}:${ctimeNs}:${found.bytes.length}:${found.bytes.toString('latin1')}`;
}

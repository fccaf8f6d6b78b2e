import { statSync } from 'node:fs';
import { limits } from '../../shared/limits.ts';

/**
 * What changes with every write of these files, and when one comes or goes. A file that was written just before `nowMs` (since
 * the epoch) could be written again without its times telling, so its stamp equals no later one.
 */
export function configStamp(files: readonly string[], nowMs: number): string {
  return files.map((file) => stampOf(file, nowMs)).join(' ');
}

function stampOf(file: string, nowMs: number): string {
  try {
    const { dev, ino, size, mtimeMs, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    const young = Number(mtimeMs) > nowMs - limits.fileTimeStepMs ? `:${nowMs}` : '';
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}${young}`;
  } catch {
    return 'absent';
  }
}

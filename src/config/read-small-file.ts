import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

export interface SmallFile {
  readonly bytes: Buffer;
  /** As they were just before it was read. */
  readonly stats: BigIntStats;
}

/** The bytes of a regular file of at most `maxBytes`; undefined if it cannot be had, `absent` if there is none. */
export function readSmallFile(path: string, maxBytes: number): Buffer | 'absent' | undefined {
  const found = readWithStats(path, maxBytes);
  return found === 'absent' ? found : found?.bytes;
}

/** The same, with what the file system says of the file. */
export function readWithStats(path: string, maxBytes: number): SmallFile | 'absent' | undefined {
  let fd: number | undefined;
  try {
    // A named pipe must not hold the process.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(fd, { bigint: true });
    return stats.isFile() && stats.size <= maxBytes ? { bytes: readFileSync(fd), stats } : undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

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
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const bytes = readWhole(fd, Number(stats.size), maxBytes);
    return bytes && { bytes, stats };
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * In one read where the file has the size that it is said to have. It may grow meanwhile, or a file system may tell no size: then to its
 * end, and undefined where that is beyond `maxBytes`.
 */
function readWhole(fd: number, size: number, maxBytes: number): Buffer | undefined {
  const start = Buffer.allocUnsafe(size + 1);
  let length = readSync(fd, start);
  if (length === size) return start.subarray(0, size);
  const bytes = Buffer.concat([start.subarray(0, length)], maxBytes + 1);
  while (length <= maxBytes) {
    const read = readSync(fd, bytes, { offset: length });
    if (read === 0) return bytes.subarray(0, length);
    length += read;
  }
  return undefined;
}

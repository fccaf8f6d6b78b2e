import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** The bytes of a regular file of at most `maxBytes`; undefined if it cannot be had, `absent` if there is none. */
export function readSmallFile(path: string, maxBytes: number): Buffer | 'absent' | undefined {
  let fd: number | undefined;
  try {
    // A named pipe must not hold the process.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size <= maxBytes ? readFileSync(fd) : undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'absent' : undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

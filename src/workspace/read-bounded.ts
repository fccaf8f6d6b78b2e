import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

export type BoundedRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stamp: FileStamp }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-a-file' }
  | { readonly kind: 'unreadable' };

/** What tells whether a file was written since: times, size and identity. */
export interface FileStamp {
  readonly mark: string;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/**
 * The bytes of a regular file of at most `maxBytes`. Opened without waiting, so that a named pipe cannot hold the process;
 * size and kind are judged on the open file, so that a swap in between changes nothing.
 */
export function readBounded(path: string, maxBytes: number): BoundedRead {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) return { kind: 'not-a-file' };
    if (stats.size > maxBytes) return { kind: 'too-large' };
    const bytes = readFileSync(fd);
    return bytes.length > maxBytes ? { kind: 'too-large' } : { kind: 'bytes', bytes, stamp: stampOf(stats) };
  } catch {
    return { kind: 'unreadable' };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export function stampOf({ ino, size, mtimeNs, ctimeNs, mtimeMs }: BigIntStats): FileStamp {
  return { mark: `${ino}:${size}:${mtimeNs}:${ctimeNs}`, modifiedMs: Number(mtimeMs) };
}

import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';

export type BoundedRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stamp: FileStamp }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-a-file' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'unreadable' };

/** What tells whether a file was written since: times, size and identity. */
export interface FileStamp {
  readonly mark: string;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Where Linux says which file each descriptor of this process stands for. */
const DESCRIPTORS = '/proc/self/fd';

/** A file that is replaced while it is opened is another one by the next attempt. */
const ATTEMPTS = 3;

/**
 * The bytes of a regular file of at most `maxBytes`. The path has to be free of links, and to be so still once the file is
 * open: otherwise a folder above it was swapped for a link, and the file is `unreadable`. Opened without waiting, so that a
 * named pipe cannot hold the process; place, size and kind are judged on the open file, so that a swap in between changes
 * nothing. `denied`: this user may not read it.
 */
export function readBounded(path: string, maxBytes: number): BoundedRead {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const read = readOnce(path, maxBytes);
    if (read !== 'elsewhere') return read;
  }
  const last = readOnce(path, maxBytes);
  return last === 'elsewhere' ? { kind: 'unreadable' } : last;
}

function readOnce(path: string, maxBytes: number): BoundedRead | 'elsewhere' {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    if (!isOpenAt(fd, path)) return 'elsewhere';
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) return { kind: 'not-a-file' };
    if (stats.size > maxBytes) return { kind: 'too-large' };
    const bytes = readFileSync(fd);
    return bytes.length > maxBytes ? { kind: 'too-large' } : { kind: 'bytes', bytes, stamp: stampOf(stats) };
  } catch (error) {
    const isDenied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return { kind: isDenied ? 'denied' : 'unreadable' };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Whether an open file is the one at a path without any link. Where the system cannot say what was opened, the file at the
 * path must be the same one, and the path still without links.
 */
export function isOpenAt(fd: number, path: string, descriptors = DESCRIPTORS): boolean {
  let opened: string;
  try {
    opened = readlinkSync(join(descriptors, String(fd)));
  } catch {
    const there = lstatSync(path, { bigint: true });
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return there.dev === dev && there.ino === ino && isFreeOfLinks(path);
  }
  return opened === path;
}

/** Whether no part of a path is a link; false where there is nothing. */
export function isFreeOfLinks(path: string): boolean {
  try {
    // The system's own way is fast; where it also corrects the case of letters, only the other one tells.
    return realpathSync.native(path) === path || realpathSync(path) === path;
  } catch {
    return false;
  }
}

export function stampOf({ ino, size, mtimeNs, ctimeNs, mtimeMs }: BigIntStats): FileStamp {
  return { mark: `${ino}:${size}:${mtimeNs}:${ctimeNs}`, modifiedMs: Number(mtimeMs) };
}

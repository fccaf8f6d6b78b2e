// One value of a .env file, read at each use: the file is the team's and changes behind our back.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { parseDotEnv } from '../../../shared/dialects/bruno/dot-env.ts';
import { limits } from '../../../shared/limits.ts';
import { had, not, type Outcome } from './outcome.ts';

export function fetchFromFile(file: string, key: string): Outcome {
  const read = readVariables(file);
  if (!read.ok) return read;
  const value = parseDotEnv(read.value).get(key);
  return value === undefined || value === '' ? not('missing') : had(value);
}

/** Whether others than its owner may read or change a file that holds secrets; undefined where it cannot be told. */
export function isExposedFile(file: string): boolean | undefined {
  const seen = withFile(file, (_, stats) => (stats.mode & 0o077) !== 0 && process.platform !== 'win32');
  return seen;
}

function readVariables(file: string): Outcome {
  const bytes = withFile(file, (descriptor, stats) => {
    if (!stats.isFile() || stats.size > limits.providerFileBytes) return undefined;
    const room = Buffer.alloc(limits.providerFileBytes + 1);
    const length = readAll(descriptor, room);
    return length < room.length ? room.subarray(0, length) : undefined;
  });
  if (bytes === undefined) return not('unreadable');
  try {
    return had(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return not('unreadable');
  } finally {
    bytes.fill(0);
  }
}

/** A file that grows while it is read is cut off by the room there is. */
function readAll(descriptor: number, room: Buffer): number {
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, room, length, room.length - length, null);
    if (read === 0) return length;
    length += read;
  }
}

function withFile<T>(file: string, work: (descriptor: number, stats: Stats) => T): T | undefined {
  let descriptor: number | undefined;
  try {
    // A named pipe must not hold the process.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return work(descriptor, fstatSync(descriptor));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

// Small files of the data folder that hold key material: never followed through a link, never overwritten by accident,
// never half written.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { systemCode } from './error-code.ts';
import { exposure } from './home.ts';

const MAX_BYTES = 4096;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** The file's text, or undefined where there is none. Failures: CONFIG/HOME_UNSAFE, INTERNAL/STATE_UNAVAILABLE (reason: errno). */
export function readPrivateFile(path: string): Result<string | undefined> {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | (O_NOFOLLOW ?? 0));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return ok(undefined);
    return code === 'ELOOP' ? unsafe(path, 'it is a link') : unavailable(code);
  }
  try {
    const found = fstatSync(descriptor);
    const problem = found.isFile() ? exposure(found) : 'it is not a plain file';
    if (problem) return unsafe(path, problem);
    if (found.size > MAX_BYTES) return unsafe(path, 'it is too large');
    return ok(readFileSync(descriptor, 'utf8'));
  } catch (error) {
    return unavailable(systemCode(error));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a file that is not there yet, whole or not at all, and on disk when this returns. Gives `exists`, and touches
 * nothing, where another process was first. Failure: INTERNAL/STATE_UNAVAILABLE (reason: errno).
 */
export function createPrivateFile(path: string, text: string): Result<'created' | 'exists'> {
  return place(path, text, (temporary) => {
    try {
      // link, unlike rename, refuses to replace a file.
      linkSync(temporary, path);
      return 'created';
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return 'exists';
      throw error;
    } finally {
      unlinkSync(temporary);
    }
  });
}

/** Replaces a file, whole or not at all, and on disk when this returns. Failure: INTERNAL/STATE_UNAVAILABLE (reason: errno). */
export function replacePrivateFile(path: string, text: string): Result<void> {
  const placed = place(path, text, (temporary) => renameSync(temporary, path));
  return placed.ok ? ok(undefined) : placed;
}

function place<T>(path: string, text: string, publish: (temporary: string) => T): Result<T> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    writeSynced(temporary, text);
    const published = publish(temporary);
    syncFolder(dirname(path));
    return ok(published);
  } catch (error) {
    discard(temporary);
    return unavailable(systemCode(error));
  }
}

function writeSynced(path: string, text: string): void {
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), 0o600);
  try {
    // One write call would report a full disk as a short count; this loops until an error says so.
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder; NTFS keeps its directory entries in its own log.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already published or never made.
  }
}

function unsafe(path: string, problem: string): Result<never> {
  return err(failure('CONFIG/HOME_UNSAFE', { home: path, problem }));
}

function unavailable(reason: string): Result<never> {
  return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason }));
}

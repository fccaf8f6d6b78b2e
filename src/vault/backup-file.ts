// Backups as files: never over another file unless so told, never half written under a name that counts, never read beyond
// what a backup may be.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { systemCode } from '../state/error-code.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * Writes the bytes, mode 0600, and they are on disk when this returns. With `force` they take the place of what is there, whole
 * or not at all. Failure: VAULT/BACKUP_NOT_WRITTEN.
 */
export function writeBackupFile(path: string, bytes: Uint8Array, { force }: { readonly force: boolean }): Result<void> {
  // Without force the file is made under its own name: not every disk that backups go to can link.
  const first = force ? `${path}.${randomBytes(8).toString('hex')}.tmp` : path;
  let made = false;
  try {
    const descriptor = openSync(first, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), 0o600);
    made = true;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (force) renameSync(first, path);
    syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    if (made) discard(first);
    const code = systemCode(error);
    const problem = code === 'EEXIST' ? 'there is a file of that name' : `the file cannot be made (${code})`;
    return err(failure('VAULT/BACKUP_NOT_WRITTEN', { file: path, problem }));
  }
}

/** The bytes of a plain file of at most `limits.backupBytes`. Failure: VAULT/BACKUP_INVALID. */
export function readBackupFile(path: string): Result<Buffer> {
  let descriptor: number | undefined;
  try {
    // A named pipe must not hold the process.
    descriptor = openSync(path, O_RDONLY | (O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    if (!found.isFile()) return invalid(path, 'it is not a plain file');
    if (found.size > limits.backupBytes) return invalid(path, `it is larger than ${limits.backupBytes} bytes`);
    return ok(readFileSync(descriptor));
  } catch (error) {
    return invalid(path, `it cannot be read (${systemCode(error)})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, O_RDONLY);
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Some systems and disks cannot; the file itself is on disk.
  }
}

function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Renamed already.
  }
}

function invalid(file: string, problem: string): Result<never> {
  return err(failure('VAULT/BACKUP_INVALID', { file, problem }));
}

import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { systemCode } from '../../state/error-code.ts';

export interface ArchiveFile {
  /** On disk when it returns. Failure: JOURNAL/NOT_ARCHIVED. */
  append(text: string): Result<void>;
  close(): void;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Makes a file that is not there yet, for this user alone. Failure: JOURNAL/NOT_ARCHIVED. */
export function createArchiveFile(path: string): Result<ArchiveFile> {
  const attempt = <T>(work: () => T): Result<T> => {
    try {
      return ok(work());
    } catch (error) {
      const code = systemCode(error);
      const problem = code === 'EEXIST' ? 'there is a file of that name' : `it cannot be written (${code})`;
      return err(failure('JOURNAL/NOT_ARCHIVED', { file: path, problem }));
    }
  };
  const opened = attempt(() => {
    const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), 0o600);
    syncFolder(dirname(path));
    return descriptor;
  });
  if (!opened.ok) return opened;
  return ok({
    append: (text) =>
      attempt(() => {
        const bytes = Buffer.from(text);
        // A full disk is reported as a short count; the loop ends with the error.
        for (let done = 0; done < bytes.length; ) done += writeSync(opened.value, bytes, done);
        fsyncSync(opened.value);
      }),
    close: () => closeSync(opened.value),
  });
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder; NTFS keeps its directory entries in its own log.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, O_RDONLY);
  fsyncSync(descriptor);
  closeSync(descriptor);
}

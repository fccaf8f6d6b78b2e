import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { systemCode } from './error-code.ts';

/**
 * Makes the data folder where it is missing (mode 0700) and checks it: a folder, owned by this user, closed to group and
 * others. Windows keeps no such bits; there the profile folder's own rights hold. Failure: CONFIG/HOME_UNSAFE.
 */
export function openHome(home: string): Result<void> {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const found = statSync(home);
    const problem = found.isDirectory() ? exposure(found) : 'it is not a folder';
    return problem ? unsafe(home, problem) : ok(undefined);
  } catch (error) {
    return unsafe(home, `it cannot be made or read (${systemCode(error)})`);
  }
}

/** Checks a file of the data folder that is there already: a plain file, owned by this user, closed to others. */
export function checkPrivateFile(path: string): Result<'present' | 'missing'> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return ok('missing');
  const problem = found.isFile() ? exposure(found) : 'it is not a plain file';
  return problem ? unsafe(path, problem) : ok('present');
}

/** What is wrong with the owner or the mode of a file or folder, if anything. */
export function exposure(found: Stats): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (found.uid !== process.getuid?.()) return 'it belongs to another user';
  if ((found.mode & 0o077) !== 0) return `others have rights on it (mode ${(found.mode & 0o777).toString(8)})`;
  return undefined;
}

function unsafe(home: string, problem: string): Result<never> {
  return err(failure('CONFIG/HOME_UNSAFE', { home, problem }));
}

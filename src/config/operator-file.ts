// Files that only the operator may have written: judged by what was opened, so that nothing can be put in its place between the look
// and the read. Windows keeps no such bits; there the rights of the folders hold.
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

export interface OperatorFileRules {
  readonly maxBytes: number;
  readonly isServed: (path: string) => boolean;
  /** Nobody else may read it either. */
  readonly isSecret?: boolean;
}

/**
 * The bytes of a plain file, after links, or undefined where there is none. Fails with CONFIG/INVALID where other users can write the
 * file or replace it in its folder, where it has another name, or where a served workspace holds it; with CONFIG/UNREADABLE where it cannot be had or is too large.
 */
export function readOperatorFile(path: string, rules: OperatorFileRules): Result<Buffer | undefined> {
  const invalid = (problem: string): Result<never> =>
    err(failure('CONFIG/INVALID', { file: path, problem }, { file: path }));
  const unreadable = (): Result<never> => err(failure('CONFIG/UNREADABLE', { file: path }, { file: path }));
  let descriptor: number | undefined;
  try {
    const real = realpathSync(path);
    if (rules.isServed(real) || rules.isServed(path)) return invalid('it lies in a workspace that is served');
    // A named pipe must not hold the process.
    descriptor = openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    if (!found.isFile()) return invalid('it is not a plain file');
    const problem = openTo(found, statSync(dirname(real)), rules.isSecret === true);
    if (problem !== undefined) return invalid(problem);
    return found.size > rules.maxBytes ? unreadable() : ok(readFileSync(descriptor));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(undefined) : unreadable();
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const STICKY = 0o1000;

function openTo(file: Stats, folder: Stats, isSecret: boolean): string | undefined {
  // By another name it may lie in a workspace. What is not ours nobody changes by any name of it.
  if (file.nlink > 1 && file.uid === (process.getuid?.() ?? file.uid)) return 'it has another name (a hard link)';
  if (process.platform === 'win32') return undefined;
  const mode = (file.mode & 0o777).toString(8);
  if (!isOwn(file) || !isOwn(folder)) return 'it, or its folder, belongs to another user';
  if ((file.mode & 0o022) !== 0) return `others can write it (mode ${mode})`;
  if ((folder.mode & 0o022) !== 0 && (folder.mode & STICKY) === 0) return 'others can write its folder';
  // A group that may read a key of root's is how systems hand keys to services, and container platforms secrets to users.
  const others = file.uid === 0 ? 0o007 : 0o077;
  return isSecret && (file.mode & others) !== 0 ? `others can read it (mode ${mode})` : undefined;
}

function isOwn({ uid }: Stats): boolean {
  return uid === 0 || uid === process.getuid?.();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

export interface NewFile {
  /** Relative to the folder, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Whether a folder can be written: it does not exist, or is empty. Failure: INPUT/INVALID. */
export function checkTarget(folder: string): Result<void> {
  try {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return ok(undefined);
    return invalid(`${folder} is not empty: name a folder that does not exist yet`);
  } catch {
    return invalid(`${folder} is not a folder`);
  }
}

/**
 * Writes a folder of files, all or none: into a folder beside the target that takes its name at the end. Failures:
 * INPUT/INVALID for a target that is not empty, OUTPUT/NOT_WRITABLE.
 */
export function writeFolder(folder: string, files: readonly NewFile[]): Result<void> {
  const target = resolve(folder);
  const free = checkTarget(target);
  if (!free.ok) return free;
  let partial: string | undefined;
  try {
    mkdirSync(dirname(target), { recursive: true });
    partial = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    for (const { path, text } of files) {
      const inside = normalize(path);
      if (isAbsolute(inside) || inside.split(sep).includes('..')) throw new Error('a file lies outside its folder');
      mkdirSync(dirname(join(partial, inside)), { recursive: true });
      writeFileSync(join(partial, inside), text, { flag: 'wx' });
    }
    if (existsSync(target)) rmdirSync(target);
    renameSync(partial, target);
    return ok(undefined);
  } catch (error) {
    if (partial !== undefined) rmSync(partial, { recursive: true, force: true });
    return err(failure('OUTPUT/NOT_WRITABLE', { path: folder, reason: reasonOf(error) }));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be written';
}

function invalid(problem: string): Result<never> {
  return err(failure('INPUT/INVALID', { problem }));
}

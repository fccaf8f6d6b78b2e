import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { findJsonError } from './json-error.ts';

/** The value of a JSON text. Fails with COLLECTION/MALFORMED and the place of the first error. */
export function readJson(text: string, file: string): Result<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch {
    const { problem = 'not JSON', ...place } = findJsonError(text) ?? {};
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...place }));
  }
}

import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';

const NAME = /^[A-Za-z0-9_.-]+$/;
const HANDLE_ID = /^sec_[0-9a-f]{32}$/;

/** The name of a handle: letters, digits, "_", "." and "-", at most 128. Failure: SECRET/INVALID. */
export function parseHandleName(text: string): Result<string> {
  if (text.length === 0 || text.length > limits.secretNameChars)
    return invalid(`a name has 1 to ${limits.secretNameChars} characters`);
  if (!NAME.test(text)) return invalid('a name has letters, digits, "_", "." and "-" only');
  if (HANDLE_ID.test(text)) return invalid('this name looks like the id of a secret');
  return ok(text);
}

const MAX_LABEL_CHARS = 200;

/** A human-readable label: one line of printable text, at most 200 characters. Failure: SECRET/INVALID. */
export function parseHandleLabel(text: string): Result<string> {
  if (text.length > MAX_LABEL_CHARS) return invalid(`a label has at most ${MAX_LABEL_CHARS} characters`);
  if (/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/u.test(text)) return invalid('a label is one line of printable text');
  return ok(text);
}

/** The id of a handle from 32 hexadecimal digits of randomness. No handle's name can look like one. */
export function handleId(randomHex: string): string {
  return `sec_${randomHex}`;
}

function invalid(problem: string): Result<never> {
  return err(failure('SECRET/INVALID', { problem }));
}

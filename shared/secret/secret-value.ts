import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';

/** A whole value that is a reference to something else: a shell or template variable that nobody filled in. */
const PLACEHOLDER = /^(?:\$\{[^{}]*\}|\{\{[^{}]*\}\})$/;

/** A value that can be stored: 1 to `limits.secretChars` UTF-16 units of well-formed text. Failure: SECRET/INVALID, without the value. */
export function parseSecretValue(text: string): Result<string> {
  if (text.length === 0) return invalid('the value is empty');
  if (text.length > limits.secretChars) return invalid(`the value is longer than ${limits.secretChars} characters`);
  // UTF-8 cannot hold a lone surrogate: what comes back would not be what was stored.
  if (/\p{Surrogate}/u.test(text)) return invalid('the value is not well-formed Unicode');
  if (PLACEHOLDER.test(text.trim())) return invalid('the value is a placeholder that was not filled in');
  return ok(text);
}

/** Whether a value is too short to be found again in an answer, so that the scrubber cannot protect it. */
export function isTooShortToScrub(value: string): boolean {
  return value.length < limits.secretMinScrubChars;
}

function invalid(problem: string): Result<never> {
  return err(failure('SECRET/INVALID', { problem }));
}

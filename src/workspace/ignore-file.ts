import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { decodeText } from './decode-text.ts';
import { type IgnoreRule, parseIgnore } from './gitignore.ts';
import { readBounded } from './read-bounded.ts';

/**
 * The rules of the ignore file at `path`, called `file` in the workspace. Bytes that are no text stand for nothing but
 * themselves, as git has it. Fails with COLLECTION/IGNORE_FILE; then the whole folder is to be held back.
 */
export function readIgnoreFile(file: string, path: string): Result<readonly IgnoreRule[]> {
  const unusable = (problem: string) => err(failure('COLLECTION/IGNORE_FILE', { file, problem }, { file }));
  const read = readBounded(path, limits.ignoreFileBytes);
  if (read.kind === 'too-large') return unusable(`it is larger than ${limits.ignoreFileBytes} bytes`);
  if (read.kind !== 'bytes') return unusable('it cannot be read');
  const rules = parseIgnore(decodeText(read.bytes) ?? read.bytes.toString('utf8'));
  return rules ? ok(rules) : unusable(TOO_MUCH);
}

const TOO_MUCH = `it has more than ${limits.ignorePatterns} patterns, or one of more than ${limits.patternParts} parts`;

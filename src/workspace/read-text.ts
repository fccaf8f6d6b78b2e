import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { decodeText } from './decode-text.ts';
import { readBounded } from './read-bounded.ts';

/** The text of a collection file. Fails with COLLECTION/UNREADABLE, TOO_LARGE or MALFORMED. */
export function readText(file: string, path: string): Result<string> {
  const read = readBounded(path, limits.collectionFileBytes);
  switch (read.kind) {
    case 'too-large':
      return err(failure('COLLECTION/TOO_LARGE', { file, limitBytes: limits.collectionFileBytes }, { file }));
    case 'not-a-file':
    case 'unreadable':
      return err(failure('COLLECTION/UNREADABLE', { file }, { file }));
    case 'bytes': {
      const text = decodeText(read.bytes);
      const problem = 'its text is not UTF-8 or UTF-16';
      return text === undefined ? err(failure('COLLECTION/MALFORMED', { file, problem }, { file })) : ok(text);
    }
  }
}

import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { decodeText } from './decode-text.ts';
import { type FileStamp, readBounded } from './read-bounded.ts';

export interface ReadText {
  readonly text: string;
  readonly stamp: FileStamp;
}

/** The text of a file of the workspace. Fails with COLLECTION/UNREADABLE, TOO_LARGE or MALFORMED. */
export function readText(
  file: string,
  path: string,
  limitBytes: number = limits.collectionFileBytes,
): Result<ReadText> {
  const read = readBounded(path, limitBytes);
  switch (read.kind) {
    case 'too-large':
      return err(failure('COLLECTION/TOO_LARGE', { file, limitBytes }, { file }));
    case 'denied':
      return err(failure('COLLECTION/UNREADABLE', { file, cause: 'denied' }, { file }));
    case 'not-a-file':
    case 'unreadable':
      return err(failure('COLLECTION/UNREADABLE', { file }, { file }));
    case 'bytes': {
      const text = decodeText(read.bytes);
      const problem = 'its text is not UTF-8 or UTF-16';
      if (text === undefined) return err(failure('COLLECTION/MALFORMED', { file, problem }, { file }));
      return ok({ text, stamp: read.stamp });
    }
  }
}

import type { DialectDocument } from '../../shared/dialects/dialect.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { decodeText } from './decode-text.ts';
import type { Candidate } from './discover.ts';
import { readBounded } from './read-bounded.ts';

const OTHER = ok({ kind: 'other' } as const);

/** What a file holds. A file of no known format is `other`, unless it was named: then it is a problem. */
export function loadFile({ file, path, named }: Candidate): Result<DialectDocument> {
  const text = readText(file, path);
  if (!text.ok) return text;
  const document = parseDocument(text.value, file);
  const isOther = document.ok && document.value.kind === 'other';
  return isOther && named ? err(failure('COLLECTION/UNSUPPORTED', { file, format: 'unknown' }, { file })) : document;
}

/**
 * The document of a text by the first dialect that knows it; fails as that dialect does. A dialect that throws is a bug,
 * and still one file must not keep the others from being served.
 */
export function parseDocument(text: string, file: string): Result<DialectDocument> {
  try {
    return parseByDialects(text, file);
  } catch {
    return err(failure('COLLECTION/MALFORMED', { file, problem: 'it cannot be read' }, { file }));
  }
}

function parseByDialects(text: string, file: string): Result<DialectDocument> {
  for (const dialect of dialects) {
    if (dialect.recognise(text, file) === 'not-mine') continue;
    const document = dialect.parse(text, file);
    if (!document.ok || document.value.kind !== 'other') return document;
  }
  return OTHER;
}

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

// A file that a body names. The path may come from a variable, so it is untrusted: inside a root folder only, nothing
// hidden, none of the files that hold the collections, environments and their secrets, and nothing of the data folder.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { CONFIG_FILE } from '../../shared/config/config-file.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Attachment } from '../execute/ports.ts';
import { decodeText } from './decode-text.ts';
import type { Fence } from './fence.ts';
import { findMismatch } from './file-types.ts';
import { isHidden } from './interest.ts';
import { readBounded } from './read-bounded.ts';
import type { Root } from './roots.ts';

export interface AttachmentRules {
  readonly roots: readonly Root[];
  /** Whether the file at an absolute path is one that the workspace loaded. */
  readonly reserves: (path: string) => boolean;
  readonly fence: Fence;
  /** Whether a text is a collection or an environment. */
  readonly holdsApi: (file: string, text: string) => boolean;
}

/** Reads `path`, relative to the folder of the collection's file. Fails with REQUEST/FILE_UNAVAILABLE, FILE_MISMATCH or BODY_TOO_LARGE. */
export function readAttachment(rules: AttachmentRules, collectionPath: string, path: string): Result<Attachment> {
  const absent = unavailable(path, 'it does not exist inside the workspace');
  if (path === '' || path.includes('\0')) return absent;
  let real: string;
  try {
    real = realpathSync(resolve(dirname(collectionPath), path));
  } catch {
    return absent;
  }
  if (!rules.roots.some((root) => isInside(root, real)) || rules.fence.holds(real)) return absent;
  if (rules.reserves(real) || basename(real) === CONFIG_FILE) return reserved(path);
  const read = readBounded(real, limits.requestBodyBytes);
  if (read.kind === 'bytes') {
    if (holdsApi(rules, read.bytes, basename(real))) return reserved(path);
    const mismatch = findMismatch(basename(real), read.bytes);
    if (mismatch) return err(failure('REQUEST/FILE_MISMATCH', { file: path, ...mismatch }));
    return ok({ fileName: basename(real), bytes: read.bytes });
  }
  if (read.kind === 'too-large') return err(failure('REQUEST/BODY_TOO_LARGE', { limitBytes: limits.requestBodyBytes }));
  return unavailable(path, read.kind === 'not-a-file' ? 'it is not a regular file' : 'it cannot be read');
}

/** An environment that the workspace was told to leave out holds secrets all the same. */
function holdsApi(rules: AttachmentRules, bytes: Buffer, file: string): boolean {
  const text = decodeText(bytes);
  return text !== undefined && rules.holdsApi(file, text);
}

function reserved(path: string): Result<Attachment> {
  return unavailable(path, 'it is a collection, an environment or the configuration');
}

/** A root that is one file opens nothing beside it. */
function isInside(root: Root, path: string): boolean {
  if (root.kind === 'file') return false;
  const inner = relative(root.path, path);
  const parts = inner.split(sep);
  // `..` counts as hidden, and on Windows another drive stays absolute.
  return inner !== '' && !isAbsolute(inner) && !parts.some(isHidden);
}

function unavailable(file: string, problem: string): Result<Attachment> {
  return err(failure('REQUEST/FILE_UNAVAILABLE', { file, problem }));
}

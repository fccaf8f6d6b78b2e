// A file that a body names. The path may come from a variable, so it is untrusted: inside a root folder only, nothing
// hidden, none of the files that hold the collections, environments and their secrets, and nothing of the data folder.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Attachment } from '../execute/ports.ts';
import { decodeText } from './decode-text.ts';
import type { Fence } from './fence.ts';
import { findMismatch } from './file-types.ts';
import { isApiUnderAnyName } from './hidden-api.ts';
import { isIgnoredOnDisk } from './ignored-path.ts';
import { isHidden } from './interest.ts';
import { readBounded } from './read-bounded.ts';
import type { Root } from './roots.ts';
import { originalName, withheldBecause } from './withheld-names.ts';

export interface AttachmentRules {
  readonly roots: readonly Root[];
  /** Whether the file at an absolute path is one that the workspace loaded. */
  readonly reserves: (path: string) => boolean;
  readonly fence: Fence;
  /** Whether the file at an absolute path is as good as missing to whoever sends it. */
  readonly isWithheld?: (path: string) => boolean;
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
  const around = rules.roots.filter((root) => isInside(root, real));
  if (around.length === 0 || rules.fence.holds(real) || rules.isWithheld?.(real)) return absent;
  const withheld = rules.reserves(real) ? RESERVED : withheldBecause(basename(real));
  if (withheld !== undefined) return unavailable(path, withheld);
  if (around.some((root) => isIgnored(root, real))) return unavailable(path, 'a .gitignore leaves it out');
  const read = readBounded(real, limits.requestBodyBytes);
  if (read.kind === 'bytes') {
    if (holdsApi(rules, read.bytes, basename(real))) return unavailable(path, RESERVED);
    const mismatch = findMismatch(basename(real), read.bytes);
    if (mismatch) return err(failure('REQUEST/FILE_MISMATCH', { file: path, ...mismatch }));
    return ok({ fileName: basename(real), bytes: read.bytes });
  }
  if (read.kind === 'too-large') return err(failure('REQUEST/BODY_TOO_LARGE', { limitBytes: limits.requestBodyBytes }));
  return unavailable(path, read.kind === 'not-a-file' ? 'it is not a regular file' : 'it cannot be read');
}

/** An environment that the workspace was told to leave out holds secrets all the same. */
function holdsApi(rules: AttachmentRules, bytes: Buffer, file: string): boolean {
  // A stray byte in a text does not make it something else.
  const text = decodeText(bytes) ?? bytes.toString('latin1');
  const names = new Set([file, originalName(file)]);
  return [...names].some((name) => rules.holdsApi(name, text)) || isApiUnderAnyName(text, rules.holdsApi);
}

const RESERVED = 'it is a collection, an environment or the configuration';

/** What is kept out of a repository is often a secret. */
function isIgnored(root: Root, path: string): boolean {
  return isIgnoredOnDisk(root.path, relative(root.path, path).replaceAll(sep, '/'));
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

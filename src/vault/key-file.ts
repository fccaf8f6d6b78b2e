// Key files of the data folder: vault.key, and vault.key.ID while one key takes the place of another. Names carry ids then,
// so that two processes at it can neither replace nor remove each other's.
import { linkSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { systemCode } from '../state/error-code.ts';
import { createPrivateFile, readPrivateFile } from '../state/private-file.ts';
import { KEY_BYTES } from './aead.ts';

export const KEY_FILE = 'vault.key';
const MAGIC = 'keyward-key-v1';

export interface FileKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * The key of the id given, else what vault.key holds. Undefined where there is no key file, `damaged` where it holds anything
 * but one key. Failures: those of private files.
 */
export function readKeyFile(home: string, id?: string): Result<FileKey | 'damaged' | undefined> {
  const first = readOne(join(home, KEY_FILE));
  if (id === undefined || (first.ok && isKey(first.value, id))) return first;
  const own = readOne(keptAt(home, id));
  if (own.ok && isKey(own.value, id)) return own;
  // Between the two looks it may have been settled: a key moves from its own name to this one, and never back.
  return readOne(join(home, KEY_FILE));
}

/** Writes the key of a new vault unless there is a key file already; never replaces one. Failures: those of private files. */
export function createKeyFile(home: string, key: FileKey): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), textOf(key));
}

/** Writes a key beside the one there is. Failures: those of private files. */
export function keepKeyFile(home: string, key: FileKey): Result<'created' | 'exists'> {
  return createPrivateFile(keptAt(home, key.id), textOf(key));
}

/**
 * Removes the file of one key, wherever it lies, and what a process that was killed while it wrote it has left; any other key
 * stays. Failure: INTERNAL/STATE_UNAVAILABLE (reason: errno). */
export function removeKeyFile(home: string, id: string): Result<void> {
  try {
    discard(keptAt(home, id));
    const first = readOne(join(home, KEY_FILE));
    if (first.ok && isKey(first.value, id)) discard(join(home, KEY_FILE));
    const unfinished = `${KEY_FILE}.${id}.`;
    for (const name of readdirSync(home)) if (name.startsWith(unfinished)) discard(join(home, name));
    return ok(undefined);
  } catch (error) {
    return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: systemCode(error) }));
  }
}

/** Gives the key of this id the name vault.key where that is free. What fails is tried again at the next settling. */
export function settleKeyFile(home: string, id: string): void {
  const own = keptAt(home, id);
  try {
    // link, unlike rename, refuses to replace a file.
    linkSync(own, join(home, KEY_FILE));
  } catch {
    // It is found under its own name as well, unless a process was killed between these two steps.
    const first = readOne(join(home, KEY_FILE));
    if (!first.ok || !isKey(first.value, id)) return;
  }
  try {
    discard(own);
  } catch {
    // The next settling removes it.
  }
}

function readOne(path: string): Result<FileKey | 'damaged' | undefined> {
  const text = readPrivateFile(path);
  if (!text.ok || text.value === undefined) return text as Result<undefined>;
  const [, id, encoded] = new RegExp(`^${MAGIC}\\n([0-9a-f]{32})\\n([A-Za-z0-9_-]{43})\\n$`).exec(text.value) ?? [];
  if (id === undefined || encoded === undefined) return ok('damaged');
  const key = Buffer.from(encoded, 'base64url');
  return ok(key.length === KEY_BYTES ? { id, key } : 'damaged');
}

function isKey(found: FileKey | 'damaged' | undefined, id: string): boolean {
  return typeof found === 'object' && found.id === id;
}

function keptAt(home: string, id: string): string {
  return join(home, `${KEY_FILE}.${id}`);
}

function textOf({ id, key }: FileKey): string {
  return `${MAGIC}\n${id}\n${key.toString('base64url')}\n`;
}

function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

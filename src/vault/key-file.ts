// A key in a file of the data folder. It protects a copied database, not a copied folder; hence the warning.
import { join } from 'node:path';
import { ok, type Result } from '../../shared/failure/result.ts';
import { createPrivateFile, readPrivateFile } from '../state/private-file.ts';
import { KEY_BYTES } from './aead.ts';

export const KEY_FILE = 'vault.key';
const MAGIC = 'keyward-key-v1';

export interface FileKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Undefined where there is no key file, `damaged` where it holds anything but one key. Failures: those of private files. */
export function readKeyFile(home: string): Result<FileKey | 'damaged' | undefined> {
  const text = readPrivateFile(join(home, KEY_FILE));
  if (!text.ok || text.value === undefined) return text as Result<undefined>;
  const [, id, encoded] = new RegExp(`^${MAGIC}\\n([0-9a-f]{32})\\n([A-Za-z0-9_-]{43})\\n$`).exec(text.value) ?? [];
  if (id === undefined || encoded === undefined) return ok('damaged');
  const key = Buffer.from(encoded, 'base64url');
  return ok(key.length === KEY_BYTES ? { id, key } : 'damaged');
}

/** Writes the key unless there is a key file already; never replaces one. Failures: those of private files. */
export function createKeyFile(home: string, { id, key }: FileKey): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), `${MAGIC}\n${id}\n${key.toString('base64url')}\n`);
}

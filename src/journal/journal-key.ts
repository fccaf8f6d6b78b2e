// The key of the chain. It lies outside of the database: whoever can write only the database cannot make entries that fit.
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { ChainHash } from '../../shared/journal/chain.ts';
import { createPrivateFile, readPrivateFile } from '../state/private-file.ts';

const KEY_FILE = 'journal.key';

/** The keyed hash of this journal; `missing` where there is no key or a damaged one. Failures: those of private files. */
export function readJournalHash(home: string): Result<ChainHash | 'missing'> {
  const text = readPrivateFile(join(home, KEY_FILE));
  if (!text.ok) return text;
  const encoded = /^([A-Za-z0-9_-]{43})\n$/.exec(text.value ?? '')?.[1];
  if (encoded === undefined) return ok('missing');
  const key = Buffer.from(encoded, 'base64url');
  return ok((bytes) => createHmac('sha256', key).update(bytes).digest('hex'));
}

/** Makes a key where there is none; call it only for a journal without entries. Failures: those of private files. */
export function makeJournalKey(home: string): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), `${randomBytes(32).toString('base64url')}\n`);
}

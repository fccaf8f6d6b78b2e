// The key that vouches for what the operator trusted. It lies outside of the database: whoever can write only the database
// cannot make the product take a configuration for trusted.
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { createPrivateFile, readPrivateFile } from './private-file.ts';

const KEY_FILE = 'trust.key';

/** Hex HMAC-SHA-256 of a text. */
export type TrustMac = (text: string) => string;

/** The keyed hash of this data folder, or `missing`. Failures: those of private files; CONFIG/HOME_UNSAFE for a damaged key. */
export function readTrustMac(home: string): Result<TrustMac | 'missing'> {
  const path = join(home, KEY_FILE);
  const text = readPrivateFile(path);
  if (!text.ok) return text;
  if (text.value === undefined) return ok('missing');
  const encoded = /^([A-Za-z0-9_-]{43})\n$/.exec(text.value)?.[1];
  const problem = 'it is damaged; remove it and trust each keyward.yaml again';
  if (encoded === undefined) return err(failure('CONFIG/HOME_UNSAFE', { home: path, problem }));
  const key = Buffer.from(encoded, 'base64url');
  return ok((message) => createHmac('sha256', key).update(message).digest('hex'));
}

/** Makes a key where there is none. Failures: those of private files. */
export function makeTrustKey(home: string): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), `${randomBytes(32).toString('base64url')}\n`);
}

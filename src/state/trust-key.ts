// The key that vouches for what the operator trusted. It lies outside of the database: whoever can write only the database
// cannot make the product take a configuration for trusted.
import { createHmac, randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
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

/**
 * What changes with the key, with the rights on its file, and with a link in its place: as long as it is the same, `readTrustMac` gives
 * the same. Undefined where nothing says so: there is no key, or it changed so lately (`now` in ms since the epoch), or its file system
 * counts time in such steps, that the next change may not show.
 */
export function trustKeyStamp(home: string, now: number): string | undefined {
  try {
    // Nobody sets ctime, as anybody can mtime.
    const { dev, ino, size, mtimeNs, ctimeNs, uid, mode } = lstatSync(join(home, KEY_FILE), { bigint: true });
    const isYoung = Number(ctimeNs / MILLISECOND_NS) > now - limits.fileTimeStepMs;
    return isYoung || ctimeNs % SECOND_NS === 0n ? undefined : [dev, ino, size, mtimeNs, ctimeNs, uid, mode].join(' ');
  } catch {
    return undefined;
  }
}

const SECOND_NS = 1_000_000_000n;
const MILLISECOND_NS = 1_000_000n;

/** Makes a key where there is none. Failures: those of private files. */
export function makeTrustKey(home: string): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), `${randomBytes(32).toString('base64url')}\n`);
}

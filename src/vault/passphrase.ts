// A key from a passphrase: scrypt (RFC 7914) with the cost that is stored in the vault's header, or in that of a backup.
import { randomBytes, scryptSync } from 'node:crypto';
import { KEY_BYTES } from './aead.ts';

interface ScryptParameters {
  /** CPU and memory cost, a power of two. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Base64url. */
  readonly salt: string;
}

const SALT_BYTES = 16;
/** 128 MiB and a third of a second. */
const COST = 2 ** 17;

export function newScryptParameters(): string {
  const parameters: ScryptParameters = { n: COST, r: 8, p: 1, salt: randomBytes(SALT_BYTES).toString('base64url') };
  return JSON.stringify(parameters);
}

/**
 * The 32-byte key of a passphrase in UTF-8, which is left as it is; undefined where the stored parameters are not ones that
 * this code ever writes or would accept.
 */
export function passphraseKey(passphrase: Uint8Array, stored: string): Buffer | undefined {
  const parameters = parseParameters(stored);
  if (!parameters) return undefined;
  const { n, r, p, salt } = parameters;
  const words = normalised(passphrase);
  try {
    return scryptSync(words, Buffer.from(salt, 'base64url'), KEY_BYTES, {
      N: n,
      r,
      p,
      maxmem: 128 * n * r + 128 * r * p + 2 ** 20,
    });
  } finally {
    words.fill(0);
  }
}

// One passphrase typed on two keyboards can come in two Unicode forms. ASCII has one, and needs no string that cannot be wiped.
function normalised(passphrase: Uint8Array): Buffer {
  const bytes = Buffer.from(passphrase);
  if (bytes.every((byte) => byte < 0x80)) return bytes;
  const text = bytes.toString('utf8').normalize('NFC');
  bytes.fill(0);
  return Buffer.from(text);
}

// One cost only: a header, which nothing vouches for yet, must neither cheapen guessing nor exhaust memory and time.
function parseParameters(stored: string): ScryptParameters | undefined {
  let found: unknown;
  try {
    found = JSON.parse(stored);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { n, r, p, salt } = found as Partial<Record<keyof ScryptParameters, unknown>>;
  const salted = typeof salt === 'string' && Buffer.from(salt, 'base64url').length === SALT_BYTES;
  return n === COST && r === 8 && p === 1 && salted ? { n, r, p, salt } : undefined;
}

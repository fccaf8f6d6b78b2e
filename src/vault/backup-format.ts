// A backup's outside: one line that names the format, one with the parameters, then everything else encrypted under a key
// made from a passphrase. Both lines are additional data, byte for byte, so nothing of a backup can be changed or swapped.
import { randomBytes } from 'node:crypto';
import { limits } from '../../shared/limits.ts';
import { NONCE_BYTES, openBytes, type SealedBytes, sealBytes } from './aead.ts';
import { newScryptParameters } from './passphrase.ts';

const MAGIC = 'keyward-backup 1\n';
const TAG_BYTES = 16;
const MAX_HEADER_BYTES = 512;

/** The key of a passphrase for the scrypt parameters given, which are refused where they are out of bounds. */
export type DeriveKey = (parameters: string) => Buffer | undefined;

/** The bytes of a backup; undefined where they would be more than a backup may have. Wipes neither contents nor passphrase. */
export function sealBackup(contents: Uint8Array, derive: DeriveKey): Buffer | undefined {
  const parameters = newScryptParameters();
  const key = derive(parameters);
  if (!key) return undefined;
  const nonce = randomBytes(NONCE_BYTES);
  const head = Buffer.from(`${MAGIC}{"scrypt":${parameters},"nonce":"${nonce.toString('base64url')}"}\n`);
  const { ciphertext, tag } = sealBytes(key, nonce, contents, head);
  key.fill(0);
  const sealed = Buffer.concat([head, ciphertext, tag]);
  return sealed.length > limits.backupBytes ? undefined : sealed;
}

/** What was sealed, for the caller to wipe, or in words what is wrong with these bytes. */
export function openBackup(bytes: Buffer, derive: DeriveKey): Buffer | string {
  if (bytes.length > limits.backupBytes) return `it is larger than ${limits.backupBytes} bytes`;
  if (!bytes.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) {
    const isOurs = bytes.subarray(0, 'keyward-backup '.length).toString('latin1') === 'keyward-backup ';
    return isOurs ? 'it was made by another version of Keyward' : 'it is not a backup of Keyward';
  }
  const parsed = parseHead(bytes);
  if (!parsed) return 'its header is damaged';
  // Parameters out of bounds cost nothing: they are refused before any key is made.
  const key = derive(parsed.parameters);
  if (!key) return 'its scrypt parameters are out of bounds';
  const contents = openBytes(key, parsed.sealed, parsed.head);
  key.fill(0);
  return contents ?? 'the passphrase is not the one it was made with, or the file was changed or cut short';
}

interface ParsedBackup {
  readonly parameters: string;
  readonly head: Buffer;
  readonly sealed: SealedBytes;
}

// One spelling only, so that no two headers mean the same.
const HEAD = /^\{"scrypt":(\{"n":\d{1,8},"r":\d{1,4},"p":\d{1,4},"salt":"[\w-]{22}"\}),"nonce":"([\w-]{16})"\}$/;

function parseHead(bytes: Buffer): ParsedBackup | undefined {
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(0x0a, MAGIC.length);
  const line = end === -1 ? '' : bytes.subarray(MAGIC.length, end).toString('latin1');
  const [, parameters, nonce] = HEAD.exec(line) ?? [];
  const body = bytes.subarray(end + 1);
  if (parameters === undefined || nonce === undefined || body.length < TAG_BYTES) return undefined;
  return {
    parameters,
    head: bytes.subarray(0, end + 1),
    sealed: {
      nonce: Buffer.from(nonce, 'base64url'),
      ciphertext: body.subarray(0, -TAG_BYTES),
      tag: body.subarray(-TAG_BYTES),
    },
  };
}

// AES-256-GCM with a 96-bit nonce and a 128-bit tag (NIST SP 800-38D), and nothing else: no other size is accepted.
import { createCipheriv, createDecipheriv } from 'node:crypto';

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedBytes {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** Encrypts and authenticates; `nonce` must be fresh and random for each call under one key. */
export function sealBytes(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  additional: Uint8Array,
): SealedBytes {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(additional);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { nonce, ciphertext, tag: cipher.getAuthTag() };
}

/** Decrypts; undefined where key, nonce, ciphertext, tag or additional data are not those of one sealing. */
export function openBytes(key: Uint8Array, sealed: SealedBytes, additional: Uint8Array): Buffer | undefined {
  if (key.length !== KEY_BYTES || sealed.nonce.length !== NONCE_BYTES || sealed.tag.length !== TAG_BYTES)
    return undefined;
  // Without authTagLength Node 20 accepts tags of four bytes, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: TAG_BYTES });
  try {
    const plaintext = decipher.setAAD(additional).setAuthTag(sealed.tag).update(sealed.ciphertext);
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}

/** One unambiguous byte string for a list of texts: each as UTF-8 behind its length in four bytes, big-endian. */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  const lengths = parts.map((part) => Buffer.byteLength(part, 'utf8'));
  const all = Buffer.alloc(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let at = 0;
  for (const [index, part] of parts.entries()) {
    at = all.writeUInt32BE(lengths[index] ?? 0, at);
    at += all.write(part, at, 'utf8');
  }
  return all;
}

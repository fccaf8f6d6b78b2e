import { createHmac, randomBytes } from 'node:crypto';
import { reveal, type Sealed } from '../../shared/secret/reveal.ts';

const KEY_BYTES = 32;

/**
 * Gives the function that tells equal sealed values from others without showing them: HMAC-SHA256 (RFC 2104) in lower-case hex
 * under a key that is made here and never leaves, or one of at least 32 bytes that is secret, for digests that outlive the process. It
 * is meant to be hashed again with what it stands in, and never shown.
 */
export function createSealedDigest(key: Uint8Array = randomBytes(KEY_BYTES)): (sealed: Sealed) => string {
  return (sealed) => createHmac('sha256', key).update(reveal(sealed)).digest('hex');
}

// The text of an API key: the name of the product, an id that may be shown, a secret, and a checksum that tells a typing error from a
// guess without looking anything up (the form of GitHub's tokens).

/** Digits, upper case, lower case: the order that CRC-32 checksums of tokens are written in. */
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const ID_CHARS = 12;
const SECRET_CHARS = 32;
const CHECKSUM_CHARS = 6;

/** What stands before the id of every key. */
const PREFIX = 'keyward_';

const KEY = /^keyward_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

export interface KeyParts {
  /** Not secret: in lists, logs and the journal. */
  readonly keyId: string;
  readonly secret: string;
}

/** What random parts of a key are made of. */
export const keyParts = { alphabet: BASE62, idChars: ID_CHARS, secretChars: SECRET_CHARS } as const;

/**
 * The text of a key: `keyward_<id>_<secret><checksum>`. Scanners for secrets find it by
 * `\bkeyward_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}\b`; its last six characters are the CRC-32 (ISO 3309) of all before them in base 62,
 * `0-9A-Za-z`, most significant digit first, so that a scanner can tell a real one offline.
 */
export function keyText({ keyId, secret }: KeyParts): string {
  const text = `${PREFIX}${keyId}_${secret}`;
  return text + checksum(text);
}

/** The parts of a key; undefined, without a word on why, for a text whose length, alphabet or checksum is another. */
export function parseKeyText(text: string): KeyParts | undefined {
  const [, keyId, secret, given] = KEY.exec(text) ?? [];
  if (keyId === undefined || secret === undefined) return undefined;
  return checksum(text.slice(0, -CHECKSUM_CHARS)) === given ? { keyId, secret } : undefined;
}

function checksum(text: string): string {
  let left = crc32(text);
  let digits = '';
  for (let at = 0; at < CHECKSUM_CHARS; at += 1) {
    digits = BASE62.charAt(left % BASE62.length) + digits;
    left = Math.floor(left / BASE62.length);
  }
  return digits;
}

/** ISO 3309, as in zip and PNG, of ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

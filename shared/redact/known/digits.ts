// Bytes written in digits of two, four, five or six bits, as UTF-8, for search: what no neighbour influences, and nothing else.

const BASE64 = ascii('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const BASE32 = ascii('abcdefghijklmnopqrstuvwxyz234567');
const HEX = ascii('0123456789abcdef');

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** What base64url (RFC 4648 section 5) makes of the bytes wherever they stand in a longer input: one text for each alignment. */
export function base64Cores(bytes: Uint8Array): readonly Uint8Array[] {
  return [0, 1, 2].map((shift) => digits(bytes, shift, 6, BASE64));
}

/** The same of base32 (section 6), in lower case. */
export function base32Cores(bytes: Uint8Array): readonly Uint8Array[] {
  return [0, 1, 2, 3, 4].map((shift) => digits(bytes, shift, 5, BASE32));
}

/** `shift`: how many bytes stand before these in the group that the encoding begins with. */
function digits(bytes: Uint8Array, shift: number, width: number, alphabet: Uint8Array): Uint8Array {
  const first = Math.ceil((shift * 8) / width);
  const out = new Uint8Array(Math.floor(((shift + bytes.length) * 8) / width) - first);
  const mask = (1 << width) - 1;
  let word = 0;
  let bits = 0;
  let count = -first;
  for (let at = -shift; at < bytes.length; at += 1) {
    word = ((word << 8) | (at < 0 ? 0 : (bytes[at] ?? 0))) & 0xffff;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      if (count >= 0) out[count] = alphabet[(word >> bits) & mask] ?? 0;
      count += 1;
    }
  }
  return out;
}

/** Two hex digits a byte, with `separator` between bytes. */
export function hexDigits(bytes: Uint8Array, separator = ''): Uint8Array {
  const gap = ascii(separator);
  const out = new Uint8Array(Math.max(0, bytes.length * (2 + gap.length) - gap.length));
  let size = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (at > 0) {
      out.set(gap, size);
      size += gap.length;
    }
    const byte = bytes[at] ?? 0;
    out[size] = HEX[byte >> 4] ?? 0;
    out[size + 1] = HEX[byte & 15] ?? 0;
    size += 2;
  }
  return out;
}

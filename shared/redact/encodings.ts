// Small codecs over byte arrays, so that this code needs no Node built-in. All are total: bad input gives a short answer.

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 section 4, without padding. */
export function base64(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    out += BASE64.charAt(word >> 18) + BASE64.charAt((word >> 12) & 63);
    if (left > 1) out += BASE64.charAt((word >> 6) & 63);
    if (left > 2) out += BASE64.charAt(word & 63);
  }
  return out;
}

/** The sextet of a character of base64 or base64url, or -1. */
export function sextet(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43 || code === 45) return 62;
  return code === 47 || code === 95 ? 63 : -1;
}

/** Decodes either base64 alphabet, skipping every character outside of it. */
export function unbase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let size = 0;
  let word = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = sextet(text.charCodeAt(at));
    if (value < 0) continue;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[size] = (word >> bits) & 0xff;
    size += 1;
  }
  return bytes.subarray(0, size);
}

/** Bytes of pairs of hex digits; none where any other character stands. */
export function unhex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < text.length; at += 1) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return new Uint8Array(0);
    const index = at >> 1;
    if (index < bytes.length) bytes[index] = ((bytes[index] ?? 0) << 4) | digit;
  }
  return bytes;
}

/** The value of a hex digit's character code, or -1. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-16, little-endian, without a byte order mark. */
export function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at += 1) {
    bytes[at * 2] = text.charCodeAt(at) & 0xff;
    bytes[at * 2 + 1] = text.charCodeAt(at) >> 8;
  }
  return bytes;
}

/** Each byte as the character of the same number (ISO-8859-1). */
export function latin1(bytes: Uint8Array): string {
  return unitsAsText(Uint16Array.from(bytes));
}

// Stateless unless it streams; making one costs more than decoding a short text.
const utf16Decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The text of these UTF-16 units; a lone surrogate becomes U+FFFD. */
function unitsAsText(units: Uint16Array): string {
  const bytes = new Uint8Array(units.buffer, units.byteOffset, units.byteLength);
  return utf16Decoder.decode(bytes);
}

/** Two hex digits a byte, lower case, with `separator` between bytes. */
export function hex(bytes: Uint8Array, separator = ''): string {
  return Array.from(bytes, (byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join(separator);
}

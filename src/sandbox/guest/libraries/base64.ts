// Base64 with the alphabet of RFC 4648 section 4, and atob and btoa of the HTML standard.
import { DOMException } from './dom-exception.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...alphabet].map((character, value) => [character, value]));

/** Failure: a DOMException where a character is above U+00FF. */
export function btoa(text: string): string {
  if (/[^\0-\xff]/.test(text)) throw new DOMException('Invalid character', 'InvalidCharacterError');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
  return encodeBase64(bytes);
}

function encodeBase64(bytes: Uint8Array): string {
  const { length } = bytes;
  const whole = length - (length % 3);
  let encoded = '';
  for (let at = 0; at < whole; at += 3) {
    encoded += quartet(((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0));
  }
  if (whole === length) return encoded;
  const hasTwo = length - whole === 2;
  const last = quartet(((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8));
  return hasTwo ? `${encoded}${last.slice(0, 3)}=` : `${encoded}${last.slice(0, 2)}==`;
}

function quartet(bits: number): string {
  return `${alphabet[bits >> 18]}${alphabet[(bits >> 12) & 63]}${alphabet[(bits >> 6) & 63]}${alphabet[bits & 63]}`;
}

/** Forgiving: white space is left out, and padding may be. Failure: a DOMException. */
export function atob(text: string): string {
  const compact = text.replace(/[\t\n\f\r ]/g, '');
  const data = compact.length % 4 === 0 ? compact.replace(/={1,2}$/, '') : compact;
  if (data.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(data)) {
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
  }
  let decoded = '';
  let bits = 0;
  let held = 0;
  for (const character of data) {
    bits = ((bits << 6) | (values.get(character) ?? 0)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      decoded += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  return decoded;
}

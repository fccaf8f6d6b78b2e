// Percent-encoding as Postman does it (postman-url-encoder): UTF-8 bytes outside ASCII and the characters of the part's set;
// an existing %XX is kept, so that what a person has encoded already is not encoded twice.

type EncodeSet = ReadonlySet<number>;

const controls = [...Array(0x20).keys(), 0x7f];
const setOf = (chars: string): EncodeSet => new Set([...controls, ...[...chars].map((char) => char.charCodeAt(0))]);

const pathSet = setOf(' "#<>?`{}');
const querySet = setOf(' "#\'<>');
const queryNameSet = setOf(' "#\'<>&=');
const queryValueSet = setOf(' "#\'<>&');
const wireSet = setOf(' ');
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
const reserved: EncodeSet = new Set(
  [...Array(0x80).keys()].filter((code) => !UNRESERVED.test(String.fromCharCode(code))),
);

/** Text of a path; "/" and "%XX" stay. */
export const encodePath = (text: string): string => encode(text, pathSet, true);
/** Text of a query, name or value; "&" and "%XX" stay. */
export const encodeQuery = (text: string): string => encode(text, querySet, true);
/** A value that stands as a whole in a query's name: its "&" and "=" are no delimiters. */
export const encodeQueryName = (text: string): string => encode(text, queryNameSet, true);
/** A value that stands as a whole in a query's value: its "&" is no delimiter. */
export const encodeQueryValue = (text: string): string => encode(text, queryValueSet, true);
/** Only what cannot stand in a request line at all, for requests that switch encoding off. */
export const encodeUnsendable = (text: string): string => encode(text, wireSet, true);
/** Everything but RFC 3986 unreserved characters, "%" included: the receiver decodes exactly this text. */
export const encodeComponent = (text: string): string => encode(text, reserved, false);

const PLAIN = /^[A-Za-z0-9._~/-]*$/;
const encoder = new TextEncoder();

function encode(text: string, set: EncodeSet, keepEncoded: boolean): string {
  if (PLAIN.test(text) && set !== reserved) return text;
  const bytes = encoder.encode(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (keepEncoded && byte === 0x25 && isHex(bytes[at + 1]) && isHex(bytes[at + 2])) encoded += '%';
    else encoded += byte > 0x7f || set.has(byte) ? percent(byte) : String.fromCharCode(byte);
  }
  return encoded;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && /^[0-9A-Fa-f]$/.test(String.fromCharCode(byte));
}

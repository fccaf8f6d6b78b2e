// Bytes of a body as text, by its charset (RFC 9110 section 8.3.2): byte order marks first, then the label of the media type, then
// what the document says of itself, then how its NULs are spread.
import { isBinaryType } from './media/media-type.ts';

export interface BodyText {
  readonly text: string;
  /** The text in UTF-8, without a byte order mark; the given bytes themselves where they are that. */
  readonly utf8: Uint8Array;
  /** What else the bytes may be read as, where the charset is none that ASCII is part of: its label may be wrong. */
  readonly otherReadings: readonly string[];
}

/**
 * The text, or undefined where the bytes are not text in the charset that they claim, or are of a type that is no text. `incomplete`:
 * they are only the beginning, and may end inside of a character, which is then left out.
 */
export function decodeBody(bytes: Uint8Array, contentType: string, incomplete = false): BodyText | undefined {
  if (isBinaryType(contentType) || hasBinaryMark(bytes)) return undefined;
  const decoded = decode(bytes, labelOf(bytes, contentType), incomplete);
  if (!decoded || !isReadable(decoded.text)) return undefined;
  const { text, encoding } = decoded;
  return { text, utf8: utf8Of(bytes, decoded), otherReadings: otherReadings(bytes, encoding) };
}

/** The charset that a body is read by, as the WHATWG Encoding standard names it; undefined where the bytes are no text in it. */
export function bodyCharset(bytes: Uint8Array, contentType: string): string | undefined {
  if (isBinaryType(contentType) || hasBinaryMark(bytes)) return undefined;
  const label = labelOf(bytes, contentType);
  return label.startsWith('utf-32') ? label : new TextDecoder(label).encoding;
}

function labelOf(bytes: Uint8Array, contentType: string): string {
  return markOf(bytes) ?? knownLabel(charsetOf(contentType)) ?? declaredIn(bytes) ?? spreadOf(bytes) ?? 'utf-8';
}

interface Decoded {
  readonly text: string;
  readonly encoding: string;
}

function decode(bytes: Uint8Array, label: string, incomplete: boolean): Decoded | undefined {
  if (label === 'utf-32le' || label === 'utf-32be')
    return decodeUtf32(incomplete ? bytes.subarray(0, bytes.length - (bytes.length % 4)) : bytes, label);
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    const { encoding } = decoder;
    // A decoder that waits for more leaves out a character that is not whole; for UTF-8 that takes four times the memory.
    const isUtf8 = encoding === 'utf-8';
    const part = incomplete && isUtf8 ? wholeCharacters(bytes) : bytes;
    return { text: decoder.decode(part, { stream: incomplete && !isUtf8 }), encoding };
  } catch {
    return undefined;
  }
}

function utf8Of(bytes: Uint8Array, { text, encoding }: Decoded): Uint8Array {
  if (encoding !== 'utf-8') return new TextEncoder().encode(text);
  return wholeCharacters(startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes);
}

/** UTF-8 without the beginning of a character that it may end with. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  let back = end - 1;
  while (back >= 0 && back > end - 4 && ((bytes[back] ?? 0) & 0xc0) === 0x80) back -= 1;
  const lead = bytes[back] ?? 0;
  const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (end - back < wanted) end = back;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

const UTF32_CHUNK = 4_096;

function decodeUtf32(bytes: Uint8Array, encoding: 'utf-32le' | 'utf-32be'): Decoded | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  let points: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const point = view.getUint32(at, encoding === 'utf-32le');
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    if (at > 0 || point !== 0xfeff) points.push(point);
    if (points.length === UTF32_CHUNK) {
      parts.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  return { text: parts.join('') + String.fromCodePoint(...points), encoding };
}

// Names of the WHATWG Encoding standard, section 4.2; in all of these a byte of ASCII is that character and nothing else.
const SINGLE_BYTE = /^(?:utf-8|windows-\d+|iso-8859-[\d-]+i?|koi8-[ru]|macintosh|x-mac-cyrillic|ibm866)$/;

function otherReadings(bytes: Uint8Array, encoding: string): readonly string[] {
  if (SINGLE_BYTE.test(encoding)) return [];
  // The search passes over NUL, and would find what the right reading shows as well.
  const asLatin = new TextDecoder('windows-1252').decode(bytes).replaceAll('\0', '\ufffd');
  const asUtf8 = new TextDecoder('utf-8').decode(bytes).replaceAll('\0', '\ufffd');
  const swapped = encoding === 'utf-16le' ? 'utf-16be' : encoding === 'utf-16be' ? 'utf-16le' : undefined;
  return [asLatin, asUtf8, ...(swapped ? [new TextDecoder(swapped).decode(bytes)] : [])];
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

// The marks of UTF-32 begin with those of UTF-16, and no UTF-16 text begins with NUL.
const marks: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function markOf(bytes: Uint8Array): string | undefined {
  return marks.find(([mark]) => startsWith(bytes, mark))?.[1];
}

// First bytes of formats that may pass for text: PDF, ZIP, GIF, RIFF, ELF, RAR, 7z, SQLite, PNG, JPEG, gzip, zstd, BZh.
const binaryMarks: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46, 0x2d],
  [0x50, 0x4b, 3, 4],
  [0x50, 0x4b, 5, 6],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x42, 0x5a, 0x68],
];

function hasBinaryMark(bytes: Uint8Array): boolean {
  return binaryMarks.some((mark) => startsWith(bytes, mark));
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]{1,40})/i.exec(contentType)?.[1]?.toLowerCase();
}

/** Undefined for a label that no one knows and for x-user-defined, which maps bytes to no letters: those have to be UTF-8. */
function knownLabel(label: string | undefined): string | undefined {
  if (label === undefined || label === 'x-user-defined') return undefined;
  if (/^utf-?32(?:le|be)?$/.test(label)) return label.endsWith('le') ? 'utf-32le' : 'utf-32be';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

const DECLARATION_BYTES = 1_024;

/** The charset of an XML declaration or of a `meta` element, whose bytes are those of ASCII (WHATWG HTML section 13.2.3.2). */
function declaredIn(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x3c && !isSpace(bytes[0])) return undefined;
  const head = String.fromCharCode(...bytes.subarray(0, DECLARATION_BYTES));
  const label =
    /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(head)?.[1] ??
    /<meta\s[^>]{0,300}?charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1];
  const known = knownLabel(label?.toLowerCase());
  // A declaration that reads as ASCII cannot be in UTF-16 or UTF-32.
  return known !== undefined && /^utf-(?:16|32)/.test(known) ? 'utf-8' : known;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
}

const SPREAD_BYTES = 256;

/** UTF-16 and UTF-32 without a mark, by where the NULs of their ASCII letters stand (RFC 4627 section 3). */
function spreadOf(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, Math.min(SPREAD_BYTES, bytes.length - (bytes.length % 4)));
  if (head.length < 4 || !head.includes(0)) return undefined;
  const nuls = [0, 0, 0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) nuls[index % 4] = (nuls[index % 4] ?? 0) + 1;
  const most = nuls.map((count) => count * 8 >= head.length * 2 * 0.7);
  const pattern = most.map((is) => (is ? '0' : 'x')).join('');
  return spreads[pattern];
}

const spreads: Readonly<Record<string, string>> = {
  x000: 'utf-32le',
  '000x': 'utf-32be',
  x0x0: 'utf-16le',
  '0x0x': 'utf-16be',
};

const SAMPLE_CHARS = 4_096;

// NUL stands in no text; a few other control characters do (terminal colours, form feeds, the separators of JSON texts).
function isReadable(text: string): boolean {
  if (text.includes('\0')) return false;
  const sample = Math.min(text.length, SAMPLE_CHARS);
  let controls = 0;
  for (let at = 0; at < sample; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 27 && code !== 30 && (code < 9 || code > 13)) controls += 1;
  }
  return controls * 50 <= sample;
}

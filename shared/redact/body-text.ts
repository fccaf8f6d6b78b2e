// Bytes of a body as text, by its charset (RFC 9110 section 8.3.2, byte order marks first).

export interface BodyText {
  readonly text: string;
  /** What else the bytes may be read as, where the charset is none that ASCII is part of: its label may be wrong. */
  readonly otherReadings: readonly string[];
}

/** The text, or undefined where the bytes are not text in the charset that they claim. */
export function decodeBody(bytes: Uint8Array, contentType: string): BodyText | undefined {
  const label = markOf(bytes) ?? charsetOf(contentType) ?? 'utf-8';
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    const text = decoder.decode(bytes);
    return isReadable(text) ? { text, otherReadings: otherReadings(bytes, decoder.encoding) } : undefined;
  } catch {
    return undefined;
  }
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

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType)?.[1];
}

const SAMPLE_CHARS = 4_096;

// NUL stands in no text; a few other control characters do (terminal colours, form feeds).
function isReadable(text: string): boolean {
  if (text.includes('\0')) return false;
  const sample = Math.min(text.length, SAMPLE_CHARS);
  let controls = 0;
  for (let at = 0; at < sample; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 27 && (code < 9 || code > 13)) controls += 1;
  }
  return controls * 50 <= sample;
}

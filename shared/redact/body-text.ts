// Bytes of a body as text, by its charset (RFC 9110 section 8.3.2, byte order marks first).

/** The text, or undefined where the bytes are not text in the charset that they claim. */
export function decodeBody(bytes: Uint8Array, contentType: string): string | undefined {
  const label = markOf(bytes) ?? charsetOf(contentType) ?? 'utf-8';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return isReadable(text) ? text : undefined;
  } catch {
    return undefined;
  }
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

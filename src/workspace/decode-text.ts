import { Buffer, isUtf8 } from 'node:buffer';

/** The text of a file by its byte order mark (Unicode 16, section 23.8), UTF-8 without one; undefined if it is none of these. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = utf16Of(bytes);
  if (encoding !== undefined) return decodeUtf16(bytes, encoding);
  // A decoder that is told to fail takes several times as long as to ask first.
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.charCodeAt(0) === MARK ? text.slice(1) : text;
}

const MARK = 0xfeff;

function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

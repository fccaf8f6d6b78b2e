// Node's `string_decoder`: text out of bytes that come in parts.
import { Buffer } from '../buffer.ts';

export class StringDecoder {
  readonly encoding: string;
  #held: Uint8Array = new Uint8Array(0);

  constructor(encoding = 'utf8') {
    this.encoding = String(encoding)
      .toLowerCase()
      .replace(/^utf-8$/, 'utf8');
  }

  write(bytes: Uint8Array | string): string {
    if (typeof bytes === 'string') return bytes;
    const all = Buffer.concat([this.#held, bytes]);
    const kept = all.length - unfinished(all, this.encoding);
    this.#held = all.slice(kept);
    return all.toString(this.encoding, 0, kept);
  }

  end(bytes?: Uint8Array | string): string {
    const text = bytes === undefined ? '' : this.write(bytes);
    const rest = Buffer.from(this.#held).toString(this.encoding);
    this.#held = new Uint8Array(0);
    // What is left of a character is one wrong sequence.
    return text + (this.encoding === 'utf8' && rest !== '' ? '\ufffd' : rest);
  }
}

/** How many bytes at the end belong to what has not come whole. */
function unfinished(bytes: Uint8Array, encoding: string): number {
  if (encoding.startsWith('base64')) return bytes.length % 3;
  if (/^(?:utf-?16le|ucs-?2)$/.test(encoding)) return bytes.length % 2;
  return encoding === 'utf8' ? unfinishedUtf8(bytes) : 0;
}

function unfinishedUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc2 && byte < 0xf5) return charactersBytes(byte) > back ? back : 0;
  }
  return 0;
}

function charactersBytes(first: number): number {
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

// TextEncoder and TextDecoder of the Encoding standard, for UTF-8, UTF-16LE and Latin-1 (which the standard reads as windows-1252).
import { decodeUtf8, decodeUtf8Strictly, encodeUtf8 } from './utf8.ts';

export class TextEncoder {
  readonly encoding = 'utf-8';

  encode(text: unknown = ''): Uint8Array {
    return encodeUtf8(String(text));
  }

  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of text) {
      const bytes = encodeUtf8(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      read += character.length;
      written += bytes.length;
    }
    return { read, written };
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

const labels: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16': 'utf-16le',
  'ucs-2': 'utf-16le',
  unicode: 'utf-16le',
  latin1: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  ascii: 'windows-1252',
  'us-ascii': 'windows-1252',
  'windows-1252': 'windows-1252',
};

/** 80 to 9F in windows-1252. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export interface DecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

export class TextDecoder {
  readonly encoding: Encoding;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label: unknown = 'utf-8', { fatal = false, ignoreBOM = false }: DecoderOptions = {}) {
    const encoding = labels[String(label).trim().toLowerCase()];
    if (encoding === undefined) throw new RangeError(`The "${String(label)}" encoding is not supported`);
    this.encoding = encoding;
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
  }

  decode(input?: ArrayBuffer | ArrayBufferView): string {
    const bytes = bytesOf(input);
    const text = this.#read(bytes);
    if (text === undefined) throw new TypeError('The encoded data was not valid for encoding utf-8');
    return this.ignoreBOM || this.encoding === 'windows-1252' ? text : text.replace(/^\ufeff/, '');
  }

  #read(bytes: Uint8Array): string | undefined {
    if (this.encoding === 'utf-8') return this.fatal ? decodeUtf8Strictly(bytes) : decodeUtf8(bytes);
    const characters: string[] = [];
    if (this.encoding === 'windows-1252') {
      for (const byte of bytes)
        characters.push(byte >= 0x80 && byte <= 0x9f ? (upper[byte - 0x80] ?? '') : String.fromCharCode(byte));
      return characters.join('');
    }
    for (let at = 0; at + 1 < bytes.length; at += 2)
      characters.push(String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)));
    return characters.join('').replace(/\p{Surrogate}/gu, '\ufffd') + (bytes.length % 2 === 0 ? '' : '\ufffd');
  }
}

function bytesOf(input: ArrayBuffer | ArrayBufferView | undefined): Uint8Array {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  return new Uint8Array(input);
}

// CryptoJS' bytes and encodings, over what stands for the bytes of secrets.
import type CryptoJS from 'crypto-js';
import type { Encoder, WordArray } from 'crypto-js';
import { decodeHex } from '../libraries/hex.ts';
import { textOf } from '../libraries/text-of.ts';
import type { ByteEncoding, Deriving } from './deriving.ts';

const encodings: Readonly<Record<string, ByteEncoding>> = {
  Hex: 'hex',
  Base64: 'base64',
  Base64url: 'base64url',
  Latin1: 'latin1',
  Utf8: 'utf8',
};

/** Makes a WordArray that stands for the bytes of a live text. */
export type MakeSecret = (text: string) => WordArray;

/** Changes the library in place: a run begins with it as it was in the image. */
export function adaptWordArrays(library: typeof CryptoJS, deriving: Deriving, random: () => number): MakeSecret {
  const base = library.lib.WordArray;
  const { create, concat, clone, clamp } = base;
  const become = (words: WordArray, text: string): WordArray => {
    const descriptor = { get: () => deriving.unsupported('Looking into the words of a secret'), configurable: true };
    Object.defineProperties(words, { words: descriptor, sigBytes: descriptor });
    return deriving.mark(words, text);
  };
  const makeSecret: MakeSecret = (text) => become(create.call(base), text);
  base.create = function (this: WordArray, words, sigBytes) {
    const secret = deriving.secretOf(words);
    return secret === undefined ? create.call(this, words, sigBytes) : makeSecret(secret);
  };
  base.random = (bytes) => {
    const words = Array.from({ length: Math.ceil(bytes / 4) }, () => Math.floor(random() * 2 ** 32) | 0);
    return create.call(base, words, bytes);
  };
  base.concat = function (this: WordArray, other) {
    if (deriving.secretOf(this) === undefined && deriving.secretOf(other) === undefined)
      return concat.call(this, other);
    const inputs = [wordsInput(this, deriving), wordsInput(other, deriving)];
    return become(this, deriving.derive({ name: 'concat' }, ...inputs));
  };
  base.clone = function (this: WordArray) {
    const secret = deriving.secretOf(this);
    return secret === undefined ? clone.call(this) : makeSecret(secret);
  };
  base.clamp = function (this: WordArray) {
    if (deriving.secretOf(this) === undefined) clamp.call(this);
  };
  for (const [name, encoder] of Object.entries(library.enc))
    adaptEncoder(encoder, encodings[name], deriving, makeSecret);
  return makeSecret;
}

function adaptEncoder(
  encoder: Encoder,
  encoding: ByteEncoding | undefined,
  deriving: Deriving,
  make: MakeSecret,
): void {
  const { parse, stringify } = encoder;
  encoder.parse = (text) => {
    const secret = deriving.secretOf(text);
    if (secret === undefined) return parse.call(encoder, typeof text === 'string' ? deriving.plain(text) : text);
    if (encoding === undefined) return deriving.unsupported('UTF-16 of a secret');
    return make(deriving.decode(secret, encoding));
  };
  encoder.stringify = (words, urlSafe) => {
    const secret = deriving.secretOf(words);
    if (secret === undefined) return stringify.call(encoder, words, urlSafe);
    if (encoding === undefined) return deriving.unsupported('UTF-16 of a secret');
    return deriving.encode(secret, encoding === 'base64url' && urlSafe === false ? 'base64' : encoding);
  };
}

/** A text or WordArray as the input of an operation. */
export function wordsInput(value: unknown, deriving: Deriving): string {
  const secret = deriving.secretOf(value);
  if (secret !== undefined) return secret;
  return typeof value === 'object' && value !== null ? deriving.inputOf(decodeHex(textOf(value))) : textOf(value);
}

// The part of Node's `crypto` that scripts use, computed by CryptoJS, or by the signer where a secret is in it.
import type CryptoJS from 'crypto-js';
import type { WordArray } from 'crypto-js';
import type { Buffer } from '../libraries/buffer.ts';
import type { SecretBuffers } from './buffer.ts';
import type { Deriving, HashAlgorithm } from './deriving.ts';
import { signMessage } from './jws.ts';

/** Names of CryptoJS by those of Node. SHA-3 is none of them: what CryptoJS calls so is Keccak. */
const libraryNames: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA1',
  sha224: 'SHA224',
  sha256: 'SHA256',
  sha384: 'SHA384',
  sha512: 'SHA512',
  ripemd160: 'RIPEMD160',
  rmd160: 'RIPEMD160',
};

export interface CryptoParts {
  readonly deriving: Deriving;
  readonly buffers: SecretBuffers;
  readonly library: typeof CryptoJS;
  readonly random: () => number;
}

type Data = string | Uint8Array;

export function createNodeCrypto(parts: CryptoParts) {
  const { deriving, buffers } = parts;
  const bytes = (data: Data, encoding?: string): Data =>
    typeof data === 'string' && encoding !== undefined && !/^utf-?8$/i.test(encoding)
      ? buffers.Buffer.from(data, encoding)
      : data;
  const hashing = (compute: (chunks: readonly Data[]) => Buffer) => {
    const chunks: Data[] = [];
    const hash = {
      update(data: Data, encoding?: string) {
        chunks.push(bytes(data, encoding));
        return hash;
      },
      digest: (encoding?: string) => written(compute(chunks), encoding),
    };
    return hash;
  };
  return {
    ...randomFunctions(parts),
    createHash: (name: string) => hashing((chunks) => digest(parts, name, chunks)),
    createHmac: (name: string, key: Data) => hashing((chunks) => digest(parts, name, chunks, key)),
    createSign: (name: string) => signing(parts, name, bytes),
    getHashes: () => Object.keys(libraryNames),
    pbkdf2Sync: (password: Data, salt: Data, iterations: number, length: number, name: string) =>
      pbkdf2(parts, [password, salt], { name, iterations, length }),
    timingSafeEqual(one: Uint8Array, other: Uint8Array) {
      if ([one, other].some((value) => deriving.secretOf(value) !== undefined)) {
        return deriving.unsupported('crypto.timingSafeEqual over a secret');
      }
      if (one.length !== other.length) throw new RangeError('Input buffers must have the same byte length');
      return one.every((byte, index) => byte === other[index]);
    },
  };
}

/** What a browser calls `crypto`. */
export function createWebCrypto(parts: CryptoParts): Record<string, unknown> {
  const { getRandomValues, randomUUID } = randomFunctions(parts);
  return {
    getRandomValues,
    randomUUID,
    get subtle() {
      return parts.deriving.unsupported('crypto.subtle');
    },
  };
}

function randomFunctions({ buffers, random }: CryptoParts) {
  const fill = (bytes: Uint8Array) => bytes.map(() => Math.floor(random() * 256));
  const randomBytes = (size: number) => buffers.Buffer.from(fill(new Uint8Array(size)));
  return {
    randomBytes,
    getRandomValues<T extends { buffer: ArrayBuffer; byteOffset: number; byteLength: number }>(values: T): T {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      bytes.set(fill(bytes));
      return values;
    },
    randomInt: (low: number, high?: number) => {
      const [from, to] = high === undefined ? [0, low] : [low, high];
      return from + Math.floor(random() * (to - from));
    },
    randomUUID() {
      const bytes = randomBytes(16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

function written(result: Buffer, encoding: string | undefined): Buffer | string {
  return encoding === undefined || encoding === 'buffer' ? result : result.toString(encoding);
}

/** A hash, or an HMAC where there is a key. */
function digest(parts: CryptoParts, name: string, chunks: readonly Data[], key?: Data): Buffer {
  const { deriving, buffers } = parts;
  const [algorithm, libraryName] = hashOf(parts, name);
  if ([...chunks, key].some((data) => deriving.secretOf(data) !== undefined)) {
    const inputs = chunks.map(deriving.inputOf);
    const message =
      inputs.length === 1 && inputs[0] !== undefined ? inputs[0] : deriving.derive({ name: 'concat' }, ...inputs);
    return buffers.make(
      key === undefined
        ? deriving.derive({ name: 'hash', algorithm }, message)
        : deriving.derive({ name: 'hmac', algorithm }, message, deriving.inputOf(key)),
    );
  }
  const compute = parts.library[key === undefined ? libraryName : `Hmac${libraryName}`] as (
    ...values: unknown[]
  ) => WordArray;
  const message = chunks
    .map((chunk) => toWords(parts, chunk))
    .reduce((all, more) => all.concat(more), toWords(parts, ''));
  const result = compute(message, key === undefined ? undefined : toWords(parts, key));
  return buffers.Buffer.from(String(result), 'hex');
}

function hashOf({ deriving }: CryptoParts, name: string): [HashAlgorithm, string] {
  const node = name.toLowerCase().replace(/^rsa-/, '').replace(/^sha-/, 'sha');
  const libraryName = libraryNames[node] ?? deriving.unsupported(`The hash ${name}`);
  return [node === 'rmd160' ? 'ripemd160' : (node as HashAlgorithm), libraryName];
}

function toWords({ library, deriving, buffers }: CryptoParts, data: Data): WordArray {
  const bytes = typeof data === 'string' ? buffers.Buffer.from(deriving.plain(data)) : buffers.Buffer.from(data);
  return library.enc.Hex?.parse(bytes.toString('hex')) ?? library.lib.WordArray.create();
}

function pbkdf2(
  parts: CryptoParts,
  data: readonly [Data, Data],
  how: { name: string; iterations: number; length: number },
): Buffer {
  const { deriving, buffers, library } = parts;
  const [algorithm, libraryName] = hashOf(parts, how.name);
  const { iterations, length } = how;
  if (data.some((value) => deriving.secretOf(value) !== undefined)) {
    return buffers.make(
      deriving.derive({ name: 'pbkdf2', algorithm, iterations, bytes: length }, ...data.map(deriving.inputOf)),
    );
  }
  const hasher = library.algo[libraryName];
  const [password, salt] = [toWords(parts, data[0]), toWords(parts, data[1])];
  const key = library.PBKDF2(password, salt, {
    keySize: Math.ceil(length / 4),
    iterations,
    ...(hasher ? { hasher } : {}),
  });
  return buffers.Buffer.from(key.toString(), 'hex').slice(0, length);
}

function signing(parts: CryptoParts, name: string, bytes: (data: Data, encoding?: string) => Data) {
  const { deriving, buffers } = parts;
  const chunks: Data[] = [];
  const signer = {
    update(data: Data, encoding?: string) {
      chunks.push(bytes(data, encoding));
      return signer;
    },
    /** The key is taken for one of RSA, as that of elliptic curves would be written in another form. */
    sign(key: string | Uint8Array | { key: string | Uint8Array }, encoding?: string) {
      const [size] = /(?:256|384|512)$/.exec(name) ?? [deriving.unsupported(`crypto.createSign('${name}')`)];
      const pem = typeof key === 'object' && 'key' in key ? key.key : key;
      const message = deriving.derive({ name: 'concat' }, ...chunks.map(deriving.inputOf));
      return written(
        buffers.make(signMessage(deriving, `RS${size}`, message, deriving.inputOf(pem as Data))),
        encoding,
      );
    },
  };
  return signer;
}

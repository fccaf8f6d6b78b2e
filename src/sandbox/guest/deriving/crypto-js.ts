// CryptoJS over secrets: hashes, HMACs and PBKDF2 become references of what the signer computes; ciphers do not.
import CryptoJS, { type Cipher, type HasherFactory, type Kdf, type WordArray } from 'crypto-js';
import type { Deriving, HashAlgorithm } from './deriving.ts';
import { hashNames } from './hash-names.ts';
import { adaptHashers } from './hashers.ts';
import { adaptWordArrays, type MakeSecret, wordsInput } from './word-array.ts';

const cipherNames = ['AES', 'DES', 'TripleDES', 'RC4', 'RC4Drop', 'Rabbit', 'RabbitLegacy', 'Blowfish'];

export interface CryptoOptions {
  readonly random: () => number;
  /** PBKDF2 of version 3, which Postman has: SHA-1, once. */
  readonly hasOldDefaults: boolean;
}

/** The library itself, changed in place: a run begins with it as it was in the image. */
export function createCryptoJs(deriving: Deriving, { random, hasOldDefaults }: CryptoOptions): typeof CryptoJS {
  const makeSecret = adaptWordArrays(CryptoJS, deriving, random);
  const functions: Record<string, unknown> = CryptoJS;
  for (const [name, algorithm] of Object.entries(hashNames)) {
    functions[name] = hashOver(functions[name] as Helper, algorithm, deriving, makeSecret);
    functions[`Hmac${name}`] = hmacOver(functions[`Hmac${name}`] as Helper, algorithm, deriving, makeSecret);
  }
  const { SHA1 } = CryptoJS.algo;
  const old = hasOldDefaults && SHA1 ? { hasher: SHA1, iterations: 1 } : {};
  const pbkdf2 = CryptoJS.PBKDF2;
  CryptoJS.PBKDF2 = (password, salt, options) =>
    pbkdf2Over(pbkdf2, deriving, makeSecret)(password, salt, { ...old, ...options });
  refuseSecrets(functions, 'EvpKDF', deriving);
  for (const name of cipherNames) {
    const cipher = functions[name] as (Cipher & Record<string, unknown>) | undefined;
    if (cipher)
      for (const method of ['encrypt', 'decrypt']) refuseSecrets(cipher, method, deriving, `CryptoJS.${name}.`);
  }
  adaptHashers(CryptoJS.algo, deriving, makeSecret);
  return CryptoJS;
}

type Helper = (message: unknown, key?: unknown) => WordArray;

function hashOver(real: Helper, algorithm: HashAlgorithm, deriving: Deriving, makeSecret: MakeSecret): Helper {
  return (message, options) => {
    const secret = deriving.secretOf(message);
    if (secret === undefined) return real(message, options);
    if (hasOutputLength(options)) return deriving.unsupported('CryptoJS.SHA3 of a secret in another length than 512');
    return makeSecret(deriving.derive({ name: 'hash', algorithm }, secret));
  };
}

function hasOutputLength(options: unknown): boolean {
  const { outputLength = 512 } = Object(options) as { outputLength?: number };
  return outputLength !== 512;
}

function hmacOver(real: Helper, algorithm: HashAlgorithm, deriving: Deriving, makeSecret: MakeSecret): Helper {
  return (message, key) => {
    if (deriving.secretOf(message) === undefined && deriving.secretOf(key) === undefined) return real(message, key);
    const inputs = [wordsInput(message, deriving), wordsInput(key, deriving)];
    return makeSecret(deriving.derive({ name: 'hmac', algorithm }, ...inputs));
  };
}

function pbkdf2Over(real: Kdf, deriving: Deriving, makeSecret: MakeSecret): Kdf {
  return (password, salt, options = {}) => {
    if (deriving.secretOf(password) === undefined && deriving.secretOf(salt) === undefined) {
      return real(password, salt, options);
    }
    const { keySize = 4, iterations = 250_000, hasher = CryptoJS.algo.SHA256 } = options;
    const algorithm = algorithmOf(hasher) ?? deriving.unsupported('PBKDF2 of a secret with this hash');
    const inputs = [wordsInput(password, deriving), wordsInput(salt, deriving)];
    return makeSecret(deriving.derive({ name: 'pbkdf2', algorithm, iterations, bytes: keySize * 4 }, ...inputs));
  };
}

function algorithmOf(hasher: HasherFactory | undefined): HashAlgorithm | undefined {
  const [name = ''] = Object.entries(CryptoJS.algo).find(([, known]) => known === hasher) ?? [];
  return hashNames[name];
}

function refuseSecrets(owner: Record<string, unknown>, name: string, deriving: Deriving, path = 'CryptoJS.'): void {
  const real = owner[name] as (...values: unknown[]) => unknown;
  owner[name] = (...values: unknown[]) => {
    const [, , options] = values;
    const { iv, salt } = Object(options) as { iv?: unknown; salt?: unknown };
    if ([...values, iv, salt].some((value) => deriving.secretOf(value) !== undefined)) {
      return deriving.unsupported(`${path}${name} over a secret`);
    }
    return real.apply(owner, values);
  };
}

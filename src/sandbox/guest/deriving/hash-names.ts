import type { HashAlgorithm } from './deriving.ts';

/** Algorithms by CryptoJS' names of them. */
export const hashNames: Readonly<Record<string, HashAlgorithm>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  SHA3: 'keccak512',
  RIPEMD160: 'ripemd160',
};

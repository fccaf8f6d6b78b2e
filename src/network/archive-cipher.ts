// Opens what a PKCS#12 archive encrypts with a passphrase: PBES2 with PBKDF2 (RFC 8018 section 6.2) and the older triple DES of RFC 7292
// appendix C. Other ways are not read; OpenSSL 3 refuses most of them as well.
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { type BerNode, nodeAt, numberOf, octetsOf } from './ber.ts';

/** Undefined where it is encrypted in a way that is not read, or with another passphrase. `algorithm` is an AlgorithmIdentifier. */
export function decrypt(algorithm: BerNode, encrypted: Buffer, passphrase: string): Buffer | undefined {
  const name = nameOf(nodeAt(algorithm, 0));
  const parameters = nodeAt(algorithm, 1);
  if (name === PBES2) return decryptPbes2(parameters, encrypted, passphrase);
  return name === SHA_3DES ? decryptTripleDes(parameters, encrypted, passphrase) : undefined;
}

/** An object identifier in hex. */
export function nameOf(identifier: BerNode): string {
  return identifier.content.toString('hex');
}

const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
const SHA_3DES = '2a864886f70d010c0103';

const digests: Readonly<Record<string, string>> = {
  // RFC 8018 appendix A.2: the default.
  '': 'sha1',
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '608648016503040102': { name: 'aes-128-cbc', keyBytes: 16 },
  '608648016503040116': { name: 'aes-192-cbc', keyBytes: 24 },
  '60864801650304012a': { name: 'aes-256-cbc', keyBytes: 32 },
  '2a864886f70d0307': { name: 'des-ede3-cbc', keyBytes: 24 },
};

const SEQUENCE = 0x30;

function decryptPbes2(parameters: BerNode, encrypted: Buffer, passphrase: string): Buffer | undefined {
  const cipher = ciphers[nameOf(nodeAt(parameters, 1, 0))];
  const derived = nodeAt(parameters, 0, 1);
  // The length of the key may stand before it.
  const last = [nodeAt(derived, 2), nodeAt(derived, 3)].find(({ tag }) => tag === SEQUENCE);
  const digest = digests[last ? nameOf(nodeAt(last, 0)) : ''];
  const iterations = numberOf(nodeAt(derived, 1));
  const isRead = nameOf(nodeAt(parameters, 0, 0)) === PBKDF2 && iterations >= 1;
  if (!isRead || cipher === undefined || digest === undefined) return undefined;
  const key = pbkdf2Sync(passphrase, octetsOf(nodeAt(derived, 0)), iterations, cipher.keyBytes, digest);
  return finish(cipher.name, key, octetsOf(nodeAt(parameters, 1, 1)), encrypted);
}

const KEY = { id: 1, bytes: 24 };
const IV = { id: 2, bytes: 8 };

function decryptTripleDes(parameters: BerNode, encrypted: Buffer, passphrase: string): Buffer | undefined {
  const [salt, iterations] = [octetsOf(nodeAt(parameters, 0)), numberOf(nodeAt(parameters, 1))];
  const text = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  // Without a passphrase some take no octets at all, and some only the two that end it.
  const passwords = passphrase === '' ? [text, Buffer.alloc(0)] : [text];
  for (const password of passwords) {
    const key = derive(KEY, { password, salt, iterations });
    const opened = finish('des-ede3-cbc', key, derive(IV, { password, salt, iterations }), encrypted);
    if (opened) return opened;
  }
  return undefined;
}

interface DeriveFrom {
  readonly password: Buffer;
  readonly salt: Buffer;
  readonly iterations: number;
}

const BLOCK_BYTES = 64;

/** RFC 7292 appendix B.2 with SHA-1. */
function derive(wanted: { readonly id: number; readonly bytes: number }, from: DeriveFrom): Buffer {
  const input = Buffer.concat([filled(from.salt), filled(from.password)]);
  const made: Buffer[] = [];
  while (Buffer.concat(made).length < wanted.bytes) {
    let hash = sha1(Buffer.concat([Buffer.alloc(BLOCK_BYTES, wanted.id), input]));
    for (let round = 1; round < from.iterations; round += 1) hash = sha1(hash);
    made.push(hash);
    const block = Buffer.alloc(BLOCK_BYTES, hash);
    for (let at = 0; at < input.length; at += BLOCK_BYTES) addOneMore(input.subarray(at, at + BLOCK_BYTES), block);
  }
  return Buffer.concat(made).subarray(0, wanted.bytes);
}

function filled(text: Buffer): Buffer {
  return text.length === 0 ? text : Buffer.alloc(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES, text);
}

/** Adds `added` and 1 in place, modulo the size. */
function addOneMore(block: Buffer, added: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at -= 1) {
    carry += (block[at] ?? 0) + (added[at] ?? 0);
    block[at] = carry & 0xff;
    carry >>= 8;
  }
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}

function finish(cipher: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return undefined;
  }
}

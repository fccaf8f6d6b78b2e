// The computations that a script may ask for over secrets, on opened values. Nothing of a value is in a failure.
import { createHash, createHmac, pbkdf2, sign } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { DerivedOperation } from '../../shared/script/derived.ts';
import { keccak512, keccak512Hmac } from './keccak.ts';
import { readPrivateKey } from './schemes/jwt-key.ts';
import { jwtAlgorithm, keyProblem, signingKey } from './schemes/jwt-sign.ts';

type Named<Name extends DerivedOperation['name']> = Extract<DerivedOperation, { name: Name }>;

/** SCRIPT/NOT_COMPUTED with a fixed sentence, which the form of the computation gives. */
function notComputed(problem: string): Result<never> {
  return err(failure('SCRIPT/NOT_COMPUTED', { problem }));
}

/** The same for whatever a value decides. Scripts see it, so which of the reasons it was is not told. */
export function doesNotFit(): Result<never> {
  return notComputed('the value of a secret in it does not fit, or there is too much of it');
}

/**
 * Computes one operation over bytes. Fails with SCRIPT/NOT_COMPUTED where it has not its number of inputs, where one is not what the
 * operation reads, and for a key that does not fit.
 */
export async function operate(operation: DerivedOperation, inputs: readonly Buffer[]): Promise<Result<Buffer>> {
  switch (operation.name) {
    case 'concat':
      return ok(Buffer.concat(inputs));
    case 'hash':
      return ofOne(inputs, (input) => ok(hashOf(operation, input)));
    case 'hmac':
      return ofTwo(inputs, (message, key) => ok(hmac(operation, message, key)));
    case 'pbkdf2':
      return ofTwo(inputs, (password, salt) => stretch(operation, password, salt));
    case 'sign':
      return ofTwo(inputs, (message, key) => signed(operation, message, key));
    case 'encode':
      return ofOne(inputs, (input) => encode(operation, input));
    case 'decode':
      return ofOne(inputs, (input) => decode(operation, input));
    case 'percent':
      return ofOne(inputs, (input) => mapText(input, encodeURIComponent));
    case 'form':
      return ofOne(inputs, (input) => mapText(input, formEncoded));
    case 'upper':
      return ofOne(inputs, (input) => mapText(input, (text) => text.toUpperCase()));
    case 'lower':
      return ofOne(inputs, (input) => mapText(input, (text) => text.toLowerCase()));
  }
}

type Outcome = Result<Buffer> | Promise<Result<Buffer>>;

function ofOne([input, ...others]: readonly Buffer[], compute: (input: Buffer) => Outcome): Outcome {
  return input && others.length === 0 ? compute(input) : notComputed(INPUTS);
}

function ofTwo([one, other, ...more]: readonly Buffer[], compute: (one: Buffer, other: Buffer) => Outcome): Outcome {
  return one && other && more.length === 0 ? compute(one, other) : notComputed(INPUTS);
}

const INPUTS = 'it has not as many inputs as its operation takes';

function hashOf({ algorithm }: Named<'hash'>, message: Buffer): Buffer {
  return algorithm === 'keccak512' ? keccak512(message) : createHash(algorithm).update(message).digest();
}

function hmac({ algorithm }: Named<'hmac'>, message: Buffer, key: Buffer): Buffer {
  return algorithm === 'keccak512' ? keccak512Hmac(message, key) : createHmac(algorithm, key).update(message).digest();
}

/** RFC 8018 section 5.2. */
async function stretch(
  { algorithm, iterations, bytes }: Named<'pbkdf2'>,
  password: Buffer,
  salt: Buffer,
): Promise<Result<Buffer>> {
  if (algorithm === 'keccak512') return notComputed('PBKDF2 is not done with Keccak');
  return ok(await settled((done) => pbkdf2(password, salt, iterations, bytes, algorithm, done)));
}

async function signed({ algorithm: name }: Named<'sign'>, message: Buffer, pem: Buffer): Promise<Result<Buffer>> {
  const algorithm = jwtAlgorithm(name);
  const key = readPrivateKey(pem.toString());
  if (!algorithm || !key || keyProblem(algorithm, key) !== undefined) return doesNotFit();
  try {
    return ok(await settled((done) => sign(algorithm.hash, message, signingKey(algorithm.kind, key), done)));
  } catch {
    // What the library says about a key can quote it.
    return doesNotFit();
  }
}

/** Both take long enough to be done beside the event loop. */
function settled(start: (done: (error: Error | null, bytes: Buffer) => void) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    start((error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

function encode({ to, padded }: Named<'encode'>, input: Buffer): Result<Buffer> {
  if (to === 'utf8') return mapText(input, (text) => text);
  if (to === 'latin1') return ok(Buffer.from(input.toString('latin1')));
  const text = input.toString(to);
  if (to === 'hex') return ok(Buffer.from(text));
  const bare = text.replace(/=+$/, '');
  const isPadded = padded ?? to === 'base64';
  return ok(Buffer.from(isPadded ? bare.padEnd(4 * Math.ceil(bare.length / 4), '=') : bare));
}

const BASE64 = /^[A-Za-z0-9+/_-]*$/;
const HEX = /^(?:[0-9a-f]{2})*$/i;

function decode({ from }: Named<'decode'>, input: Buffer): Result<Buffer> {
  if (from === 'utf8') return ok(input);
  const text = textOf(input);
  if (text === undefined) return doesNotFit();
  if (from === 'latin1') return /[^\0-\xff]/.test(text) ? doesNotFit() : ok(Buffer.from(text, 'latin1'));
  const bare = text.replace(/\s+/g, '');
  if (from === 'hex') return HEX.test(bare) ? ok(Buffer.from(bare, 'hex')) : doesNotFit();
  // Scripts add padding by the length of a reference, which tells nothing: it does not count.
  const digits = bare.replace(/=+$/, '');
  return BASE64.test(digits) && digits.length % 4 !== 1 ? ok(Buffer.from(digits, from)) : doesNotFit();
}

/** WHATWG URL section 5.2: what URLSearchParams writes. */
function formEncoded(text: string): string {
  return new URLSearchParams([[text, '']]).toString().slice(0, -1);
}

function mapText(input: Buffer, map: (text: string) => string): Result<Buffer> {
  const text = textOf(input);
  return text === undefined ? doesNotFit() : ok(Buffer.from(map(text)));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes in UTF-8; undefined where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

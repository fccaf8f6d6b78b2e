import { limits } from '../../shared/limits.ts';
import type { DerivedOperation } from '../../shared/script/derived.ts';

/** What the computations of one request may take together. */
export interface DerivedWork {
  /** False where the next one would be too much. */
  take(operation: DerivedOperation, inputs: readonly Uint8Array[]): boolean;
}

// Weighed by time: a signature with RSA takes as long as hashing a megabyte, and Keccak is not native.
const SIGNATURE_BYTES = 1_048_576;
const KECCAK_WEIGHT = 32;
const DIGEST_BYTES: Readonly<Record<string, number>> = {
  md5: 16,
  sha1: 20,
  ripemd160: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
};
const MOST_DIGEST_BYTES = 64;

export function createWork(): DerivedWork {
  let bytes: number = limits.derivedBytes;
  let rounds: number = limits.derivedRounds;
  return {
    take(operation, inputs) {
      bytes -= weightOf(operation) * inputs.reduce((size, { length }) => size + length, 1);
      if (operation.name === 'sign') bytes -= SIGNATURE_BYTES;
      if (operation.name === 'pbkdf2') rounds -= roundsOf(operation);
      return bytes >= 0 && rounds >= 0;
    },
  };
}

function weightOf(operation: DerivedOperation): number {
  return 'algorithm' in operation && operation.algorithm === 'keccak512' ? KECCAK_WEIGHT : 1;
}

/** Each block of the result takes them all. */
function roundsOf({ algorithm, iterations, bytes }: Extract<DerivedOperation, { name: 'pbkdf2' }>): number {
  return iterations * Math.ceil(bytes / (DIGEST_BYTES[algorithm] ?? MOST_DIGEST_BYTES));
}

// What a script asks to be computed over a secret. The sandbox never has the value: it gets a reference for the result, and the signer
// computes it when the request is signed. An expression is data: the closed set of operations below over texts and each other.
import { z } from 'zod';
import { byteEncodings, hashAlgorithms, signatureAlgorithms } from './derived-names.ts';

/**
 * Inputs and results are bytes; a text is its UTF-8. `encode` turns bytes into the text of an encoding, `decode` back, and
 * `percent` and `form` escape a text as encodeURIComponent and application/x-www-form-urlencoded do.
 */
export const derivedOperation = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('hash'), algorithm: z.enum(hashAlgorithms) }),
  /** Inputs: message, key. */
  z.strictObject({ name: z.literal('hmac'), algorithm: z.enum(hashAlgorithms) }),
  /** Inputs: password, salt. */
  z.strictObject({
    name: z.literal('pbkdf2'),
    algorithm: z.enum(hashAlgorithms),
    iterations: z.int().min(1).max(1_000_000),
    bytes: z.int().min(1).max(1_024),
  }),
  /** Inputs: message, private key in PEM. The signature of RFC 7515 over the message. */
  z.strictObject({ name: z.literal('sign'), algorithm: z.enum(signatureAlgorithms) }),
  z.strictObject({ name: z.literal('concat') }),
  z.strictObject({ name: z.literal('encode'), to: z.enum(byteEncodings), padded: z.boolean().optional() }),
  z.strictObject({ name: z.literal('decode'), from: z.enum(byteEncodings) }),
  z.strictObject({ name: z.literal('percent') }),
  z.strictObject({ name: z.literal('form') }),
  z.strictObject({ name: z.literal('upper') }),
  z.strictObject({ name: z.literal('lower') }),
]);

export type DerivedOperation = z.infer<typeof derivedOperation>;

/** Whether whoever has the result can tell what was in the inputs. */
export function isReadable({ name }: DerivedOperation): boolean {
  return name !== 'hash' && name !== 'hmac' && name !== 'pbkdf2' && name !== 'sign';
}

/** Which input is a key or a password: a sensitive place like the field of an auth. */
export function keyInput({ name }: DerivedOperation): number | undefined {
  if (name === 'pbkdf2') return 0;
  return name === 'hmac' || name === 'sign' ? 1 : undefined;
}

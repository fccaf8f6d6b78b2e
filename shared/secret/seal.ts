import { type FrameSide, isKeyFrame } from './pem-frame.ts';
import { reveal, Sealed } from './reveal.ts';

export type { Sealed } from './reveal.ts';

/** Seals a secret value at the place where it is read; only the signer can open it. */
export function seal(value: string): Sealed {
  return new Sealed(value);
}

/** Whether this is a sealed value. */
export function isSealed(value: unknown): value is Sealed {
  return value instanceof Sealed;
}

/** Whether two sealed values are the same; tells nothing else of them. */
export function isSameSecret(a: Sealed, b: Sealed): boolean {
  return a === b || (a.length === b.length && reveal(a) === reveal(b));
}

/** Whether a sealed text is only what stands around a private key: a sensitive place seals that too, and there is no secret in it. */
export function isSealedFrame(value: Sealed, side: FrameSide): boolean {
  return isKeyFrame(reveal(value), side);
}

import { Sealed } from './reveal.ts';

export type { Sealed } from './reveal.ts';

/** Seals a secret value at the place where it is read; only the signer can open it. */
export function seal(value: string): Sealed {
  return new Sealed(value);
}

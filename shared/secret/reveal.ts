// The only way from a sealed value to its text. tests/architecture lets nothing but src/signer, seal.ts and the vault's adopt.ts
// import this.
import type { SecretRef } from './secret-ref.ts';

let read: (sealed: Sealed) => string;

/** A secret value that stood in a file. Prints, serialises and interpolates only as its SecretRef. */
export class Sealed {
  readonly #value: string;

  static {
    read = (sealed) => sealed.#value;
  }

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  get length(): number {
    return this.#value.length;
  }

  toJSON(): SecretRef {
    return { kind: 'inline' };
  }

  toString(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

export function reveal(sealed: Sealed): string {
  return read(sealed);
}

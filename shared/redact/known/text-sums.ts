// Whether a stretch of a text is a form, in a time that does not depend on how long the form is: by sums over all that stands before
// each place (Karp and Rabin, 1987), two of them, so that no text has the sums of a secret by chance.

export interface TextSums {
  /** Whether the text that ends before this place ends with the form. */
  endsWith(form: Uint8Array, end: number): boolean;
}

/** Products of what is below either stay below the 53 bits of a number. */
const MODULI = [67_108_859, 67_108_837] as const;
const BASE = 1_000_003;

/** Reads the first `size` bytes once. */
export function createTextSums(bytes: Uint8Array, size: number): TextSums {
  const sums = MODULI.map((modulus) => sumsOf(bytes, size, modulus));
  const forms = new Map<Uint8Array, readonly FormSum[]>();
  return {
    endsWith(form, end) {
      let own = forms.get(form);
      if (!own) {
        own = MODULI.map((modulus) => formSum(form, modulus));
        forms.set(form, own);
      }
      return own.every(({ sum, power, modulus }, index) => {
        const before = sums[index]?.[end - form.length] ?? 0;
        const here = sums[index]?.[end] ?? 0;
        return (((here - ((before * power) % modulus)) % modulus) + modulus) % modulus === sum;
      });
    },
  };
}

interface FormSum {
  readonly sum: number;
  /** By what the sum before the form counts in the sum at its end. */
  readonly power: number;
  readonly modulus: number;
}

function sumsOf(bytes: Uint8Array, size: number, modulus: number): Int32Array {
  const sums = new Int32Array(size + 1);
  let sum = 0;
  for (let at = 0; at < size; at += 1) {
    sum = (sum * BASE + (bytes[at] ?? 0) + 1) % modulus;
    sums[at + 1] = sum;
  }
  return sums;
}

function formSum(form: Uint8Array, modulus: number): FormSum {
  let sum = 0;
  let power = 1;
  for (const byte of form) {
    sum = (sum * BASE + byte + 1) % modulus;
    power = (power * BASE) % modulus;
  }
  return { sum, power, modulus };
}

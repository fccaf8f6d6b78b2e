// The packages `uuid` and `nanoid` over the random numbers of a run.
import { NIL, parse, stringify, v1, v3, v4, v5, validate, version } from 'uuid';

const urlAlphabet = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict';

/** Callable as well, as Postman's own is. `random` is uniform in [0, 1). */
export function createUuid(random: () => number): unknown {
  const rng = () => Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  const make = (options?: object, buffer?: unknown, offset?: number) => v4({ rng, ...options }, buffer, offset);
  const timed = (options?: object, buffer?: unknown, offset?: number) => v1({ rng, ...options }, buffer, offset);
  return Object.assign(() => make(), { v1: timed, v3, v4: make, v5, NIL, validate, version, parse, stringify });
}

export function createNanoid(random: () => number): Record<string, unknown> {
  const make = (alphabet: string, size: number) =>
    Array.from({ length: size }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  return {
    nanoid: (size = 21) => make(urlAlphabet, size),
    customAlphabet:
      (alphabet: string, size = 21) =>
      (length = size) =>
        make(alphabet, length),
    urlAlphabet,
  };
}

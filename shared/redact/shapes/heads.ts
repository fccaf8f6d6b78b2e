// The heads of all finders in one index over three neighbouring characters. Every second place is looked at, so four neighbouring
// characters of a head are seen at the first or at the second one; of a longer head the four are taken that are rarest in texts.
import type { Finder } from './finder.ts';

/** Classes of characters: letters in either case, digits, and the marks that heads hold; the rest is one class. */
const OTHER = 31;
const PARAMETER_CLASS = 30;
const CODES = 65_536;

export interface Head {
  readonly find: Finder['find'];
  readonly peek: Finder['peek'];
  readonly back: number;
  readonly inside: boolean;
  /** For each character, which codes below 128 it may be. */
  readonly steps: readonly Uint8Array[];
  /** How many characters stand before the four by which it is seen. */
  readonly shift: number;
}

/** Bits of `flags`. */
export const SEEN_HERE = 1;
export const SEEN_BEFORE = 2;
export const MARK_HERE = 4;

export interface HeadIndex {
  /** The class of a UTF-16 code unit or a byte. */
  readonly classes: Uint8Array;
  /** By three classes: whether the rarest part of a head is there or one place before, and whether `=` or `@` is first or second. */
  readonly flags: Uint8Array;
  /** By three classes: the heads whose rarest part begins there. */
  readonly heads: readonly (readonly Head[] | undefined)[];
}

/** The index of the finders' heads. */
export function indexHeads(finders: readonly Finder[]): HeadIndex {
  const classes = createClasses();
  const flags = new Uint8Array(1 << 15);
  const heads = Array.from<Head[] | undefined>({ length: flags.length });
  const stepsBySet = new Map<string, Uint8Array>();
  for (const { heads: writtenHeads, find, peek, back = 0, inside = false } of finders) {
    for (const written of writtenHeads) {
      const sets = readHead(written);
      const placed = sets.map((set) => classesOf(set, classes));
      const shift = rarestPart(placed);
      const head = { find, peek, back, inside, steps: sets.map((set) => stepOf(set, stepsBySet)), shift };
      const [first, second, third, fourth = anyClass] = placed.slice(shift, shift + SEEN_CHARS);
      for (const code of codesOf(first, second, third)) {
        flags[code] = (flags[code] ?? 0) | SEEN_HERE;
        heads[code] = [...(heads[code] ?? []), head];
      }
      for (const code of codesOf(second, third, fourth)) flags[code] = (flags[code] ?? 0) | SEEN_BEFORE;
    }
  }
  for (let code = 0; code < flags.length; code += 1) {
    if (code >> 10 === PARAMETER_CLASS || ((code >> 5) & 31) === PARAMETER_CLASS)
      flags[code] = (flags[code] ?? 0) | MARK_HERE;
  }
  return { classes, flags, heads };
}

const SEEN_CHARS = 4;
const MOST_SHIFT = 12;

/** How many of a thousand characters of ordinary texts are of each class: a to z, digits, `_`, `-`, marks, `=` and `@`, others. */
const SHARES = [
  50, 12, 25, 30, 90, 15, 15, 30, 50, 2, 6, 30, 20, 50, 55, 20, 1, 45, 50, 65, 20, 8, 12, 3, 12, 2, 150, 8, 15, 25, 4,
  220,
];

function rarestPart(placed: readonly (readonly number[])[]): number {
  const shares = placed.map((set) => set.reduce((sum, one) => sum + (SHARES[one] ?? 0), 0) / 1_000);
  const costOf = (from: number): number => {
    const [first = 1, second = 1, third = 1, fourth = 1] = shares.slice(from, from + SEEN_CHARS);
    return second * third * (first + fourth);
  };
  let best = 0;
  for (let from = 1; from <= Math.min(MOST_SHIFT, placed.length - SEEN_CHARS); from += 1) {
    if (costOf(from) < costOf(best)) best = from;
  }
  return best;
}

function createClasses(): Uint8Array {
  const classes = new Uint8Array(CODES).fill(OTHER);
  for (let letter = 0; letter < 26; letter += 1) {
    classes[0x41 + letter] = letter;
    classes[0x61 + letter] = letter;
  }
  for (let digit = 0x30; digit <= 0x39; digit += 1) classes[digit] = 26;
  for (const [mark, at] of [...'_-/:.~'].map((char, index) => [char, index] as const)) {
    classes[mark.charCodeAt(0)] = [27, 28, 29, 29, 29, 29][at] ?? OTHER;
  }
  for (const mark of '=@') classes[mark.charCodeAt(0)] = PARAMETER_CLASS;
  return classes;
}

/** The sets of characters of a head: `gh[po]_` gives `g`, `h`, `po`, `_`. */
function readHead(written: string): string[] {
  const sets: string[] = [];
  for (const [, set, char, times] of written.matchAll(/(?:\[([^\]]+)\]|(.))(?:\{(\d+)\})?/g)) {
    const chars =
      set === undefined ? (char ?? '') : set.replace(/(.)-(.)/g, (_, low: string, high: string) => range(low, high));
    for (let left = Number(times ?? 1); left > 0; left -= 1) sets.push(chars);
  }
  return sets;
}

function range(low: string, high: string): string {
  const from = low.charCodeAt(0);
  return Array.from({ length: high.charCodeAt(0) - from + 1 }, (_, step) => String.fromCharCode(from + step)).join('');
}

function stepOf(set: string, known: Map<string, Uint8Array>): Uint8Array {
  const step =
    known.get(set) ?? Uint8Array.from({ length: 128 }, (_, code) => Number(set.includes(String.fromCharCode(code))));
  known.set(set, step);
  return step;
}

function classesOf(set: string, classes: Uint8Array): number[] {
  return Array.from(new Set(Array.from(set, (char) => classes[char.charCodeAt(0)] ?? OTHER)));
}

/** Behind a head of three characters anything may stand. */
const anyClass = Array.from({ length: OTHER + 1 }, (_, one) => one);

function* codesOf(...sets: (readonly number[] | undefined)[]): Generator<number> {
  const [first = [], second = [], third = []] = sets;
  for (const a of first) for (const b of second) for (const c of third) yield (a << 10) | (b << 5) | c;
}

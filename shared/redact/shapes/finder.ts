// How a kind of credential is found: by a head, a few characters that it cannot be without, and a test at that place.
import type { NameVerdict } from '../names.ts';
import type { Span } from '../span.ts';

/** One pass over a text, from left to right. */
export interface Pass {
  readonly text: string;
  readonly judge: (name: string) => NameVerdict;
  /** The end of what was taken or passed over last: nothing is found before it. */
  from: number;
  /** The end of a value that was read and is none: it is not read again for a word inside of it. */
  rejected: number;
  /** The end of the run of token characters that was measured last. */
  runEnd: number;
}

/** One look over UTF-8, from left to right. */
export interface Look {
  /** Whether a quote ends a text, as in JSON. */
  readonly quoted: boolean;
  runEnd: number;
}

export interface Finder {
  /** Characters, `[a-z]` classes and `{n}` repetitions: at least three characters, of which four make the first test. */
  readonly heads: readonly string[];
  /** How many characters stand before the head. */
  readonly back?: number;
  /** Whether letters, digits, `_` or `-` may stand directly before. */
  readonly inside?: boolean;
  /** What goes; an empty span where a stretch is only to be passed over. */
  readonly find: (pass: Pass, at: number) => Span | undefined;
  /**
   * Whether there may be something to find behind a head in UTF-8; absent: always.
   */
  readonly peek?: (bytes: Uint8Array, at: number, look: Look) => boolean;
}

/** A row of the tables of issuers' formats. */
export interface Shape {
  readonly name: string;
  readonly heads: readonly string[];
  /** What stands there; a first group stays. An open end such as `{30,}` takes the whole run of token characters. */
  readonly pattern: string;
  readonly back?: number;
  readonly inside?: boolean;
  readonly anyCase?: boolean;
  /** A further test of the match, without what stays. */
  readonly holds?: (match: string) => boolean;
}

/** No pattern reads further than this; what follows is taken by a loop, which keeps no way back. */
const MOST_CHARS = 1_024;

/** A finder of what a row describes. */
export function shapeFinder(shape: Shape): Finder {
  const { heads, pattern, holds, anyCase = false, back = 0, inside = false } = shape;
  const place = new RegExp(pattern.replaceAll(',}', `,${MOST_CHARS}}`), anyCase ? 'yi' : 'y');
  return {
    heads: anyCase ? heads.map(eitherCase) : heads,
    back,
    inside,
    find: ({ text }, at) => {
      place.lastIndex = at;
      const found = place.exec(text);
      if (!found) return undefined;
      const start = at + (found[1]?.length ?? 0);
      let end = at + found[0].length;
      if (holds && !holds(text.slice(start, end))) return undefined;
      while (isTokenCode(text.charCodeAt(end))) end += 1;
      return { start, end };
    },
  };
}

/** A head whose letters stand in either case; it holds no classes of letters. */
export function eitherCase(head: string): string {
  return head.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** Letters, digits, `_` and `-`. */
export function isTokenCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

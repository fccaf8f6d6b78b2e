import { limits } from '../../shared/limits.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { textOf } from './operations.ts';

/** What was computed over secrets, as the scrubber has to know it. */
export interface DerivedKnowledge {
  /** `shows`: whoever has the request can tell it from that. */
  learn(bytes: Buffer, shows: boolean): void;
  /** The same of a text that is put together of secrets and other texts. */
  learnMixed(bytes: Buffer, shows: boolean): void;
  /** Undefined where that is more than answers can be searched for. */
  values(): readonly KnownSecret[] | undefined;
}

/** Of texts that whoever has the request has, and of all else. */
export const SHOWN_RESULT = 'derived';
const OTHER_RESULT = 'computed';

// A longer one holds what is known by itself; and no server has what was only computed on the way.
const MOST_NEEDLESS_BYTES = 4_096;

export function createDerivedKnowledge(): DerivedKnowledge {
  const known = new Map<string, string>();
  let room: number = limits.derivedKnownChars;
  const add = (value: string, id: string): void => {
    if (known.get(value) === SHOWN_RESULT) return;
    if (!known.has(value)) room -= value.length;
    known.set(value, id);
  };
  const learn = (bytes: Buffer, shows: boolean): void => {
    if (bytes.length === 0 || (!shows && bytes.length > MOST_NEEDLESS_BYTES)) return;
    const text = textOf(bytes);
    if (text !== undefined) add(text, shows ? SHOWN_RESULT : OTHER_RESULT);
    else for (const value of spellings(bytes, shows)) add(value, OTHER_RESULT);
  };
  return {
    learn,
    learnMixed(bytes, shows) {
      if (bytes.length <= MOST_NEEDLESS_BYTES) learn(bytes, shows);
    },
    values: () => (room < 0 ? undefined : Array.from(known, ([value, id]) => ({ id, value }))),
  };
}

/**
 * Bytes that are no text, as they can be written: the scrubber finds each in either case and alphabet. A server that undoes an encoding
 * of what it was sent has them.
 */
function spellings(bytes: Buffer, shows: boolean): readonly string[] {
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [bytes.toString('hex'), base64, ...(shows ? [bytes.toString('latin1')] : [])];
}

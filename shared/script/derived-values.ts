// The results of computations over secrets, by the number that stands in their references, and what a script made of a reference.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import type { TemplatePart } from '../template/template.ts';
import { createTemplateMeasure } from '../template/template-size.ts';
import type { DerivedOperation } from './derived.ts';
import type { LetterCase } from './live-text.ts';

type Derived = Extract<TemplatePart, { kind: 'derived' }>;

export interface DerivedValues {
  /** Failure: SCRIPT/NOT_COMPUTED where it is beyond the limits. */
  add(id: number, value: Pick<Derived, 'operation' | 'inputs'>): Result<void>;
  /** The part of a reference's name, as it reads after a change of its letters, with what stands behind its mark. */
  find(name: string, letters: LetterCase, signs: string | undefined, pad: string): TemplatePart | undefined;
}

export function createDerivedValues(): DerivedValues {
  const known = new Map<number, Derived>();
  const sizeOf = createTemplateMeasure();
  return {
    add(id, { operation, inputs }) {
      const part: Derived = { kind: 'derived', operation, inputs };
      const { chars, depth } = sizeOf([part]);
      if (depth > limits.derivedDepth) return tooMuch(`it nests deeper than ${limits.derivedDepth} levels`);
      if (chars > limits.scriptOutputChars) return tooMuch(`it has more than ${limits.scriptOutputChars} characters`);
      known.set(id, part);
      return ok(undefined);
    },
    find(name, letters, signs, pad) {
      const [, id] = /^derived:(\d{1,9})$/i.exec(name) ?? [];
      const result = id === undefined ? undefined : known.get(Number(id));
      const part = result && variantOf(result, signs, pad);
      return part && letters !== 'as-is' ? { kind: 'derived', operation: { name: letters }, inputs: [[part]] } : part;
    },
  };
}

function tooMuch(problem: string): Result<never> {
  return err(failure('SCRIPT/NOT_COMPUTED', { problem }));
}

/**
 * A script makes Base64 URL-safe by replacing characters: on a reference they work on the signs that stand in it for just that.
 * `{{derived:1_kw…+/}}=` is Base64 with its padding, `{{derived:1_kw…-_}}` is Base64url without.
 */
function variantOf(result: Derived, signs: string | undefined, pad: string): Derived | undefined {
  const { operation, inputs } = result;
  if (signs === undefined) return result;
  const to = VARIANTS[signs];
  if (to === undefined || operation.name !== 'encode') return undefined;
  const encoded: DerivedOperation = { name: 'encode', to, padded: pad === '=' };
  return { kind: 'derived', operation: encoded, inputs };
}

const VARIANTS: Readonly<Partial<Record<string, 'base64' | 'base64url'>>> = { '+/': 'base64', '-_': 'base64url' };

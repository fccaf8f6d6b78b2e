// What of a computation's inputs is a secret beside those that a script refers to, and how many computations there may be.
import { limits } from '../limits.ts';
import { type DerivedOperation, isReadable, keyInput } from '../script/derived.ts';
import { sealLiteral, sealReferences } from './lex.ts';
import type { Template } from './template.ts';

interface Computation {
  readonly operation: DerivedOperation;
  readonly inputs: readonly Template[];
}

/**
 * The inputs as they are to be rendered. A key is a sensitive place: a secret is what variables hold that stand in it, and a text that
 * is all of it. In a sensitive place so is what variables put into a result that can be read back; what a script writes beside it is not.
 */
export function derivedInputs({ operation, inputs }: Computation, inSensitivePlace: boolean): readonly Template[] {
  return inputs.map((input, index) => {
    if (index === keyInput(operation)) return sealReferences(input.flatMap((part) => sealKey(part, input)));
    return inSensitivePlace && isReadable(operation) ? sealReferences(input) : input;
  });
}

function sealKey(part: Template[number], input: Template): Template {
  return part.kind === 'text' && input.length === 1 ? sealLiteral(part.text, false) : [part];
}

/** Whether a request has more computations than it may, each counted wherever it stands, or they nest too deeply. */
export function isTooMuch(count: number, within: number): boolean {
  return count > limits.derivedInRequest || within >= limits.derivedDepth;
}

export const TOO_MUCH = { problem: 'the computations of its scripts are too many or nested too deeply' };

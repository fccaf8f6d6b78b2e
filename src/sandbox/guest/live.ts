// References as the guest handles them. What they stand for is outside; here a reference is a text with a mark.

import { limits } from '../../../shared/limits.ts';
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import type { ScriptDerived, ScriptNamed } from '../../../shared/script/job.ts';
import type { GuestLive } from './run.ts';

const MAX_DEPTH = 20;

export interface LiveReferences extends GuestLive {
  readonly derived: readonly ScriptDerived[];
  /** What was asked for by name, each once. */
  named(): readonly ScriptNamed[];
  /** The text with each live reference replaced by what `value` gives; where that is undefined it stays. */
  replace(text: string, value: (name: string) => string | undefined): string;
}

/** `variableText` gives a variable's text, undefined where there is none. */
export function createLiveReferences(
  nonce: string,
  variableText: (name: string) => string | undefined,
): LiveReferences {
  const mark = `_kw${nonce}`;
  const reference = new RegExp(String.raw`\{\{([^{}]*?)(${mark})([+-][/_])?\}\}`, 'gi');
  const anyMark = new RegExp(nonce, 'i');
  const marks = new RegExp(`${mark}(?:[+-][/_])?`, 'gi');
  const derived: ScriptDerived[] = [];
  const named = new Map<string, ScriptNamed>();
  const known = new Map<string, string>();

  const holdsSecret = (text: string, depth: number): boolean => {
    if (!anyMark.test(text)) return false;
    for (const [, name = '', found] of text.matchAll(reference)) {
      // What upper case makes of a reference is the signer's to say.
      if (found !== mark || /^(?:vault|captured|secret|derived):/i.test(name)) return true;
      const value = depth < MAX_DEPTH ? variableText(name) : undefined;
      if (value !== undefined && holdsSecret(value, depth + 1)) return true;
    }
    // A mark outside of a reference is what is left of one that was taken apart.
    return anyMark.test(text.replace(reference, ''));
  };
  const make = (operation: DerivedOperation, inputs: readonly string[]): string => {
    if (derived.length >= limits.derivedValues) {
      throw new RangeError(`More than ${limits.derivedValues} computations over secrets`);
    }
    const id = derived.length + 1;
    derived.push({ id, operation, inputs });
    const isBase64 = operation.name === 'encode' && operation.to === 'base64';
    return isBase64 ? `{{derived:${id}${mark}+/}}=` : `{{derived:${id}${mark}}}`;
  };
  return {
    derived,
    holdsSecret: (text) => holdsSecret(text, 0),
    derive(operation, inputs) {
      const key = JSON.stringify([operation, inputs]);
      const text = known.get(key) ?? make(operation, inputs);
      known.set(key, text);
      return text;
    },
    named: () => [...named.values()],
    reference(given, of) {
      const name = given.replace(/[{}]/g, '');
      const key = JSON.stringify([name, of]);
      if (named.size >= limits.scriptWrites && !named.has(key)) {
        throw new RangeError(`More than ${limits.scriptWrites} references made`);
      }
      named.set(key, { name, ...(of !== undefined && { of }) });
      return `{{${name}${mark}}}`;
    },
    plain: (text) => text.replace(marks, ''),
    replace: (text, value) => text.replace(reference, (whole, name: string) => value(name) ?? whole),
  };
}

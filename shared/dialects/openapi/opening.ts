import { isObject, type JsonObject } from '../../collection/narrow.ts';
import { majorOf, type OpenapiDocument } from './document.ts';
import { resolveReference, type UnresolvedReference } from './references.ts';
import { weigh } from './weigh.ts';

/** What one request is built from: its document, its notes, and how much example text it may still take. */
export interface Opening {
  readonly document: OpenapiDocument;
  readonly major: 2 | 3;
  /** Each sentence once, in the order in which they were noted. */
  readonly notes: ReadonlySet<string>;
  note(sentence: string): void;
  /** What a value stands for after its references; undefined where they lead nowhere, which is noted. */
  resolve(value: unknown): unknown;
  /** The same where it is an object, else one without members. */
  resolveObject(value: unknown): JsonObject;
  /** Whether an example still fits into the request; one that nests too deeply never does. */
  admit(example: unknown): boolean;
}

/** Characters of examples in one request: references can repeat a large one as often as they like. */
const EXAMPLE_CHARS = 1_000_000;

const UNRESOLVED: Readonly<Record<UnresolvedReference, string>> = {
  elsewhere: 'a part of it stands in another file, which is not read',
  nowhere: 'a reference in it leads nowhere',
  circle: 'a reference in it leads back to itself',
};

export function createOpening(document: OpenapiDocument): Opening {
  const notes = new Set<string>();
  let left = EXAMPLE_CHARS;
  const resolve = (value: unknown): unknown => {
    const resolved = resolveReference(document, value);
    if (resolved.ok) return resolved.value;
    notes.add(UNRESOLVED[resolved.why]);
    return undefined;
  };
  return {
    document,
    major: majorOf(document),
    notes,
    note: (sentence) => notes.add(sentence),
    resolve,
    resolveObject(value) {
      const found = resolve(value);
      return isObject(found) ? found : {};
    },
    admit(example) {
      const weight = weigh(example, left);
      if (weight <= left) {
        left -= weight;
        return true;
      }
      notes.add('an example in it is too large or nests too deeply and is left out');
      // Weighing takes time too.
      left = Math.floor(left / 2);
      return false;
    },
  };
}

/** An object's own member: names of the file can be those of Object.prototype. */
export function own(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

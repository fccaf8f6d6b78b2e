// What a configuration holds against its schema: the first thing wrong, in a sentence of ours.
import type { z } from 'zod';
import { nearestNames } from '../collection/nearest.ts';

/** One thing wrong: where it stands as a path of keys, and a sentence that quotes keys and rules but no value. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  /** The key itself is wrong, not its value. */
  readonly atKey: boolean;
  readonly problem: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly problem: ConfigProblem };

/** Checks plain data; nothing at all counts as an empty map. `jsonSchema` gives the same schema as JSON Schema, for the nearest key. */
export function checkStrict<T>(schema: z.ZodType<T>, jsonSchema: () => object, value: unknown): Checked<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { ok: true, config: parsed.data };
  const [issue] = parsed.error.issues;
  const problem = issue ? describe(issue, jsonSchema) : { path: [], atKey: false, problem: 'it is not valid' };
  return { ok: false, problem };
}

function describe(issue: z.core.$ZodIssue, jsonSchema: () => object): ConfigProblem {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '', jsonSchema());
  const name = path.length === 0 ? 'the file' : path.join('.');
  return { path, atKey: false, problem: `${name} ${requirement(issue)}` };
}

function unknownKey(path: readonly (string | number)[], key: string, jsonSchema: object): ConfigProblem {
  const [nearest] = nearestNames(key, knownKeys(path, jsonSchema), 1);
  const problem = `unknown key "${key}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
  return { path: [...path, key], atKey: true, problem };
}

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'custom':
      return issue.message;
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'is not valid';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of names',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function knownKeys(path: readonly (string | number)[], jsonSchema: object): string[] {
  let schema: unknown = jsonSchema;
  for (const step of path) schema = typeof step === 'number' ? partOf(schema, 'items') : propertiesOf(schema)[step];
  return Object.keys(propertiesOf(schema));
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = partOf(schema, 'properties');
  return typeof properties === 'object' ? { ...properties } : {};
}

function partOf(schema: unknown, name: 'items' | 'properties'): unknown {
  return typeof schema === 'object' && schema !== null ? new Map(Object.entries(schema)).get(name) : undefined;
}

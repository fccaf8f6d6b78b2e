import type { z } from 'zod';
import { nearestNames } from '../collection/nearest.ts';
import { configJsonSchema } from './json-schema.ts';
import { type Config, configSchema } from './schema.ts';

/** One thing wrong: where it stands as a path of keys, and a sentence that quotes keys and rules but no value. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  /** The key itself is wrong, not its value. */
  readonly atKey: boolean;
  readonly problem: string;
}

export type CheckedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problem: ConfigProblem };

/** Checks what a keyward.yaml holds, as plain data; nothing at all is a valid configuration. */
export function checkConfig(value: unknown): CheckedConfig {
  const parsed = configSchema.safeParse(value ?? {});
  if (parsed.success) return { ok: true, config: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: issue ? describe(issue) : { path: [], atKey: false, problem: 'it is not valid' } };
}

function describe(issue: z.core.$ZodIssue): ConfigProblem {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '');
  const name = path.length === 0 ? 'the file' : path.join('.');
  return { path, atKey: false, problem: `${name} ${requirement(issue)}` };
}

function unknownKey(path: readonly (string | number)[], key: string): ConfigProblem {
  const [nearest] = nearestNames(key, knownKeys(path), 1);
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

function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = configJsonSchema();
  for (const step of path) schema = propertiesOf(schema)[step];
  return Object.keys(propertiesOf(schema));
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const has = typeof schema === 'object' && schema !== null && 'properties' in schema;
  return has && typeof schema.properties === 'object' ? { ...schema.properties } : {};
}

import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { readBlockYaml } from '../../../shared/collection/block-yaml.ts';

/** What the `yaml` package makes of a text, with the options that the product reads YAML by; undefined for an error. */
export function packageValue(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parse(text, { uniqueKeys: false, logLevel: 'error', prettyErrors: false }) as unknown };
  } catch {
    return undefined;
  }
}

/** Whether the fast reader reads a text as the package does, gives it up, or takes it for something else. */
export function compareReaders(text: string): 'same' | 'given up' | 'different' {
  const ours = readBlockYaml(text);
  if (ours === undefined) return 'given up';
  const theirs = packageValue(text);
  if (theirs === undefined || !isDeepStrictEqual(ours, theirs.value)) return 'different';
  // The order of members counts too.
  return JSON.stringify(ours) === JSON.stringify(theirs.value) ? 'same' : 'different';
}

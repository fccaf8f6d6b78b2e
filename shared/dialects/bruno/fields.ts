import type { Field } from '../../collection/model.ts';
import type { Template } from '../../template/template.ts';
import type { BruPair } from './syntax.ts';
import type { Values } from './values.ts';

/** Pairs as fields; `seal` makes the value's template. */
export function readFields(
  pairs: readonly BruPair[],
  values: Values,
  seal: (name: string, value: string) => Template = values.field,
): Field[] {
  return pairs.map((pair) => ({
    name: values.plain(pair.name),
    value: seal(pair.name, pair.value),
    enabled: pair.enabled,
    ...descriptionOfPair(pair),
  }));
}

export function descriptionOfPair({ description }: BruPair): { readonly description?: string } {
  return description === undefined || description === '' ? {} : { description };
}

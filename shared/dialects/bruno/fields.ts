import type { Field } from '../../collection/model.ts';
import type { Template } from '../../template/template.ts';
import type { BruPair } from './syntax.ts';
import type { Values } from './values.ts';

type Seal = (name: string, value: string) => Template;

/** Pairs as fields; `seal` makes the value's template. */
export function readFields(pairs: readonly BruPair[], values: Values, seal: Seal = values.field): Field[] {
  return pairs.map((pair) => readField(pair, pair.enabled, values, seal));
}

/** One pair as a field that is enabled or not whatever the pair says. */
export function readField(pair: BruPair, enabled: boolean, values: Values, seal: Seal): Field {
  const { name, value } = pair;
  return { name: values.plain(name), value: seal(name, value), enabled, ...descriptionOfPair(pair) };
}

export function descriptionOfPair({ description }: BruPair): { readonly description?: string } {
  return description === undefined || description === '' ? {} : { description };
}

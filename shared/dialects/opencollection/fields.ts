import type { Field } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import type { Sealer } from './sealer.ts';

/** The schema says `disabled`; files of other writers say `enabled`, which counts where the former is absent. */
export function isEnabled(entry: JsonObject): boolean {
  if (typeof entry.disabled === 'boolean') return !entry.disabled;
  return entry.enabled !== false;
}

/** The selected one of a list of variants, else the first; anything but a list is itself. */
export function selectedVariant(stated: unknown, key: 'body' | 'value' | 'message'): unknown {
  if (!Array.isArray(stated)) return stated;
  const variants = stated.filter(isObject);
  return (variants.find((variant) => variant.selected === true) ?? variants[0])?.[key];
}

/** Named values; `seal` decides what of a value is a secret. Entries that are no objects are left out. */
export function readFields(
  list: unknown,
  seal: (name: string, value: string) => Field['value'],
  sealer: Sealer,
): Field[] {
  return listOr(list).flatMap((entry) => (isObject(entry) ? [toField(entry, seal, sealer)] : []));
}

function toField(entry: JsonObject, seal: (name: string, value: string) => Field['value'], sealer: Sealer): Field {
  const name = textOf(entry.name);
  return {
    name: sealer.plain(name),
    value: seal(name, textOf(entry.value)),
    enabled: isEnabled(entry),
    ...descriptionOf(entry.description),
  };
}

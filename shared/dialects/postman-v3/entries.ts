// Files in the wild state the same thing as a map of names to values or as a list of `{ key, value }`, wherever there is a list of names.
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';

/**
 * Either form as a list in the terms of version 2: `key` is a text, what is not enabled is `disabled`, a marked secret is of
 * type `secret`, no value is an empty one. In a map a name may stand for a list of values, or for `{ value, disabled }`.
 */
export function entriesOf(stated: unknown): JsonObject[] {
  if (isObject(stated)) return Object.entries(stated).flatMap(([key, value]) => ofName(key, value));
  return listOr(stated).flatMap((entry) => (isObject(entry) ? [toEntry(entry)] : []));
}

function ofName(key: string, value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap((each) => ofName(key, Array.isArray(each) ? textOf(each) : each));
  if (isObject(value) && ('value' in value || 'src' in value)) return [toEntry({ ...value, key })];
  return [toEntry({ key, value })];
}

function toEntry(entry: JsonObject): JsonObject {
  const { key, name, value, enabled, disabled, secret, type } = entry;
  return {
    ...entry,
    key: textOf(key ?? name),
    value: value ?? '',
    disabled: disabled === true || enabled === false,
    type: secret === true ? 'secret' : type,
  };
}

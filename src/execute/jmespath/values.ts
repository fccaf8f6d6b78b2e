// JSON values as JMESPath looks at them.
import { type Budget, readingSteps } from './budget.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Empty texts, lists and objects are as false as null and false. */
export function isFalse(value: unknown, { spend }: Budget): boolean {
  if (value === null || value === false || value === '') return true;
  if (isList(value)) return value.length === 0;
  if (!isObject(value)) return false;
  const { length } = Object.keys(value);
  spend(length);
  return length === 0;
}

/** Whether two values are the same JSON. */
export function equal(a: unknown, b: unknown, budget: Budget): boolean {
  budget.spend(typeof a === 'string' ? readingSteps(a) : 1);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, at) => equal(item, b[at], budget));
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const [names, others] = [Object.keys(a), Object.keys(b)];
  budget.spend(names.length + others.length);
  if (names.length !== others.length) return false;
  return names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name], budget));
}

import { textOf } from '../text-of.ts';

/** Whether two values are made of the same: as Node's isDeepStrictEqual, or loosely, where primitives are compared by `==`. */
export function isDeepEqual(
  one: unknown,
  other: unknown,
  isStrict = true,
  pairs: readonly (readonly [object, object])[] = [],
): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other)) {
    return !isStrict && isLooselyEqual(one, other);
  }
  if (isStrict && Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (pairs.some(([left, right]) => left === one && right === other)) return true;
  const equal = (left: unknown, right: unknown) => isDeepEqual(left, right, isStrict, [...pairs, [one, other]]);
  return isSameKind(one, other) && hasEqualContent(one, other, equal);
}

/** The operator `==` (ECMA-262, IsLooselyEqual), where NaN is the same as NaN. */
export function isLooselyEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || one === other) return true;
  if (one === undefined || one === null || other === undefined || other === null)
    return (one ?? other ?? null) === null;
  if (isObject(one) && isObject(other)) return false;
  const [left, right] = [primitiveOf(one), primitiveOf(other)];
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

function primitiveOf(value: unknown): unknown {
  if (!isObject(value)) return typeof value === 'boolean' ? Number(value) : value;
  const own: unknown = value.valueOf();
  return isObject(own) ? textOf(value) : own;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isSameKind(one: object, other: object): boolean {
  const tag = (value: object) => Object.prototype.toString.call(value);
  if (tag(one) !== tag(other)) return false;
  if (one instanceof RegExp) return String(one) === textOf(other);
  if (one instanceof Error && other instanceof Error) return one.name === other.name && one.message === other.message;
  const isBoxed = one instanceof Date || one instanceof Number || one instanceof String || one instanceof Boolean;
  return !isBoxed || Object.is(one.valueOf(), other.valueOf());
}

type Equal = (left: unknown, right: unknown) => boolean;

function hasEqualContent(one: object, other: object, equal: Equal): boolean {
  if (one instanceof Set && other instanceof Set) {
    return (
      one.size === other.size &&
      [...one].every((item) => other.has(item) || [...other].some((each) => equal(item, each)))
    );
  }
  if (one instanceof Map && other instanceof Map) {
    return one.size === other.size && [...one].every(([key, item]) => other.has(key) && equal(item, other.get(key)));
  }
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && equal(Reflect.get(one, name), Reflect.get(other, name)));
}

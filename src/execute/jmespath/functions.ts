// The functions of the JMESPath specification, each paying from the budget before it makes anything.
import { type Budget, payForJson, Refusal, readingSteps } from './budget.ts';
import { equal, isList, isObject, type JsonObject } from './values.ts';

interface SelectFunction {
  readonly arity: readonly [least: number, most: number];
  /** Which argument is an expression, written `&expression`; the others are values. */
  readonly expressionAt?: number;
  readonly run: (args: readonly unknown[], budget: Budget) => unknown;
}

const one = [1, 1] as const;
const two = [2, 2] as const;
const many = [1, Number.POSITIVE_INFINITY] as const;

const table: Readonly<Record<string, SelectFunction>> = {
  abs: { arity: one, run: ([value]) => Math.abs(number(value)) },
  avg: { arity: one, run: ([list], budget) => average(numbers(list, budget)) },
  ceil: { arity: one, run: ([value]) => Math.ceil(number(value)) },
  contains: { arity: two, run: ([where, what], budget) => contains(where, what, budget) },
  ends_with: { arity: two, run: ([value, end]) => text(value).endsWith(text(end)) },
  floor: { arity: one, run: ([value]) => Math.floor(number(value)) },
  join: { arity: two, run: ([separator, list], budget) => join(text(separator), texts(list, budget), budget) },
  keys: { arity: one, run: ([value], budget) => paid(Object.keys(object(value)), budget) },
  length: { arity: one, run: ([value], budget) => lengthOf(value, budget) },
  map: {
    arity: two,
    expressionAt: 0,
    run: ([each, list], budget) => paid(items(list), budget).map((item) => expression(each)(item)),
  },
  max: { arity: one, run: ([list], budget) => best(comparables(list, budget), (a, b) => a > b) },
  max_by: {
    arity: two,
    expressionAt: 1,
    run: ([list, by], budget) => bestBy(keyed(list, by, budget), (a, b) => a > b),
  },
  merge: { arity: many, run: (values, budget) => merge(values.map(object), budget) },
  min: { arity: one, run: ([list], budget) => best(comparables(list, budget), (a, b) => a < b) },
  min_by: {
    arity: two,
    expressionAt: 1,
    run: ([list, by], budget) => bestBy(keyed(list, by, budget), (a, b) => a < b),
  },
  not_null: { arity: many, run: (values) => values.find((value) => value !== null) ?? null },
  reverse: { arity: one, run: ([value], budget) => reverse(value, budget) },
  sort: { arity: one, run: ([list], budget) => sorted(comparables(list, budget), budget) },
  sort_by: { arity: two, expressionAt: 1, run: ([list, by], budget) => sortBy(keyed(list, by, budget), budget) },
  starts_with: { arity: two, run: ([value, start]) => text(value).startsWith(text(start)) },
  sum: { arity: one, run: ([list], budget) => finite(total(numbers(list, budget))) },
  to_array: { arity: one, run: ([value]) => (isList(value) ? value : [value]) },
  to_number: { arity: one, run: ([value], budget) => toNumber(value, budget) },
  to_string: { arity: one, run: ([value], budget) => toText(value, budget) },
  type: { arity: one, run: ([value]) => typeOf(value) },
  values: { arity: one, run: ([value], budget) => paid(Object.values(object(value)), budget) },
};

export const functions: ReadonlyMap<string, SelectFunction> = new Map(Object.entries(table));

function misfit(): never {
  throw new Refusal('it does not fit the data');
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : misfit();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : misfit();
}

function items(value: unknown): readonly unknown[] {
  return isList(value) ? value : misfit();
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : misfit();
}

function expression(value: unknown): (item: unknown) => unknown {
  return typeof value === 'function' ? (value as (item: unknown) => unknown) : misfit();
}

/** The list, once its places are paid for. */
function paid<T>(list: readonly T[], { spend }: Budget): readonly T[] {
  spend(list.length);
  return list;
}

function numbers(list: unknown, budget: Budget): readonly number[] {
  return paid(items(list), budget).map(number);
}

function texts(list: unknown, budget: Budget): readonly string[] {
  const values = items(list).map(text);
  budget.spend(total(values.map(readingSteps)));
  return values;
}

type Comparable = string | number;

/** Numbers only or texts only. */
function comparables(list: unknown, budget: Budget): readonly Comparable[] {
  return typeof items(list)[0] === 'number' ? numbers(list, budget) : texts(list, budget);
}

interface Keyed {
  readonly item: unknown;
  readonly key: Comparable;
}

function keyed(list: unknown, by: unknown, budget: Budget): readonly Keyed[] {
  const values = items(list);
  const keys = comparables(paid(values, budget).map(expression(by)), budget);
  return values.map((item, at) => ({ item, key: keys[at] ?? misfit() }));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : finite(total(values) / values.length);
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function contains(where: unknown, what: unknown, budget: Budget): boolean {
  if (typeof where !== 'string') return items(where).some((item) => equal(item, what, budget));
  budget.spend(where.length);
  return where.includes(text(what));
}

function join(separator: string, parts: readonly string[], { spend }: Budget): string {
  spend(separator.length * parts.length + total(parts.map(({ length }) => length)));
  return parts.join(separator);
}

function lengthOf(value: unknown, budget: Budget): number {
  if (typeof value === 'string' || isList(value)) return value.length;
  return paid(Object.keys(object(value)), budget).length;
}

function merge(values: readonly JsonObject[], budget: Budget): JsonObject {
  return Object.fromEntries(values.flatMap((value) => paid(Object.entries(value), budget)));
}

function reverse(value: unknown, budget: Budget): unknown {
  if (typeof value !== 'string') return [...paid(items(value), budget)].reverse();
  budget.spend(value.length);
  return Array.from(value).reverse().join('');
}

function best<T>(values: readonly T[], wins: (a: T, b: T) => boolean): T | null {
  const [first, ...others] = values;
  return first === undefined
    ? null
    : others.reduce((champion, value) => (wins(value, champion) ? value : champion), first);
}

function bestBy(values: readonly Keyed[], wins: (a: Comparable, b: Comparable) => boolean): unknown {
  return best(values, (a, b) => wins(a.key, b.key))?.item ?? null;
}

function sorted(values: readonly Comparable[], budget: Budget): readonly Comparable[] {
  payForSorting(values, budget);
  return [...values].sort(compare);
}

function sortBy(values: readonly Keyed[], budget: Budget): readonly unknown[] {
  payForSorting(
    values.map(({ key }) => key),
    budget,
  );
  return [...values].sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
}

function payForSorting(values: readonly Comparable[], { spend }: Budget): void {
  const once = total(values.map((value) => (typeof value === 'string' ? readingSteps(value) : 1)));
  spend(Math.ceil(once * Math.log2(values.length + 1)));
}

function compare(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function toNumber(value: unknown, { spend }: Budget): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  spend(value.length);
  return finite(Number(value));
}

function toText(value: unknown, budget: Budget): string {
  if (typeof value === 'string') return value;
  payForJson(value, budget);
  return JSON.stringify(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return isList(value) ? 'array' : typeof value;
}

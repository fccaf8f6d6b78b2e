import { limits } from '../../shared/limits.ts';

/** The structure of a JSON value: keys, types, counts and one example per leaf. */
export type Shape =
  | { readonly type: 'object'; readonly keys: Readonly<Record<string, Shape>>; readonly more_keys?: number }
  | { readonly type: 'array'; readonly count: number; readonly items?: Shape }
  | { readonly type: string; readonly example?: unknown };

/** Describes a redacted JSON value. Array items are described by the union of the keys of the first ones. */
export function shapeOf(value: unknown, depth = 0): Shape {
  if (Array.isArray(value)) return shapeOfArray(value, depth);
  if (typeof value === 'object' && value !== null) return shapeOfObject(value, depth);
  if (value === null) return { type: 'null' };
  return { type: typeof value, example: example(value) };
}

const SAMPLED_ITEMS = 50;

function shapeOfArray(items: readonly unknown[], depth: number): Shape {
  if (items.length === 0 || depth >= limits.shapeDepth) return { type: 'array', count: items.length };
  const sample = items.slice(0, SAMPLED_ITEMS);
  const objects = sample.filter(isPlainObject);
  const typical: unknown = objects.length === sample.length ? mergeKeys(objects) : sample[0];
  return { type: 'array', count: items.length, items: shapeOf(typical, depth + 1) };
}

function shapeOfObject(value: object, depth: number): Shape {
  const entries = Object.entries(value) as [string, unknown][];
  if (depth >= limits.shapeDepth) return { type: 'object', keys: {}, more_keys: entries.length };
  const shown = entries.slice(0, limits.shapeKeys);
  const keys = Object.fromEntries(shown.map(([key, child]) => [key, shapeOf(child, depth + 1)]));
  const more = entries.length - shown.length;
  return more > 0 ? { type: 'object', keys, more_keys: more } : { type: 'object', keys };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first non-null value of each key. */
function mergeKeys(objects: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged = new Map<string, unknown>();
  for (const [key, value] of objects.flatMap((object) => Object.entries(object))) {
    if (merged.get(key) === undefined || merged.get(key) === null) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function example(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= limits.shapeExampleChars) return value;
  return `${value.slice(0, limits.shapeExampleChars)}…`;
}

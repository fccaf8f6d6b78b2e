import { limits } from '../../shared/limits.ts';

/** The structure of a JSON value: keys, types, counts and one example per leaf. */
export type Shape =
  | { readonly type: 'object'; readonly keys: Readonly<Record<string, Shape>>; readonly more_keys?: number }
  | { readonly type: 'array'; readonly count: number; readonly items?: Shape }
  | { readonly type: string; readonly example?: unknown };

/**
 * Describes a redacted JSON value in at most `maxChars` characters of JSON, as deep as that allows; `whole` where it is as
 * deep as a shape ever is. Array items are described by the union of the keys of the first ones.
 */
export function shapeOf(value: unknown, maxChars: number): { readonly shape: Shape; readonly whole: boolean } {
  for (let levels: number = limits.shapeDepth; ; levels -= 1) {
    const room: Room = { shapes: Math.ceil(maxChars / LEAST_CHARS) };
    const shape = describe(value, levels, room);
    const fits = room.shapes >= 0 && JSON.stringify(shape).length <= maxChars;
    if (fits || levels === 0) return { shape, whole: fits && levels === limits.shapeDepth };
  }
}

/** How many shapes may still be described: beyond that they do not fit, whatever they are. */
interface Room {
  shapes: number;
}

const NONE: Shape = { type: 'null' };
const LEAST_CHARS = JSON.stringify(NONE).length;

function describe(value: unknown, levels: number, room: Room): Shape {
  room.shapes -= 1;
  if (room.shapes < 0 && levels > 0) return NONE;
  if (Array.isArray(value)) return describeArray(value, levels, room);
  if (typeof value === 'object' && value !== null) return describeObject(value, levels, room);
  if (value === null) return NONE;
  return { type: typeof value, example: typeof value === 'string' ? beginningOf(value) : value };
}

const SAMPLED_ITEMS = 50;

function describeArray(items: readonly unknown[], levels: number, room: Room): Shape {
  if (items.length === 0 || levels === 0) return { type: 'array', count: items.length };
  const sample = items.slice(0, SAMPLED_ITEMS);
  const objects = sample.filter(isPlainObject);
  const typical: unknown = objects.length === sample.length ? mergeKeys(objects) : sample[0];
  return { type: 'array', count: items.length, items: describe(typical, levels - 1, room) };
}

function describeObject(value: object, levels: number, room: Room): Shape {
  const entries = Object.entries(value) as [string, unknown][];
  const shown = levels === 0 ? [] : entries.slice(0, limits.shapeKeys);
  const keys = Object.fromEntries(shown.map(([key, child]) => [beginningOf(key), describe(child, levels - 1, room)]));
  const more = entries.length - Object.keys(keys).length;
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

function beginningOf(text: string): string {
  if (text.length <= limits.shapeExampleChars) return text;
  return `${text.slice(0, limits.shapeExampleChars)}…`;
}

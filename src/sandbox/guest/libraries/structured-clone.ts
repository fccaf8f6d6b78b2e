// structuredClone of the HTML standard, for what scripts have: plain values, dates, expressions, maps, sets, bytes and errors.

import { DOMException } from './dom-exception.ts';
import { textOf } from './text-of.ts';

export function structuredClone(value: unknown): unknown {
  return clone(value, new Map());
}

type Known = Map<object, object>;

function clone(value: unknown, known: Known): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DOMException(`${textOf(value)} could not be cloned.`, 'DataCloneError');
  }
  if (typeof value !== 'object' || value === null) return value;
  const before = known.get(value);
  if (before) return before;
  const copy = emptyCopy(value);
  known.set(value, copy);
  if (value instanceof Map && copy instanceof Map)
    for (const [key, item] of value) copy.set(clone(key, known), clone(item, known));
  else if (value instanceof Set && copy instanceof Set) for (const item of value) copy.add(clone(item, known));
  else if (isPlain(value))
    for (const [name, item] of Object.entries(value)) Reflect.set(copy, name, clone(item, known));
  return copy;
}

function isPlain(value: object): boolean {
  return !(
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof Error ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  );
}

function emptyCopy(value: object): object {
  if (Array.isArray(value)) return new Array<unknown>(value.length);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof Error) return Object.assign(new Error(value.message), { name: value.name, stack: value.stack });
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof Promise || value instanceof WeakMap)
    throw new DOMException(`${textOf(value)} could not be cloned.`, 'DataCloneError');
  return {};
}

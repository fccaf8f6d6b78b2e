// A value as a person reads it: texts as they are, all else close to JSON.
import { textOf } from './text-of.ts';

const MAX_VALUES = 4_000;

/** Never throws; cycles, functions and errors are named. */
export function inspect(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (typeof value !== 'object' || value === null) return inspectPlain(value);
    return value instanceof Error ? `${value.name}: ${value.message}` : inspectObject(value);
  } catch {
    return '[a value that cannot be shown]';
  }
}

function inspectPlain(value: unknown): string {
  if (typeof value !== 'function') return textOf(value);
  return value.name === '' ? '[Function]' : `[Function: ${value.name}]`;
}

function inspectObject(value: object): string {
  const path: object[] = [];
  let left = MAX_VALUES;
  return JSON.stringify(value, function show(this: object, _name: string, inner: unknown): unknown {
    left -= 1;
    if (left < 0) return undefined;
    if (['function', 'bigint', 'symbol'].includes(typeof inner)) return inspectPlain(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    // `this` is what holds the value: everything behind it on the path is done with.
    while (path.length > 0 && path.at(-1) !== this) path.pop();
    if (path.includes(inner)) return '[Circular]';
    path.push(inner);
    return inner instanceof Map || inner instanceof Set ? { [inner.constructor.name]: [...inner] } : inner;
  });
}

import { isObject, type JsonObject, listOr } from '../../collection/narrow.ts';

const MERGE = '<<';

/**
 * Does what YAML 1.1 does with `<<`, in place: the members of the mappings named there, as far as the mapping around does not
 * state them itself. YAML 1.2 dropped it, and many documents rely on it. The value must not nest too deeply.
 */
export function applyMergeKeys(value: unknown): void {
  merge(value, new Set());
}

// An anchor and its aliases are one object: each is merged once, before what merges it.
function merge(value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const inner of Object.values(value)) merge(inner, seen);
  if (!isObject(value) || !Object.hasOwn(value, MERGE)) return;
  const sources = listOr(Array.isArray(value[MERGE]) ? value[MERGE] : [value[MERGE]]).filter(isObject);
  if (sources.length === 0) return;
  Reflect.deleteProperty(value, MERGE);
  for (const source of sources) addMissing(value, source);
}

function addMissing(target: JsonObject, source: JsonObject): void {
  for (const [name, inner] of Object.entries(source)) {
    if (Object.hasOwn(target, name)) continue;
    Object.defineProperty(target, name, { value: inner, enumerable: true, configurable: true, writable: true });
  }
}

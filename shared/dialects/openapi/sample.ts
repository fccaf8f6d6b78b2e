// An example made from a schema: what the file states where it states something, else a value that fits type and format.
import { isObject, type JsonObject, listOr } from '../../collection/narrow.ts';
import type { Opening } from './opening.ts';
import { ownValue } from './stated-values.ts';

/** Schemas that one example may visit: a few references can describe a tree of millions. */
const MAX_SCHEMAS = 2_000;
const MAX_DEPTH = 12;
const MAX_PROPERTIES = 200;
const MAX_ITEMS = 10;

interface Sampling {
  readonly opening: Opening;
  readonly budget: { left: number };
  /** References on the way here, outermost first. */
  readonly path: readonly string[];
  readonly depth: number;
}

/** An example that a client could send; undefined where the schema is nothing but a circle. What is read-only is left out. */
export function sampleOf(schema: unknown, opening: Opening): unknown {
  return sample(schema, { opening, budget: { left: MAX_SCHEMAS }, path: [], depth: 0 });
}

function sample(stated: unknown, outer: Sampling): unknown {
  outer.budget.left -= 1;
  if (outer.depth > MAX_DEPTH || outer.budget.left < 0) return undefined;
  const entered = enter(stated, outer);
  if (!entered) return undefined;
  const { schema, inner } = entered;
  const value = ownValue(schema, inner.opening);
  if (value !== undefined) return value.value;
  const merged = merge(schema, inner);
  if (merged.value !== undefined) return merged.value;
  return isShapeless(merged) ? scalar(merged.typed, merged.type) : structure(merged, inner);
}

/** The schema itself with its reference on the path; undefined where that leads back into itself or nowhere. */
function enter(stated: unknown, outer: Sampling): { schema: JsonObject; inner: Sampling } | undefined {
  if (typeof stated === 'boolean') return { schema: {}, inner: outer };
  const reference = isObject(stated) && typeof stated.$ref === 'string' ? stated.$ref : undefined;
  if (reference !== undefined && outer.path.includes(reference)) return undefined;
  const schema = outer.opening.resolve(stated);
  const path = reference === undefined ? outer.path : [...outer.path, reference];
  return isObject(schema) ? { schema, inner: { ...outer, path, depth: outer.depth + 1 } } : undefined;
}

/** A schema together with what it is composed of. */
interface Merged {
  readonly properties: Map<string, { readonly schema: unknown; readonly path: readonly string[] }>;
  type: string | undefined;
  /** What stated the type, or says most about it. */
  typed: JsonObject;
  items: unknown;
  prefixItems: readonly unknown[];
  minItems: number;
  additional: unknown;
  /** What a part states for the whole. */
  value: unknown;
}

function merge(schema: JsonObject, sampling: Sampling): Merged {
  const merged: Merged = {
    properties: new Map(),
    type: undefined,
    typed: schema,
    items: undefined,
    prefixItems: [],
    minItems: 1,
    additional: undefined,
    value: undefined,
  };
  mergeInto(merged, schema, sampling);
  return merged;
}

function mergeInto(merged: Merged, schema: JsonObject, sampling: Sampling): void {
  for (const part of listOr(schema.allOf)) mergePart(merged, part, sampling);
  for (const choices of [schema.oneOf, schema.anyOf]) {
    const choice = listOr(choices).find((each) => !isObject(each) || each.type !== 'null');
    if (choice !== undefined) mergePart(merged, choice, sampling);
  }
  const type = typeOf(schema);
  if (type !== undefined) [merged.type, merged.typed] = [type, schema];
  merged.items = schema.items ?? merged.items;
  if (Array.isArray(schema.prefixItems)) merged.prefixItems = listOr(schema.prefixItems);
  if (typeof schema.minItems === 'number') merged.minItems = schema.minItems;
  merged.additional = schema.additionalProperties ?? merged.additional;
  if (!isObject(schema.properties)) return;
  for (const name of Object.keys(schema.properties)) {
    if (merged.properties.size >= MAX_PROPERTIES) break;
    merged.properties.set(name, { schema: schema.properties[name], path: sampling.path });
  }
}

function mergePart(merged: Merged, part: unknown, outer: Sampling): void {
  outer.budget.left -= 1;
  if (outer.depth > MAX_DEPTH || outer.budget.left < 0) return;
  const entered = enter(part, outer);
  if (!entered) return;
  const value = ownValue(entered.schema, outer.opening);
  if (value !== undefined && (merged.value === undefined || !isObject(value.value))) merged.value = value.value;
  else if (value !== undefined) merged.value = { ...objectOf(merged.value), ...objectOf(value.value) };
  mergeInto(merged, entered.schema, entered.inner);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function typeOf({ type }: JsonObject): string | undefined {
  if (typeof type === 'string') return type;
  const [first] = listOr(type).filter((each) => each !== 'null');
  return typeof first === 'string' ? first : Array.isArray(type) && type.length > 0 ? 'null' : undefined;
}

function isShapeless({ type, properties, items, prefixItems, additional }: Merged): boolean {
  if (type !== undefined) return type !== 'object' && type !== 'array';
  return properties.size === 0 && items === undefined && prefixItems.length === 0 && !isObject(additional);
}

function structure(merged: Merged, sampling: Sampling): unknown {
  const { type, items, prefixItems } = merged;
  const isList =
    type === 'array' ||
    (type === undefined && merged.properties.size === 0 && (items !== undefined || prefixItems.length > 0));
  return isList ? list(merged, sampling) : record(merged, sampling);
}

function list({ items, prefixItems, minItems }: Merged, sampling: Sampling): unknown[] {
  const first = prefixItems.slice(0, MAX_ITEMS).map((each) => sample(each, sampling));
  const wanted = Math.min(Math.max(minItems, first.length > 0 ? 0 : 1), MAX_ITEMS) - first.length;
  const more =
    items === undefined || items === false
      ? []
      : Array.from({ length: Math.max(wanted, 0) }, () => sample(items, sampling));
  return [...first, ...more].filter((each) => each !== undefined);
}

function record({ properties, additional }: Merged, sampling: Sampling): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [name, { schema, path }] of properties) {
    const inner = { ...sampling, path };
    if (isReadOnly(schema, inner)) continue;
    const value = sample(schema, inner);
    if (value !== undefined) entries.push([name, value]);
  }
  if (properties.size === 0 && isObject(additional)) {
    const value = sample(additional, sampling);
    if (value !== undefined) entries.push(['<key>', value]);
  }
  return Object.fromEntries(entries);
}

function isReadOnly(stated: unknown, { opening }: Sampling): boolean {
  return opening.resolveObject(stated).readOnly === true;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: '2024-01-01',
  'date-time': '2024-01-01T00:00:00Z',
  time: '00:00:00Z',
  duration: 'P1D',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com',
  url: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
};

// In angle brackets a value is a placeholder to everybody who reads it, also under the name of a secret.
function scalar(schema: JsonObject, type: string | undefined): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return numberWithin(schema, type === 'integer' ? 1 : 0.5);
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'file':
      return '<binary>';
    case 'string':
    case undefined: {
      const format = typeof schema.format === 'string' ? schema.format : (type ?? 'value');
      if (Object.hasOwn(FORMATS, format)) return FORMATS[format];
      return /^[\w -]{1,40}$/.test(format) ? `<${format}>` : '<string>';
    }
    default:
      return '<value>';
  }
}

function numberWithin(schema: JsonObject, step: number): number {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + step;
  if (typeof minimum === 'number' && minimum > 0) return exclusiveMinimum === true ? minimum + step : minimum;
  if (typeof maximum === 'number' && maximum < 0) return maximum;
  return exclusiveMinimum === true && minimum === 0 ? step : 0;
}

// Tolerant reading of other people's JSON: a value of the wrong kind reads as absent.

import { limits } from '../limits.ts';
import { nestsWithin } from '../nests-within.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Text as Postman would send it: strings as they are, numbers and booleans spelt, structures as JSON, nothing as ''. A
 * structure that nests deeper than limits.valueDepth reads as absent too: writing it would exhaust the stack.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined || value === null || !nestsWithin(value, limits.valueDepth)) return '';
  return JSON.stringify(value);
}

/** A description is a string or `{ content, type }`. */
export function descriptionOf(value: unknown): { readonly description?: string } {
  const text = isObject(value) ? value.content : value;
  return typeof text === 'string' && text !== '' ? { description: text } : {};
}

// Tolerant reading of other people's JSON: a value of the wrong kind reads as absent.

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

/** Text as Postman would send it: strings as they are, numbers and booleans spelt, structures as JSON, nothing as ''. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** A description is a string or `{ content, type }`. */
export function descriptionOf(value: unknown): { readonly description?: string } {
  const text = isObject(value) ? value.content : value;
  return typeof text === 'string' && text !== '' ? { description: text } : {};
}

// What scripts give can be anything.

/** Nothing for null and undefined, JSON for objects. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'symbol' ? value.toString() : String(value as string | number | boolean | bigint);
}

/** Undefined where it is no function. */
export function called(body: unknown, ...values: readonly unknown[]): unknown {
  return typeof body === 'function' ? (Reflect.apply(body, undefined, values) as unknown) : undefined;
}

/** JSON that was just written, or is hoped to be. Throws a SyntaxError. */
export function parsedJson(text: string): unknown {
  return JSON.parse(text) as unknown;
}

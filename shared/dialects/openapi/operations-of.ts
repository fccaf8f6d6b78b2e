import { isObject, type JsonObject } from '../../collection/narrow.ts';

/** The fixed fields of a path item that are operations; `query` since 3.2. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;
const KNOWN: ReadonlySet<string> = new Set(METHODS);
/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/;

export interface StatedOperation {
  /** As sent. */
  readonly method: string;
  readonly operation: unknown;
}

/** The operations of a path item in file order, those that 3.2 lists by any method last. */
export function operationsOf(item: JsonObject): StatedOperation[] {
  const found: StatedOperation[] = [];
  for (const key in item) if (KNOWN.has(key)) found.push({ method: key.toUpperCase(), operation: item[key] });
  const { additionalOperations } = item;
  if (!isObject(additionalOperations)) return found;
  const more = Object.entries(additionalOperations).filter(
    ([method]) => TOKEN.test(method) && !KNOWN.has(method.toLowerCase()),
  );
  return [...found, ...more.map(([method, operation]) => ({ method, operation }))];
}

/** The operation of a method. */
export function operationOf(item: JsonObject, method: string): unknown {
  return operationsOf(item).find((each) => each.method === method)?.operation;
}

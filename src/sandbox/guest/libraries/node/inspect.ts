// Node's `util.inspect`, without colours: a value as a person reads it.
export interface InspectOptions {
  readonly depth?: number | null;
  readonly compact?: boolean;
}

const MAX_ITEMS = 100;
const LINE = 72;

export function inspect(value: unknown, options: InspectOptions = {}): string {
  const depth = options.depth === null ? Number.POSITIVE_INFINITY : (options.depth ?? 2);
  return describe(value, { depth, above: [] });
}

interface Place {
  readonly depth: number;
  readonly above: readonly object[];
}

function describe(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return describeFunction(value);
    case 'object':
      return value === null ? 'null' : describeObject(value, place);
    case 'symbol':
    case 'boolean':
    case 'undefined':
      return String(value);
  }
}

function quote(text: string): string {
  const sign = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"');
  return `${sign}${sign === "'" ? escaped.replace(/'/g, "\\'") : escaped}${sign}`;
}

function describeFunction(value: object & { readonly name: string }): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function';
  return kind === 'class'
    ? `[class ${value.name || '(anonymous)'}]`
    : `[Function${value.name ? `: ${value.name}` : ' (anonymous)'}]`;
}

function describeObject(value: object, place: Place): string {
  if (place.above.includes(value)) return '[Circular *1]';
  const simple = describeSimple(value);
  if (simple !== undefined) return simple;
  const name = constructorName(value);
  if (place.above.length > place.depth)
    return Array.isArray(value) ? '[Array]' : `[${name ?? 'Object: null prototype'}]`;
  const inner = (item: unknown) => describe(item, { ...place, above: [...place.above, value] });
  if (Array.isArray(value)) return wrap('[', ']', listed(value, inner));
  if (value instanceof Uint8Array)
    return `${name}(${value.length}) ${wrap('[', ']', listed([...value.subarray(0, MAX_ITEMS)], inner))}`;
  if (value instanceof Map) {
    return `Map(${value.size}) ${wrap(
      '{',
      '}',
      [...value].map(([key, item]) => `${inner(key)} => ${inner(item)}`),
    )}`;
  }
  if (value instanceof Set) return `Set(${value.size}) ${wrap('{', '}', listed([...value], inner))}`;
  const prefix = name === 'Object' ? '' : `${name ?? '[Object: null prototype]'} `;
  return `${prefix}${wrap('{', '}', fieldsOf(value, inner))}`;
}

function describeSimple(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return value.stack?.includes(value.message) ? value.stack : `[${value}]`;
  if (value instanceof Promise) return 'Promise { <pending> }';
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return `[${constructorName(value)}: ${describe(value.valueOf(), { depth: 0, above: [] })}]`;
  }
  return undefined;
}

function constructorName(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  return 'constructor' in prototype ? (prototype.constructor as { name?: string }).name : 'Object';
}

function listed(items: readonly unknown[], inner: (item: unknown) => string): string[] {
  const shown = items.slice(0, MAX_ITEMS).map(inner);
  const more = items.length - shown.length;
  return more > 0 ? [...shown, `... ${more} more item${more > 1 ? 's' : ''}`] : shown;
}

function fieldsOf(value: object, inner: (item: unknown) => string): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([, descriptor]) => descriptor.enumerable)
    .map(([name, { get, set, value: item }]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
      const accessor = get && set ? '[Getter/Setter]' : get ? '[Getter]' : '[Setter]';
      return `${key}: ${get || set ? accessor : inner(item)}`;
    });
}

function wrap(open: string, close: string, items: readonly string[]): string {
  if (items.length === 0) return `${open}${close}`;
  const line = items.join(', ');
  if (line.length <= LINE && !line.includes('\n')) return `${open} ${line} ${close}`;
  return `${open}\n${items.map((item) => `  ${item.replace(/\n/g, '\n  ')}`).join(',\n')}\n${close}`;
}

// The part of Node's `util` that scripts use.
import { isDeepEqual } from './deep-equal.ts';
import { inspect } from './inspect.ts';

type Callback = (error: unknown, value?: unknown) => void;
type AnyFunction = (...values: unknown[]) => unknown;

/** `%s %d %i %f %j %o %O %c %%`, and what is left behind them. */
export function format(...values: unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string') return values.map(shown).join(' ');
  let used = 0;
  const text = first.replace(/%[sdifjoOc%]/g, (directive) => {
    if (directive === '%%') return '%';
    if (used >= rest.length) return directive;
    used += 1;
    return written(directive, rest[used - 1]);
  });
  return [text, ...rest.slice(used).map(shown)].join(' ');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

function written(directive: string, value: unknown): string {
  switch (directive) {
    case '%s':
      return typeof value === 'object' && value !== null ? inspect(value, { depth: 0 }) : String(value);
    case '%d':
      return typeof value === 'object' ? 'NaN' : String(Number(value));
    case '%i':
      return String(Number.parseInt(String(value), 10));
    case '%f':
      return String(Number.parseFloat(String(value)));
    case '%j':
      return JSON.stringify(value);
    case '%c':
      return '';
    default:
      return inspect(value, { depth: 4 });
  }
}

function promisify(work: AnyFunction) {
  return function (this: unknown, ...values: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error) : resolve(value));
      work.apply(this, [...values, done]);
    });
  };
}

function callbackify(work: (...values: unknown[]) => Promise<unknown>) {
  return (...values: unknown[]): void => {
    const done = values.pop() as Callback;
    work(...values).then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    );
  };
}

function inherits(child: AnyFunction & { super_?: unknown }, parent: AnyFunction): void {
  child.super_ = parent;
  Object.setPrototypeOf(child.prototype, parent.prototype as object);
}

const isTag = (tag: string) => (value: unknown) => Object.prototype.toString.call(value) === `[object ${tag}]`;
const isType = (type: string) => (value: unknown) => typeof value === type;

const types = {
  isDate: isTag('Date'),
  isRegExp: isTag('RegExp'),
  isMap: isTag('Map'),
  isSet: isTag('Set'),
  isPromise: isTag('Promise'),
  isNativeError: (value: unknown) => value instanceof Error,
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: isTag('Uint8Array'),
  isArrayBuffer: isTag('ArrayBuffer'),
  isAsyncFunction: isTag('AsyncFunction'),
  isGeneratorFunction: isTag('GeneratorFunction'),
};

const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

export const util = {
  format,
  inspect,
  promisify,
  callbackify,
  inherits,
  types,
  isDeepStrictEqual: (one: unknown, other: unknown) => isDeepEqual(one, other),
  deprecate: (work: AnyFunction) => work,
  debuglog: () => () => undefined,
  stripVTControlCharacters: (text: string) => text.replaceAll(colour, ''),
  isArray: Array.isArray,
  isBoolean: isType('boolean'),
  isNumber: isType('number'),
  isString: isType('string'),
  isSymbol: isType('symbol'),
  isUndefined: isType('undefined'),
  isFunction: isType('function'),
  isObject: (value: unknown) => typeof value === 'object' && value !== null,
  isNull: (value: unknown) => value === null,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isPrimitive: (value: unknown) => Object(value) !== value,
  isRegExp: types.isRegExp,
  isDate: types.isDate,
  isError: types.isNativeError,
};

// Node's `assert`.
import { isDeepEqual, isLooselyEqual } from './deep-equal.ts';
import { inspect } from './inspect.ts';

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;

  constructor(options: { message?: string; actual?: unknown; expected?: unknown; operator?: string }) {
    super(options.message);
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? 'fail';
  }
}

type Message = string | Error | undefined;

function check(
  isTrue: boolean,
  operator: string,
  [actual, expected, message]: readonly [unknown, unknown, Message],
): void {
  if (isTrue) return;
  if (message instanceof Error) throw message;
  const said = message ?? `${inspect(actual)} ${operator} ${inspect(expected)}`;
  throw new AssertionError({ message: said, actual, expected, operator });
}

type Comparison = (actual: unknown, expected: unknown) => boolean;

const comparing = (operator: string, isTrue: Comparison) => (actual: unknown, expected: unknown, message?: Message) =>
  check(isTrue(actual, expected), operator, [actual, expected, message]);
const not =
  (isTrue: Comparison): Comparison =>
  (actual, expected) =>
    !isTrue(actual, expected);
const isLoose: Comparison = isLooselyEqual;
const isDeepLoose: Comparison = (actual, expected) => isDeepEqual(actual, expected, false);
const isDeepStrict: Comparison = (actual, expected) => isDeepEqual(actual, expected);
const isMatch: Comparison = (text, pattern) => pattern instanceof RegExp && pattern.test(String(text));

function ok(value: unknown, message?: Message): void {
  check(Boolean(value), '==', [value, true, message ?? 'The expression evaluated to a falsy value']);
}

function isExpected(thrown: unknown, expected: unknown): boolean {
  if (expected === undefined || typeof expected === 'string') return true;
  if (expected instanceof RegExp) return expected.test(String(thrown));
  if (typeof expected === 'function') {
    const isClass = expected === Error || Object.prototype.isPrototypeOf.call(Error, expected);
    return isClass
      ? thrown instanceof (expected as ErrorConstructor)
      : Reflect.apply(expected, undefined, [thrown]) === true;
  }
  return Object.entries(Object(expected) as object).every(([name, value]) => {
    const found: unknown = Reflect.get(Object(thrown) as object, name);
    return value instanceof RegExp ? value.test(String(found)) : isDeepEqual(found, value);
  });
}

function throws(work: () => unknown, expected?: unknown, message?: Message): void {
  try {
    work();
  } catch (thrown) {
    if (!isExpected(thrown, expected)) throw thrown;
    return;
  }
  check(false, 'throws', [undefined, expected, message ?? 'Missing expected exception.']);
}

function doesNotThrow(work: () => unknown): void {
  work();
}

async function rejects(
  work: Promise<unknown> | (() => Promise<unknown>),
  expected?: unknown,
  message?: Message,
): Promise<void> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (thrown) {
    if (!isExpected(thrown, expected)) throw thrown;
    return;
  }
  check(false, 'rejects', [undefined, expected, message ?? 'Missing expected rejection.']);
}

async function doesNotReject(work: Promise<unknown> | (() => Promise<unknown>)): Promise<void> {
  await (typeof work === 'function' ? work() : work);
}

function fail(message: Message = 'Failed'): never {
  throw message instanceof Error ? message : new AssertionError({ message, operator: 'fail' });
}

function ifError(value: unknown): void {
  if (value instanceof Error) throw value;
  if (value !== null && value !== undefined) fail(`ifError got unwanted exception: ${inspect(value)}`);
}

const strictOnes = {
  strictEqual: comparing('===', Object.is),
  notStrictEqual: comparing('!==', not(Object.is)),
  deepStrictEqual: comparing('deepStrictEqual', isDeepStrict),
  notDeepStrictEqual: comparing('notDeepStrictEqual', not(isDeepStrict)),
};
const functions = {
  ...strictOnes,
  ok,
  equal: comparing('==', isLoose),
  notEqual: comparing('!=', not(isLoose)),
  deepEqual: comparing('deepEqual', isDeepLoose),
  notDeepEqual: comparing('notDeepEqual', not(isDeepLoose)),
  match: comparing('match', isMatch),
  doesNotMatch: comparing('doesNotMatch', not(isMatch)),
  throws,
  doesNotThrow,
  rejects,
  doesNotReject,
  fail,
  ifError,
  AssertionError,
};

const strict = Object.assign((value: unknown, message?: Message) => ok(value, message), functions, {
  equal: strictOnes.strictEqual,
  notEqual: strictOnes.notStrictEqual,
  deepEqual: strictOnes.deepStrictEqual,
  notDeepEqual: strictOnes.notDeepStrictEqual,
});

export const assert = Object.assign((value: unknown, message?: Message) => ok(value, message), functions, { strict });

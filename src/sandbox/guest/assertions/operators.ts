// What each operator says in chai's words, so that a failure reads as it does in Bruno.
import { chai } from './chai.ts';

interface Operator {
  /** What follows `expect(left).to`; the last one is called where it is a function. */
  readonly words: readonly string[];
  /** What is compared with: the one value, each of several, a constant. */
  readonly given: (value: unknown) => readonly unknown[];
}

const one = (value: unknown): readonly unknown[] => [value];
const each = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const pattern = (value: unknown): readonly unknown[] => [new RegExp(String(value))];
const constant = (value: unknown) => (): readonly unknown[] => [value];

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: { words: ['equal'], given: one },
  neq: { words: ['not', 'equal'], given: one },
  gt: { words: ['be', 'greaterThan'], given: one },
  gte: { words: ['be', 'greaterThanOrEqual'], given: one },
  lt: { words: ['be', 'lessThan'], given: one },
  lte: { words: ['be', 'lessThanOrEqual'], given: one },
  in: { words: ['be', 'oneOf'], given: one },
  notIn: { words: ['not', 'be', 'oneOf'], given: one },
  contains: { words: ['include'], given: one },
  notContains: { words: ['not', 'include'], given: one },
  length: { words: ['have', 'lengthOf'], given: one },
  matches: { words: ['match'], given: pattern },
  notMatches: { words: ['not', 'match'], given: pattern },
  startsWith: { words: ['startWith'], given: one },
  endsWith: { words: ['endWith'], given: one },
  between: { words: ['be', 'within'], given: each },
  isEmpty: { words: ['be', 'empty'], given: one },
  isNotEmpty: { words: ['not', 'be', 'empty'], given: one },
  isNull: { words: ['be', 'null'], given: one },
  isUndefined: { words: ['be', 'undefined'], given: one },
  isDefined: { words: ['not', 'be', 'undefined'], given: one },
  isTruthy: { words: ['be', 'true'], given: one },
  isFalsy: { words: ['be', 'false'], given: one },
  isJson: { words: ['be', 'json'], given: one },
  isNumber: { words: ['be', 'a'], given: constant('number') },
  isString: { words: ['be', 'a'], given: constant('string') },
  isBoolean: { words: ['be', 'a'], given: constant('boolean') },
  isArray: { words: ['be', 'a'], given: constant('array') },
};

/** Whether an operator compares with a value. */
export function hasOperand(operator: string): boolean {
  return !operator.startsWith('is');
}

/** Throws an AssertionError where it does not hold. An operator that there is not is `eq`. */
export function check(left: unknown, operator: string, value: unknown): void {
  const { words, given } = operatorOf(operator);
  let subject: unknown = chai.expect(left);
  for (const word of ['to', ...words]) {
    const member = memberOf(subject, word);
    subject = isMethod(word, member) ? Reflect.apply(member, subject, given(value)) : member;
  }
}

function operatorOf(name: string): Operator {
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return known ?? { words: ['equal'], given: one };
}

function memberOf(subject: unknown, word: string): unknown {
  return typeof subject === 'function' || (typeof subject === 'object' && subject !== null)
    ? Reflect.get(subject, word)
    : undefined;
}

/** `a` and `include` are both a word and a method; here they end what is said. */
function isMethod(word: string, member: unknown): member is (...values: readonly unknown[]) => unknown {
  return typeof member === 'function' && !['to', 'be', 'not', 'have'].includes(word);
}

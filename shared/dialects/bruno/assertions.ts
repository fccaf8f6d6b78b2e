import type { Assertion } from '../../collection/model.ts';
import { descriptionOfPair } from './fields.ts';
import { type BruBlock, pairsOf } from './syntax.ts';
import type { Values } from './values.ts';

/** Bruno's operators: those with a value, and those without. */
export const binaryOperators: ReadonlySet<string> = new Set([
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'notIn',
  'contains',
  'notContains',
  'length',
  'matches',
  'notMatches',
  'startsWith',
  'endsWith',
  'between',
]);
export const unaryOperators: ReadonlySet<string> = new Set([
  'isEmpty',
  'isNotEmpty',
  'isNull',
  'isUndefined',
  'isDefined',
  'isTruthy',
  'isFalsy',
  'isJson',
  'isNumber',
  'isString',
  'isBoolean',
  'isArray',
]);

/** `res.status: eq 200`; a value without an operator is compared with `eq`. */
export function readAssertions(blocks: readonly BruBlock[], values: Values): Assertion[] {
  return pairsOf(blocks, 'assert').map((pair) => {
    const space = pair.value.indexOf(' ');
    const stated = space === -1 ? pair.value : pair.value.slice(0, space);
    const isUnary = unaryOperators.has(stated);
    const isBinary = binaryOperators.has(stated);
    const value = isBinary ? pair.value.slice(stated.length + 1) : pair.value;
    return {
      expression: pair.name,
      enabled: pair.enabled,
      ...descriptionOfPair(pair),
      operator: isUnary || isBinary ? stated : 'eq',
      ...(!isUnary && { value: values.field(pair.name, value) }),
    };
  });
}

// Declarative assertions: `res.status`, `eq`, `200`. One test each, named as Bruno names it.
import type { ScriptAssertion } from '../../../../shared/script/job.ts';
import { createInterpolate } from '../bruno/interpolate.ts';
import type { Run } from '../run.ts';
import { evaluateExpression, evaluateOperand, type Names } from './evaluate.ts';
import { namesOf } from './names.ts';
import { check, hasOperand } from './operators.ts';

export interface AssertionResult {
  readonly status: 'pass' | 'fail';
  readonly lhsExpr: string;
  readonly rhsExpr: string;
  readonly operator: string;
  readonly rhsOperand: string;
  readonly error?: string;
}

/** Records a test for each of the job's assertions. `api` are what expressions see beside the variables. */
export function runAssertions(run: Run, api: Readonly<Record<string, unknown>>): readonly AssertionResult[] {
  const names = namesOf(run, api);
  return run.job.assertions.map((assertion) => {
    const error = failureOf(run, assertion, names);
    const { expression, operator, value } = assertion;
    const rhsExpr = hasOperand(operator) ? `${operator} ${value}` : operator;
    run.tests.record(`${expression}: ${rhsExpr}`, error === undefined, error);
    const stated = { lhsExpr: expression, rhsExpr, operator, rhsOperand: value };
    return error === undefined ? { ...stated, status: 'pass' } : { ...stated, status: 'fail', error };
  });
}

function failureOf(run: Run, { expression, operator, value }: ScriptAssertion, names: Names): string | undefined {
  try {
    const left = evaluateExpression(expression, names);
    const right = hasOperand(operator) ? operandOf(operator, filler(run), { value, names }) : undefined;
    check(left, operator, right);
    return undefined;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return run.live.holdsSecret(value) ? `${message} (the value is a secret, which no script sees)` : message;
  }
}

/** With variables filled in; what nobody has is a text like any other. */
function filler(run: Run): (text: string) => string {
  const interpolate = createInterpolate(run);
  return (text) => {
    const filled = String(interpolate(text));
    return run.live.holdsSecret(filled) ? filled : run.live.plain(filled);
  };
}

interface Operand {
  readonly value: string;
  readonly names: Names;
}

function operandOf(operator: string, filled: (text: string) => string, { value, names }: Operand): unknown {
  const listed = (text: string): unknown[] =>
    text.split(',').map((each) => evaluateOperand(filled(each.trim()), names));
  switch (operator) {
    case 'in':
    case 'notIn':
      return listed(/^\[(.*)\]$/s.exec(value)?.[1] ?? value);
    case 'between':
      return listed(value);
    case 'matches':
    case 'notMatches':
      return filled(/^\/(.*)\/$/s.exec(value)?.[1] ?? value);
    default:
      return evaluateOperand(filled(value), names);
  }
}

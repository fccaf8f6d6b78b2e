import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { createBudget, payForJson, Refusal } from './jmespath/budget.ts';
import { evaluate } from './jmespath/evaluate.ts';
import { type Node, parseExpression } from './jmespath/syntax.ts';

/** Applies one expression to a redacted JSON value; INPUT/SELECT_INVALID where it costs too much or does not fit. */
export type Selection = (value: unknown) => Result<unknown>;

/** Reads a JMESPath expression; INPUT/SELECT_INVALID where it is none, so that nothing has to be sent to find out. */
export async function parseSelection(expression: string): Promise<Result<Selection>> {
  if (expression.length > limits.selectChars) return invalid(`it is longer than ${limits.selectChars} characters`);
  const parsed = await parseExpression(expression);
  return parsed.ok ? ok((value) => select(parsed.tree, value)) : invalid(parsed.problem);
}

function select(tree: Node, value: unknown): Result<unknown> {
  try {
    const selected = evaluate(tree, value, createBudget(limits.selectSteps, 'it takes too much work on this body'));
    payForJson(selected, createBudget(limits.selectedChars, 'it selects too much at once'));
    return ok(selected);
  } catch (error) {
    if (error instanceof Refusal) return invalid(error.problem);
    throw error;
  }
}

function invalid(problem: string): Result<never> {
  return err(failure('INPUT/SELECT_INVALID', { problem }));
}

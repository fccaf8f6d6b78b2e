// Variables that the files take from each answer: Bruno's `vars:post-response`, OpenCollection's actions.
import { evaluateExpression } from '../assertions/evaluate.ts';
import { namesOf } from '../assertions/names.ts';
import type { Run } from '../run.ts';
import { called } from './given.ts';

interface Api extends Readonly<Record<string, unknown>> {
  readonly bru: Readonly<Record<string, unknown>>;
}

/** Sets each with `bru.setVar`; one that cannot be set keeps none of the others from it. */
export function setAnswerVariables(run: Run, api: Api): void {
  const names = namesOf(run, api);
  const problems: string[] = [];
  for (const { name, expression } of run.job.answerVariables ?? []) {
    try {
      const value = expression === '' ? '' : evaluateExpression(expression, names);
      if (name !== '') called(api.bru.setVar, name, value);
    } catch (thrown) {
      problems.push(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  if (problems.length > 0) run.tell('variables from the answer', new Error(problems.join('; ')));
}

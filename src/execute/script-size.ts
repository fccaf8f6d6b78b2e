// How much scripts may make of variables and requests. What is computed on counts wherever it stands, so that a few words cannot stand
// for more than can be handled.
import type { RequestTemplate } from '../../shared/collection/model.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Template } from '../../shared/template/template.ts';
import { createTemplateMeasure } from '../../shared/template/template-size.ts';
import type { SessionVariable } from './ports.ts';
import { templatesOf } from './template-view.ts';

/** All that one execution sees of what scripts wrote. Failure: SCRIPT/OUTPUT_LIMIT. */
export function checkWritten(variables: readonly SessionVariable[]): Result<void> {
  if (variables.length > limits.sessionVariables) return tooMuch(`more than ${limits.sessionVariables} variables`);
  const templates = variables.flatMap(({ value = [], json = [] }) => [value, json]);
  const nameChars = variables.reduce((sum, { name }) => sum + name.length, 0);
  return isTooLarge(templates, nameChars)
    ? tooMuch(`more than ${limits.sessionChars} characters in variables`)
    : ok(undefined);
}

/** A request that a script made, or made of a saved one, whose own parts do not count. Failure: SCRIPT/OUTPUT_LIMIT. */
export function checkMade(made: RequestTemplate, saved?: RequestTemplate): Result<void> {
  const own = new Set(saved ? templatesOf(saved) : []);
  const templates = templatesOf(made).filter((template) => !own.has(template));
  return isTooLarge(templates, 0) ? tooMuch(`more than ${limits.sessionChars} characters in a request`) : ok(undefined);
}

function isTooLarge(templates: readonly Template[], chars: number): boolean {
  const sizeOf = createTemplateMeasure();
  return templates.reduce((sum, template) => sum + sizeOf(template).chars, chars) > limits.sessionChars;
}

function tooMuch(problem: string): Result<never> {
  return err(failure('SCRIPT/OUTPUT_LIMIT', { problem }));
}

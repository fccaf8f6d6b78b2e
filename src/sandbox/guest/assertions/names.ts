import type { Run } from '../run.ts';
import type { Names } from './evaluate.ts';

/** What expressions may name: the API, and beside it the variables of all layers. */
export function namesOf(run: Run, api: Readonly<Record<string, unknown>>): Names {
  return (name) => {
    if (Object.hasOwn(api, name)) return { value: api[name] };
    const layer = run.job.precedence.find((each) => run.variables.has(each, name));
    return layer && { value: run.variables.get(layer, name) };
  };
}

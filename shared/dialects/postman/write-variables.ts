import type { Environment, Variable } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import { templateText } from '../../template/lex.ts';
import type { WritableRequest } from '../writer.ts';
import type { WriteContext } from './write-context.ts';
import { writeRest } from './write-fields.ts';
import { ownVariables } from './write-request.ts';

/**
 * Variables of folders and requests that can be the collection's as well. Postman's clients resolve only those of the
 * collection: a name that means the same wherever it is defined, and that the collection has not, is written there too.
 */
export function liftVariables(requests: readonly WritableRequest[], own: readonly Variable[]): LiftedVariables {
  const known = new Set(own.filter(({ enabled }) => enabled).map(({ name }) => name));
  const found = new Map<string, Variable>();
  const unclear = new Set<string>();
  for (const { template } of requests) {
    const nearest = new Map(ownVariables(template).flatMap((each) => (each.enabled ? [[each.name, each]] : [])));
    for (const [name, variable] of nearest) {
      const other = found.get(name);
      if (known.has(name) || (other && templateText(other.value) !== templateText(variable.value))) unclear.add(name);
      else found.set(name, variable);
    }
  }
  const lifted = [...found.values()].filter(({ name }) => !unclear.has(name));
  return { lifted, isLifted: (name) => found.has(name) && !unclear.has(name) };
}

export interface LiftedVariables {
  readonly lifted: readonly Variable[];
  isLifted(name: string): boolean;
}

export function writeEnvironment({ name, kind, variables }: Environment, context: WriteContext): JsonObject {
  const values = variables.map((variable) => ({
    key: variable.name,
    value: context.text(variable.value),
    enabled: variable.enabled,
    type: variable.secret ? 'secret' : 'default',
    ...writeRest({ enabled: true, description: variable.description }),
  }));
  return { name, values, _postman_variable_scope: kind };
}

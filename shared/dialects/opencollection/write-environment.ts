import { handleName } from '../../collection/handle-part.ts';
import type { Environment, Variable } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import { type Block, blockOf, stateOf } from './write-fields.ts';

export function writeEnvironment({ name, variables }: Environment): Block {
  return { name, ...blockOf({ variables: variables.map((variable) => writeVariable(variable, name)) }) };
}

/** A handle that has the name which a secret variable asks for is written as one; any other is named in the value. */
function writeVariable(variable: Variable, environment: string): Block {
  const { name, value } = variable;
  if (asksFor(variable, environment)) return { secret: true, name, ...stateOf(variable) };
  return { name, value: templateText(value), ...stateOf(variable) };
}

function asksFor({ name, value, secret }: Variable, environment: string): boolean {
  const [only, ...others] = value;
  if (!secret || only?.kind !== 'handle' || only.otherwise !== undefined || others.length > 0) return false;
  return only.names[0] === handleName(`${environment}.${name}`);
}

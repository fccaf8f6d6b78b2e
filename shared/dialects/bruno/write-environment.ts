import { handleName } from '../../collection/handle-part.ts';
import type { Environment, Variable } from '../../collection/model.ts';
import { indented, type Lose, noteText, unixText, writeTemplate } from './write-text.ts';

/** An environment file. A handle that has the name which `vars:secret` asks for is listed there; any other stands in its value. */
export function writeEnvironment({ name, variables }: Environment, lose: Lose): string {
  const secrets = variables.filter((variable) => asksFor(variable, name));
  const others = variables.filter((variable) => !asksFor(variable, name));
  const vars = others.map((variable) => `${headText(variable, lose)}: ${valueText(variable, lose)}\n`);
  const names = secrets.map((variable) => headText(variable, lose));
  const list = names.length === 0 ? '' : `vars:secret [\n${names.join(',\n')}\n]\n`;
  return vars.length === 0 && list !== '' ? list : `vars {\n${vars.join('')}}\n${list}`;
}

function asksFor({ name, value, secret }: Variable, environment: string): boolean {
  const [only, ...others] = value;
  if (!secret || only?.kind !== 'handle' || only.otherwise !== undefined || others.length > 0) return false;
  return only.names[0] === handleName(`${environment}.${name}`);
}

function headText({ name, enabled, description }: Variable, lose: Lose): string {
  const safe = name.replaceAll(/[\s:[\],]+/g, '_');
  if (safe !== name) lose('characters of a variable name that Bruno does not allow');
  return `${noteText(description)}  ${enabled ? '' : '~'}${safe}`;
}

function valueText({ value }: Variable, lose: Lose): string {
  const written = unixText(writeTemplate(value));
  const text = written.trim();
  if (text !== written) lose('spaces at the ends of a value');
  if (!text.includes('\n') && text !== "'''") return text;
  const closes = /^[ \t]*'''/m;
  if (closes.test(text)) lose('three quotes at the start of a line of a value');
  return `'''\n${indented(text.replaceAll(/^([ \t]*)'''/gm, "$1'' '"), 4)}\n  '''`;
}

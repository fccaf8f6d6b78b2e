import type { Variable } from '../../collection/model.ts';
import { referenceNames } from './lex.ts';
import { isSecretName, VAULT } from './variables.ts';
import { type Lose, writeTemplate } from './write-template.ts';

/** The data of an environment or folder: dotted names are nested, as Insomnia refers to them. */
export function writeData(variables: readonly Variable[], lose: Lose): Record<string, unknown> | undefined {
  const values = new Map<string, string>();
  for (const variable of variables) {
    const { name, enabled } = variable;
    if (!enabled) lose(`The disabled variable ${name} is left out.`);
    else if (isVaultSecret(variable)) values.set(`${VAULT}.${name.slice('vault.'.length)}`, '');
    else values.set(name, writeValue(variable, lose));
  }
  const root: Node = new Map();
  for (const [name, value] of values) {
    if (!place(root, name.split('.'), value))
      lose(`The variable ${name} is left out: Insomnia has no place for its name.`);
  }
  return root.size === 0 ? undefined : Object.fromEntries([...root].map(([key, value]) => [key, toData(value)]));
}

/** `_.vault.x`: declared with nothing in it, because what stands there in Insomnia is encrypted. */
function isVaultSecret({ name, value }: Variable): boolean {
  return name.startsWith('vault.') && value.length === 1 && value[0]?.kind === 'handle';
}

type Node = Map<string, string | Node>;

function writeValue({ name, value, description }: Variable, lose: Lose): string {
  if (description !== undefined) lose('Descriptions of variables are left out.');
  if (!isSecretName(name) && referenceNames(value).some((to) => !to.startsWith('vault.') && isSecretName(to))) {
    lose(
      `The variable ${name} refers to a secret variable; when the file is read by Keyward the reference stays text.`,
    );
  }
  return writeTemplate(value, lose);
}

// What Insomnia does not take as a key, or reads otherwise.
function isKey(step: string): boolean {
  return step !== '' && !step.startsWith('$') && step !== '__proto__';
}

/** False where another variable stands in the way, or a step is no key. */
function place(root: Node, steps: readonly string[], value: string): boolean {
  if (!steps.every(isKey)) return false;
  let node = root;
  for (const step of steps.slice(0, -1)) {
    const inner = node.get(step) ?? new Map<string, string | Node>();
    if (typeof inner === 'string') return false;
    node.set(step, inner);
    node = inner;
  }
  const last = steps.at(-1) ?? '';
  if (node.has(last)) return false;
  node.set(last, value);
  return true;
}

function toData(value: string | Node): unknown {
  if (typeof value === 'string') return value;
  const entries = [...value].map(([key, inner]) => [key, toData(inner)] as const);
  const isList = entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

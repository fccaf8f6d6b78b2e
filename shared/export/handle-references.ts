import { templatesOf } from '../request/scope-secrets.ts';
import type { HandleReference } from '../secret/audit.ts';
import { VAULT_PREFIX } from '../template/render.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import type { OpenedCollection } from './take-secrets.ts';

/** Every handle that collections refer to, be it `{{vault:NAME}}` or in the way of their dialect, in requests and variables. */
export function handleReferences(opened: readonly OpenedCollection[]): readonly HandleReference[] {
  const templates = opened.flatMap(({ variables, environments, requests }) => [
    ...[...variables, ...environments.flatMap((each) => each.variables)].map(({ value }) => value),
    ...requests.flatMap(({ template }) => [
      ...templatesOf(template),
      ...template.folderVariables.flat().map(({ value }) => value),
    ]),
  ]);
  const found = new Map(
    templates.flatMap((template) => referencesIn(template)).map((each) => [JSON.stringify(each), each]),
  );
  return [...found.values()];
}

function referencesIn(template: Template): HandleReference[] {
  return template.flatMap((part): HandleReference[] => {
    if (part.kind === 'reference') return [...referencesIn(part.name), ...vaultReference(part)];
    if (part.kind !== 'handle') return [];
    return [{ names: part.names, optional: part.otherwise !== undefined }, ...referencesIn(part.otherwise ?? [])];
  });
}

/** A name that is made of variables could be any. */
function vaultReference({ name }: Extract<TemplatePart, { kind: 'reference' }>): HandleReference[] {
  const [only, ...rest] = name;
  if (only?.kind !== 'text' || rest.length > 0 || !only.text.startsWith(VAULT_PREFIX)) return [];
  return [{ names: [only.text.slice(VAULT_PREFIX.length)], optional: false }];
}

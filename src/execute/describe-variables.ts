import { isDynamicName, randomRange } from '../../shared/template/dynamic-names.ts';
import { templateText } from '../../shared/template/lex.ts';
import { renderedText, renderTemplate, type Scope, VAULT_PREFIX } from '../../shared/template/render.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';

export interface VariableStatus {
  readonly name: string;
  readonly status: 'set' | 'missing' | 'secret' | 'dynamic';
  readonly source?: string;
  /** The template of the value; absent for a secret. */
  readonly value?: string;
}

/** Every variable that rendering the templates would touch, through other variables too, in order of first use. */
export function describeVariables(templates: readonly Template[], scope: Scope): readonly VariableStatus[] {
  const statuses = new Map<string, VariableStatus>();
  const pending = [...templates].reverse();
  for (let template = pending.pop(); template !== undefined; template = pending.pop()) {
    for (const part of template) {
      if (part.kind === 'reference') visitReference(part.name, { scope, statuses, pending });
      else if (part.kind === 'handle') visitHandle(part, { scope, statuses, pending });
    }
  }
  return [...statuses.values()];
}

interface Visit {
  readonly scope: Scope;
  readonly statuses: Map<string, VariableStatus>;
  readonly pending: Template[];
}

function visitReference(name: Template, { scope, statuses, pending }: Visit): void {
  // A name made of variables is described by what it renders to, where it does.
  const rendered = renderTemplate(name, scope);
  const text = rendered.ok ? renderedText(rendered.value) : undefined;
  if (name.some((part) => part.kind === 'reference')) pending.push(name);
  if (text === undefined || statuses.has(text)) return;
  statuses.set(text, statusOf(text, scope));
  const found = scope.find(text);
  if (found !== undefined && found.layer !== 'agent') pending.push(found.variable.value);
}

type HandlePart = Extract<TemplatePart, { kind: 'handle' }>;

function visitHandle(part: HandlePart, { scope, statuses, pending }: Visit): void {
  const name = `${VAULT_PREFIX}${part.names.find((each) => scope.handles(each)) ?? part.names[0]}`;
  if (!statuses.has(name)) statuses.set(name, handleStatus(name, part, scope));
  pending.push(part.otherwise ?? []);
}

function handleStatus(name: string, part: HandlePart, scope: Scope): VariableStatus {
  const status = statusOf(name, scope);
  if (status.status === 'secret' || part.otherwise === undefined) return status;
  return { name, status: 'secret', source: 'file' };
}

function isComputed(name: string): boolean {
  return isDynamicName(name) || randomRange(name) !== undefined;
}

function statusOf(name: string, scope: Scope): VariableStatus {
  if (name.startsWith(VAULT_PREFIX)) {
    const known = scope.handles(name.slice(VAULT_PREFIX.length)) !== undefined;
    return { name, status: known ? 'secret' : 'missing', source: 'vault' };
  }
  const found = scope.find(name);
  if (found === undefined) return { name, status: isComputed(name) ? 'dynamic' : 'missing' };
  if (found.layer === 'agent') return { name, status: 'set', source: 'agent' };
  const { secret, value } = found.variable;
  if (secret || value.some((part) => part.kind === 'sealed')) return { name, status: 'secret', source: found.layer };
  return { name, status: 'set', source: found.layer, value: templateText(value) };
}

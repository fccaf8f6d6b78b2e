import { derivedInputs } from '../../shared/template/derived-inputs.ts';
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
  const visit: Visit = {
    scope,
    statuses: new Map(),
    computations: new Map(),
    pending: templates.map((template) => ({ template, sealed: false })).reverse(),
  };
  for (let next = visit.pending.pop(); next !== undefined; next = visit.pending.pop()) {
    for (const part of next.template) {
      if (part.kind === 'reference') visitReference(part.name, next.sealed || part.sealed === true, visit);
      else if (part.kind === 'handle') visitHandle(part, next.sealed, visit);
      else if (part.kind === 'derived') visitDerived(part, next.sealed, visit);
    }
  }
  return [...visit.statuses.values()];
}

interface Visit {
  readonly scope: Scope;
  readonly statuses: Map<string, VariableStatus>;
  /** Those that were visited, because one may stand in many others, and whether in a sensitive place. */
  readonly computations: Map<TemplatePart, boolean>;
  /** `sealed`: it is rendered in a sensitive place, so that what it holds is a secret there. */
  readonly pending: { readonly template: Template; readonly sealed: boolean }[];
}

function visitReference(name: Template, sealed: boolean, { scope, statuses, pending }: Visit): void {
  // A name made of variables is described by what it renders to, where it does.
  const rendered = renderTemplate(name, scope);
  const text = rendered.ok ? renderedText(rendered.value) : undefined;
  if (name.some((part) => part.kind === 'reference')) pending.push({ template: name, sealed: false });
  if (text === undefined) return;
  const known = statuses.get(text);
  if (known && (!sealed || known.status !== 'set')) return;
  const status = statusOf(text, scope);
  statuses.set(text, sealed ? hidden(status) : status);
  const found = scope.find(text);
  if (found !== undefined && 'variable' in found) pending.push({ template: found.variable.value, sealed });
}

/** What the files put into a sensitive place is a secret, whatever its name. */
function hidden({ value: _, ...status }: VariableStatus): VariableStatus {
  const stated = status.source !== 'agent' && status.source !== 'claim';
  return status.status === 'set' && stated ? { ...status, status: 'secret' } : status;
}

function visitDerived(part: Extract<TemplatePart, { kind: 'derived' }>, sealed: boolean, visit: Visit): void {
  if (visit.computations.get(part) === true || visit.computations.get(part) === sealed) return;
  visit.computations.set(part, sealed);
  // A sensitive place seals by reference what stands in the inputs.
  const inputs = derivedInputs(part, sealed).map((template) => ({ template, sealed: false }));
  visit.pending.push(...inputs.reverse());
}

type HandlePart = Extract<TemplatePart, { kind: 'handle' }>;

function visitHandle(part: HandlePart, sealed: boolean, { scope, statuses, pending }: Visit): void {
  const name = `${VAULT_PREFIX}${part.names.find((each) => scope.handles(each)) ?? part.names[0]}`;
  if (!statuses.has(name)) statuses.set(name, handleStatus(name, part, scope));
  pending.push({ template: part.otherwise ?? [], sealed });
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
  // The caller may know its claims; what it is told here is only that nothing else goes there.
  if (found.layer === 'claim') return { name, status: found.text === undefined ? 'missing' : 'set', source: 'claim' };
  if (found.layer === 'agent') return { name, status: 'set', source: 'agent' };
  const { secret, value, written } = found.variable;
  const source = written ? 'session' : found.layer;
  if (secret || value.some(({ kind }) => kind === 'sealed' || kind === 'derived')) {
    return { name, status: 'secret', source };
  }
  return { name, status: 'set', source, value: templateText(value) };
}

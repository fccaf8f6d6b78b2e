// Which origins the files alone name for a request that its scripts have a part in. An inline secret goes only to such a one: what a
// script computed, what an earlier one wrote, what a server answered and what the agent supplied never state where it may go.
import type { Variable } from '../collection/model.ts';
import { limits } from '../limits.ts';
import { type PlanInput, scopeInput } from '../request/plan-request.ts';
import { originOf } from '../request/plan-url.ts';
import { endpointFields } from '../request/token-request.ts';
import { lexTemplate } from '../template/lex.ts';
import { createScope, displayRendered, renderTemplate, type Scope } from '../template/render.ts';
import type { Template } from '../template/template.ts';

export type StatedOrigins = (origin: string) => boolean;

export interface StatingFiles extends Pick<PlanInput, 'environment' | 'globals'> {
  /** With its template as the files have it. */
  readonly found: PlanInput['found'];
  /** Whether the agent supplied variables: then it has a part in where the scripts turn, and only the request's own origin counts. */
  readonly fromAgent: boolean;
}

/**
 * Whether the files alone name an origin: as that of the request or of its token, in the value of a variable in scope, or written out
 * in the source of one of its scripts. Nothing is looked at before it is asked for another origin than the request's.
 */
export function statedOrigins(files: StatingFiles): StatedOrigins {
  const nothing = { handles: () => undefined, dynamic: () => undefined };
  const scope = createScope(scopeInput({ ...files, ...nothing }));
  const own = ownOrigins(files, scope);
  let beside: ReadonlySet<string> | undefined;
  return (origin) => {
    if (own.has(origin)) return true;
    if (files.fromAgent) return false;
    beside ??= new Set([...inVariables(files, scope), ...inSources(files, scope)]);
    return beside.has(origin);
  };
}

function ownOrigins({ found: { template } }: StatingFiles, scope: Scope): ReadonlySet<string> {
  const { url, auth } = template;
  const endpoints = auth.type === 'oauth2' ? endpointFields.map((name) => auth.fields[name] ?? []) : [];
  return new Set([originOf(url, scope), ...endpoints.map((field) => originIn(field, scope))].filter(isOrigin));
}

/** The variables that count for the request: of several with one name the strongest. */
function inVariables({ found, environment, globals }: StatingFiles, scope: Scope): readonly string[] {
  const variables: readonly Variable[] = [
    ...(environment?.variables ?? []),
    ...found.template.folderVariables.flat(),
    ...found.collection.variables(),
    ...globals.flatMap((each) => each.variables),
  ];
  const counts = (variable: Variable): boolean => {
    const strongest = scope.find(variable.name);
    return strongest !== undefined && 'variable' in strongest && strongest.variable === variable;
  };
  return variables.filter(counts).flatMap(({ value }) => originIn(value, scope) ?? []);
}

const WRITTEN_OUT = /https?:\/\/[^\s'"`<>\\/?#]+/gi;

function inSources({ found }: StatingFiles, scope: Scope): readonly string[] {
  const addresses = new Set<string>();
  for (const { source } of found.template.scripts) {
    for (const [address] of source.matchAll(WRITTEN_OUT)) {
      if (addresses.size >= limits.statedOrigins) break;
      addresses.add(address);
    }
  }
  return [...addresses].flatMap((address) => originIn(lexTemplate(address), scope) ?? []);
}

/** A text without a scheme is no address here, whatever a URL would make of it. */
function originIn(address: Template, scope: Scope): string | undefined {
  const text = address.map((part) => {
    const rendered = renderTemplate([part], scope);
    return rendered.ok ? displayRendered(rendered.value) : '';
  });
  if (!/^\s*https?:\/\//i.test(text.join(''))) return undefined;
  return originOf({ address, query: [], pathVariables: [] }, scope);
}

function isOrigin(origin: string | undefined): origin is string {
  return origin !== undefined;
}

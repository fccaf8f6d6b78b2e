import type { Field } from '../collection/model.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { displayRendered, renderTraced, type Scope } from '../template/render.ts';
import { judgeAddedHeader } from './agent-headers.ts';
import { judgeRequestHeader } from './header-policy.ts';
import { type AgentOverrides, overrideHeaders } from './overrides.ts';
import type { PlannedHeader } from './plan.ts';
import { plainText } from './render-plain.ts';

/**
 * Plans the headers that the collection and the agent give; the connection's own and those of the auth come later.
 * Disabled headers and headers without a name are left out. Failures: REQUEST/HEADER_INVALID, SECRET/PLACE_NOT_ALLOWED for
 * a secret in a name, those of rendering.
 */
export function planHeaders(
  fields: readonly Field[],
  overrides: AgentOverrides['headers'],
  scope: Scope,
  addable?: readonly string[],
): Result<readonly PlannedHeader[]> {
  const planned: PlannedHeader[] = [];
  for (const field of fields) {
    if (!field.enabled) continue;
    const header = planHeader(field, scope, addable);
    if (!header.ok) return header;
    if (header.value.name !== '') planned.push(header.value);
  }
  const changed = overrideHeaders(planned, overrides, scope.captured, addable);
  if (changed.ok && changed.value.length > limits.requestHeaders) {
    const problem = `the request has more than ${limits.requestHeaders} headers`;
    return err(failure('REQUEST/HEADER_INVALID', { name: changed.value.at(-1)?.name ?? '', problem }));
  }
  return changed;
}

function planHeader(field: Field, scope: Scope, addable: readonly string[] | undefined): Result<PlannedHeader> {
  const traced = renderTraced(field.name, scope);
  if (!traced.ok) return traced;
  const name = plainText(traced.value.rendered, 'header name');
  if (!name.ok) return name;
  const value = renderTraced(field.value, scope);
  if (!value.ok) return value;
  const { rendered } = value.value;
  if (name.value !== '') {
    const shown = displayRendered(rendered);
    const judged = traced.value.fromAgent
      ? judgeAddedHeader(name.value, shown, addable)
      : judgeRequestHeader(name.value, shown);
    if (!judged.ok) return judged;
  }
  const fromAgent = traced.value.fromAgent || value.value.fromAgent;
  return ok({ name: name.value, value: rendered, ...(fromAgent && { fromAgent }) });
}

/** The values of a header, by its name without case. */
export function headersNamed(headers: readonly PlannedHeader[], name: string): readonly PlannedHeader[] {
  return headers.filter((header) => header.name.toLowerCase() === name);
}

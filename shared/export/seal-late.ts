// Secrets that no reader of a format seals, because only their look or their place in an address tells them, and that are
// never shown: what is written has to leave them out as well.

import { derived } from '../collection/derived.ts';
import type { Environment, RequestTemplate, Variable } from '../collection/model.ts';
import { isSecretParameter, scanAddresses } from '../collection/seal-addresses.ts';
import { decodeForm } from '../collection/seal-nested.ts';
import { seal } from '../secret/seal.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { mapRequest, type Place } from './map-request.ts';

const AS_THEY_ARE = { prose: same, script: same };

function same(text: string): string {
  return text;
}

/** The request with the literals of addresses in it sealed: user info, and sensitive parameters of query and fragment. */
export function sealRequest(request: RequestTemplate): RequestTemplate {
  return mapRequest(request, sealLate, AS_THEY_ARE);
}

/** The same for variables. */
export function sealVariables(variables: readonly Variable[]): readonly Variable[] {
  return variables.map((variable) => {
    const value = sealLate(variable.value, { kind: 'variable', name: variable.name });
    return { ...variable, value };
  });
}

/** The same for an environment; of the same environment the same object, however many collections share it. */
export const sealEnvironment = derived(
  (environment: Environment): Environment => ({ ...environment, variables: sealVariables(environment.variables) }),
);

function sealLate(template: Template, place: Place): Template {
  if (place.kind === 'body' || (place.kind === 'other' && place.name !== 'fragment')) return template;
  return template.flatMap((part) => (part.kind === 'text' ? sealLiteral(part.text, place) : [part]));
}

function sealLiteral(text: string, place: Place): TemplatePart[] {
  if (place.kind === 'query')
    return isSecretQuery(text, place.name) ? [{ kind: 'sealed', value: seal(text) }] : [{ kind: 'text', text }];
  // What follows the hash of an address begins with a parameter.
  const lead = place.name === 'fragment' ? '#' : '';
  const parts: TemplatePart[] = [];
  let from = lead.length;
  const whole = lead + text;
  for (const { start, end } of scanAddresses(whole)) {
    if (start > from) parts.push({ kind: 'text', text: whole.slice(from, start) });
    parts.push({ kind: 'sealed', value: seal(whole.slice(start, end)) });
    from = end;
  }
  if (from < whole.length) parts.push({ kind: 'text', text: whole.slice(from) });
  return parts;
}

function isSecretQuery(text: string, name: string): boolean {
  if (text === '' || name === 'name') return false;
  return isSecretParameter(decodeForm(name)) || scanAddresses(decodeForm(text)).length > 0;
}

import type { Field, UrlTemplate, Variable } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { isNamed, queryParameterText } from './url.ts';

/** A part of a document; members that are undefined or empty lists are not written. */
export type Block = Readonly<Record<string, unknown>>;

/** What a request or the collection loses. */
export type Lose = (what: string) => void;

/** The members that say something; undefined where none does. */
export function blockOf(members: Block): Block | undefined {
  const stated = Object.entries(members).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return stated.length > 0 ? Object.fromEntries(stated) : undefined;
}

export function writeFields(fields: readonly Field[]): Block[] {
  return fields.map((field) => ({
    name: templateText(field.name),
    value: templateText(field.value),
    ...stateOf(field),
  }));
}

/** What all entries of lists have in common. */
export function stateOf({ enabled, description }: { readonly enabled: boolean; readonly description?: string }): Block {
  return { ...(description !== undefined && { description }), ...(!enabled && { disabled: true }) };
}

/** The URL with its enabled query, as Bruno sends it, and the list of params that says more about each. */
export function writeUrl({ address, query, fragment, pathVariables }: UrlTemplate): { url: string; params: Block[] } {
  const sent = query.filter(({ enabled }) => enabled).map(queryParameterText);
  const search = sent.length > 0 ? `?${sent.join('&')}` : '';
  const hash = fragment === undefined ? '' : `#${templateText(fragment)}`;
  return {
    url: `${templateText(address)}${search}${hash}`,
    params: [
      ...pathVariables.map((field) => toParam(field.name, field.value, field, 'path')),
      ...query.filter(isNamed).map((field) => toParam(field.name ?? [], field.value ?? [], field, 'query')),
    ],
  };
}

function toParam(
  name: Template,
  value: Template,
  state: { readonly enabled: boolean; readonly description?: string },
  type: 'path' | 'query',
): Block {
  return { name: templateText(name), value: templateText(value), type, ...stateOf(state) };
}

export function writeVariables(variables: readonly Variable[]): Block[] {
  return variables.map((variable) => ({
    name: variable.name,
    value: templateText(variable.value),
    ...stateOf(variable),
  }));
}

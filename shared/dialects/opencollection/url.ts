// The URL with its params. Bruno repeats the query of the URL in `params`, other writers state it once: each parameter is
// read once, whichever of the two has it.
import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { readUrl as readUrlText } from '../postman/url.ts';
import { isEnabled, readFields } from './fields.ts';
import type { Sealer } from './sealer.ts';

/** A URL text with its list of params. */
export function readUrl(text: string, params: unknown, sealer: Sealer): UrlTemplate {
  const url = readUrlText(text);
  const stated = listOr(params).filter(isObject);
  const query = url.query.map((field) => mapQuery(field, sealer));
  return {
    address: sealer.mapped(url.address),
    query: mergeQuery(
      query,
      stated.filter(({ type }) => type !== 'path').map((param) => toQuery(param, sealer)),
    ),
    ...(url.fragment && { fragment: sealer.mapped(url.fragment) }),
    pathVariables: readFields(
      stated.filter(({ type }) => type === 'path'),
      sealer.field,
      sealer,
    ),
  };
}

function mapQuery({ name, value, ...rest }: QueryField, sealer: Sealer): QueryField {
  return { ...rest, name: name && sealer.mapped(name), value: value && sealer.mapped(value) };
}

function toQuery(param: JsonObject, sealer: Sealer): QueryField {
  const name = textOf(param.name);
  return {
    name: sealer.plain(name),
    value: sealer.field(name, textOf(param.value)),
    enabled: isEnabled(param),
    ...descriptionOf(param.description),
  };
}

/**
 * The list of params, with what the URL has and the list has not. Of a parameter that both have the URL's value counts, as
 * in Bruno, which sends the URL as it stands; the list adds what it says about it.
 */
function mergeQuery(fromUrl: readonly QueryField[], params: readonly QueryField[]): QueryField[] {
  const left = [...fromUrl];
  const merged = params.flatMap((param): QueryField[] => {
    const at = param.enabled ? left.findIndex((field) => nameText(field) === nameText(param)) : -1;
    if (at === -1) return [param];
    const passed = left.splice(0, at + 1);
    const same = passed.pop();
    // A parameter without a name stands in the URL only; it keeps its place.
    const nameless = passed.filter((field) => !isNamed(field));
    left.unshift(...passed.filter(isNamed));
    return [...nameless, { ...param, name: param.name, value: chosenValue(same?.value ?? null, param.value ?? []) }];
  });
  return [...merged, ...left];
}

/** The list's value where the URL has the same but for the escapes that a query needs. */
function chosenValue(fromUrl: QueryField['value'], stated: Template): QueryField['value'] {
  if (fromUrl === null || isSealed(fromUrl) || isSealed(stated)) return fromUrl;
  return templateText(fromUrl) === queryText(stated, VALUE_DELIMITERS) ? stated : fromUrl;
}

const VALUE_DELIMITERS = /[&#]/g;
const NAME_DELIMITERS = /[&#=]/g;

/** A name or value as it stands in the query of a URL: what would end it is escaped. */
function queryText(template: Template, delimiters: RegExp): string {
  const escaped = template.map((part) =>
    part.kind === 'text' ? { ...part, text: part.text.replace(delimiters, encodeURIComponent) } : part,
  );
  return templateText(escaped);
}

/** One parameter as it stands in the query of a URL. */
export function queryParameterText({ name, value }: QueryField): string {
  const text = queryText(name ?? [], NAME_DELIMITERS);
  return value === null ? text : `${text}=${queryText(value, VALUE_DELIMITERS)}`;
}

/** Whether a parameter has a name: one without stands in the URL only. */
export function isNamed({ name }: QueryField): boolean {
  return name !== null && name.length > 0;
}

function isSealed(template: Template): boolean {
  return template.some(({ kind }) => kind === 'sealed');
}

function nameText({ name }: QueryField): string | undefined {
  return name === null ? undefined : queryText(name, NAME_DELIMITERS);
}

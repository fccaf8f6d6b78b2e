import type { Field, QueryField, UrlTemplate, Variable } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import { sealField } from '../../collection/seal-literals.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { plainTemplate, templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { referenceTo } from './literal-values.ts';
import type { Opening } from './opening.ts';
import { operationServer } from './operation-server.ts';
import { type ParameterField, pairFields, textField } from './parameter-values.ts';
import type { Parameter } from './parameters.ts';
import { readPath } from './path-address.ts';

export interface OperationUrl {
  readonly url: UrlTemplate;
  /** Values of the references in the address. */
  readonly variables: readonly Variable[];
}

interface UrlInput {
  readonly path: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
  readonly parameters: readonly Parameter[];
}

/** The URL of an operation: `:name` segments and `{{references}}` in its path, and its query. */
export function readOperationUrl({ path, item, operation, parameters }: UrlInput, opening: Opening): OperationUrl {
  const base = operationServer(item, operation, opening);
  const values = new Map<string, ParameterField>();
  for (const each of parameters) if (each.in === 'path') values.set(each.name, textField(each, opening));
  const read = readPath(path, (name) => prefixOf(name, values.get(name)));
  const used = new Set([...read.segments, ...read.references]);
  if ([...values.keys()].some((name) => !used.has(name))) opening.note('a path parameter stands nowhere in the path');
  const query = parameters.filter((each) => each.in === 'query').flatMap((each) => pairFields(each, opening));
  return {
    url: {
      address: [...base.address, ...read.address],
      query: [...fixedQuery(read.query), ...query.map(toQueryField)],
      ...(read.fragment !== undefined && { fragment: plainTemplate(read.fragment) }),
      pathVariables: [...read.segments].map((name) => pathVariable(name, values.get(name))),
    },
    variables: [...[...read.references].flatMap((name) => pathReference(name, values.get(name))), ...base.variables],
  };
}

/** What style matrix or label puts before a value. */
function prefixOf(name: string, field: ParameterField | undefined): string {
  const [first] = field?.value ?? [];
  const start = first?.kind === 'text' ? first.text : '';
  return [`;${name}=`, '.'].find((prefix) => start.startsWith(prefix)) ?? '';
}

function pathVariable(name: string, field: ParameterField | undefined): Field {
  // Without a value the segment would stay `:name`.
  const value = field && field.value.length > 0 ? field.value : referenceTo(name);
  return { name: plainTemplate(name), value, enabled: true, ...descriptionOf(field) };
}

function pathReference(name: string, field: ParameterField | undefined): Variable[] {
  if (!field) return [];
  const prefix = prefixOf(name, field);
  const value = withoutStart(field.value, prefix.length);
  const isMissing = (prefix === '' && value.length === 0) || templateText(value) === `{{${name}}}`;
  if (isMissing) return [];
  return [{ name, value, enabled: true, secret: isSensitiveName(name), ...descriptionOf(field) }];
}

function withoutStart([first, ...rest]: Template, chars: number): Template {
  if (first?.kind !== 'text') return first ? [first, ...rest] : [];
  return [...plainTemplate(first.text.slice(chars)), ...rest];
}

function toQueryField(field: ParameterField): QueryField {
  return {
    name: plainTemplate(field.name.replace(/[[\]]/g, encodeComponent)),
    value: field.value,
    enabled: field.enabled,
    ...descriptionOf(field),
  };
}

function fixedQuery(query: string | undefined): QueryField[] {
  if (query === undefined) return [];
  return query.split('&').map((pair) => {
    const [name = '', value] = pair.split(/=(.*)/s, 2);
    return {
      name: plainTemplate(name),
      value: value === undefined ? null : sealField(name, inner(value)),
      enabled: true,
    };
  });
}

/** `{name}` behind a question mark is a reference too. */
function inner(value: string): string {
  return value.replace(/\{([^{}]+)\}/g, '{{$1}}');
}

function descriptionOf(field: ParameterField | undefined): { readonly description?: string } {
  return field?.description === undefined ? {} : { description: field.description };
}

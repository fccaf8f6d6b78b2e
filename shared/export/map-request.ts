import type { BodyTemplate, Field, PartTemplate, RequestTemplate, UrlTemplate } from '../collection/model.ts';
import type { Template } from '../template/template.ts';

/** Where in a request a template stands; what is in the address and the query is percent-encoded text. */
export type PlaceKind = 'path' | 'query' | 'header' | 'body' | 'field' | 'auth' | 'variable' | 'other';

export interface Place {
  readonly kind: PlaceKind;
  /** Name of the header, parameter, field or variable, as far as it has one. */
  readonly name: string;
}

export type MapTemplate = (template: Template, place: Place) => Template;

export interface MapTexts {
  readonly prose: (text: string) => string;
  readonly script: (source: string) => string;
}

/** The request with every template in it put through `map`, and its documentation and scripts through `texts`. */
export function mapRequest(request: RequestTemplate, map: MapTemplate, texts: MapTexts): RequestTemplate {
  const { url, headers, body, auth, folderVariables, scripts, examples, assertions, description } = request;
  return {
    ...request,
    ...(description !== undefined && { description: texts.prose(description) }),
    url: mapUrl(url, map),
    headers: mapFields(headers, 'header', map),
    body: mapBody(body, map),
    auth: {
      ...auth,
      fields: mapValues(auth.fields, (template, name) => map(template, { kind: 'auth', name })),
    },
    folderVariables: folderVariables.map((list) =>
      list.map((variable) => ({ ...variable, value: map(variable.value, { kind: 'variable', name: variable.name }) })),
    ),
    scripts: scripts.map((script) => ({ ...script, source: texts.script(script.source) })),
    examples: examples.map((example) => ({ ...example, headers: mapFields(example.headers, 'header', map) })),
    ...(assertions && {
      assertions: assertions.map((each) =>
        each.value ? { ...each, value: map(each.value, { kind: 'other', name: each.expression }) } : each,
      ),
    }),
  };
}

function mapValues(
  fields: Readonly<Record<string, Template>>,
  map: (template: Template, name: string) => Template,
): Readonly<Record<string, Template>> {
  return Object.fromEntries(Object.entries(fields).map(([name, template]) => [name, map(template, name)]));
}

function mapUrl({ address, query, fragment, pathVariables }: UrlTemplate, map: MapTemplate): UrlTemplate {
  return {
    address: map(address, { kind: 'path', name: 'url' }),
    query: query.map((field) => ({
      ...field,
      name: field.name && map(field.name, { kind: 'query', name: 'name' }),
      value: field.value && map(field.value, { kind: 'query', name: plainText(field.name ?? []) }),
    })),
    ...(fragment && { fragment: map(fragment, { kind: 'other', name: 'fragment' }) }),
    pathVariables: mapFields(pathVariables, 'path', map),
  };
}

function mapFields<F extends Field>(fields: readonly F[], kind: PlaceKind, map: MapTemplate): F[] {
  return fields.map((field) => ({
    ...field,
    name: map(field.name, { kind, name: 'name' }),
    value: map(field.value, { kind, name: plainText(field.name) }),
  }));
}

function mapBody(body: BodyTemplate, map: MapTemplate): BodyTemplate {
  const inBody = (template: Template, name = 'body'): Template => map(template, { kind: 'body', name });
  switch (body.kind) {
    case 'none':
      return body;
    case 'raw':
      return { ...body, text: inBody(body.text) };
    case 'urlencoded':
      return { ...body, fields: mapFields(body.fields, 'field', map) };
    case 'multipart':
      return { ...body, parts: body.parts.map((part) => mapPart(part, map)) };
    case 'file':
      return { ...body, path: inBody(body.path, 'path') };
    case 'graphql':
      return { ...body, query: inBody(body.query, 'query'), variables: inBody(body.variables, 'variables') };
  }
}

function mapPart(part: PartTemplate, map: MapTemplate): PartTemplate {
  if (part.kind === 'text') return mapFields([part], 'field', map)[0] ?? part;
  return { ...part, paths: part.paths.map((path) => map(path, { kind: 'field', name: 'path' })) };
}

/** The text parts of a template. */
export function plainText(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

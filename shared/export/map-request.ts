import type {
  Assertion,
  BodyTemplate,
  Example,
  Field,
  PartTemplate,
  RequestTemplate,
  UrlTemplate,
  Variable,
} from '../collection/model.ts';
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
  /** Names and bodies of examples, and expressions of assertions; they stay as they are where it is absent. */
  readonly name?: (text: string) => string;
  readonly body?: (text: string) => string;
}

/** The request with every template in it put through `map`, and its documentation, names and scripts through `texts`. */
export function mapRequest(request: RequestTemplate, map: MapTemplate, texts: MapTexts): RequestTemplate {
  const { url, headers, body, auth, folderVariables, scripts, examples, description } = request;
  const { assertions, answerVariables } = request;
  const maps: Maps = { map, texts };
  return {
    ...request,
    ...(description !== undefined && { description: texts.prose(description) }),
    url: mapUrl(url, maps),
    headers: mapFields(headers, 'header', maps),
    body: mapBody(body, maps),
    auth: {
      ...auth,
      fields: mapValues(auth.fields, (template, name) => map(template, { kind: 'auth', name })),
    },
    folderVariables: folderVariables.map((list) => list.map((variable) => mapVariable(variable, map, texts))),
    scripts: scripts.map((script) => ({ ...script, source: texts.script(script.source) })),
    examples: examples.map((example) => mapExample(example, maps)),
    ...(assertions && { assertions: assertions.map((assertion) => mapAssertion(assertion, maps)) }),
    ...(answerVariables && {
      answerVariables: answerVariables.map((each) => ({
        ...each,
        expression: texts.script(each.expression),
        ...described(each, texts),
      })),
    }),
  };
}

interface Maps {
  readonly map: MapTemplate;
  readonly texts: MapTexts;
}

/** The variable with its value put through `map` and its description through `texts`. */
export function mapVariable(variable: Variable, map: MapTemplate, texts: Pick<MapTexts, 'prose'>): Variable {
  const value = map(variable.value, { kind: 'variable', name: variable.name });
  return { ...variable, value, ...described(variable, texts) };
}

function described(
  { description }: { readonly description?: string },
  { prose }: Pick<MapTexts, 'prose'>,
): { readonly description?: string } {
  return description === undefined ? {} : { description: prose(description) };
}

function mapExample(example: Example, maps: Maps): Example {
  const { name, body } = maps.texts;
  return {
    ...example,
    ...(name && { name: name(example.name) }),
    headers: mapFields(example.headers, 'header', maps),
    ...(body && example.body !== undefined && { body: body(example.body) }),
  };
}

function mapAssertion(assertion: Assertion, { map, texts }: Maps): Assertion {
  const { expression, value } = assertion;
  return {
    ...assertion,
    ...(texts.body && { expression: texts.body(expression) }),
    ...(value && { value: map(value, { kind: 'other', name: expression }) }),
    ...described(assertion, texts),
  };
}

function mapValues(
  fields: Readonly<Record<string, Template>>,
  map: (template: Template, name: string) => Template,
): Readonly<Record<string, Template>> {
  return Object.fromEntries(Object.entries(fields).map(([name, template]) => [name, map(template, name)]));
}

function mapUrl({ address, query, fragment, pathVariables }: UrlTemplate, maps: Maps): UrlTemplate {
  const { map, texts } = maps;
  return {
    address: map(address, { kind: 'path', name: 'url' }),
    query: query.map((field) => ({
      ...field,
      name: field.name && map(field.name, { kind: 'query', name: 'name' }),
      value: field.value && map(field.value, { kind: 'query', name: plainText(field.name ?? []) }),
      ...described(field, texts),
    })),
    ...(fragment && { fragment: map(fragment, { kind: 'other', name: 'fragment' }) }),
    pathVariables: mapFields(pathVariables, 'path', maps),
  };
}

function mapFields<F extends Field>(fields: readonly F[], kind: PlaceKind, { map, texts }: Maps): F[] {
  return fields.map((field) => ({
    ...field,
    name: map(field.name, { kind, name: 'name' }),
    value: map(field.value, { kind, name: plainText(field.name) }),
    ...described(field, texts),
  }));
}

function mapBody(body: BodyTemplate, maps: Maps): BodyTemplate {
  const { map } = maps;
  const inBody = (template: Template, name = 'body'): Template => map(template, { kind: 'body', name });
  switch (body.kind) {
    case 'none':
      return body;
    case 'raw':
      return { ...body, text: inBody(body.text) };
    case 'urlencoded':
      return { ...body, fields: mapFields(body.fields, 'field', maps) };
    case 'multipart':
      return { ...body, parts: body.parts.map((part) => mapPart(part, maps)) };
    case 'file':
      return { ...body, path: inBody(body.path, 'path') };
    case 'graphql':
      return { ...body, query: inBody(body.query, 'query'), variables: inBody(body.variables, 'variables') };
  }
}

function mapPart(part: PartTemplate, maps: Maps): PartTemplate {
  if (part.kind === 'text') return mapFields([part], 'field', maps)[0] ?? part;
  const paths = part.paths.map((path) => maps.map(path, { kind: 'field', name: 'path' }));
  return { ...part, paths, ...described(part, maps.texts) };
}

/** The text parts of a template. */
export function plainText(template: Template): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

// What a request says, whatever the places are that its format says it in: for comparing what was written with its source.
import type {
  BodyTemplate,
  Field,
  QueryField,
  RequestEntry,
  RequestTemplate,
  Script,
  Variable,
} from '../../shared/collection/model.ts';
import { plainText } from './plain-text.ts';

/** A comparable form: texts for templates, inherited things merged into the request. */
export function meaningOf(entry: Pick<RequestEntry, 'name' | 'folders' | 'tags'>, template: RequestTemplate): unknown {
  const { url, auth, headers, body, settings, examples, assertions, scripts, folderVariables, answerVariables } =
    template;
  return {
    path: [...entry.folders, entry.name],
    tags: entry.tags ?? [],
    method: template.method,
    description: template.description ?? '',
    address: plainText(url.address),
    fragment: url.fragment && plainText(url.fragment),
    query: url.query.filter(({ enabled }) => enabled).map(parameterOf),
    notSent: url.query
      .filter(({ enabled }) => !enabled)
      .map((each) => parameterOf({ ...each, value: each.value ?? [] })),
    pathVariables: url.pathVariables.map(fieldOf),
    headers: [...headers.map(fieldOf), ...contentTypeOf(template)],
    body: bodyOf(body, headers),
    auth: { type: auth.type, ...(auth.type === 'oauth1' && placeOf(auth.fields)), ...textsOf(auth.fields) },
    variables: merged(folderVariables),
    before: sourcesOf(scripts, 'before'),
    after: sourcesOf(scripts, 'after'),
    settings,
    examples: examples.map((example) => ({ ...example, headers: example.headers.map(fieldOf) })),
    assertions: (assertions ?? []).map((each) => ({ ...each, value: each.value && plainText(each.value) })),
    answerVariables: answerVariables ?? [],
  };
}

/** The last enabled variable of each name, from the inside out. */
export function merged(lists: readonly (readonly Variable[])[]): Record<string, string> {
  const all = [...lists].reverse().flat();
  return Object.fromEntries(all.filter(({ enabled }) => enabled).map(({ name, value }) => [name, plainText(value)]));
}

function parameterOf(each: QueryField): object {
  // A parameter without a name and one with an empty name are sent alike.
  return { ...stateOf(each), name: plainText(each.name ?? []), value: each.value && plainText(each.value) };
}

function stateOf({ enabled, description }: { readonly enabled: boolean; readonly description?: string }): object {
  return { enabled, description: description ?? '' };
}

function fieldOf(field: Field): object {
  return { ...stateOf(field), name: plainText(field.name), value: plainText(field.value) };
}

const BY_LANGUAGE = new Map([
  ['html', 'text/html'],
  ['javascript', 'application/javascript'],
]);

/** A language that stands for a content type is the same as the header. */
function contentTypeOf({ body, headers }: RequestTemplate): object[] {
  const type = body.kind === 'raw' ? BY_LANGUAGE.get(body.language ?? '') : undefined;
  const stated = headers.some((each) => each.enabled && plainText(each.name).toLowerCase() === 'content-type');
  return type === undefined || stated ? [] : [{ enabled: true, description: '', name: 'Content-Type', value: type }];
}

function bodyOf(body: BodyTemplate, headers: readonly Field[]): unknown {
  switch (body.kind) {
    case 'none':
      return { kind: 'none' };
    case 'raw':
      return { kind: 'raw', text: plainText(body.text), language: languageOf(body.language, headers) };
    case 'urlencoded':
      return { kind: 'urlencoded', fields: body.fields.map(fieldOf) };
    case 'multipart':
      return {
        kind: 'multipart',
        parts: body.parts.map((part) => ({
          ...stateOf(part),
          kind: part.kind,
          name: plainText(part.name),
          value: part.kind === 'text' ? plainText(part.value) : part.paths.map(plainText),
          contentType: part.contentType && plainText(part.contentType),
        })),
      };
    case 'file':
      return { kind: 'file', path: plainText(body.path) };
    case 'graphql':
      return { kind: 'graphql', query: plainText(body.query), variables: plainText(body.variables) };
  }
}

/** Where none is stated the headers decide. */
function languageOf(language: string | undefined, headers: readonly Field[]): string {
  const isJson = headers.some(
    (each) =>
      each.enabled && plainText(each.name).toLowerCase() === 'content-type' && plainText(each.value).includes('json'),
  );
  if (language === undefined && isJson) return 'json';
  return language === 'json' || language === 'xml' || language === 'sparql' ? language : 'text';
}

/** Of OAuth 1, where no place is stated. */
function placeOf({ addParamsToHeader = [] }: RequestTemplate['auth']['fields']): Record<string, string> {
  return plainText(addParamsToHeader) === 'true' ? {} : { addParamsToHeader: 'false', placement: 'query' };
}

function textsOf(fields: RequestTemplate['auth']['fields']): Record<string, string> {
  const kept = Object.entries(fields)
    .filter(([name]) => !OF_SCREENS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept.map(([name, value]) => [name, plainText(value)]));
}

/** Fields of Postman's own screens: a request is sent the same without them. */
const OF_SCREENS = new Set(['saveHelperData', 'showPassword', 'disableRetryRequest']);

/** All scripts of a phase as they run, without the blocks that keep joined ones apart. */
function sourcesOf(scripts: readonly Script[], phase: Script['phase']): string {
  return scripts
    .filter((script) => script.phase === phase)
    .map(({ source }) => source)
    .join('\n')
    .split('\n')
    .filter((line) => line !== '{' && line !== '}')
    .join('\n');
}

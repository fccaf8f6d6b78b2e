// One request as an item of the schema. What folders say about it is written into the request itself: the model has it
// merged, and a request that is moved keeps its meaning.
import type { Assertion, Example, RequestSettings, RequestTemplate, Script, Variable } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import type { WritableRequest } from '../writer.ts';
import { writeActions } from './actions.ts';
import { writeAuth } from './write-auth.ts';
import { contentTypeOf, writeBody, writeGraphql } from './write-body.ts';
import { type Block, blockOf, type Lose, stateOf, writeFields, writeUrl, writeVariables } from './write-fields.ts';
import { writeScripts } from './write-scripts.ts';

export interface Context {
  /** The place in the order of its folder. */
  readonly seq: number;
  /** Whether the document states the auth that requests inherit. */
  readonly inherits: boolean;
  readonly lose: Lose;
}

/** An item of the schema; undefined, with a loss, for a kind that the schema does not have. */
export function writeRequest({ entry, template }: WritableRequest, context: Context): Block | undefined {
  const { seq, inherits, lose } = context;
  const kind = kindOf(entry, template);
  const info = blockOf({ name: entry.name, type: kind, seq, tags: entry.tags ?? [] });
  for (const note of template.notes ?? []) lose(`something that was left out before: ${note}`);
  switch (kind) {
    case 'http':
    case 'graphql':
      return writeHttp(template, { kind, info, inherits, lose });
    case 'grpc':
    case 'websocket':
      return writeMessage(template, { kind, info, inherits, lose });
    case 'script':
      return { type: 'script', script: bodyText(template) };
    case 'app':
      return { info, code: bodyText(template) };
    case undefined:
      lose('the request: the format has no such kind');
      return undefined;
  }
}

type Kind = 'http' | 'graphql' | 'grpc' | 'websocket' | 'script' | 'app';

const KINDS = new Map<string, Kind>([
  ['GRPC', 'grpc'],
  ['WEBSOCKET', 'websocket'],
  ['SCRIPT', 'script'],
  ['APP', 'app'],
]);

function kindOf({ method, notExecutable }: WritableRequest['entry'], { body }: RequestTemplate): Kind | undefined {
  if (notExecutable !== undefined) return KINDS.get(method);
  return body.kind === 'graphql' ? 'graphql' : 'http';
}

interface Item<K extends Kind> {
  readonly kind: K;
  readonly info: Block | undefined;
  readonly inherits: boolean;
  readonly lose: Lose;
}

function writeHttp(template: RequestTemplate, item: Item<'http' | 'graphql'>): Block {
  const { kind, info, lose } = item;
  const { body, headers, examples, description } = template;
  const { url, params } = writeUrl(template.url);
  const written = writeBody(body, contentTypeOf(headers), lose);
  const added = written.contentType === undefined ? [] : [{ name: 'Content-Type', value: written.contentType }];
  if (kind === 'graphql' && examples.length > 0) lose('the examples: a GraphQL request has none');
  const details = {
    method: template.method,
    url,
    headers: [...writeFields(headers), ...added],
    params,
    body: body.kind === 'graphql' ? writeGraphql(body, lose) : written.body,
    auth: ownAuth(template, item),
  };
  return {
    info,
    [kind]: blockOf(details),
    ...blockOf({
      runtime: blockOf({
        variables: writeVariables(mergeLists(template.folderVariables)),
        scripts: writeScripts(ownScripts(template)),
        assertions: (template.assertions ?? []).map(writeAssertion),
        actions: writeActions(template.answerVariables ?? []),
      }),
      settings: writeSettings(template.settings, lose),
      examples: kind === 'http' ? examples.map(writeExample) : [],
      docs: description,
    }),
  };
}

/** The model keeps of these what a listing shows. */
function writeMessage(template: RequestTemplate, item: Item<'grpc' | 'websocket'>): Block {
  const { kind, info, lose } = item;
  const { body } = template;
  const text = bodyText(template);
  const type = body.kind === 'raw' && MESSAGE_TYPES.has(body.language ?? '') ? body.language : 'text';
  const message = kind === 'grpc' ? text : { type, data: text };
  if (kind === 'grpc') lose('the method and proto file of a gRPC request');
  if (template.answerVariables) lose('the variables from the answer: a request of this kind has none');
  return {
    info,
    [kind]: blockOf({
      url: writeUrl(template.url).url,
      [kind === 'grpc' ? 'metadata' : 'headers']: writeFields(template.headers),
      message: text === '' ? undefined : message,
      auth: ownAuth(template, item),
    }),
    ...blockOf({
      runtime: blockOf({
        variables: writeVariables(mergeLists(template.folderVariables)),
        scripts: writeScripts(ownScripts(template)),
        assertions: kind === 'grpc' ? (template.assertions ?? []).map(writeAssertion) : [],
      }),
      docs: template.description,
    }),
  };
}

const MESSAGE_TYPES: ReadonlySet<string> = new Set(['text', 'json', 'xml', 'binary']);

function bodyText({ body }: RequestTemplate): string {
  return body.kind === 'raw' ? templateText(body.text) : '';
}

function ownAuth({ auth }: RequestTemplate, { inherits, lose }: Item<Kind>): Block | string | undefined {
  if (auth.from !== 'collection') return writeAuth(auth, lose);
  return inherits ? 'inherit' : undefined;
}

function ownScripts({ scripts }: RequestTemplate): readonly Script[] {
  return scripts.filter(({ from }) => from !== 'collection');
}

/** Lists of variables, nearest first, as one: a nearer one hides those of its name. */
function mergeLists(lists: readonly (readonly Variable[])[]): Variable[] {
  const hidden = new Set<string>();
  const kept: Variable[][] = [];
  for (const list of lists) {
    kept.unshift(list.filter(({ name }) => !hidden.has(name)));
    for (const { name, enabled } of list) if (enabled) hidden.add(name);
  }
  return kept.flat();
}

function writeAssertion(assertion: Assertion): Block {
  const { expression, operator, value } = assertion;
  return { expression, operator, ...(value !== undefined && { value: templateText(value) }), ...stateOf(assertion) };
}

const NO_PLACE = [
  'followOriginalHttpMethod',
  'removeRefererHeaderOnRedirect',
  'disableBodyPruning',
  'disableCookies',
  'strictSSL',
  'disabledSystemHeaders',
] as const;

function writeSettings(settings: RequestSettings, lose: Lose): Block | undefined {
  for (const name of NO_PLACE) if (settings[name] !== undefined) lose(`the setting ${name}`);
  const { disableUrlEncoding, timeoutMs, followRedirects, maxRedirects, followAuthorizationHeader } = settings;
  return blockOf({
    encodeUrl: disableUrlEncoding === undefined ? undefined : !disableUrlEncoding,
    timeout: timeoutMs,
    followRedirects,
    maxRedirects,
    forwardAuthorizationHeader: followAuthorizationHeader,
  });
}

function writeExample({ name, status, headers, body }: Example): Block {
  const fields = writeFields(headers).map((field) => ({ name: field.name, value: field.value }));
  const response = blockOf({
    status,
    headers: fields,
    body: body === undefined ? undefined : { type: exampleType(contentTypeOf(headers)), data: body },
  });
  return { name, ...(response && { response }) };
}

function exampleType(contentType: string): string {
  return ['json', 'xml', 'html'].find((type) => contentType.includes(type)) ?? 'text';
}

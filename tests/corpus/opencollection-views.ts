// One request as our model and as Bruno's has it, in one shape: for comparing the two.
import type { BodyTemplate, Field, RequestTemplate } from '../../shared/collection/model.ts';
import type { Template } from '../../shared/template/template.ts';
import { plainText } from '../dialects/plain-text.ts';

type View = Readonly<Record<string, unknown>>;

/** What Bruno's reader gives, as far as it is compared. */
export interface BrunoItem {
  readonly type: string;
  readonly tags: unknown;
  readonly request: {
    readonly method?: string;
    readonly url: string;
    readonly headers?: readonly BrunoField[];
    readonly params?: readonly BrunoField[];
    readonly body?: BrunoBody;
    readonly auth?: Readonly<Record<string, unknown>> & { readonly mode?: string };
    readonly vars?: { readonly req?: readonly BrunoField[] };
    readonly script?: { readonly req?: string | null; readonly res?: string | null };
    readonly tests?: string | null;
    readonly assertions?: readonly BrunoField[];
    readonly docs?: string | null;
  };
}

interface BrunoField {
  readonly name: string;
  readonly value: unknown;
  readonly enabled: boolean;
  readonly type?: string;
  readonly description?: string;
  readonly contentType?: string | null;
}

interface BrunoBody {
  readonly mode: string;
  readonly formUrlEncoded?: readonly BrunoField[];
  readonly multipartForm?: readonly BrunoField[];
  readonly file?: readonly { readonly filePath: string; readonly selected: boolean }[];
  readonly graphql?: { readonly query: string; readonly variables: string } | null;
}

export function brunoView({ type, tags, request }: BrunoItem): View {
  const isHttp = type === 'http-request' || type === 'graphql-request';
  const query = (request.params ?? []).filter((param) => param.type === 'query');
  return {
    method: isHttp ? request.method : type.replace('-request', '').replace('ws', 'websocket').toUpperCase(),
    url: request.url,
    headers: (request.headers ?? []).map(brunoField),
    query: query.map(brunoField),
    path: (request.params ?? []).filter((param) => param.type === 'path').map(brunoField),
    ...(isHttp && { body: brunoBody(request.body) }),
    auth: brunoAuth(request.auth),
    variables: (request.vars?.req ?? []).map(brunoField),
    scripts: [request.script?.req, request.script?.res, request.tests].map((script) => script ?? ''),
    assertions: (request.assertions ?? []).map(brunoField),
    docs: request.docs ?? '',
    tags,
  };
}

function brunoField({ name, value, enabled, description }: BrunoField): unknown[] {
  return [name, valueText(value), enabled, description ?? ''];
}

/** Typed values are kept as texts by us. */
function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function brunoBody(body: BrunoBody | undefined): unknown {
  if (body === undefined) return 'none';
  switch (body.mode) {
    case 'none':
      return 'none';
    case 'formUrlEncoded':
      return (body.formUrlEncoded ?? []).map(brunoField);
    case 'multipartForm':
      return (body.multipartForm ?? []).map((part) => [part.type, ...brunoField(part), part.contentType ?? '']);
    case 'file':
      return body.file?.find(({ selected }) => selected)?.filePath ?? 'none';
    case 'graphql':
      return [body.graphql?.query ?? '', body.graphql?.variables ?? ''];
    default: {
      const texts: Readonly<Record<string, unknown>> = { ...body };
      return texts[body.mode] === '' ? 'none' : [body.mode, texts[body.mode]];
    }
  }
}

const AUTH_KEYS: Readonly<Record<string, string>> = { 'akamai-edgegrid': 'akamaiEdgegrid' };

/** By Bruno's names; what it fills in for what is not stated is left out. */
function brunoAuth(auth: BrunoItem['request']['auth']): unknown {
  const mode = auth?.mode ?? 'none';
  if (mode === 'none' || mode === 'inherit') return 'none';
  const fields = Object.entries(Object(auth?.[AUTH_KEYS[mode] ?? mode]));
  const stated = fields.filter(([, value]) => value !== null && value !== '' && value !== undefined);
  return [mode, Object.fromEntries(stated.map(([name, value]) => [name, String(value)]).sort(byName))];
}

export function ourView(template: RequestTemplate | undefined, tags: readonly string[]): View {
  if (template === undefined) return {};
  const { url, scripts } = template;
  const sent = url.query.filter(({ enabled }) => enabled);
  const search = sent.map(({ name, value }) => `${text(name)}${value === null ? '' : `=${text(value)}`}`).join('&');
  return {
    method: template.method,
    url: `${text(url.address)}${search === '' ? '' : `?${search}`}${url.fragment ? `#${text(url.fragment)}` : ''}`,
    headers: template.headers.filter((field) => !isOfFileBody(field, template.body)).map(ourField),
    query: url.query.map(({ name, value, enabled, description }) => [
      text(name),
      text(value),
      enabled,
      description ?? '',
    ]),
    path: url.pathVariables.map(ourField),
    body: ourBody(template.body),
    auth: ourAuth(template),
    variables: template.folderVariables
      .flat()
      .map(({ name, value, enabled, description }) => [name, text(value), enabled, description ?? '']),
    scripts: [
      scripts.find(({ phase }) => phase === 'before'),
      scripts.find(({ stage }) => stage === 'response'),
      scripts.find(({ stage }) => stage === 'tests'),
    ].map((script) => script?.source ?? ''),
    assertions: (template.assertions ?? []).map(({ expression, operator, value, enabled, description }) => [
      expression,
      value === undefined ? operator : `${operator} ${text(value)}`,
      enabled,
      description ?? '',
    ]),
    docs: template.description ?? '',
    tags,
  };
}

/** The content type of a file body stands in our headers. */
function isOfFileBody({ name }: Field, body: BodyTemplate): boolean {
  return body.kind === 'file' && plainText(name) === 'Content-Type';
}

function text(template: Template | null): string {
  return plainText(template ?? []);
}

function ourField({ name, value, enabled, description }: Field): unknown[] {
  return [text(name), text(value), enabled, description ?? ''];
}

function ourBody(body: BodyTemplate): unknown {
  switch (body.kind) {
    case 'none':
      return 'none';
    case 'raw':
      return [body.language, text(body.text)];
    case 'urlencoded':
      return body.fields.map(ourField);
    case 'multipart':
      return body.parts.map((part) => {
        const value = part.kind === 'text' ? text(part.value) : JSON.stringify(part.paths.map(text));
        const { name, enabled, contentType = [] } = part;
        return [
          part.kind,
          text(name),
          value,
          enabled,
          ('description' in part && part.description) || '',
          text(contentType),
        ];
      });
    case 'file':
      return text(body.path);
    case 'graphql':
      return [text(body.query), text(body.variables)];
  }
}

const MODES: Readonly<Record<string, string>> = { edgegrid: 'akamai-edgegrid' };
const NAMES: Readonly<Record<string, string>> = {
  token: 'accessToken',
  tokenSecret: 'accessTokenSecret',
  callback: 'callbackUrl',
};

function ourAuth({ auth }: RequestTemplate): unknown {
  if (auth.type === 'none') return 'none';
  const texts = new Map(Object.entries(auth.fields).map(([name, value]) => [name, text(value)]));
  if (auth.type === 'oauth1') completeOauth1(texts, auth.fields.privateKey);
  const named = [...texts].map(([name, value]) => [auth.type === 'oauth1' ? (NAMES[name] ?? name) : name, value]);
  return [MODES[auth.type] ?? auth.type, Object.fromEntries(named.sort(byName))];
}

/** Bruno has one field for the placement and two for the key, and states what is not stated. */
function completeOauth1(texts: Map<string, string>, key: Template | undefined): void {
  if (texts.get('addParamsToHeader') !== 'false') texts.set('placement', 'header');
  texts.delete('addParamsToHeader');
  texts.set('privateKeyType', key?.some(({ kind }) => kind === 'unsupported') ? 'file' : 'text');
  for (const [name, value] of [
    ['version', '1.0'],
    ['includeBodyHash', 'false'],
    ['signatureMethod', 'HMAC-SHA1'],
  ] as const) {
    if (!texts.has(name)) texts.set(name, value);
  }
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}

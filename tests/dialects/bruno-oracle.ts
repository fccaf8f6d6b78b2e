// A .bru request as this reader and as @usebruno/filestore understand it, both as the same plain facts.
import { parseRequest } from '@usebruno/filestore';
import type { BodyTemplate, Field, RequestEntry, RequestTemplate, Variable } from '../../shared/collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../shared/collection/narrow.ts';
import { reparseBru } from '../../shared/dialects/bruno/blocks.ts';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import { listRequest } from '../../shared/dialects/bruno/listing.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';

export type Facts = Readonly<Record<string, unknown>>;

/** A request file alone: nothing is inherited. */
export function readAlone(text: string): RequestEntry {
  const reader = bruno.createReader();
  const put = reader.put(lookAt('alone/request.bru', text));
  if (!put.ok) throw new Error(`line ${put.failure.where?.line}: ${String(put.failure.facts.problem)}`);
  const entry = reader.documents().collections[0]?.requests[0];
  if (!entry) throw new Error('no request');
  return entry;
}

/** The facts of a request file by this reader. */
export function ourFacts(text: string): Facts {
  const entry = readAlone(text);
  const template = entry.open();
  return {
    name: entry.name,
    seq: listRequest(reparseBru(text, 'request')).seq,
    tags: entry.tags ?? [],
    method: entry.method,
    docs: template.description ?? '',
    ...requestFacts(template),
  };
}

/** What a template says, its secrets opened. */
export function requestFacts(template: RequestTemplate): Facts {
  const { address, query, fragment, pathVariables } = template.url;
  const sent = query.filter(({ enabled }) => enabled);
  const texts = sent.map(({ name, value }) => plain(name ?? []) + (value === null ? '' : `=${plain(value)}`));
  return {
    url: plain(address) + (sent.length > 0 ? `?${texts.join('&')}` : '') + (fragment ? `#${plain(fragment)}` : ''),
    query: query.map((field) => pairOf(plain(field.name ?? []), plain(field.value ?? []), field.enabled)).sort(),
    path: pathVariables.map(fieldFact),
    headers: template.headers.map(fieldFact),
    body: bodyFacts(template.body),
    auth: { type: template.auth.type, ...filled(mapValues(template.auth.fields, plain)) },
    vars: (template.folderVariables[0] ?? []).map(variableFact),
    assertions: (template.assertions ?? []).map(({ expression, operator, value, enabled }) =>
      pairOf(expression, value ? `${operator} ${plain(value)}` : operator, enabled),
    ),
    scripts: template.scripts.map(({ phase, source }) => `${phase}: ${source}`),
    settings: template.settings,
    examples: template.examples.map(({ name, status }) => [name, status]),
    fromAnswer: (template.answerVariables ?? []).map(({ name, expression, enabled, scope }) =>
      pairOf(scope === 'request' ? `@${name}` : name, expression, enabled),
    ),
  };
}

export function variableFact({ name, value, enabled }: Variable): string {
  return pairOf(name, plain(value), enabled);
}

export function fieldFact({ name, value, enabled }: Field): string {
  return pairOf(plain(name), plain(value), enabled);
}

export function pairOf(name: string, value: string, enabled: boolean): string {
  return `${enabled ? '' : '~'}${name}: ${value}`;
}

/** A template as the file has it. */
export function plain(template: Template): string {
  return template.map(plainPart).join('');
}

function plainPart(part: TemplatePart): string {
  switch (part.kind) {
    case 'text':
    case 'unsupported':
      return part.text;
    case 'sealed':
      return reveal(part.value);
    case 'reference':
      return `{{${plain(part.name)}}}`;
    case 'handle':
      return `{{process.env.${part.names[0]}}}`;
    case 'captured':
    case 'derived':
      throw new Error('No file has such a part.');
  }
}

function bodyFacts(body: BodyTemplate): unknown {
  switch (body.kind) {
    case 'none':
      return { kind: 'none' };
    case 'raw':
      return { kind: body.language, text: plain(body.text) };
    case 'urlencoded':
      return { kind: 'form', fields: body.fields.map(fieldFact) };
    case 'multipart':
      return {
        kind: 'multipart',
        parts: body.parts.map((part) => {
          const value = part.kind === 'text' ? plain(part.value) : part.paths.map(plain).join('|');
          return [part.kind, pairOf(plain(part.name), value, part.enabled), plain(part.contentType ?? [])];
        }),
      };
    case 'file':
      return { kind: 'file', path: plain(body.path) };
    case 'graphql':
      return { kind: 'graphql', query: plain(body.query), variables: plain(body.variables) };
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function filled(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(fields).map(([key, value]): [string, string] => [key, textOf(value)]);
  return Object.fromEntries(texts.filter(([, value]) => value !== ''));
}

/** The facts of a request file by Bruno's own parser. */
export function oracleFacts(text: string): Facts {
  const parsed: unknown = parseRequest(text, { format: 'bru' });
  const item = objectOr(parsed);
  const request = objectOr(item.request);
  const params = listOr(request.params).filter(isObject);
  const body = oracleBody(objectOr(request.body));
  return {
    ...(item.name !== undefined && { name: item.name }),
    ...(Number.isFinite(item.seq) && { seq: item.seq }),
    tags: item.tags,
    method: request.method,
    docs: textOf(request.docs),
    url: textOf(request.url),
    query: params
      .filter(({ type }) => type === 'query')
      .map(oraclePair)
      .sort(),
    path: params.filter(({ type }) => type === 'path').map(oraclePair),
    headers: [...listOr(request.headers).map(oraclePair), ...body.headers],
    body: body.facts,
    auth: oracleAuth(objectOr(request.auth)),
    vars: listOr(objectOr(request.vars).req).map(oraclePair),
    assertions: listOr(request.assertions).map((each) => oraclePair(withOperator(objectOr(each)))),
    scripts: oracleScripts(request),
    settings: oracleSettings(objectOr(item.settings)),
    examples: listOr(item.examples).map((each) => [objectOr(each).name, objectOr(objectOr(each).response).status]),
    fromAnswer: listOr(objectOr(request.vars).res)
      .map(objectOr)
      .map((each) => oraclePair(each.local === true ? { ...each, name: `@${textOf(each.name)}` } : each)),
  };
}

export function oraclePair(entry: unknown): string {
  const { name, value, enabled } = objectOr(entry);
  return pairOf(textOf(name), textOf(value), enabled !== false);
}

const OPERATOR =
  /^(?:eq|neq|gte?|lte?|in|notIn|contains|notContains|length|matches|notMatches|startsWith|endsWith|between|isEmpty|isNotEmpty|isNull|isUndefined|isDefined|isTruthy|isFalsy|isJson|isNumber|isString|isBoolean|isArray)(?: |$)/;

/** A value alone is compared with `eq`, by Bruno's assert runtime. */
function withOperator(assertion: JsonObject): JsonObject {
  const value = textOf(assertion.value);
  return { ...assertion, value: OPERATOR.test(value) ? value : `eq ${value}` };
}

export function oracleScripts(request: JsonObject): string[] {
  const { req, res } = objectOr(request.script);
  const scripts: [string, string][] = [
    ['before', textOf(req)],
    ['after', textOf(res)],
    ['after', textOf(request.tests)],
  ];
  return scripts.filter(([, source]) => source.trim() !== '').map(([phase, source]) => `${phase}: ${source}`);
}

function oracleSettings(settings: JsonObject): Facts {
  const { followRedirects, maxRedirects, forwardAuthorizationHeader, timeout } = settings;
  return {
    ...(followRedirects !== undefined && { followRedirects }),
    ...(forwardAuthorizationHeader !== undefined && { followAuthorizationHeader: forwardAuthorizationHeader }),
    ...(maxRedirects !== undefined && { maxRedirects }),
    ...(typeof timeout === 'number' && timeout > 0 && { timeoutMs: timeout }),
  };
}

interface OracleBody {
  readonly facts: unknown;
  /** What Bruno's runner sends with it. */
  readonly headers: readonly string[];
}

function oracleBody(body: JsonObject): OracleBody {
  const mode = textOf(body.mode);
  const facts = (value: unknown, headers: readonly string[] = []): OracleBody => ({ facts: value, headers });
  if (['json', 'text', 'xml'].includes(mode)) {
    const text = textOf(body[mode]);
    return facts(text === '' ? { kind: 'none' } : { kind: mode, text });
  }
  if (mode === 'sparql') {
    return facts({ kind: 'sparql', text: textOf(body.sparql) }, ['Content-Type: application/sparql-query']);
  }
  if (mode === 'graphql') {
    const { query, variables } = objectOr(body.graphql);
    return facts({ kind: 'graphql', query: textOf(query), variables: textOf(variables) });
  }
  if (mode === 'formUrlEncoded') return facts({ kind: 'form', fields: listOr(body.formUrlEncoded).map(oraclePair) });
  if (mode === 'multipartForm') {
    return facts({ kind: 'multipart', parts: listOr(body.multipartForm).map(oraclePart) });
  }
  const file = listOr(body.file)
    .map(objectOr)
    .find(({ selected }) => selected);
  if (mode !== 'file' || !file) return facts({ kind: 'none' });
  const type = textOf(file.contentType) || 'application/octet-stream';
  return facts({ kind: 'file', path: textOf(file.filePath) }, [`Content-Type: ${type}`]);
}

function oraclePart(entry: unknown): unknown {
  const { type, name, value, enabled, contentType } = objectOr(entry);
  const text = Array.isArray(value) ? value.join('|') : textOf(value);
  return [type, pairOf(textOf(name), text, enabled !== false), textOf(contentType)];
}

const AUTH_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  awsv4: { accessKeyId: 'accessKey', secretAccessKey: 'secretKey' },
  apikey: { placement: 'in' },
  oauth1: { accessToken: 'token', accessTokenSecret: 'tokenSecret', callbackUrl: 'callback' },
  oauth2: { authorizationUrl: 'authUrl', callbackUrl: 'redirect_uri', grantType: 'grant_type' },
};
const AUTH_TYPES: Readonly<Record<string, string>> = { akamaiEdgegrid: 'edgegrid', 'akamai-edgegrid': 'edgegrid' };

export function oracleAuth(auth: JsonObject): Facts {
  const mode = textOf(auth.mode);
  // An inheriting file alone has nothing to inherit from.
  if (mode === 'inherit' || mode === 'none' || mode === '') return { type: 'none' };
  const names = AUTH_NAMES[mode] ?? {};
  const stated = objectOr(auth[mode === 'akamai-edgegrid' ? 'akamaiEdgegrid' : mode]);
  const renamed = Object.entries(stated).map(([name, value]) => [names[name] ?? name, value]);
  const fields: JsonObject = Object.fromEntries(renamed);
  if (mode === 'apikey' && fields.in === 'queryparams') return { type: mode, ...filled({ ...fields, in: 'query' }) };
  return { type: AUTH_TYPES[mode] ?? mode, ...filled(mode === 'oauth2' ? oauth2InWords(fields) : fields) };
}

/** Bruno's choices in Postman's words. */
function oauth2InWords(fields: JsonObject): JsonObject {
  const {
    credentialsPlacement,
    credentialsId,
    pkce,
    tokenPlacement,
    tokenHeaderPrefix,
    tokenQueryKey,
    tokenSource,
    autoFetchToken: _fetch,
    autoRefreshToken: _refresh,
    grant_type: grant,
    ...same
  } = fields;
  const inUrl = tokenPlacement === 'url';
  return {
    ...same,
    grant_type: grant === 'password' ? 'password_credentials' : textOf(grant) + (pkce === true ? '_with_pkce' : ''),
    tokenName: credentialsId === 'credentials' ? '' : credentialsId,
    tokenQueryName: tokenQueryKey === 'access_token' ? '' : tokenQueryKey,
    tokenSourceType: tokenSource === 'access_token' ? '' : tokenSource,
    client_authentication: credentialsPlacement === 'basic_auth_header' ? 'header' : textOf(credentialsPlacement),
    addTokenTo: inUrl ? 'queryParams' : 'header',
    headerPrefix: inUrl ? '' : tokenHeaderPrefix,
  };
}

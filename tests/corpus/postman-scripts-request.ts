// A request as scripts see it, in plain text, and as a Postman collection writes it.
import type { BodyTemplate, PartTemplate, RequestTemplate } from '../../shared/collection/model.ts';
import type { ScriptBody, ScriptPart, ScriptRequest } from '../../shared/script/job.ts';
import { plainText } from '../dialects/plain-text.ts';

/** The saved request, secrets included. */
export function scriptRequest({ method, url, headers, body, auth }: RequestTemplate): ScriptRequest {
  return {
    method,
    url: {
      address: plainText(url.address),
      query: url.query.map(({ name, value, enabled }) => ({
        name: name && plainText(name),
        value: value && plainText(value),
        enabled,
      })),
      ...(url.fragment && { fragment: plainText(url.fragment) }),
      pathVariables: url.pathVariables.map(plainField),
    },
    headers: headers.map(plainField),
    body: plainBody(body),
    auth: {
      type: auth.type,
      fields: Object.fromEntries(Object.entries(auth.fields).map(([name, value]) => [name, plainText(value)])),
    },
  };
}

type FieldTemplate = RequestTemplate['headers'][number];

function plainField({ name, value, enabled }: FieldTemplate) {
  return { name: plainText(name), value: plainText(value), enabled };
}

function plainBody(body: BodyTemplate): ScriptBody {
  switch (body.kind) {
    case 'none':
      return body;
    case 'raw':
      return { ...body, text: plainText(body.text) };
    case 'urlencoded':
      return { ...body, fields: body.fields.map(plainField) };
    case 'multipart':
      return { ...body, parts: body.parts.map(plainPart) };
    case 'file':
      return { ...body, path: plainText(body.path) };
    case 'graphql':
      return { kind: 'graphql', query: plainText(body.query), variables: plainText(body.variables) };
  }
}

function plainPart(part: PartTemplate): ScriptPart {
  if (part.kind === 'text') return { kind: 'text', ...plainField(part) };
  return { kind: 'file', name: plainText(part.name), paths: part.paths.map(plainText), enabled: part.enabled };
}

/** The same with every text replaced. */
export function mapTexts(request: ScriptRequest, replace: (text: string) => string): ScriptRequest {
  return JSON.parse(JSON.stringify(request), (_, value: unknown) =>
    typeof value === 'string' ? replace(value) : value,
  ) as ScriptRequest;
}

/** A query that a variable of the address brought, where queries stand. */
export function splitAddress(request: ScriptRequest): ScriptRequest {
  const { address, query } = request.url;
  const [before = '', ...rest] = address.split('?');
  if (rest.length === 0) return request;
  const brought = rest
    .join('?')
    .split('&')
    .map((pair) => /^([^=]*)(?:=(.*))?$/.exec(pair))
    .map((match) => ({ name: match?.[1] ?? '', value: match?.[2] ?? null, enabled: true }));
  return { ...request, url: { ...request.url, address: before, query: [...brought, ...query] } };
}

/** The address with its query, as one text. */
export function urlText({ url: { address, query, fragment } }: ScriptRequest): string {
  const pairs = query.filter(({ enabled }) => enabled);
  const search = pairs.map(({ name, value }) => (value === null ? (name ?? '') : `${name ?? ''}=${value}`)).join('&');
  return [address, pairs.length > 0 ? `?${search}` : '', fragment === undefined ? '' : `#${fragment}`].join('');
}

/** As the collection format of version 2.1 writes it; `parseUrl` is Postman's own. */
export function postmanRequest(request: ScriptRequest, parseUrl: (text: string) => object): object {
  const { method, url, headers, body, auth } = request;
  return {
    method,
    url: { ...parseUrl(urlText(request)), variable: url.pathVariables.map(toField) },
    header: headers.map(toField),
    ...(body.kind !== 'none' && { body: postmanBody(body) }),
    ...(auth.type !== 'none' && {
      auth: {
        type: auth.type,
        [auth.type]: Object.entries(auth.fields).map(([key, value]) => ({ key, value, type: 'string' })),
      },
    }),
  };
}

function toField({
  name,
  value,
  enabled,
}: {
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
}) {
  return enabled ? { key: name, value } : { key: name, value, disabled: true };
}

function postmanBody(body: Exclude<ScriptBody, { kind: 'none' }>): object {
  switch (body.kind) {
    case 'raw':
      return { mode: 'raw', raw: body.text };
    case 'urlencoded':
      return { mode: 'urlencoded', urlencoded: body.fields.map(toField) };
    case 'multipart':
      return {
        mode: 'formdata',
        formdata: body.parts.map((part) =>
          part.kind === 'text' ? { ...toField(part), type: 'text' } : { key: part.name, src: part.paths, type: 'file' },
        ),
      };
    case 'file':
      return { mode: 'file', file: { src: body.path } };
    case 'graphql':
      return { mode: 'graphql', graphql: { query: body.query, variables: body.variables } };
  }
}

/** What postman-echo says of a body. */
export function contentLines(body: ScriptBody): object {
  const empty = { data: {}, files: {}, form: {}, json: null };
  switch (body.kind) {
    case 'raw':
      return { ...empty, data: body.text, json: parsed(body.text) };
    case 'urlencoded': {
      const fields = body.fields.filter(({ enabled }) => enabled);
      const form = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      return { ...empty, form, json: form };
    }
    case 'multipart': {
      const texts = body.parts.filter((part) => part.kind === 'text');
      return { ...empty, form: Object.fromEntries(texts.map(({ name, value }) => [name, value])) };
    }
    case 'file':
    case 'graphql':
    case 'none':
      return empty;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Between the request of a job and Postman's Request. What a script did not touch comes back as it was.

import type {
  ScriptBody,
  ScriptField,
  ScriptPart,
  ScriptQueryField,
  ScriptRequest,
  ScriptUrl,
} from '../../../../shared/script/job.ts';
import { textOf } from '../text-of.ts';
import { FormParam } from './form-param.ts';
import { HeaderList } from './header.ts';
import { fieldOf, isObject } from './property.ts';
import { PropertyList } from './property-list.ts';
import { Request } from './request.ts';
import { RequestAuth } from './request-auth.ts';
import { RequestBody } from './request-body.ts';
import { Url } from './url.ts';

/** The request as scripts see it. */
export function requestOf(source: ScriptRequest): Request {
  const request = new Request({
    method: source.method,
    url: urlDefinition(source.url),
    header: source.headers.map(keyed),
    body: bodyDefinition(source.body),
    auth: source.auth.type === 'none' ? undefined : { type: source.auth.type, [source.auth.type]: source.auth.fields },
  });
  request.method = source.method;
  return request;
}

/** Scripts put anything in place of the SDK's objects, so each part is read for what it now is. */
export function scriptRequestOf(request: Request, source?: ScriptRequest): ScriptRequest {
  const auth = authOf(request.auth);
  return {
    method: fieldText(request.method),
    url: urlOf(request.url),
    headers: headersOf(request.headers),
    body: bodyOf(request.body),
    auth,
    ...(source?.timeoutMs === undefined ? {} : { timeoutMs: source.timeoutMs }),
    ...(source?.followRedirects === undefined ? {} : { followRedirects: source.followRedirects }),
  };
}

function keyed(field: ScriptField): Record<string, unknown> {
  return { key: field.name, value: field.value, ...(field.enabled ? {} : { disabled: true }) };
}

function urlDefinition(url: ScriptUrl): Record<string, unknown> {
  return {
    ...Url.parse(url.address),
    query: url.query.map(({ name, value, enabled }) => ({ key: name, value, ...(enabled ? {} : { disabled: true }) })),
    hash: url.fragment,
    variable: url.pathVariables.map(keyed),
  };
}

function bodyDefinition(body: ScriptBody): Record<string, unknown> | undefined {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'raw': {
      const options = body.language === undefined ? {} : { options: { raw: { language: body.language } } };
      return { mode: 'raw', raw: body.text, ...options };
    }
    case 'urlencoded':
      return { mode: 'urlencoded', urlencoded: body.fields.map(keyed) };
    case 'multipart':
      return { mode: 'formdata', formdata: body.parts.map(partDefinition) };
    case 'file':
      return { mode: 'file', file: { src: body.path } };
    case 'graphql':
      return {
        mode: 'graphql',
        graphql: { query: body.query, variables: body.variables, operationName: body.operationName },
      };
  }
}

function partDefinition(part: ScriptPart): Record<string, unknown> {
  const disabled = part.enabled ? {} : { disabled: true };
  if (part.kind === 'text') {
    return { key: part.name, value: part.value, type: 'text', contentType: part.contentType, ...disabled };
  }
  return { key: part.name, type: 'file', src: part.paths.length === 1 ? part.paths[0] : part.paths, ...disabled };
}

function urlOf(given: unknown): ScriptUrl {
  const url = given instanceof Url ? given : new Url(given);
  const whole = new Url({ protocol: url.protocol, auth: url.auth, host: url.host, port: url.port, path: url.path });
  return {
    address: whole.toString(),
    query: membersOf(url.query).map(queryFieldOf),
    ...(typeof url.hash === 'string' ? { fragment: url.hash } : {}),
    pathVariables: membersOf(url.variables).map(scriptField),
  };
}

function queryFieldOf(member: unknown): ScriptQueryField {
  const key = fieldOf(member, 'key');
  const value = fieldOf(member, 'value');
  return {
    name: key === null || key === undefined ? null : fieldText(key),
    value: value === null || value === undefined ? null : fieldText(value),
    enabled: fieldOf(member, 'disabled') !== true,
  };
}

function scriptField(member: unknown): ScriptField {
  return {
    name: fieldText(fieldOf(member, 'key')),
    value: fieldText(fieldOf(member, 'value')),
    enabled: fieldOf(member, 'disabled') !== true,
  };
}

function headersOf(given: unknown): ScriptField[] {
  const headers = given instanceof PropertyList ? given : new HeaderList(undefined, given);
  return membersOf(headers).map(scriptField);
}

function membersOf(list: unknown): readonly unknown[] {
  if (list instanceof PropertyList) return list.members;
  return Array.isArray(list) ? list : [];
}

function bodyOf(given: unknown): ScriptBody {
  if (!given) return { kind: 'none' };
  const body = given instanceof RequestBody ? given : new RequestBody(given);
  if (body.disabled === true) return { kind: 'none' };
  switch (body.mode) {
    case 'raw':
      return rawOf(body);
    case 'urlencoded':
      return {
        kind: 'urlencoded',
        fields: membersOf(new RequestBody({ mode: 'urlencoded', urlencoded: body.urlencoded }).urlencoded).map(
          scriptField,
        ),
      };
    case 'formdata':
      return { kind: 'multipart', parts: membersOf(body.formdata).map(partOf) };
    case 'file':
      return fileOf(body.file);
    case 'graphql':
      return graphqlOf(body.graphql);
    default:
      return { kind: 'none' };
  }
}

function rawOf(body: RequestBody): ScriptBody {
  const language = fieldOf(fieldOf(body.options, 'raw'), 'language');
  const text = isObject(body.raw) ? JSON.stringify(body.raw) : fieldText(body.raw);
  return { kind: 'raw', text, ...(typeof language === 'string' ? { language } : {}) };
}

function partOf(member: unknown): ScriptPart {
  const name = fieldText(fieldOf(member, 'key'));
  const enabled = fieldOf(member, 'disabled') !== true;
  if (fieldOf(member, 'type') === 'file') {
    const source = fieldOf(member, 'src');
    const paths = (Array.isArray(source) ? (source as unknown[]) : [source]).filter((path) => path).map(fieldText);
    return { kind: 'file', name, paths, enabled };
  }
  const contentType = fieldOf(member, 'contentType');
  const value = fieldText(fieldOf(member, 'value'));
  return { kind: 'text', name, value, enabled, ...(typeof contentType === 'string' ? { contentType } : {}) };
}

function fileOf(file: unknown): ScriptBody {
  const content = fieldOf(file, 'content');
  if (typeof content === 'string') return { kind: 'raw', text: content };
  return { kind: 'file', path: fieldText(fieldOf(file, 'src')) };
}

function graphqlOf(graphql: unknown): ScriptBody {
  const variables = fieldOf(graphql, 'variables');
  const operationName = fieldOf(graphql, 'operationName');
  return {
    kind: 'graphql',
    query: fieldText(fieldOf(graphql, 'query')),
    variables: isObject(variables) ? JSON.stringify(variables) : fieldText(variables),
    ...(typeof operationName === 'string' ? { operationName } : {}),
  };
}

function authOf(given: unknown): ScriptRequest['auth'] {
  const auth = given instanceof RequestAuth || !isObject(given) ? given : new RequestAuth(given);
  const type = fieldOf(auth, 'type');
  if (!(auth instanceof RequestAuth) || typeof type !== 'string' || type === 'noauth')
    return { type: 'none', fields: {} };
  const fields = (auth.parameters()?.members ?? []).map((member): [string, string] => [
    fieldText(member.key),
    fieldText(member.value),
  ]);
  return { type, fields: Object.fromEntries(fields) };
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return value instanceof FormParam ? fieldText(value.value) : textOf(value);
}

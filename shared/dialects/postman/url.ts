// URLs as postman-collection reads them: components win over `raw`, a `{{reference}}` is one atom whatever it holds,
// and the address is joined again exactly as Url#toString does.
import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { sealField, sealText } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { cutOutside, maskReferences } from '../outside-references.ts';
import { readFields } from './fields.ts';

export function readUrl(url: unknown): UrlTemplate {
  if (typeof url === 'string') return parseUrlText(url);
  if (!isObject(url)) return parseUrlText('');
  const hasParts = ['protocol', 'host', 'port', 'path', 'query'].some((part) => Boolean(url[part]));
  if (hasParts) return readUrlObject(url);
  return { ...parseUrlText(textOf(url.raw)), pathVariables: readPathVariables(url.variable) };
}

function readUrlObject(url: JsonObject): UrlTemplate {
  const fragment = typeof url.hash === 'string' ? { fragment: lexTemplate(url.hash) } : {};
  return {
    address: joinAddress({
      protocol: textOf(url.protocol),
      userinfo: readUserinfo(url.auth),
      rest: joinHost(url.host) + joinPort(url.port) + joinPath(url.path),
    }),
    query: readQuery(url.query),
    ...fragment,
    pathVariables: readPathVariables(url.variable),
  };
}

interface Address {
  readonly protocol: string;
  readonly userinfo: readonly string[];
  /** Host, port and path. */
  readonly rest: string;
}

const SLASHES = '://';

function joinAddress({ protocol, userinfo, rest }: Address): Template {
  const scheme = protocol === '' || protocol.endsWith(SLASHES) ? protocol : protocol + SLASHES;
  if (userinfo.length === 0) return lexTemplate(scheme + rest);
  const sealed = userinfo.flatMap((part, index) => [...(index > 0 ? lexTemplate(':') : []), ...sealText(part)]);
  return [...lexTemplate(scheme), ...sealed, ...lexTemplate(`@${rest}`)];
}

function readUserinfo(auth: unknown): string[] {
  if (!isObject(auth)) return [];
  const { user, password } = auth;
  if (typeof password === 'string') return [typeof user === 'string' ? user : '', password];
  return typeof user === 'string' ? [user] : [];
}

function joinHost(host: unknown): string {
  return Array.isArray(host) ? host.map(textOf).join('.') : textOf(host);
}

function joinPort(port: unknown): string {
  return port === undefined || port === null ? '' : `:${textOf(port)}`;
}

function joinPath(path: unknown): string {
  if (Array.isArray(path)) return `/${path.map(segmentText).join('/')}`;
  const text = textOf(path);
  if (text === '') return '';
  return text.startsWith('/') ? text : `/${text}`;
}

/** Version 2.0 allows `{ type, value }` for a segment. */
function segmentText(segment: unknown): string {
  return isObject(segment) ? textOf(segment.value) : textOf(segment);
}

function readPathVariables(variable: unknown): UrlTemplate['pathVariables'] {
  return readFields(variable);
}

function readQuery(query: unknown): QueryField[] {
  if (typeof query === 'string') return parseQueryText(query);
  const params = isObject(query) ? Object.entries(query).map(([key, value]) => ({ key, value })) : listOr(query);
  return params.flatMap((param): QueryField[] => {
    if (typeof param === 'string') return [queryField(parseParam(param, true), true)];
    if (!isObject(param)) return [];
    const { key, value } = param;
    const name = typeof key === 'string' ? key : null;
    const text = value === null || value === undefined ? null : textOf(value);
    return [{ ...queryField([name, text], !param.disabled), ...descriptionOf(param.description) }];
  });
}

type Param = readonly [name: string | null, value: string | null];

function queryField([name, value]: Param, enabled: boolean): QueryField {
  return {
    name: name === null ? null : lexTemplate(name),
    value: value === null ? null : sealField(name ?? '', value),
    enabled,
  };
}

/** A query string in its parameters, not decoded; `a=b&&` keeps its empty parameters. */
export function parseQueryText(query: string): QueryField[] {
  return splitOutside(query, '&').map((param, index, all) =>
    queryField(parseParam(param, index === all.length - 1), true),
  );
}

function parseParam(param: string, last: boolean): Param {
  if (param === '' && !last) return [null, null];
  const equals = maskReferences(param).indexOf('=');
  return equals === -1 ? [param, null] : [param.slice(0, equals), param.slice(equals + 1)];
}

/** Where a separator inside a reference is none. */
export function splitOutside(text: string, separator: string): string[] {
  const mask = maskReferences(text);
  const parts: string[] = [];
  let from = 0;
  for (let at = mask.indexOf(separator); at !== -1; at = mask.indexOf(separator, from)) {
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  return [...parts, text.slice(from)];
}

function parseUrlText(raw: string): UrlTemplate {
  const [beforeHash, hash] = cutOutside(raw.trimStart(), '#');
  const [address, query] = cutOutside(beforeHash, '?');
  return {
    address: parseAddress(address),
    query: query === undefined ? [] : parseQueryText(query),
    ...(hash === undefined ? {} : { fragment: lexTemplate(hash) }),
    pathVariables: [],
  };
}

function parseAddress(text: string): Template {
  const slashed = slashesOutside(text);
  const colon = maskReferences(slashed).indexOf(SLASHES);
  const protocol = slashed.slice(0, Math.max(colon, 0));
  const rest = colon === -1 ? slashed : slashed.slice(colon + SLASHES.length).replace(/^\/+/, '');
  const mask = maskReferences(rest);
  const slash = mask.indexOf('/');
  const at = mask.slice(0, slash === -1 ? undefined : slash).lastIndexOf('@');
  if (at === -1) return joinAddress({ protocol, userinfo: [], rest });
  const [user, password] = cutOutside(rest.slice(0, at), ':');
  const userinfo = password === undefined ? [user] : [user, password];
  return joinAddress({ protocol, userinfo, rest: rest.slice(at + 1) });
}

/** Backslashes outside references read as slashes. */
function slashesOutside(text: string): string {
  return text.replace(/\{\{[^{}]*\}\}|\\/g, (found) => (found === '\\' ? '/' : found));
}

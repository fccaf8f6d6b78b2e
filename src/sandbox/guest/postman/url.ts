// Url of Postman's SDK.
import { textOf } from '../text-of.ts';
import { parseUrl } from './parse-url.ts';
import { fieldOf, isObject, jsonOf } from './property.ts';
import { PropertyList } from './property-list.ts';
import { QueryParam, queryParamKind } from './query-param.ts';
import { VariableList } from './variable.ts';

export class Url {
  auth: unknown;
  protocol: unknown;
  port: unknown;
  path: unknown;
  hash: unknown;
  host: unknown;
  query: PropertyList<QueryParam> = new PropertyList(queryParamKind);
  variables: VariableList = new VariableList();

  constructor(definition?: unknown) {
    this.update(definition);
  }

  update(definition: unknown): void {
    const given = isObject(definition) ? definition : Url.parse(textOf(definition ?? ''));
    this.auth = fieldOf(given, 'auth');
    this.protocol = fieldOf(given, 'protocol');
    this.port = fieldOf(given, 'port');
    this.path = pathOf(fieldOf(given, 'path'));
    this.hash = fieldOf(given, 'hash');
    this.host = hostOf(fieldOf(given, 'host'));
    this.query = new PropertyList(queryParamKind, queryOf(fieldOf(given, 'query')));
    this.variables = new VariableList(this, fieldOf(given, 'variable') ?? fieldOf(given, 'variables'));
  }

  addQueryParams(params: unknown): void {
    this.query.populate(params);
  }

  removeQueryParams(params: unknown): void {
    const names = (Array.isArray(params) ? (params as unknown[]) : [params]).map(
      (param) => fieldOf(param, 'key') ?? param,
    );
    this.query.remove((param: unknown) => names.includes(fieldOf(param, 'key')));
  }

  toString(forceProtocol?: boolean): string {
    const protocol = this.protocol || (forceProtocol ? 'http' : '');
    const query = this.query.members.some((param) => !param.disabled) ? `?${this.getQueryString()}` : '';
    return [
      protocol ? `${textOf(protocol).replace(/:\/\/$/, '')}://` : '',
      authText(this.auth),
      this.getHost(),
      this.port === undefined || this.port === null ? '' : `:${textOf(this.port)}`,
      this.path ? this.getPath() : '',
      query,
      typeof this.hash === 'string' ? `#${this.hash}` : '',
    ].join('');
  }

  /** With the variables of the path filled in, unless `unresolved`. */
  getPath(unresolved?: boolean): string {
    const segments = (Array.isArray(this.path) ? (this.path as unknown[]) : []).map(String);
    return `/${segments.map((segment) => (unresolved ? segment : this.#filled(segment))).join('/')}`;
  }

  getQueryString(): string {
    return QueryParam.unparse(this.query.members);
  }

  getPathWithQuery(): string {
    const query = this.getQueryString();
    return query === '' ? this.getPath() : `${this.getPath()}?${query}`;
  }

  getHost(): string {
    if (!this.host) return '';
    return Array.isArray(this.host) ? this.host.join('.') : textOf(this.host);
  }

  getRemote(forcePort?: boolean): string {
    const standard = this.protocol === 'https' ? '443' : '80';
    const port = this.port ? textOf(this.port) : forcePort ? standard : '';
    return port === '' ? this.getHost() : `${this.getHost()}:${port}`;
  }

  getOAuth1BaseUrl(): string {
    const port = this.port === undefined || ['80', '443'].includes(textOf(this.port)) ? '' : `:${textOf(this.port)}`;
    return `${textOf(this.protocol || 'http')}://${this.getHost()}${port}`.toLowerCase() + this.getPath();
  }

  getRaw(): never {
    throw new Error('`Url#getRaw` has been discontinued, use `Url#toString` instead.');
  }

  toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }

  static parse(text: string): Record<string, unknown> {
    const parsed = parseUrl(text);
    const names = new Set((parsed.path ?? []).map(pathVariableOf).filter((name) => name !== undefined));
    return {
      ...parsed,
      raw: text,
      ...(parsed.query === undefined ? {} : { query: QueryParam.parse(parsed.query.join('&')) }),
      ...(names.size === 0 ? {} : { variable: [...names].map((key) => ({ key })) }),
    };
  }

  static isUrl(value: unknown): boolean {
    return value instanceof Url;
  }

  #filled(segment: string): string {
    const name = pathVariableOf(segment);
    const value = name === undefined ? undefined : this.variables.get(name);
    return name !== undefined && typeof value === 'string' && value !== ''
      ? value + segment.slice(name.length + 1)
      : segment;
  }
}

function pathVariableOf(segment: string): string | undefined {
  const [, name] = /^:([^.]+)/.exec(segment) ?? [];
  return name;
}

function pathOf(path: unknown): unknown {
  if (typeof path !== 'string') return path;
  const bare = path.replace(/^\/(?=.)/, '');
  if (bare === '') return undefined;
  return bare === '/' ? [''] : bare.split('/');
}

function hostOf(host: unknown): unknown {
  return typeof host === 'string' ? host.split(/\.(?![^{]*\}{2})/g) : host;
}

function queryOf(query: unknown): unknown {
  if (typeof query === 'string') return QueryParam.parse(query);
  if (!isObject(query) || Array.isArray(query) || query instanceof PropertyList) return query;
  return Object.entries(query).map(([key, value]) => ({ key, value }));
}

function authText(auth: unknown): string {
  const user = fieldOf(auth, 'user');
  const password = fieldOf(auth, 'password');
  if (typeof user !== 'string' && typeof password !== 'string') return '';
  return `${typeof user === 'string' ? user : ''}${typeof password === 'string' ? `:${password}` : ''}@`;
}

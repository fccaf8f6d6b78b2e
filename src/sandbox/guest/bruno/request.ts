// Bruno's `req`.

import type { Run } from '../run.ts';
import { carry } from './carry.ts';
import { textOf } from './given.ts';
import { type BodyOptions, readBody, writeBody } from './request-body.ts';
import { createRequestHeaders } from './request-headers.ts';
import { setUrlText, urlText } from './url-text.ts';

/** Under this name a script that wants the text of the answer is remembered. */
export const RAW_ANSWER = 'answer as text';

export function createReq(run: Run): Record<string, unknown> {
  const { request, job } = run;
  const headers = createRequestHeaders(request);
  const url = (): string => urlText(request.url);
  const setUrl = (text: unknown): void => setUrlText(request.url, String(text));
  const setMethod = (method: unknown): void => {
    request.method = String(method);
  };
  const setTimeout = (ms: unknown): void => {
    if (typeof ms === 'number' && ms > 0) request.timeoutMs = ms;
    else delete request.timeoutMs;
  };
  const getBody = (options: BodyOptions = {}): unknown => readBody(run, headers, options);
  const setBody = (data: unknown, options: BodyOptions = {}): void => writeBody(request, headers, data, options);
  const pathParams = () => request.url.pathVariables.map(({ name, value }) => ({ name, value, type: 'path' }));
  const methods = {
    headerList: headers.list,
    getUrl: url,
    setUrl,
    getHost: () => parsedUrl(run, url())?.host ?? '',
    getPath: () => withPathParams(parsedUrl(run, url())?.pathname ?? '', request.url.pathVariables),
    getQueryString: () => parsedUrl(run, url())?.search.slice(1) ?? '',
    getMethod: () => request.method,
    setMethod,
    getAuthMode: () => authMode(request.auth.type, textOf(headers.get('Authorization'))),
    getHeaders: () => headers.object,
    getHeader: headers.get,
    setHeader: headers.set,
    setHeaders: headers.replace,
    deleteHeader: headers.delete,
    deleteHeaders: (names: readonly string[]) => names.forEach(headers.delete),
    getBody,
    setBody,
    getTimeout: () => request.timeoutMs ?? 0,
    setTimeout,
    setMaxRedirects: (most: unknown) => {
      request.followRedirects = most !== 0;
    },
    disableParsingResponseJson: () => carry(run, RAW_ANSWER, true),
    getExecutionMode: () => 'standalone',
    getName: () => job.info.requestName,
    getTags: () => [...job.info.tags],
    getPathParams: pathParams,
    onFail: () => {
      run.gathered.unsupported.push('req.onFail');
    },
  };
  return Object.defineProperties(methods, {
    url: { get: url, set: setUrl, enumerable: true },
    method: { get: () => request.method, set: setMethod, enumerable: true },
    headers: { get: () => headers.object, set: headers.replace, enumerable: true },
    body: { get: () => getBody(), set: (data: unknown) => setBody(data), enumerable: true },
    timeout: { get: methods.getTimeout, set: setTimeout, enumerable: true },
    name: { value: job.info.requestName, enumerable: true },
    tags: { get: methods.getTags, enumerable: true },
    pathParams: { get: pathParams, enumerable: true },
  });
}

interface UrlParts {
  readonly host: string;
  readonly pathname: string;
  readonly search: string;
}

/** Undefined where the URL is not absolute, as it is while a reference stands for its beginning. */
function parsedUrl(run: Run, text: string): UrlParts | undefined {
  const resolved = run.variables.replaceIn(text);
  const [, host, pathname = '', search = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)([^?#]*)(\?[^#]*)?/i.exec(resolved) ?? [];
  return host === undefined ? undefined : { host, pathname: pathname || '/', search };
}

function withPathParams(path: string, values: readonly { readonly name: string; readonly value: string }[]): string {
  return path
    .split('/')
    .map((segment) => {
      const value = values.find(({ name }) => segment === `:${name}`)?.value;
      return value === undefined || value.trim() === '' ? segment : value;
    })
    .join('/');
}

const AUTH_MODES: Readonly<Record<string, string>> = {
  apikey: 'apikey',
  awsv4: 'awsv4',
  digest: 'digest',
  oauth1: 'oauth1',
};

function authMode(type: string, authorization: string): string {
  if (type === 'oauth2') return type;
  if (authorization.startsWith('Bearer')) return 'bearer';
  if (authorization.startsWith('Basic') || type === 'basic') return 'basic';
  return AUTH_MODES[type] ?? (type === 'wsse' || type === 'ntlm' ? type : 'none');
}

// A request as axios and fetch have it, for the pipeline of the host.

import type { ScriptBody, ScriptField, ScriptQueryField, ScriptRequest } from '../../../../../shared/script/job.ts';
import { textOf } from '../text-of.ts';

export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ScriptBody;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly timeoutMs?: number | undefined;
  readonly followRedirects?: boolean | undefined;
}

export function scriptRequest(request: PlainRequest): ScriptRequest {
  const { method, url, headers, body, basic, timeoutMs, followRedirects } = request;
  const [, address = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url) ?? [];
  return {
    method: method.toUpperCase(),
    url: { address, query: queryFields(query), ...(fragment === undefined ? {} : { fragment }), pathVariables: [] },
    headers: headers.map(([name, value]): ScriptField => ({ name, value, enabled: true })),
    body,
    auth: basic ? { type: 'basic', fields: { ...basic } } : { type: 'none', fields: {} },
    ...(timeoutMs ? { timeoutMs } : {}),
    ...(followRedirects === undefined ? {} : { followRedirects }),
  };
}

function queryFields(query: string | undefined): ScriptQueryField[] {
  if (query === undefined || query === '') return [];
  return query.split('&').map((part) => {
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(part) ?? [];
    return { name, value: value ?? null, enabled: true };
  });
}

export interface MadeBody {
  readonly body: ScriptBody;
  /** For a caller who named none. */
  readonly contentType?: string;
}

/** Text as it is, a form as a form, anything else as JSON. */
export function scriptBody(data: unknown): MadeBody {
  if (data === undefined || data === null) return { body: { kind: 'none' } };
  if (typeof data === 'string') return { body: { kind: 'raw', text: data } };
  if (typeof data === 'object' && 'getAll' in data) {
    return {
      body: { kind: 'raw', text: textOf(data) },
      contentType: 'application/x-www-form-urlencoded;charset=utf-8',
    };
  }
  return { body: { kind: 'raw', text: JSON.stringify(data), language: 'json' }, contentType: 'application/json' };
}

type Header = readonly [string, string];

export function withContentType(headers: readonly Header[], contentType: string | undefined): readonly Header[] {
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return isNamed || contentType === undefined ? headers : [...headers, ['Content-Type', contentType]];
}

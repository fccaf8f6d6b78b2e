// Bruno's `res`: a function that reads paths of the body, with what there is of the answer as its members.
import lodash from 'lodash';
import type { ScriptResponse } from '../../../../shared/script/job.ts';
import { Buffer } from '../libraries/buffer.ts';
import type { Run } from '../run.ts';
import { carried } from './carry.ts';
import { createHeaderList } from './header-list.ts';
import { query } from './query.ts';
import { RAW_ANSWER } from './request.ts';

export function createRes(run: Run, response: ScriptResponse): object {
  const headers = headersOf(response);
  const items = Object.entries(headers).map(([key, value]) => ({ key, value }));
  let body: unknown = carried(run, RAW_ANSWER) === true ? response.body : bodyOf(response.body);
  let isReplaced = false;
  const textOfBody = (): string => (isReplaced ? textOf(body) : response.body);
  const call = (path: string, ...finders: readonly unknown[]): unknown => query(body, path, ...finders);
  const methods = {
    headers,
    headerList: createHeaderList(() => items),
    responseTime: response.totalMs,
    url: response.url,
    getStatus: () => response.status,
    getStatusText: () => response.statusText,
    getHeader: (name: unknown) => (typeof name === 'string' ? headers[name.toLowerCase()] : null),
    getHeaders: () => headers,
    getBody: () => body,
    setBody: (data: unknown) => {
      body = lodash.cloneDeep?.(data);
      isReplaced = true;
    },
    getResponseTime: () => response.totalMs,
    getUrl: () => response.url,
    getSize: () => sizeOf(response, items, isReplaced ? Buffer.byteLength(textOfBody()) : response.bytes),
    getDataBuffer: () => Buffer.from(textOfBody()),
    jq: () => run.unsupported('res.jq'),
  };
  return Object.defineProperties(Object.assign(call, methods), {
    body: { get: () => body, set: methods.setBody, enumerable: true },
    status: { value: response.status, enumerable: true },
    statusText: { value: response.statusText, enumerable: true },
  });
}

/** By names in lower case; one that came several times is joined, but for cookies, which are a list. */
export function headersOf({ headers }: Pick<ScriptResponse, 'headers'>): Record<string, unknown> {
  const named = new Map<string, string[]>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    named.set(key, [...(named.get(key) ?? []), value]);
  }
  return Object.fromEntries(
    [...named].map(([name, values]) => [name, name === 'set-cookie' ? values : values.join(', ')]),
  );
}

/** Whatever parses as JSON is given parsed, whatever its media type. */
export function bodyOf(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(plain);
  } catch {
    return plain;
  }
}

function textOf(body: unknown): string {
  if (body === null || body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function sizeOf(
  { status, statusText }: ScriptResponse,
  items: readonly { readonly key: string; readonly value: unknown }[],
  body: number,
): { readonly header: number; readonly body: number; readonly total: number } {
  const lines = items.flatMap(({ key, value }) =>
    (Array.isArray(value) ? value : [value]).map((each: unknown) => `${key}: ${String(each)}`),
  );
  const header = Buffer.byteLength([`HTTP/1.1 ${status} ${statusText}`, ...lines, '', ''].join('\r\n'));
  return { header, body, total: header + body };
}

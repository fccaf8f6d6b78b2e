// What a server answers, to a request and to what its scripts send.
import { STATUS_CODES } from 'node:http';
import type { ScriptRequest, ScriptResponse } from '../../shared/script/job.ts';
import { contentLines } from './postman-scripts-request.ts';

export interface Answer {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

/** The answer of postman-echo: what it was sent, as JSON, and a cookie; `more` is told beside it. */
export function echoOf(request: ScriptRequest, more: object = {}): Answer {
  const { address, query } = request.url;
  const pairs = query.filter(({ enabled }) => enabled);
  const args = Object.fromEntries(pairs.map(({ name, value }) => [name ?? '', value ?? '']));
  const enabled = request.headers.filter((header) => header.enabled);
  const headers = Object.fromEntries(enabled.map(({ name, value }) => [name.toLowerCase(), value]));
  const search = new URLSearchParams(args).toString();
  const url = search === '' ? address : `${address}?${search}`;
  const body = JSON.stringify({ ...more, args, headers, url, method: request.method, ...contentLines(request.body) });
  return { status: 200, headers: [textType(body), { name: 'Set-Cookie', value: 'sails=abc; Path=/' }], body };
}

/** The content type that a server would give a text. */
export function textType(body: string): { readonly name: string; readonly value: string } {
  const [first = ''] = body.trimStart();
  const types: Readonly<Record<string, string>> = { '{': 'application/json', '[': 'application/json', '<': 'text/xml' };
  return { name: 'Content-Type', value: `${types[first] ?? 'text/plain'}; charset=utf-8` };
}

/** As the sandbox gets it. The time is always the same. */
export function scriptResponse({ status, headers, body }: Answer, url: string): ScriptResponse {
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const kind = body === '' ? 'empty' : type.includes('json') ? 'json' : 'text';
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers,
    body,
    kind,
    bytes: Buffer.byteLength(body),
    totalMs: ANSWER_MS,
    url,
  };
}

export const ANSWER_MS = 42;

// `fetch` as the package `node-fetch` has it, thinly: requests go through the pipeline of the host.

import type { ScriptResponse } from '../../../../../shared/script/job.ts';
import type { Run } from '../../run.ts';
import { textOf } from '../text-of.ts';
import { scriptBody, scriptRequest, withContentType } from './script-request.ts';

interface FetchOptions {
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly redirect?: string;
  readonly timeout?: number;
}

export class Headers {
  readonly #values = new Map<string, string>();

  constructor(from?: unknown) {
    for (const [name, value] of headerPairs(from)) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = String(name).toLowerCase();
    const known = this.#values.get(key);
    this.#values.set(key, known === undefined ? String(value) : `${known}, ${value}`);
  }

  set(name: string, value: string): void {
    this.#values.set(String(name).toLowerCase(), String(value));
  }

  delete(name: string): void {
    this.#values.delete(String(name).toLowerCase());
  }

  get(name: string): string | null {
    return this.#values.get(String(name).toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(String(name).toLowerCase());
  }

  forEach(callback: (value: string, name: string) => void): void {
    for (const [name, value] of this.#values) callback(value, name);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  values(): IterableIterator<string> {
    return this.#values.values();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

function headerPairs(from: unknown): [string, string][] {
  if (typeof from !== 'object' || from === null) return [];
  if (Symbol.iterator in from) return [...(from as Iterable<[string, string]>)];
  return Object.entries(from).map(([name, value]) => [name, String(value)]);
}

export function createFetch(run: Run): unknown {
  const fetch = async (url: unknown, options: FetchOptions = {}) => {
    const { body, contentType } = scriptBody(bodyText(options.body));
    const reply = await run.send(
      scriptRequest({
        method: options.method ?? 'GET',
        url: textOf(url),
        headers: withContentType(headerPairs(options.headers), contentType),
        body,
        timeoutMs: options.timeout,
        followRedirects: options.redirect === undefined ? undefined : options.redirect === 'follow',
      }),
    );
    if (!reply.ok) throw Object.assign(new TypeError(reply.message), { code: reply.code });
    return fetchResponse(reply.response, run);
  };
  return Object.assign(fetch, { default: fetch, Headers });
}

/** A body is text or a form; fetch writes all else as `String` does. */
function bodyText(body: unknown): unknown {
  const isForm = typeof body === 'object' && body !== null && 'getAll' in body;
  return body === undefined || body === null || isForm ? body : textOf(body);
}

function fetchResponse({ status, statusText, headers, body, url }: ScriptResponse, run: Run) {
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url,
    headers: new Headers(headers.map(({ name, value }) => [name, value])),
    text: async () => body,
    json: async (): Promise<unknown> => JSON.parse(body),
    arrayBuffer: async () => run.unsupported('Response.arrayBuffer'),
    blob: async () => run.unsupported('Response.blob'),
  };
}

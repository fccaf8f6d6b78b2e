// Requests of scripts, in the words of axios: `bru.sendRequest`, and `require('axios')`. Each goes through the whole pipeline.
import type { ScriptReply, ScriptRequest, ScriptResponse } from '../../../../shared/script/job.ts';
import type { MutableRequest, Run } from '../run.ts';
import { called, textOf } from './given.ts';
import { writeBody } from './request-body.ts';
import { createRequestHeaders } from './request-headers.ts';
import { bodyOf, headersOf } from './response.ts';
import { setUrlText } from './url-text.ts';

type Config = Readonly<Record<string, unknown>>;
type Callback = (error: unknown, response: unknown) => unknown;

export interface AxiosResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly config: Config;
}

/** Rejects like axios where the answer's status says that it failed. */
export async function sendAxios(run: Run, config: Config): Promise<AxiosResponse> {
  const reply = await run.send(requestOf(config));
  return answerOf(reply, config);
}

/** With a callback the promise is settled by what the callback does. */
export function createSendRequest(run: Run) {
  return async (given: unknown, callback?: Callback): Promise<unknown> => {
    const config = configOf(given);
    if (!callback) return sendAxios(run, config);
    let response: AxiosResponse;
    try {
      response = await sendAxios(run, config);
    } catch (error) {
      await callback(error, null);
      return undefined;
    }
    await callback(null, response);
    return response;
  };
}

/** `defaults` are what `axios.create` was given. */
export function createAxios(run: Run, defaults: Config = {}): unknown {
  const send = (config: Config): Promise<AxiosResponse> => {
    const headers = { ...recordOf(defaults.headers), ...recordOf(config.headers) };
    return sendAxios(run, { ...defaults, ...config, headers });
  };
  const plain = (method: string) => (url: unknown, config?: unknown) => send({ ...recordOf(config), url, method });
  const withData = (method: string) => (url: unknown, data?: unknown, config?: unknown) =>
    send({ ...recordOf(config), url, data, method });
  const axios = (given: unknown, config?: unknown) => send({ ...recordOf(config), ...configOf(given) });
  return Object.assign(axios, {
    request: axios,
    get: plain('GET'),
    delete: plain('DELETE'),
    head: plain('HEAD'),
    options: plain('OPTIONS'),
    post: withData('POST'),
    put: withData('PUT'),
    patch: withData('PATCH'),
    create: (config?: unknown) => createAxios(run, { ...defaults, ...recordOf(config) }),
    isAxiosError: (error: unknown) => recordOf(error).isAxiosError === true,
  });
}

function configOf(given: unknown): Config {
  return typeof given === 'string' ? { url: given } : recordOf(given);
}

function recordOf(value: unknown): Config {
  return typeof value === 'object' && value !== null ? { ...value, ...inherited(value) } : {};
}

/** Errors keep their message apart from their own fields. */
function inherited(value: object): Config {
  return value instanceof Error ? { message: value.message } : {};
}

function joined(base: unknown, url: unknown): string {
  const text = textOf(url);
  if (typeof base !== 'string' || /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(text)) return text;
  return text === '' ? base : `${base.replace(/\/+$/, '')}/${text.replace(/^\/+/, '')}`;
}

function requestOf(config: Config): ScriptRequest {
  const request: MutableRequest = {
    method: textOf(config.method ?? 'GET').toUpperCase(),
    url: { address: '', query: [], pathVariables: [] },
    headers: [],
    body: { kind: 'none' },
    auth: { type: 'none', fields: {} },
  };
  setUrlText(request.url, joined(config.baseURL, config.url));
  request.url.query.push(...paramsOf(config.params));
  const headers = createRequestHeaders(request);
  for (const [name, value] of Object.entries(recordOf(config.headers))) headers.set(name, value);
  const data = config.data ?? config.body;
  if (data !== undefined) writeBody(request, headers, data, {});
  if (config.auth) {
    const { username, password } = recordOf(config.auth);
    request.auth = { type: 'basic', fields: { username: textOf(username), password: textOf(password) } };
  }
  if (typeof config.timeout === 'number' && config.timeout > 0) request.timeoutMs = config.timeout;
  if (config.maxRedirects === 0) request.followRedirects = false;
  return request;
}

function paramsOf(params: unknown): MutableRequest['url']['query'] {
  return Object.entries(recordOf(params)).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each: unknown) => each !== null && each !== undefined)
      .map((each: unknown) => ({ name, value: textOf(each), enabled: true })),
  );
}

function answerOf(reply: ScriptReply, config: Config): AxiosResponse {
  if (!reply.ok)
    throw Object.assign(new Error(reply.message), { name: 'AxiosError', code: reply.code, isAxiosError: true, config });
  const response = axiosResponse(reply.response, config);
  const { validateStatus } = config;
  const isFine =
    typeof validateStatus === 'function'
      ? Boolean(called(validateStatus, response.status))
      : validateStatus === null || (response.status >= 200 && response.status < 300);
  if (isFine) return response;
  const code = response.status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE';
  throw Object.assign(new Error(`Request failed with status code ${response.status}`), {
    name: 'AxiosError',
    code,
    status: response.status,
    isAxiosError: true,
    response,
    config,
  });
}

function axiosResponse(response: ScriptResponse, config: Config): AxiosResponse {
  const { status, statusText } = response;
  return { status, statusText, headers: headersOf(response), data: bodyOf(response.body), config };
}

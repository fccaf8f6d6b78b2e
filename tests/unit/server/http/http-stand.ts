// The HTTP server over a stand: real sockets, callers by fixed tokens, times so short that nothing has to wait.
import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { parseScopes } from '../../../../shared/access/reach.ts';
import { failure } from '../../../../shared/failure/failure.ts';
import { ok, type Result } from '../../../../shared/failure/result.ts';
import type { Authentication } from '../../../../src/access/access.ts';
import { createPace } from '../../../../src/access/pace.ts';
import type { CallFacts, HttpApp, HttpTimes } from '../../../../src/server/http/http-app.ts';
import { type HttpService, serveHttp } from '../../../../src/server/http/serve-http.ts';
import type { Stand } from '../../tools/stand.ts';

export const KEY = 'Bearer key';

const rate = { perMinute: 1_000, concurrent: 100, bytesPerMinute: 1e9 };

export const LIMITS = {
  bodyBytes: 100_000,
  perKey: rate,
  perCaller: rate,
  global: rate,
  perOrigin: { perMinute: 1_000 },
  connections: 100,
  connectionsPerAddress: 50,
  drainMs: 5_000,
};

export const TIMES: HttpTimes = {
  headMs: 5_000,
  bodyMs: 5_000,
  idleMs: 5_000,
  stallMs: 5_000,
  keepAliveMs: 60_000,
  checkMs: 20,
};

/** A caller with a key or a token of these scopes, and what stands before them in such tokens. */
export function caller(
  by: 'key' | 'token',
  name: string,
  scopes: readonly string[],
  scopePrefix?: string,
): Authentication {
  const reach = parseScopes(scopes);
  if (!reach.ok) throw new Error(reach.failure.code);
  const principal = { id: `${by}:${name}`, kind: 'http' as const, reach: reach.value, about: { name } };
  return { kind: 'caller', by, principal, ...(scopePrefix !== undefined && { scopePrefix }) };
}

const UNKNOWN: Authentication = { kind: 'refused', status: 401, failure: failure('ACCESS/UNAUTHENTICATED') };

export interface HttpStand {
  readonly port: number;
  readonly url: string;
  readonly told: CallFacts[];
  readonly service: HttpService;
  stop(): Promise<void>;
}

export interface HttpStandOptions extends Partial<Omit<HttpApp, 'settings' | 'access' | 'signal' | 'onCall'>> {
  readonly settings?: Partial<HttpApp['settings']>;
  /** By Authorization header. */
  readonly callers?: Readonly<Record<string, Authentication>>;
}

/** Serves; the failure to listen is thrown. */
export async function serveStand(stand: Stand, options: HttpStandOptions = {}): Promise<HttpStand> {
  const served = await tryServe(stand, options);
  if (!served.ok) throw new Error(served.failure.code);
  return served.value;
}

export async function tryServe(stand: Stand, options: HttpStandOptions = {}): Promise<Result<HttpStand>> {
  const { settings = {}, callers = { [KEY]: caller('key', 'ann', []) }, ...rest } = options;
  const ended = new AbortController();
  const told: CallFacts[] = [];
  const all = { listen: { host: '127.0.0.1', port: 0 }, hosts: [], origins: [], limits: LIMITS, ...settings };
  const service = await serveHttp({
    version: '0.0.0',
    sealingKey: randomBytes(32),
    open: async () => ok(stand.context),
    now: Date.now,
    randomId: randomUUID,
    settings: all,
    access: {
      authenticate: async ({ authorization = '' }) => callers[authorization] ?? UNKNOWN,
      pace: createPace({ limits: all.limits, now: Date.now }),
    },
    proxies: { ranges: [], unix: false, forwardedBy: 'x-forwarded-for' },
    times: TIMES,
    onCall: (call) => told.push(call),
    onBug: (error) => stand.bugs.push(error),
    signal: ended.signal,
    ...rest,
  });
  if (!service.ok) return service;
  const { url } = service.value;
  return ok({
    url,
    port: url.startsWith('http') ? Number(new URL(url).port) : 0,
    told,
    service: service.value,
    stop() {
      ended.abort();
      return service.value.ended;
    },
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Writes bytes to a port as they are, and gives the answer once the server closes the connection. */
export async function exchange(port: number, bytes: string | Buffer): Promise<Answer> {
  const socket = open(port);
  socket.write(bytes);
  return readAnswer(socket);
}

export function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  // A server that closes while the client still writes resets the connection.
  socket.on('error', () => undefined);
  return socket;
}

export async function readAnswer(socket: Socket): Promise<Answer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  const text = Buffer.concat(chunks).toString();
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body: body.join('\r\n\r\n') };
}

export type Header = readonly [name: string, value: string];

/** A request as it goes over the wire; nothing is added but the length of the body. */
export function raw(line: string, headers: readonly Header[], body?: string | Buffer): Buffer {
  const length: Header[] = body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
  const lines = [line, ...[...headers, ...length].map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), Buffer.from(body ?? '')]);
}

/** What a good call of the initialize-based era has. */
export const HEADERS: readonly Header[] = [
  ['Host', 'localhost'],
  ['Authorization', KEY],
  ['Content-Type', 'application/json'],
  ['Accept', 'application/json, text/event-stream'],
  ['MCP-Protocol-Version', '2025-11-25'],
  ['Connection', 'close'],
];

/** The same with some replaced, or left out where the value is undefined. */
export function headersWith(changes: Readonly<Record<string, string | undefined>>): Header[] {
  const lower = new Map(Object.entries(changes).map(([name, value]) => [name.toLowerCase(), value]));
  const kept = HEADERS.filter(([name]) => !lower.has(name.toLowerCase()));
  const added = Object.entries(changes).flatMap(([name, value]): Header[] =>
    value === undefined ? [] : [[name, value]],
  );
  return [...kept, ...added];
}

export const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};

export type Era = 'initialize' | '2026-07-28';

/** A call of a tool as a request, for `fetch`. */
export function toolCall(era: Era, name: string, args: object = {}): Post {
  return message(era, 'tools/call', { name, arguments: args });
}

export interface Post {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function message(era: Era, method: string, params: Readonly<Record<string, unknown>> = {}): Post {
  const modern = era === '2026-07-28';
  return {
    method: 'POST',
    headers: {
      Authorization: KEY,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': modern ? era : '2025-11-25',
      ...(modern && { 'Mcp-Method': method }),
      ...(modern && typeof params.name === 'string' && { 'Mcp-Name': params.name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: modern ? { _meta: META, ...params } : params }),
  };
}

/** The JSON-RPC message of an answer, as JSON or as the last event of a stream. */
export function messageIn(text: string): ReturnType<typeof JSON.parse> {
  const data = text.split('\n').filter((line) => line.startsWith('data: '));
  return JSON.parse(data.at(-1)?.slice('data: '.length) ?? text);
}

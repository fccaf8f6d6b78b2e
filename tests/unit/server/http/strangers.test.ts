// Connections that no caller was found on give way, and are not kept once they were answered.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '../../../../src/access/client-address.ts';
import { createMetrics } from '../../../../src/server/http/metrics.ts';
import { createWatch } from '../../../../src/server/http/watch.ts';
import { fixture } from '../../network/tls-stand.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import {
  exchange,
  type HttpStand,
  type HttpStandOptions,
  headersWith,
  LIMITS,
  open,
  raw,
  serveStand,
} from './http-stand.ts';

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const KEPT = { Connection: 'keep-alive' };
const CALL = raw('POST /mcp HTTP/1.1', headersWith(KEPT), LIST);

let stand: Stand;
let http: HttpStand;
let sockets: Socket[];

beforeEach(async () => {
  stand = await createShop();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await http.stop();
  await stand.close();
});

const serve = async (limits: Partial<typeof LIMITS>, more: HttpStandOptions = {}) => {
  http = await serveStand(stand, { ...more, settings: { ...more.settings, limits: { ...LIMITS, ...limits } } });
};

/** Connected, and accepted by the server, which takes connections in their order. */
async function stranger(): Promise<Socket> {
  const socket = open(http.port);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** The first bytes of the answer to a call. */
async function call(socket: Socket): Promise<string> {
  socket.write(CALL);
  const first = await new Promise((resolve) => {
    socket.once('data', resolve);
    socket.once('close', () => resolve('closed'));
  });
  return String(first).slice(0, 15);
}

/** However it is closed. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.resume().once('close', resolve));
}

describe('too many connections', () => {
  it.each([
    ['of one address', { connectionsPerAddress: 2 }],
    ['at all', { connections: 2 }],
  ])('%s: the oldest without a caller gives way to a caller', async (_, limits) => {
    await serve(limits);
    const first = await stranger();
    const second = await stranger();
    const third = await stranger();
    await closed(first);
    expect(await call(third)).toBe('HTTP/1.1 200 OK');
    const fourth = await stranger();
    expect(await call(fourth)).toBe('HTTP/1.1 200 OK');
    expect(await call(third)).toBe('HTTP/1.1 200 OK');
    if ('connections' in limits) await closed(second);
    else expect(await call(second)).toBe('HTTP/1.1 200 OK');
  });

  it('where all have a caller, a new one is not taken', async () => {
    await serve({ connections: 1 });
    const first = await stranger();
    expect(await call(first)).toBe('HTTP/1.1 200 OK');
    const second = await stranger();
    await closed(second);
    expect(await call(first)).toBe('HTTP/1.1 200 OK');
  });

  it('of a trusted proxy are no strangers’', async () => {
    const proxies = parseTrustedProxies({ trustedProxies: ['127.0.0.0/8'], forwardedBy: 'x-forwarded-for' });
    await serve({ connectionsPerAddress: 1 }, proxies && { proxies });
    const all = [await stranger(), await stranger(), await stranger()];
    for (const each of all) expect(await call(each)).toBe('HTTP/1.1 200 OK');
  });

  it('is the same with TLS', async () => {
    const tls = { cert: fixture('server.pem'), key: fixture('server.key') };
    await serve({ connectionsPerAddress: 1 }, { settings: { tls } });
    const secure = () => {
      const socket = connectTls({ port: http.port, host: '127.0.0.1', rejectUnauthorized: false });
      sockets.push(socket.on('error', () => undefined));
      return socket;
    };
    const caller = secure();
    expect(await call(caller)).toBe('HTTP/1.1 200 OK');
    const first = secure();
    await once(first, 'secureConnect');
    const second = secure();
    await closed(first);
    expect(await call(second)).toBe('HTTP/1.1 200 OK');
    expect(await call(caller)).toBe('HTTP/1.1 200 OK');
  });

  it('is counted, as is what Node answers, and told once a minute', async () => {
    const none = () => undefined;
    const metrics = createMetrics({ kept: none, scripts: none, vault: none, journal: none, now: Date.now });
    const told: number[] = [];
    let now = 0;
    const watch = createWatch(metrics, none);
    await serve({ connectionsPerAddress: 1 }, { watch, now: () => now, onCrowd: (closed_) => told.push(closed_) });
    const crowd = async () => {
      const oldest = await stranger();
      await stranger();
      await closed(oldest);
    };
    await crowd();
    await crowd();
    now = 60_000;
    await crowd();
    await exchange(http.port, 'no HTTP\r\n\r\n');
    const text = await metrics.text();
    metrics.close();
    expect(text).toContain('keyward_connections_closed_total 6\n');
    expect(text).toContain('keyward_http_responses_total{status="400"} 1\n');
    expect(told).toEqual([1, 3]);
  });
});

describe('a connection is kept for callers only', () => {
  it.each([
    ['another path', 'GET /x HTTP/1.1', {}, 404],
    ['another host', 'POST /mcp HTTP/1.1', { Host: 'evil.example' }, 403],
    ['no credential', 'POST /mcp HTTP/1.1', { Authorization: undefined }, 401],
    [
      'a preflight',
      'OPTIONS /mcp HTTP/1.1',
      { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' },
      204,
    ],
    ['metadata', 'GET /.well-known/oauth-protected-resource HTTP/1.1', {}, 200],
  ])('%s: closed', async (_, line, headers, status) => {
    const metadata = { url: 'https://keyward.example/m', document: {} };
    await serve({}, { metadata, settings: { origins: ['https://a.example'] } });
    const answer = await exchange(http.port, raw(line, headersWith({ ...KEPT, ...headers })));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('a caller keeps it, refused or not', async () => {
    await serve({});
    const socket = await stranger();
    socket.write(raw('POST /mcp HTTP/1.1', headersWith({ ...KEPT, 'Content-Type': 'text/plain' }), LIST));
    expect(String(await once(socket, 'data'))).toContain('Connection: keep-alive');
    expect(await call(socket)).toBe('HTTP/1.1 200 OK');
  });
});

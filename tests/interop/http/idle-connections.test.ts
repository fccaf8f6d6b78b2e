// A thousand connections that ask nothing, or do not end asking, stand beside callers that go on being answered.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createShop, type Shop } from '../shop.ts';
import { createCaller } from '../soak/caller.ts';
import { createKey, residentBytes, type Served, serveOverHttp } from './served.ts';

const MEGABYTE = 1_000_000;
const MOST_GROWTH = 64 * MEGABYTE;

let shop: Shop;
let served: Served;
let key: string;

beforeAll(async () => {
  shop = await createShop();
  key = await createKey(shop.desk, 'idle');
  // All of them come from one address.
  writeFileSync(join(shop.desk.home, 'http.yaml'), 'limits: { connectionsPerAddress: 1000 }\n');
  served = await serveOverHttp(shop.desk);
});

afterAll(async () => {
  await served.stop();
  await shop.close();
});

const head = (rest: string) => `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n${rest}`;

/** What each kind of connection sends before it falls silent. */
const kinds = (): readonly (readonly [name: string, count: number, sends: string])[] => [
  ['nothing', 400, ''],
  ['half of a head', 250, head('Authorization: Bearer ')],
  ['a head without its body', 50, head('Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"jsonrpc"')],
  ['a caller’s message that is none', 300, head(`Authorization: Bearer ${key}\r\nContent-Length: 0\r\n\r\n`)],
];

function open(sends: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(served.url).port), allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(sends);
      resolve(socket);
    });
  });
}

/** A call that the API never answers, answered with a stream by then. */
function openStream(agent: Agent, id: number): ClientRequest {
  const params = { name: 'execute_read_request', arguments: { request_id: 'Wait' }, _meta: { progressToken: id } };
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
  };
  const sent = request(served.url, { method: 'POST', agent, headers });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }));
  return sent;
}

it('answers callers beside a thousand silent connections and open streams, in bounded memory', async () => {
  const caller = createCaller({ url: served.url, key, era: 'modern', received: () => undefined });
  const list = () => caller.send('tools/call', { name: 'list_collections', arguments: {} });
  for (let call = 0; call < 20; call += 1) await list();
  const before = residentBytes(served.pid);
  const sockets: Socket[] = [];
  for (const [, count, sends] of kinds()) {
    sockets.push(...(await Promise.all(Array.from({ length: count }, () => open(sends)))));
    expect((await list()).result.structuredContent.collections).toHaveLength(1);
  }
  expect(sockets).toHaveLength(1_000);
  const agent = new Agent({ keepAlive: true });
  const upstream = Array.from({ length: 10 }, () => shop.waiting());
  const streams = upstream.map((_, id) => openStream(agent, id));
  const [first] = await Promise.all(streams.map((stream) => once(stream, 'response')));
  expect(first?.[0].headers['content-type']).toContain('text/event-stream');
  for (let call = 0; call < 20; call += 1) {
    expect((await list()).result.structuredContent.collections).toHaveLength(1);
  }
  const after = residentBytes(served.pid);
  if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(MOST_GROWTH);
  for (const response of await Promise.all(upstream)) response.end('done');
  for (const socket of sockets) socket.destroy();
  agent.destroy();
  caller.close();
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../../../src/server/http/exchange.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import {
  type Era,
  exchange,
  type HttpStand,
  type HttpStandOptions,
  headersWith,
  LIMITS,
  message,
  messageIn,
  open,
  raw,
  readAnswer,
  serveStand,
  TIMES,
  toolCall,
} from './http-stand.ts';

const READ = { request_id: 'List items', environment_id: 'dev' };
const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const POST = 'POST /mcp HTTP/1.1';
const eras: readonly Era[] = ['initialize', '2026-07-28'];

/** What arrives waits until it is let go. */
interface Held {
  readonly arrived: Promise<void>;
  readonly left: Promise<void>;
  letGo(): void;
}

let stand: Stand;
let http: HttpStand;
let held: Held;

beforeEach(async () => {
  let arrive = () => {};
  let leave = () => {};
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  held = {
    arrived: new Promise((resolve) => {
      arrive = resolve;
    }),
    left: new Promise((resolve) => {
      leave = resolve;
    }),
    letGo,
  };
  stand = await createShop({
    answer: (_, response) => {
      response.once('close', leave);
      arrive();
      void free.then(() => response.end('{"ok":true}'));
    },
  });
});
afterEach(async () => {
  held.letGo();
  await http.stop();
  await stand.close();
});

const serve = async (options: HttpStandOptions = {}) => {
  http = await serveStand(stand, options);
  return http;
};

describe.each(eras)('%s', (era) => {
  it('a client that goes away ends its call', async () => {
    const { url } = await serve();
    const client = new AbortController();
    const call = fetch(url, { ...toolCall(era, 'execute_read_request', READ), signal: client.signal }).then((answer) =>
      answer.text(),
    );
    await held.arrived;
    client.abort();
    await expect(call).rejects.toThrow();
    await held.left;
    await http.stop();
    expect(stand.journal.at(-1)).toMatchObject({ type: 'end' });
    // In the other era the head of the answer goes out at once.
    if (era === '2026-07-28') expect(http.told.at(-1)).not.toHaveProperty('status');
  });

  it('a call that takes long shows signs of life, and its result comes as an event', async () => {
    const { url } = await serve({ times: { ...TIMES, keepAliveMs: 5 } });
    const streamed = await fetch(url, toolCall(era, 'execute_read_request', READ));
    expect(streamed.headers.get('content-type')).toBe('text/event-stream');
    expect(streamed.headers.get('x-accel-buffering')).toBe('no');
    const reader = streamed.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^: ?keepalive\n\n/);
    held.letGo();
    let rest = '';
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) rest += read.value;
    expect(messageIn(rest)).toMatchObject({ id: 7, result: { structuredContent: { status: 200 } } });
  });

  it('a call under way is finished before the end, and nothing new is taken', async () => {
    const { url, port, service } = await serve();
    const call = fetch(url, toolCall(era, 'execute_read_request', READ));
    await held.arrived;
    const ended = http.stop();
    await expect(once(open(port), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    held.letGo();
    const answer = await call;
    expect(messageIn(await answer.text()).result.structuredContent.status).toBe(200);
    await ended;
    await service.ended;
  });

  it('a call that does not end in time is aborted, and says so', async () => {
    const { url } = await serve({ settings: { limits: { ...LIMITS, drainMs: 20 } } });
    const call = fetch(url, toolCall(era, 'execute_read_request', READ));
    await held.arrived;
    await Promise.all([http.stop(), held.left]);
    const { result } = messageIn(await (await call).text());
    expect(result.isError).toBe(true);
    expect(stand.journal.at(-1)).toMatchObject({ type: 'end' });
  });
});

describe('the end', () => {
  it('begins nothing more, says so, and closes the connection', async () => {
    const { port, url } = await serve();
    const waiting = fetch(url, toolCall('2026-07-28', 'execute_read_request', READ));
    await held.arrived;
    const socket = open(port);
    const call = raw(POST, headersWith({ Connection: 'keep-alive' }), LIST);
    socket.write(call.subarray(0, 20));
    await once(socket, 'connect');
    // On the wire before the end, though not whole.
    await exchange(port, raw('GET /x HTTP/1.1', headersWith({})));
    const ended = http.stop();
    socket.write(call.subarray(20));
    const last = await readAnswer(socket);
    expect(last.status).toBe(503);
    expect(last.headers.get('connection')).toBe('close');
    expect(last.headers.get('retry-after')).toBe('1');
    expect(messageIn(last.body).error.data).toMatchObject({ code: 'ACCESS/STOPPING', retryable: true });
    const elsewhere = message('2026-07-28', 'tools/list');
    await expect(fetch(url, elsewhere)).rejects.toThrow();
    held.letGo();
    expect((await waiting).headers.get('connection')).toBe('close');
    await ended;
  });

  it('does not wait for a body that was half sent', async () => {
    const { port } = await serve({ settings: { limits: { ...LIMITS, drainMs: 0 } } });
    const socket = open(port);
    socket.write(raw(POST, headersWith({ Expect: '100-continue', 'Content-Length': '50' })));
    await once(socket, 'data');
    socket.write(LIST.slice(0, 9));
    socket.once('data', () => socket.end());
    const [answer] = await Promise.all([readAnswer(socket), http.stop()]);
    expect(answer.status).toBe(503);
  });

  it('does not wait for subscriptions', async () => {
    const { url } = await serve();
    const answer = await fetch(
      url,
      message('2026-07-28', 'subscriptions/listen', { notifications: { toolsListChanged: true } }),
    );
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    await Promise.all([http.stop(), answer.text()]);
  });
});

describe('slow clients', () => {
  it('who reads slowly gets the answer, however long it takes', async () => {
    const bytes = 20_000_000;
    const api = createServer((_, response) => {
      const large = Promise.resolve(new Response('x'.repeat(bytes)));
      void answer(response, large, { streams: false, times: { stallMs: 250, keepAliveMs: 60_000 } });
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const socket = open((api.address() as AddressInfo).port);
    socket.on('data', () => {
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    });
    socket.write(
      raw('GET / HTTP/1.1', [
        ['Host', 'localhost'],
        ['Connection', 'close'],
      ]),
    );
    expect((await readAnswer(socket)).body).toHaveLength(bytes);
    await new Promise((resolve) => api.close(resolve));
    await serve();
  });

  it('408: a header that does not end is cut', async () => {
    const { port } = await serve({ times: { ...TIMES, headMs: 50 } });
    const socket = open(port);
    socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n');
    expect((await readAnswer(socket)).status).toBe(408);
  });

  it('a connection that says nothing is closed', async () => {
    const { port } = await serve({ times: { ...TIMES, headMs: 50 } });
    expect((await readAnswer(open(port))).status).toBe(408);
  });

  it('who sends the next request before the answer is cut off', async () => {
    const { port, told } = await serve();
    const socket = open(port);
    const call = raw(POST, headersWith({ Connection: 'keep-alive' }), LIST);
    socket.end(Buffer.concat([call, call, call]));
    await readAnswer(socket);
    expect(told.length).toBeLessThan(2);
  });

  it('who does not read the answer is cut off', async () => {
    const bytes = 30_000_000;
    const api = createServer((_, response) => {
      const large = Promise.resolve(new Response('x'.repeat(bytes)));
      void answer(response, large, { streams: false, times: { stallMs: 20, keepAliveMs: 60_000 } });
      response.once('close', () => api.close());
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const socket = open((api.address() as AddressInfo).port);
    socket.pause();
    socket.write(raw('GET / HTTP/1.1', [['Host', 'localhost']]));
    await once(api, 'close');
    const cut = await readAnswer(socket);
    expect(cut.status).toBe(200);
    expect(cut.body.length).toBeLessThan(bytes);
    await serve();
  });
});

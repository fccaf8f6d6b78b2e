import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateLimits } from '../../../../shared/http-limits.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import { exchange, type HttpStand, headersWith, LIMITS, messageIn, raw, serveStand, TIMES } from './http-stand.ts';

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const nested = (depth: number) =>
  LIST.replace('}', `,"params":{"_meta":{"a":${'['.repeat(depth - 3)}${']'.repeat(depth - 3)}}}}`);
/** Values are counted by the brackets that open and the commas, 7 of them around these. */
const listOf = (count: number) => LIST.replace('}', `,"params":{"_meta":{"a":[${Array(count - 7).fill(0)}]}}}`);
const POST = 'POST /mcp HTTP/1.1';

let stand: Stand;
let http: HttpStand;

beforeAll(async () => {
  stand = await createShop();
  http = await serveStand(stand, { times: { ...TIMES, bodyMs: 100 } });
});
afterAll(async () => {
  await http.stop();
  await stand.close();
});

interface Case {
  readonly name: string;
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
  readonly status: number;
  readonly code?: string;
  readonly rpc?: number;
}

const cases: readonly Case[] = [
  { name: 'a good call', status: 200 },
  { name: 'no credential', headers: { Authorization: undefined }, status: 401, code: 'ACCESS/UNAUTHENTICATED' },
  { name: 'an unknown one', headers: { Authorization: 'Bearer x' }, status: 401, code: 'ACCESS/UNAUTHENTICATED' },
  { name: 'another host', headers: { Host: 'evil.example' }, status: 403, code: 'ACCESS/HOST_DENIED' },
  { name: 'another host, another path', line: 'GET /x HTTP/1.1', headers: { Host: 'evil.example' }, status: 403 },
  { name: 'a page', headers: { Origin: 'https://evil.example' }, status: 403, code: 'ACCESS/ORIGIN_DENIED' },
  { name: 'no host', headers: { Host: undefined }, status: 400 },
  { name: 'HTTP/1.0 without a host', line: 'POST /mcp HTTP/1.0', headers: { Host: undefined }, status: 400 },
  { name: 'another path', line: 'POST /x HTTP/1.1', status: 404 },
  {
    name: 'metadata where no tokens are taken',
    line: 'GET /.well-known/oauth-protected-resource HTTP/1.1',
    status: 404,
  },
  { name: 'a token in a query', line: 'POST /mcp?access_token=key HTTP/1.1', status: 400 },
  { name: 'GET', line: 'GET /mcp HTTP/1.1', status: 405 },
  { name: 'DELETE', line: 'DELETE /mcp HTTP/1.1', status: 405 },
  {
    name: 'DELETE without a credential',
    line: 'DELETE /mcp HTTP/1.1',
    headers: { Authorization: undefined },
    status: 405,
  },
  { name: 'another expectation', headers: { Expect: 'foo' }, status: 417 },
  { name: 'another expectation, another host', headers: { Expect: 'foo', Host: 'evil.example' }, status: 403 },
  { name: 'no content type', headers: { 'Content-Type': undefined }, status: 415 },
  { name: 'a form', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, status: 415 },
  { name: 'text, as a page may send without asking', headers: { 'Content-Type': 'text/plain' }, status: 415 },
  { name: 'a type that begins so', headers: { 'Content-Type': 'application/json-patch+json' }, status: 415 },
  { name: 'JSON in another encoding', headers: { 'Content-Type': 'application/json; charset=utf-16' }, status: 415 },
  { name: 'JSON in UTF-8', headers: { 'Content-Type': 'Application/JSON; charset="UTF-8"' }, status: 200 },
  { name: 'a packed body', headers: { 'Content-Encoding': 'gzip' }, status: 415 },
  { name: 'a body that is not packed', headers: { 'Content-Encoding': 'identity' }, status: 200 },
  {
    name: 'a form without a credential',
    headers: { Authorization: undefined, 'Content-Type': 'text/plain' },
    status: 401,
  },
  { name: 'the largest body', body: LIST.padEnd(LIMITS.bodyBytes), status: 200 },
  { name: 'one byte more', body: LIST.padEnd(LIMITS.bodyBytes + 1), status: 413, code: 'INPUT/TOO_LARGE' },
  { name: 'no body', body: '', status: 400, rpc: -32_700 },
  { name: 'no JSON', body: '{', status: 400, rpc: -32_700 },
  { name: 'no UTF-8', body: Buffer.from('{"a":"\xff"}', 'latin1'), status: 400, rpc: -32_700 },
  { name: 'the deepest message', body: nested(gateLimits.messageDepth), status: 200 },
  { name: 'one level more', body: nested(gateLimits.messageDepth + 1), status: 400, rpc: -32_700 },
  { name: 'as many values as it takes', body: listOf(gateLimits.messageValues), status: 200 },
  { name: 'one value more', body: listOf(gateLimits.messageValues + 1), status: 400, rpc: -32_700 },
  {
    name: 'commas in a text',
    body: LIST.replace('}', `,"params":{"_meta":{"a":"${','.repeat(30_000)}"}}}`),
    status: 200,
  },
  { name: 'lists of nothing', body: `[${'[],'.repeat(10_000)}[]]`, status: 400, rpc: -32_700 },
  {
    name: 'brackets in a text',
    body: LIST.replace('}', `,"params":{"_meta":{"a":"${'[\\"'.repeat(400)}"}}}`),
    status: 200,
  },
  { name: 'a number', body: '1', status: 400, rpc: -32_600 },
  { name: 'null', body: 'null', status: 400, rpc: -32_600 },
  { name: 'an empty batch', body: '[]', status: 400, rpc: -32_600 },
  { name: 'a batch of one', body: `[${LIST}]`, status: 200 },
  { name: 'a batch of two', body: `[${LIST},${LIST}]`, status: 400, rpc: -32_600 },
  { name: 'a batch in a batch', body: `[[${LIST}]]`, status: 400, rpc: -32_600 },
];

describe('what is refused before the protocol', () => {
  it.each(cases)('$name: $status', async ({ line = POST, headers = {}, body = LIST, status, code, rpc }) => {
    const answer = await exchange(http.port, raw(line, headersWith(headers), body));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[\w-]{36}$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    if (status === 200) return;
    const { error, id } = messageIn(answer.body);
    expect(id).toBeNull();
    expect(error.code).toBe(rpc ?? -32_000);
    expect(error.data).toMatchObject({
      code: code ?? expect.stringMatching(/^[A-Z]+\/[A-Z_]+$/),
      fix: expect.any(String),
      retryable: false,
      correlation_id: answer.headers.get('x-correlation-id'),
    });
  });

  it('challenges who brings no credential, without an error', async () => {
    const answer = await exchange(http.port, raw(POST, headersWith({ Authorization: undefined }), LIST));
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('413: a streamed body ends at the limit, and the client sees why', async () => {
    const chunk = `${(50_000).toString(16)}\r\n${' '.repeat(50_000)}\r\n`;
    const head = raw(POST, headersWith({ 'Transfer-Encoding': 'chunked' }));
    const answer = await exchange(http.port, Buffer.concat([head, Buffer.from(`${chunk.repeat(3)}0\r\n\r\n`)]));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('408: a body that drips is cut', async () => {
    const answer = await exchange(
      http.port,
      raw(POST, headersWith({ 'Content-Length': '50', Connection: 'keep-alive' })).toString() + LIST.slice(0, 9),
    );
    expect(answer.status).toBe(408);
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('is asked before a body is sent, and refuses without it', async () => {
    const asking = { Expect: '100-continue', Authorization: undefined, 'Content-Length': '100000' };
    const answer = await exchange(http.port, raw(POST, headersWith(asking)));
    expect(answer.status).toBe(401);
  });

  it('lets a body come that was asked for', async () => {
    const answer = await exchange(http.port, raw(POST, headersWith({ Expect: '100-continue' }), LIST));
    expect(answer.status).toBe(100);
    expect(answer.body).toContain('HTTP/1.1 200 OK');
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a body of two lengths', raw(POST, headersWith({ 'Transfer-Encoding': 'chunked' }), LIST), 400],
    [
      'a body that is packed in transfer',
      `${raw(POST, headersWith({ 'Transfer-Encoding': 'gzip, chunked' }))}${LIST.length.toString(16)}\r\n${LIST}\r\n0\r\n\r\n`,
      501,
    ],
    ['a header that is too large', raw(POST, headersWith({ 'X-Large': 'x'.repeat(gateLimits.headBytes) }), LIST), 431],
    ['a header of two lines', raw(POST, headersWith({ 'X-Folded': 'a\r\n b' }), LIST), 400],
    ['an upgrade to HTTP/2', raw(POST, headersWith({ Connection: 'Upgrade, close', Upgrade: 'h2c' }), LIST), 200],
  ])('%s: %d', async (_, bytes, status) => {
    const answer = await exchange(http.port, bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[\w-]{36}$/);
  });

  it('tells of each call, with nothing of what others wrote', async () => {
    const before = http.told.length;
    const call = LIST.replace('tools/list', 'tools/call').replace(/\}$/, ',"params":{"name":"no_such_tool"}}');
    await exchange(http.port, raw(POST, headersWith({}), call));
    await exchange(http.port, raw(POST, headersWith({}), LIST.replace('tools/list', 'my/secret')));
    expect(http.told.slice(before)).toEqual([
      {
        correlationId: expect.any(String),
        status: 200,
        ms: expect.any(Number),
        caller: 'key:ann',
        method: 'tools/call',
      },
      { correlationId: expect.any(String), status: 200, ms: expect.any(Number), caller: 'key:ann' },
    ]);
    expect(stand.bugs).toEqual([]);
  });
});

describe('429', () => {
  it('a caller over the pace waits as long as it is told', async () => {
    const perCaller = { perMinute: 1, concurrent: 1, bytesPerMinute: 1e9 };
    const paced = await serveStand(stand, { settings: { limits: { ...LIMITS, perCaller } } });
    const call = raw(POST, headersWith({}), LIST);
    expect((await exchange(paced.port, call)).status).toBe(200);
    const answer = await exchange(paced.port, call);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(messageIn(answer.body).error.data).toMatchObject({ code: 'ACCESS/RATE_LIMITED', retryable: true });
    await paced.stop();
  });
});

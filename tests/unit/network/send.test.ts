import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { PinnedTarget } from '../../../shared/stages/stages.ts';
import { createRig, never, roomy, signedTo } from './loopback.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

async function reach(listener: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await rig.http(listener);
  const network = rig.network({ allow: [server.origin] });
  const pinned = await network.pin('http', '127.0.0.1', server.port, never);
  if (!pinned.ok) throw new Error(pinned.failure.code);
  return { server, network, target: pinned.value };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('send', () => {
  it('sends exactly the method, target, headers and body it is given', async () => {
    const seen: { method: string; url: string; headers: string[]; body: string }[] = [];
    const { network, target } = await reach((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', rawHeaders } = request;
        seen.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks).toString() });
        response
          .writeHead(
            201,
            'Made',
            [
              ['X-One', 'a'],
              ['X-One', 'b'],
              ['Set-Cookie', 'c=d'],
            ].flat(),
          )
          .end('done');
      });
    });
    const body = new TextEncoder().encode('{"a":1}');
    const headers: [string, string][] = [
      ['X-Mixed-Case', 'v'],
      ['x-two', '1'],
      ['x-two', '2'],
      ['Host', `127.0.0.1:${target.port}`],
      ['Content-Length', '7'],
    ];
    const answer = await network.send(
      signedTo(target, { method: 'PATCH', path: '/a%20b?q=%C3%A9&&x', headers, body }),
      roomy,
      never,
    );
    expect(answer).toMatchObject({ ok: true, value: { status: 201, statusText: 'Made' } });
    expect(answer.ok && answer.value.headers.filter(([name]) => name === 'X-One')).toEqual([
      ['X-One', 'a'],
      ['X-One', 'b'],
    ]);
    expect(answer.ok && text(answer.value.body)).toBe('done');
    expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/a%20b?q=%C3%A9&&x', body: '{"a":1}' });
    expect(seen[0]?.headers.slice(-8).join(' ')).toContain('X-Mixed-Case v x-two 1 x-two 2');
    const lengths = seen[0]?.headers.filter((entry) => entry.toLowerCase() === 'content-length');
    expect(lengths).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    let requests = 0;
    const { network, target } = await reach((_, response) => {
      requests += 1;
      response.writeHead(307, { location: '/again' }).end();
    });
    const answer = await network.send(signedTo(target), roomy, never);
    expect(answer).toMatchObject({ ok: true, value: { status: 307 } });
    expect(requests).toBe(1);
  });

  it('reuses connections for calls in sequence', async () => {
    const { server, network, target } = await reach((_, response) => response.end('ok'));
    for (let count = 0; count < 5; count += 1)
      expect((await network.send(signedTo(target), roomy, never)).ok).toBe(true);
    // A connection is free again one turn of the event loop after its answer, so two may take turns.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('keeps trailers, ignores interim answers, and takes HEAD, 204 and 304 without a body', async () => {
    const { network, target } = await reach((request, response) => {
      if (request.url === '/trailers') {
        response.writeHead(200, { trailer: 'X-Sum' });
        response.write('body');
        response.addTrailers({ 'X-Sum': '42' });
        response.end();
      } else if (request.url === '/interim') {
        response.writeEarlyHints({ link: '</a>; rel=preload' });
        response.writeProcessing();
        response.end('final');
      } else response.writeHead(Number(request.url?.slice(1)), { 'content-encoding': 'gzip' }).end();
    });
    const trailers = await network.send(signedTo(target, { path: '/trailers' }), roomy, never);
    expect(trailers.ok && trailers.value.trailers).toEqual([['X-Sum', '42']]);
    const interim = await network.send(signedTo(target, { path: '/interim' }), roomy, never);
    expect(interim.ok && [interim.value.status, text(interim.value.body)]).toEqual([200, 'final']);
    for (const [method, path] of [
      ['HEAD', '/200'],
      ['GET', '/204'],
      ['GET', '/304'],
    ] as const) {
      const answer = await network.send(signedTo(target, { method, path }), roomy, never);
      expect(answer.ok && answer.value.body.length, `${method} ${path}`).toBe(0);
    }
  });

  it.each([
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
  ])('takes the answer to %s with status %d for whole, whatever length it announces', async (method, status) => {
    const server = await rig.raw((socket) => socket.write(`HTTP/1.1 ${status} x\r\ncontent-length: 5\r\n\r\n`));
    const network = rig.network({ allow: [server.origin] });
    const pinned = await network.pin('http', '127.0.0.1', server.port, never);
    if (!pinned.ok) throw new Error(pinned.failure.code);
    const answer = await network.send(signedTo(pinned.value, { method }), roomy, never);
    expect(answer).toMatchObject({ ok: true, value: { status, body: { length: 0 } } });
    expect(answer.ok && answer.value).not.toHaveProperty('incomplete');
  });

  const plain = Buffer.from('{"text":"über"}');
  const codings: [name: string, encoded: Buffer, coding: string][] = [
    ['none', plain, 'identity'],
    ['gzip', gzipSync(plain), 'gzip'],
    ['x-gzip', gzipSync(plain), 'X-GZIP'],
    ['zlib', deflateSync(plain), 'deflate'],
    ['raw deflate', deflateRawSync(plain), 'deflate'],
    ['brotli', brotliCompressSync(plain), 'br'],
    ['two', brotliCompressSync(gzipSync(plain)), 'gzip, br'],
    ['five', [1, 2, 3, 4, 5].reduce((bytes) => gzipSync(bytes), plain), 'gzip, gzip, gzip, gzip, gzip'],
  ];

  it.each(codings)('undoes content codings: %s', async (_, encoded, coding) => {
    const { network, target } = await reach((__, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(encoded),
    );
    const answer = await network.send(signedTo(target), roomy, never);
    expect(answer.ok && Buffer.from(answer.value.body).equals(plain)).toBe(true);
    expect(answer.ok && answer.value.undecoded).toBeUndefined();
  });

  it('leaves an unknown coding as bytes and says so', async () => {
    const { network, target } = await reach((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip, zstd' }).end('(bytes)'),
    );
    const answer = await network.send(signedTo(target), roomy, never);
    expect(answer.ok && [text(answer.value.body), answer.value.undecoded]).toEqual(['(bytes)', 'gzip, zstd']);
  });

  it('reaches an IPv6 literal', async () => {
    const server = await rig.http((request, response) => response.end(request.headers.host), '::1');
    const network = rig.network({ allow: [server.origin] });
    const pinned = await network.pin('http', '[::1]', server.port, never);
    expect(pinned).toMatchObject({ ok: true, value: { host: '::1', address: '::1', family: 6 } });
    if (!pinned.ok) return;
    const headers: [string, string][] = [['Host', `[::1]:${server.port}`]];
    const answer = await network.send(signedTo(pinned.value, { headers }), roomy, never);
    expect(answer.ok && text(answer.value.body)).toBe(`[::1]:${server.port}`);
  });

  it('serves more calls at once than it keeps connections, and more destinations than it keeps pools', async () => {
    const { server, network, target } = await reach((request, response) => response.end(request.url));
    const paths = Array.from({ length: limits.poolConnections * 3 }, (_, index) => `/${index}`);
    const answers = await Promise.all(paths.map((path) => network.send(signedTo(target, { path }), roomy, never)));
    expect(answers.map((answer) => answer.ok && text(answer.value.body))).toEqual(paths);
    expect(server.connections()).toBeLessThanOrEqual(limits.poolConnections);
    const named = rig.network({ allow: ['127.0.0.0/8'] });
    for (let index = 0; index < limits.networkPools * 2; index += 1) {
      const answer = await named.send(signedTo({ ...target, host: `h${index}.test` }), roomy, never);
      expect(answer.ok).toBe(true);
    }
  });

  it('refuses what cannot stand in a request, without naming the value', async () => {
    const { server, network, target } = await reach((_, response) => response.end());
    const rows: [Parameters<typeof signedTo>[1], string][] = [
      [{ headers: [['X-Key', 'sk_live\r\nX-Other: 1']] }, 'REQUEST/HEADER_INVALID'],
      [{ headers: [['X-Key', 'sk_live\0']] }, 'REQUEST/HEADER_INVALID'],
      [{ headers: [['X-Key', 'sk_live \u{1F511}']] }, 'REQUEST/HEADER_INVALID'],
      [{ headers: [['X Key', 'sk_live']] }, 'REQUEST/HEADER_INVALID'],
      [{ path: '/sk_live x' }, 'REQUEST/URL_INVALID'],
      [{ path: 'http://other/sk_live' }, 'REQUEST/URL_INVALID'],
      [{ method: 'GET /sk_live' }, 'REQUEST/METHOD_INVALID'],
      ...['CONNECT', 'TRACE', 'TRACK', 'Connect'].map((method): [Parameters<typeof signedTo>[1], string] => [
        { method },
        'REQUEST/METHOD_INVALID',
      ]),
    ];
    for (const [fields, code] of rows) {
      const answer = await network.send(signedTo(target, fields), roomy, never);
      expect(answer).toMatchObject({ ok: false, failure: { code } });
      if (code !== 'REQUEST/METHOD_INVALID') expect(JSON.stringify(answer)).not.toContain('sk_live');
    }
    expect(server.connections()).toBe(0);
  });

  it('never sends a call that was cancelled while it waited for a connection', async () => {
    const seen: (string | undefined)[] = [];
    const held: ServerResponse[] = [];
    let allHeld = (): void => undefined;
    const full = new Promise<void>((resolve) => {
      allHeld = resolve;
    });
    const { network, target } = await reach((request, response) => {
      seen.push(request.url);
      if (request.url !== '/held') return void response.end();
      if (held.push(response) === limits.poolConnections) allHeld();
    });
    const send = (path: string, signal = never) => network.send(signedTo(target, { path }), roomy, signal);
    const holding = Array.from({ length: limits.poolConnections }, () => send('/held'));
    await full;
    const stop = new AbortController();
    const waiting = send('/cancelled', stop.signal);
    // Cancelled at once it would not even be queued.
    await new Promise((turn) => setImmediate(turn));
    stop.abort();
    expect(await waiting).toMatchObject({ failure: { code: 'NETWORK/CANCELLED' } });
    for (const response of held) response.end();
    await Promise.all(holding);
    await Promise.all(Array.from({ length: limits.poolConnections }, () => send('/after')));
    expect(seen).not.toContain('/cancelled');
  });

  it('refuses every call after close', async () => {
    const { network, target } = await reach((_, response) => response.end());
    await network.close();
    expect(await network.send(signedTo(target), roomy, never)).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
  });
});

describe('P3: the last look before dialling', () => {
  it('P3: refuses a pinned address that is denied, whoever made the pin', async () => {
    const { server, target } = await reach((_, response) => response.end());
    const strict = rig.network({});
    const other = rig.network({ allow: [`http://127.0.0.1:${server.port + 1}`] });
    for (const network of [strict, other]) {
      const answer = await network.send(signedTo(target), roomy, never);
      expect(answer).toMatchObject({ ok: false, failure: { code: 'NETWORK/ADDRESS_DENIED' } });
    }
    expect(server.connections()).toBe(0);
  });

  it('P3: refuses a name as the address of a pin', async () => {
    const { server, network } = await reach((_, response) => response.end());
    const target: PinnedTarget = {
      scheme: 'http',
      host: '127.0.0.1',
      port: server.port,
      address: 'localhost',
      family: 4,
      exception: true,
    };
    expect(await network.send(signedTo(target), roomy, never)).toMatchObject({
      failure: { code: 'NETWORK/ADDRESS_DENIED' },
    });
    expect(server.connections()).toBe(0);
  });

  it('P3: does not reuse a connection of the same origin for another address', async () => {
    const first = await rig.http((_, response) => response.end('first'), '127.0.0.1');
    const network = rig.network({ allow: ['127.0.0.0/8'] });
    const target = (address: string): PinnedTarget => ({
      scheme: 'http',
      host: 'api.test',
      port: first.port,
      address,
      family: 4,
      exception: true,
    });
    expect((await network.send(signedTo(target('127.0.0.1')), roomy, never)).ok).toBe(true);
    const moved = await network.send(signedTo(target('127.0.0.2')), roomy, never);
    expect(moved).toMatchObject({
      ok: false,
      failure: { code: 'NETWORK/CONNECT_FAILED', facts: { reason: 'ECONNREFUSED' } },
    });
    expect(first.connections()).toBe(1);
  });
});

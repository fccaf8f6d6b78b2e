// Misbehaving servers, as raw sockets. Each row: what the server does, the failure it must give; the next call must work.
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { limits } from '../../shared/limits.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';
import { createRig, type Loopback, never, roomy, signedTo } from '../unit/network/loopback.ts';

const rig = createRig();
const others: Server[] = [];
afterAll(async () => {
  await rig.closeAll();
  await Promise.all(others.map((server) => new Promise((closed) => server.close(closed))));
});

const MALFORMED = 'it breaks the syntax of HTTP';
const small = { timeoutMs: 20_000, responseBytes: 64 * 1024 };
const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

function coded(coding: string, body: Buffer) {
  return (socket: Socket) => {
    socket.write(head(`content-encoding: ${coding}`, `content-length: ${body.length}`));
    socket.end(body);
  };
}

function endless(chunk: string, start: string) {
  return (socket: Socket) => {
    socket.write(start);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  };
}

type Row = [what: string, answer: (socket: Socket) => void, code: string, reason?: string];

const rows: Row[] = [
  ['closes without an answer', (socket) => socket.end(), 'NETWORK/CONNECT_FAILED'],
  ['resets', (socket) => socket.resetAndDestroy(), 'NETWORK/CONNECT_FAILED'],
  ['speaks another protocol', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'NETWORK/RESPONSE_INVALID', MALFORMED],
  ['sends an invalid status', (socket) => socket.end('HTTP/1.1 OK 200\r\n\r\n'), 'NETWORK/RESPONSE_INVALID', MALFORMED],
  ['sends an invalid header', (socket) => socket.end(head('bad header')), 'NETWORK/RESPONSE_INVALID', MALFORMED],
  ['sends a header with NUL', (socket) => socket.end(head('x: a\0b')), 'NETWORK/RESPONSE_INVALID', MALFORMED],
  [
    'sends two lengths',
    (socket) => socket.end(`${head('content-length: 1', 'content-length: 2')}ab`),
    'NETWORK/RESPONSE_INVALID',
  ],
  [
    'sends a length and chunks',
    (socket) => socket.end(`${head('content-length: 1', 'transfer-encoding: chunked')}1\r\na\r\n0\r\n\r\n`),
    'NETWORK/RESPONSE_INVALID',
  ],
  [
    'upgrades unasked',
    (socket) => socket.end('HTTP/1.1 101 Go\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    'NETWORK/CONNECT_FAILED',
  ],
  [
    'streams one header without end',
    endless('x'.repeat(16_384), 'HTTP/1.1 200 OK\r\nx: '),
    'NETWORK/RESPONSE_TOO_LARGE',
  ],
  [
    'streams headers without end',
    endless('a:\r\n'.repeat(4_096), 'HTTP/1.1 200 OK\r\n'),
    'NETWORK/RESPONSE_INVALID',
    `more than ${limits.responseHeaderLines} header lines`,
  ],
  [
    'streams interim answers without end',
    endless('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100), ''),
    'NETWORK/RESPONSE_INVALID',
    `more than ${limits.interimAnswers} interim answers`,
  ],
  [
    'says without end to continue',
    endless('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100), ''),
    'NETWORK/RESPONSE_INVALID',
    `more than ${limits.interimAnswers} interim answers`,
  ],
  [
    'says to continue and nothing else',
    (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'),
    'NETWORK/CONNECT_FAILED',
  ],
  [
    'sends too many codings',
    coded(Array(6).fill('gzip').join(', '), Buffer.from('x')),
    'NETWORK/RESPONSE_INVALID',
    'too many content codings',
  ],
  ['damages brotli', coded('br', Buffer.from('not brotli at all')), 'NETWORK/RESPONSE_INVALID', 'damaged br data'],
  ['calls text gzip', coded('gzip', Buffer.from('{"a":1}')), 'NETWORK/RESPONSE_INVALID', 'damaged gzip data'],
];

/** How many connections a server has seen: they are accepted in order, so none is under way once one more was. */
async function connectionsOf(server: Loopback): Promise<number> {
  await new Promise((closed) => {
    const probe = connect(server.port, '127.0.0.1', () => probe.end('\r\n'));
    probe.once('close', closed).resume();
  });
  return server.connections() - 1;
}

async function faulty(answer: (socket: Socket) => void) {
  let isBad = true;
  const server = await rig.raw((socket) => {
    if (!isBad) return socket.end(`${head('content-length: 4', 'connection: close')}fine`);
    isBad = false;
    return answer(socket);
  });
  const network = rig.network({ allow: [server.origin] });
  const pinned = await network.pin('http', '127.0.0.1', server.port, never);
  if (!pinned.ok) throw new Error(pinned.failure.code);
  return { network, target: pinned.value };
}

describe('P9: faults of servers', () => {
  it.each(rows)('P9: a server that %s fails with its code and the next call works', async (_, answer, code, reason) => {
    const { network, target } = await faulty(answer);
    const broken = await network.send(signedTo(target), small, never);
    expect(broken).toMatchObject({ ok: false, failure: { code } });
    if (reason !== undefined) expect(broken.ok || broken.failure.facts.reason).toEqual(reason);
    const next = await network.send(signedTo(target), small, never);
    expect(next.ok && new TextDecoder().decode(next.value.body)).toBe('fine');
  });

  it('gives TIMEOUT for a server that is silent, or never ends its header', async () => {
    for (const answer of [() => undefined, (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nx: y\r\n')]) {
      const { network, target } = await faulty(answer);
      const late = await network.send(signedTo(target), { ...small, timeoutMs: 100 }, never);
      expect(late).toMatchObject({ failure: { code: 'NETWORK/TIMEOUT', facts: { timeoutMs: 100 } } });
      expect((await network.send(signedTo(target), small, never)).ok).toBe(true);
    }
  });

  it('gives CANCELLED when the caller gives up, before and during the answer, and closes the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const stop = new AbortController();
    const { network, target } = await faulty((socket) => {
      closed = new Promise((done) => socket.once('close', done));
      socket.write(`${head('content-length: 100')}part`);
      stop.abort();
    });
    const cancelled = { failure: { code: 'NETWORK/CANCELLED' } };
    expect(await network.send(signedTo(target), small, AbortSignal.abort())).toMatchObject(cancelled);
    expect(await network.send(signedTo(target), small, stop.signal)).toMatchObject(cancelled);
    await closed;
    expect((await network.send(signedTo(target), small, never)).ok).toBe(true);
  });

  it('P12: dials nothing after a call has ended', async () => {
    const stop = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const server = await rig.raw((socket) => {
      closed = new Promise((done) => socket.once('close', done));
      stop.abort();
    });
    const network = rig.network({ allow: [server.origin] });
    const pinned = await network.pin('http', '127.0.0.1', server.port, never);
    if (!pinned.ok) throw new Error(pinned.failure.code);
    const cancelled = await network.send(signedTo(pinned.value), small, stop.signal);
    expect(cancelled).toMatchObject({ failure: { code: 'NETWORK/CANCELLED' } });
    await closed;
    expect(await connectionsOf(server)).toBe(1);
  });

  it('gives CONNECT_FAILED where nothing listens', async () => {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const network = rig.network({ allow: ['127.0.0.0/8'] });
    const target: PinnedTarget = {
      scheme: 'http',
      host: '127.0.0.1',
      port,
      address: '127.0.0.1',
      family: 4,
      exception: false,
    };
    const answer = await network.send(signedTo(target), small, never);
    expect(answer).toMatchObject({ failure: { code: 'NETWORK/CONNECT_FAILED', facts: { reason: 'ECONNREFUSED' } } });
  });
});

describe('TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
  const certificate = { key: pem('tls-server.key'), cert: pem('tls-server.pem') };
  const ca = [pem('tls-ca.pem')];
  const serverNames: (string | false | null)[] = [];

  const tlsServer = async () => {
    const server = createTls(certificate, (socket: TLSSocket) => {
      serverNames.push(socket.servername);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`${head('content-length: 4', 'connection: close')}fine`));
    });
    others.push(server);
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return (server.address() as AddressInfo).port;
  };

  const allow = ['127.0.0.0/8'];
  const to = (port: number, host: string): PinnedTarget => ({
    scheme: 'https',
    host,
    port,
    address: '127.0.0.1',
    family: 4,
    exception: true,
  });

  it('checks the name, not the address, against the certificate, and sends it as server name', async () => {
    const port = await tlsServer();
    const network = rig.network({ allow, ca });
    expect((await network.send(signedTo(to(port, 'secure.test')), roomy, never)).ok).toBe(true);
    expect((await network.send(signedTo(to(port, 'secure.test.')), roomy, never)).ok).toBe(true);
    expect((await network.send(signedTo(to(port, '127.0.0.1')), roomy, never)).ok).toBe(true);
    expect(serverNames).toEqual(['secure.test', 'secure.test', false]);
    const other = await network.send(signedTo(to(port, 'other.test')), roomy, never);
    expect(other).toMatchObject({
      failure: { code: 'NETWORK/TLS_FAILED', facts: { reason: 'ERR_TLS_CERT_ALTNAME_INVALID' } },
    });
  });

  it('P7: refuses a certificate of an unknown authority, also where the environment says not to check', async () => {
    const port = await tlsServer();
    const network = rig.network({ allow });
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const answer = await network.send(signedTo(to(port, 'secure.test')), roomy, never);
      expect(answer).toMatchObject({ failure: { code: 'NETWORK/TLS_FAILED' } });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });

  it('gives TLS_FAILED for a server without TLS, one that closes, and one that resets in the handshake', async () => {
    for (const answer of [
      (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.resetAndDestroy(),
    ]) {
      const server = await rig.raw(answer);
      const network = rig.network({ allow, ca });
      const broken = await network.send(signedTo(to(server.port, 'secure.test')), roomy, never);
      expect(broken).toMatchObject({ failure: { code: 'NETWORK/TLS_FAILED' } });
    }
  });

  it('goes through an explicit proxy by CONNECT, with the address judged here', async () => {
    const port = await tlsServer();
    const asked: string[] = [];
    const proxy = await rig.raw(() => undefined);
    const tunnels = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk: Buffer) => {
        const authority = /^CONNECT (\S+) /.exec(chunk.toString())?.[1] ?? '';
        asked.push(authority);
        const [host = '', portText] = authority.split(':');
        const upstream = connect(Number(portText), host, () => {
          socket.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n');
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
      });
    });
    others.push(tunnels);
    await new Promise<void>((ready) => tunnels.listen(0, '127.0.0.1', ready));
    const through = `http://127.0.0.1:${(tunnels.address() as AddressInfo).port}`;
    const network = rig.network({ allow, ca, proxy: through });
    expect((await network.send(signedTo(to(port, 'secure.test')), roomy, never)).ok).toBe(true);
    const plain = await rig.http((_, response) => response.end('ok'));
    const target: PinnedTarget = {
      scheme: 'http',
      host: 'plain.test',
      port: plain.port,
      address: '127.0.0.1',
      family: 4,
      exception: true,
    };
    expect((await network.send(signedTo(target), roomy, never)).ok).toBe(true);
    expect(asked).toEqual([`127.0.0.1:${port}`, `127.0.0.1:${plain.port}`]);

    const strict = rig.network({ ca, proxy: proxy.origin });
    expect(await strict.send(signedTo(target), roomy, never)).toMatchObject({
      failure: { code: 'NETWORK/ADDRESS_DENIED' },
    });
    expect(proxy.connections()).toBe(0);
  });

  const early: [scheme: PinnedTarget['scheme'], bytes: string][] = [
    ['http', `${head('content-length: 4')}FAKE`],
    ['http', 'X'],
    ['https', 'X'],
  ];

  it.each(early)(
    'P12: what comes through a proxy before the %s request ends the call, and nothing is dialled again',
    async (scheme, bytes) => {
      const proxy = await rig.raw((socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${bytes}`));
      const network = rig.network({ allow, ca, proxy: proxy.origin });
      const target = { ...to(1, 'secure.test'), scheme };
      const answer = await network.send(signedTo(target), { ...small, timeoutMs: 1_000 }, never);
      expect(answer).toMatchObject({
        failure: { code: 'NETWORK/RESPONSE_INVALID', facts: { reason: 'it came before the request' } },
      });
      expect(await connectionsOf(proxy)).toBe(1);
    },
  );

  it('P7: a proxy that refuses, talks nonsense or is misconfigured fails the call', async () => {
    for (const [answer, reason] of [
      ['HTTP/1.1 502 Bad Gateway\r\n\r\n', 'the proxy answered 502'],
      ['nonsense\r\n\r\n', 'the proxy did not answer with HTTP'],
      ['', 'the proxy did not answer with HTTP'],
      ['x'.repeat(20_000), 'the proxy did not answer with HTTP'],
    ] as const) {
      const proxy = await rig.raw((socket) => socket.end(answer));
      const network = rig.network({ allow, proxy: proxy.origin });
      const refused = await network.send(signedTo(to(1, 'secure.test')), roomy, never);
      expect(refused).toMatchObject({ failure: { code: 'NETWORK/CONNECT_FAILED', facts: { reason } } });
    }
    for (const proxy of [
      'socks5h://127.0.0.1:1080',
      'http://user:pass@127.0.0.1:1',
      'http://127.0.0.1:1/path',
      'nonsense',
    ]) {
      const network = rig.network({ allow, proxy });
      const refused = await network.send(signedTo(to(1, 'secure.test')), roomy, never);
      expect(refused, proxy).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
    }
  });
});

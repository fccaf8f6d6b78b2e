import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, type Loopback } from '../network/loopback.ts';
import {
  type AuthServer,
  digestServer,
  type Instead,
  NTLM_USER,
  ntlmServer,
  type Seen,
  USER,
} from './rounds-servers.ts';
import { handle, keepsNothing, type PlanParts, planTo, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5, caller: 'test' };
const PASSWORDS = { digest: USER.password, ntlm: NTLM_USER.password };

/** A client whose secrets are the passwords of both users, bound to the servers given. */
function clientOf(servers: readonly Loopback[], passwords: Record<string, string> = PASSWORDS) {
  const origins = servers.map(({ origin }) => origin);
  const secrets = Object.entries(passwords).map(([id, value]) => [id, { value, origins }] as const);
  const source = secretSource(Object.fromEntries(secrets));
  const now = () => Date.now();
  const network = rig.network({ allow: origins });
  const signer = createSigner({ secrets: source, now });
  const courier = createCourier({ signer, network, captured: keepsNothing, now });
  return { source, deliver: (plan: Plan) => courier.deliver(plan, limits, new AbortController().signal) };
}

const digestAuth = (username = USER.username, more: Record<string, string> = {}) => ({
  type: 'digest',
  fields: { username: text(username), password: [handle('digest')], ...asTexts(more) },
});
const ntlmAuth = (more: Record<string, string> = {}) => ({
  type: 'ntlm',
  fields: { username: text('User'), domain: text('Domain'), password: [handle('ntlm')], ...asTexts(more) },
});
const asTexts = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, text(value)]));

async function call(server: AuthServer, parts: Omit<PlanParts, 'to'>, path = '/a?b=c') {
  const at = await rig.http(server.listener);
  const client = clientOf([at]);
  const delivered = await client.deliver(
    planTo({ ...parts, to: `${at.origin}/a`, query: [{ name: text('b'), value: text('c') }] }),
  );
  expect(new Set(server.seen.map((seen) => seen.path))).toEqual(new Set([path]));
  return { ...client, delivered, at };
}

const brought = (seen: readonly Seen[]) => seen.map((one) => one.brought);

describe('digest', () => {
  const rows: [what: string, options: Parameters<typeof digestServer>[0]][] = [
    ['MD5, not named', {}],
    ['without a protection', { qop: '' }],
    ...['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'].flatMap(
      (algorithm): [string, object][] => [
        [algorithm, { algorithm }],
        [`${algorithm} with the body`, { algorithm, qop: 'auth-int' }],
      ],
    ),
    ['a hash in the place of the name', { algorithm: 'SHA-256', more: ', userhash=true' }],
    [
      'beside other challenges',
      { algorithm: 'MD5', others: ['Basic realm="x"', 'Digest realm="y", nonce="z", algorithm=SHA-1'] },
    ],
  ];
  it.each(rows)('%s: the answer to the 401 is right', async (_, options) => {
    const server = digestServer(options);
    const body = { kind: 'text', text: text('the body, ü') } as const;
    const { delivered } = await call(server, { method: 'POST', body, auth: digestAuth() });
    expect(delivered).toMatchObject({ ok: true, value: { status: 200, body: { text: 'welcome' } } });
    expect(brought(server.seen)).toEqual(['nothing', 'the right answer']);
    expect(new Set(server.seen.map((seen) => seen.body)).size).toBe(1);
  });

  it.each(['', ', charset=UTF-8', ', charset=UTF-8, userhash=true'])('a name beyond ASCII, with %j', async (more) => {
    const user = { username: 'Jäsøn Doe', password: USER.password };
    const server = digestServer({ algorithm: 'SHA-512-256', more, user });
    const { delivered } = await call(server, { auth: digestAuth(user.username) });
    expect(delivered).toMatchObject({ value: { status: 200 } });
  });

  it('a nonce that was too old is replaced once; a second time the 401 stands', async () => {
    for (const [stale, status, last] of [
      [1, 200, 'the right answer'],
      [2, 401, 'an old nonce'],
    ] as const) {
      const server = digestServer({ stale });
      const { delivered } = await call(server, { auth: digestAuth() });
      expect(delivered).toMatchObject({ value: { status } });
      expect(brought(server.seen)).toEqual(['nothing', 'an old nonce', last]);
    }
  });

  it('a refused password is tried once', async () => {
    const server = digestServer({ user: { ...USER, password: 'another' } });
    const { delivered } = await call(server, { auth: digestAuth() });
    expect(delivered).toMatchObject({ ok: true, value: { status: 401 } });
    expect(brought(server.seen)).toEqual(['nothing', 'a wrong response']);
  });

  it('a challenge of another scheme, and one that the collection does not want answered, stand', async () => {
    const other = digestServer({ algorithm: 'SHA-1', others: ['Basic realm="x"'] });
    expect((await call(other, { auth: digestAuth() })).delivered).toMatchObject({ value: { status: 401 } });
    expect(brought(other.seen)).toEqual(['nothing']);
    const off = digestServer();
    await call(off, { auth: digestAuth(USER.username, { disableRetryRequest: 'true' }) });
    expect(brought(off.seen)).toEqual(['nothing']);
  });

  it('P1: what the server reflects of the answer does not come back', async () => {
    const at = await rig.http((request, response) => {
      const given = request.headers.authorization;
      if (given === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n"' }).end();
        return;
      }
      const [, sent = ''] = /response="(\w+)"/.exec(given) ?? [];
      response.end(JSON.stringify({ got: sent, plain: USER.password, upper: sent.toUpperCase(), all: given }));
    });
    const { deliver } = clientOf([at]);
    const delivered = await deliver(planTo({ to: at.origin, auth: digestAuth() }));
    if (!delivered.ok) throw new Error(delivered.failure.code);
    const shown = JSON.stringify(delivered.value);
    expect(shown).not.toMatch(/[0-9a-f]{32}/i);
    expect(shown).not.toContain(USER.password);
    expect(delivered.value.request.headers.find(({ name }) => name === 'Authorization')?.value).toBe(
      'Digest [redacted]',
    );
  });
});

describe('NTLM', () => {
  it.each([
    ['without the time of the server', { time: false }, {}],
    ['with it', { time: true }, {}],
    ['with the domain in the name', { time: true }, { username: 'Domain\\User', domain: '' }],
  ] as const)('%s: three requests over one connection, which nothing else takes', async (_, options, more) => {
    const server = ntlmServer(options);
    const body = { kind: 'text', text: text('the body') } as const;
    const { delivered, deliver, at } = await call(server, { method: 'POST', body, auth: ntlmAuth(more) });
    expect(delivered).toMatchObject({ ok: true, value: { status: 200, body: { text: 'welcome' } } });
    expect(brought(server.seen)).toEqual(['nothing', 'the first message', 'the answer of Domain\\User']);
    expect(server.seen.map(({ connection, body }) => [connection, body])).toEqual(Array(3).fill([1, 'the body']));
    const plain = await Promise.all(['/one', '/two'].map((path) => deliver(planTo({ to: `${at.origin}${path}` }))));
    expect(plain).toMatchObject([{ value: { status: 401 } }, { value: { status: 401 } }]);
    expect(server.seen.slice(3).map(({ connection }) => connection)).not.toContain(1);
  });

  it('P2: calls at the same time share no connection', async () => {
    const server = ntlmServer({ time: true });
    const at = await rig.http(server.listener);
    const { deliver } = clientOf([at]);
    const paths = Array.from({ length: 6 }, (_, index) => `/${index}`);
    const plans = paths.flatMap((path) => [
      planTo({ to: `${at.origin}${path}`, auth: ntlmAuth() }),
      planTo({ to: `${at.origin}${path}/plain` }),
    ]);
    const statuses = await Promise.all(plans.map(async (plan) => deliver(plan)));
    expect(statuses.map((one) => one.ok && one.value.status)).toEqual(paths.flatMap(() => [200, 401]));
    for (const path of paths) {
      const own = server.seen.filter((seen) => seen.path === path);
      expect(brought(own)).toEqual(['nothing', 'the first message', 'the answer of Domain\\User']);
      const [connection] = new Set(own.map((seen) => seen.connection));
      expect(server.seen.filter((seen) => seen.connection === connection)).toEqual(own);
    }
    expect(brought(server.seen).filter((one) => one.startsWith('the connection of'))).toEqual([]);
  });

  it('the connection ends with the call, which neither side would end by itself', async () => {
    const server = ntlmServer();
    const closed: Promise<unknown>[] = [];
    const http = createServer((request, response) => {
      response.setHeader('keep-alive', 'timeout=600');
      closed.push(once(request.socket, 'close'));
      server.listener(request, response);
    });
    http.keepAliveTimeout = 0;
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const { port } = http.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const { deliver } = clientOf([{ origin, port, connections: () => 0 }]);
    expect(await deliver(planTo({ to: origin, auth: ntlmAuth() }))).toMatchObject({ value: { status: 200 } });
    expect(await Promise.all(closed)).toHaveLength(3);
    http.close();
  });

  it('HEAD takes its three rounds as well', async () => {
    const server = ntlmServer({ time: true });
    const { delivered } = await call(server, { method: 'HEAD', auth: ntlmAuth() });
    expect(delivered).toMatchObject({ value: { status: 200 } });
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('a connection that is closed before the first message is opened anew', async () => {
    const server = ntlmServer({
      instead: ({ brought: what }, response) => {
        if (what === 'nothing') response.setHeader('connection', 'close');
        return false;
      },
    });
    const { delivered } = await call(server, { auth: ntlmAuth() });
    expect(delivered).toMatchObject({ value: { status: 200 } });
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2, 2]);
  });

  it('P7: one that is closed after the challenge fails the call, and no answer is sent over another', async () => {
    const closers: ((response: Parameters<Instead>[1]) => void)[] = [
      (response) => response.setHeader('connection', 'close'),
      (response) => {
        const { socket } = response;
        response.on('finish', () => socket?.destroy());
      },
    ];
    for (const close of closers) {
      const server = ntlmServer({
        instead: ({ brought: what }, response) => {
          if (what === 'the first message') close(response);
          return false;
        },
      });
      const { delivered } = await call(server, { auth: ntlmAuth() });
      expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/CONNECT_FAILED' } });
      expect(brought(server.seen)).toEqual(['nothing', 'the first message']);
    }
  });

  it('P7: one that breaks in the middle of an answer fails the call', async () => {
    for (const at of ['the first message', 'the answer of Domain\\User']) {
      const server = ntlmServer({
        instead: ({ brought: what }, response) => {
          if (what === at) response.socket?.destroy();
          return what === at;
        },
      });
      const { delivered } = await call(server, { auth: ntlmAuth() });
      expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/CONNECT_FAILED' } });
      expect(server.seen.at(-1)?.brought).toBe(at);
    }
  });

  it('P2: a redirect instead of the challenge begins anew, and elsewhere without credentials', async () => {
    const other = ntlmServer();
    const elsewhere = await rig.http(other.listener);
    const server = ntlmServer({
      instead: ({ brought: what, path }, response) => {
        if (what !== 'the first message' || path === '/b') return false;
        response.writeHead(302, { location: path === '/a' ? '/b' : `${elsewhere.origin}/c` }).end();
        return true;
      },
    });
    const at = await rig.http(server.listener);
    const { deliver } = clientOf([at, elsewhere]);
    expect(await deliver(planTo({ to: `${at.origin}/a`, auth: ntlmAuth() }))).toMatchObject({ value: { status: 200 } });
    expect(server.seen.map(({ path, connection }) => [path, connection])).toEqual([
      ['/a', 1],
      ['/a', 1],
      ['/b', 2],
      ['/b', 2],
      ['/b', 2],
    ]);
    expect(await deliver(planTo({ to: `${at.origin}/x`, auth: ntlmAuth() }))).toMatchObject({ value: { status: 401 } });
    expect(brought(other.seen)).toEqual(['nothing']);
  });

  it('P12: redirects in the place of every challenge end with the limit', async () => {
    const server = ntlmServer({
      instead: ({ brought: what, path }, response) => {
        if (what === 'the first message') response.writeHead(307, { location: path }).end();
        return what === 'the first message';
      },
    });
    const { delivered } = await call(server, { auth: ntlmAuth() });
    expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/TOO_MANY_REDIRECTS' } });
    expect(server.seen).toHaveLength(2 * (limits.redirects + 1));
  });

  it('a refused password is tried once, and a server that goes on asking is not', async () => {
    const server = ntlmServer();
    const at = await rig.http(server.listener);
    const { deliver } = clientOf([at], { ntlm: 'another password' });
    expect(await deliver(planTo({ to: at.origin, auth: ntlmAuth() }))).toMatchObject({
      ok: true,
      value: { status: 401 },
    });
    expect(brought(server.seen)).toEqual(['nothing', 'the first message', 'a wrong answer: the proof']);
  });

  it('P9: a challenge that is none stands as the 401 that it came with', async () => {
    for (const token of ['', ' AAAA', ' TlRMTVNTUAACAAAA', ` ${'A'.repeat(60_000)}`]) {
      let requests = 0;
      const at = await rig.http((_, response) => {
        requests += 1;
        response.writeHead(401, { 'www-authenticate': `NTLM${token}` }).end();
      });
      expect(await clientOf([at]).deliver(planTo({ to: at.origin, auth: ntlmAuth() }))).toMatchObject({
        value: { status: 401 },
      });
      expect(requests, token.slice(0, 20)).toBe(2);
    }
  });

  it('P1: what the server reflects of the messages does not come back', async () => {
    const server = ntlmServer({
      instead: ({ brought: what, headers }, response) => {
        if (!what.startsWith('the answer')) return false;
        const token = headers.authorization?.slice('NTLM '.length) ?? '';
        const proof = Buffer.from(token, 'base64')
          .subarray(88 + 24, 88 + 40)
          .toString('hex');
        response.end(JSON.stringify({ token, proof, hash: 'a4f49c406510bdcab6824ee7c30fd852' }));
        return true;
      },
    });
    const { delivered } = await call(server, { auth: ntlmAuth() });
    if (!delivered.ok) throw new Error(delivered.failure.code);
    expect(delivered.value.body.text).not.toMatch(/[0-9a-f]{32}|TlRMTVNT/i);
    expect(delivered.value.request.headers.find(({ name }) => name === 'Authorization')?.value).toBe('NTLM [redacted]');
  });
});

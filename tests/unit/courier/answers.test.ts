// What the courier makes of answers that are not whole, and what it remembers of them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { limits as numbers } from '../../../shared/limits.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, type Loopback, never } from '../network/loopback.ts';
import { handle, keepsNothing, planTo, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const SECRET = 'zebra-Quilt-81-Lantern';
const TOKEN = 'mT9-5c1E_session8Kq3';
const limits = { timeoutMs: 20_000, responseBytes: 64 * 1024, redirects: 5, caller: 'test' };

/** A courier that lasts for a whole test, as it does for a whole process. */
function courierTo(servers: readonly Loopback[], secret?: Loopback) {
  const now = () => Date.now();
  const secrets = secretSource(secret ? { key: { value: SECRET, origins: [secret.origin] } } : {});
  const network = rig.network({ allow: servers.map(({ origin }) => origin) });
  const courier = createCourier({ signer: createSigner({ secrets, now }), network, captured: keepsNothing, now });
  return async (plan: Plan | string, more = {}, signal = never) =>
    courier.deliver(typeof plan === 'string' ? planTo({ to: plan }) : plan, { ...limits, ...more }, signal);
}

const json = (response: ServerResponse, body: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('an answer that is not whole', () => {
  const head = (...lines: string[]) => `HTTP/1.1 201 Created\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
  const rows: [what: string, answer: (socket: Socket) => void, body: object][] = [
    [
      'too large',
      (socket) => socket.end(head('content-length: 70000') + 'x'.repeat(70_000)),
      { incomplete: 'size', announcedBytes: 70_000, bytes: 64 * 1024 },
    ],
    ['cut', (socket) => socket.end(`${head('content-length: 9')}some`), { incomplete: 'broken', text: 'some' }],
    ['too slow', (socket) => socket.write(`${head()}some`), { incomplete: 'time', bytes: 4, text: 'some' }],
    ['too slow to begin', (socket) => socket.write(head('content-length: 9')), { incomplete: 'time', kind: 'empty' }],
  ];

  it.each(rows)('P12: %s keeps its status and its beginning, whatever the method', async (_, answer, body) => {
    const server = await rig.raw(answer);
    const deliver = courierTo([server]);
    const timeoutMs = 'incomplete' in body && body.incomplete === 'time' ? 120 : limits.timeoutMs;
    const delivered = await deliver(planTo({ to: server.origin, method: 'POST' }), { timeoutMs });
    expect(delivered).toMatchObject({ ok: true, value: { status: 201, body } });
  });

  it('P12: fails where time is over before its header, and where the caller gives up', async () => {
    const silent = await rig.raw(() => undefined);
    const deliver = courierTo([silent]);
    expect(await deliver(silent.origin, { timeoutMs: 60 })).toMatchObject({
      failure: { code: 'NETWORK/TIMEOUT', facts: { origin: silent.origin, timeoutMs: 60 } },
    });
    const stop = new AbortController();
    const begun = await rig.raw((socket) =>
      socket.write(head('content-length: 9'), () => setImmediate(() => setImmediate(() => stop.abort()))),
    );
    expect(await courierTo([begun])(begun.origin, {}, stop.signal)).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
  });

  it('P12: a redirect is followed without reading its body, and its headers beyond the limit count', async () => {
    let closed = false;
    const server = await rig.raw((socket) => {
      socket.on('close', () => {
        closed = true;
      });
      const many = Array.from({ length: 2_000 }, (_, index) => `x-${index}: v`);
      socket.write(head(...many, `location: ${last.origin}/`).replace('201 Created', '302 Found'));
      const more = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(16_384)));
      };
      socket.on('drain', more);
      more();
    });
    const last = await rig.http((_, response) => response.end('arrived'));
    const delivered = await courierTo([server, last])(server.origin, { responseBytes: 2 ** 40 });
    expect(delivered).toMatchObject({
      value: { status: 200, body: { text: 'arrived' }, redirects: [{ status: 302 }] },
    });
    expect(closed).toBe(true);
  });

  it('P12: a redirect that is not followed is shown like any other answer', async () => {
    const body = 'x'.repeat(numbers.redirectBodyBytes + 1);
    const server = await rig.http((_, response) => response.writeHead(302, { location: '/' }).end(body));
    const plan = planTo({ to: server.origin, settings: { followRedirects: false } });
    const delivered = await courierTo([server])(plan, { responseBytes: 2 ** 20 });
    expect(delivered).toMatchObject({ value: { status: 302, body: { bytes: body.length } } });
  });
});

describe('P1: what an answer minted', () => {
  const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    '/login': (_, response) => json(response, { access_token: TOKEN, user: 'ann' }),
    '/login-and-tell': (_, response) => json(response, { access_token: TOKEN, link: `/next?ref=${TOKEN}` }),
    '/cookie': (_, response) => response.setHeader('set-cookie', `sid=${TOKEN}; Path=/`).end('welcome'),
    '/form': (_, response) =>
      response.setHeader('content-type', 'application/x-www-form-urlencoded').end(`access_token=${TOKEN}&user=ann`),
    '/away': (_, response) => response.writeHead(302, { location: '/echo', 'set-cookie': `sid=${TOKEN}` }).end(),
    '/echo': (_, response) => response.end(`seen: ${TOKEN}; in base64: ${Buffer.from(TOKEN).toString('base64')}`),
    '/secret': (_, response) => json(response, { access_token: TOKEN, note: `${SECRET} and ${TOKEN}` }),
  };
  const listen = () =>
    rig.http((request, response) => answers[request.url ?? '']?.(request, response) ?? response.writeHead(404).end());
  const asText = (delivered: unknown) => JSON.stringify(delivered);

  it.each(['/login', '/login-and-tell', '/cookie', '/form', '/away'])(
    'P1: by %s shows in no later answer',
    async (path) => {
      const server = await listen();
      const deliver = courierTo([server]);
      expect(asText(await deliver(`${server.origin}/echo`))).toContain(TOKEN);
      const first = await deliver(server.origin + path);
      expect(first.ok).toBe(true);
      expect(asText(first)).not.toContain(TOKEN);
      const later = await deliver(`${server.origin}/echo`);
      expect(later).toMatchObject({ value: { body: { text: 'seen: [redacted]; in base64: [redacted]' } } });
    },
  );

  it('P1: every cookie of a call is known for its answer, however many more are set than are remembered', async () => {
    const cookie = (index: number) => `Ck${String(index).padStart(4, '0')}x9LmQ2vTzR8`;
    const all = Array.from({ length: numbers.tripCookies }, (_, index) => cookie(index));
    const set = (cookies: readonly string[]) => cookies.map((value, index) => `c${index}=${value}; Path=/`);
    const half = all.length / 2;
    const server = await rig.http((request, response) => {
      const isFirst = request.url === '/';
      response.setHeader('set-cookie', set(isFirst ? all.slice(0, half) : all.slice(half)));
      if (isFirst) response.writeHead(302, { location: '/all' }).end();
      else json(response, Object.fromEntries(all.map((value, index) => [`v${index}`, value])));
    });
    const delivered = await courierTo([server])(`${server.origin}/`);
    const shown = asText(delivered);
    expect(delivered).toMatchObject({ value: { status: 200, body: { kind: 'json' } } });
    expect(all.filter((value) => shown.includes(value))).toEqual([]);
  });

  it('P1: is forgotten by no call in between, and known beside the secrets of the vault', async () => {
    const server = await listen();
    const deliver = courierTo([server], server);
    await deliver(`${server.origin}/login`);
    for (let call = 0; call < 20; call += 1) await deliver(`${server.origin}/cookie`);
    const plan = planTo({
      to: `${server.origin}/secret`,
      auth: { type: 'bearer', fields: { token: [handle('key')] } },
    });
    const delivered = await deliver(plan);
    expect(delivered.ok && delivered.value.body.text).toBe(
      '{"access_token":"{{captured:access_token_1}}","note":"[redacted] and [redacted]"}',
    );
  });

  it('P1: stands in no failure', async () => {
    const server = await rig.http((request, response) =>
      request.url === '/login'
        ? json(response, { access_token: TOKEN })
        : response.writeHead(302, { location: `http://${TOKEN.replace('_', '-')}.test:99999/` }).end(),
    );
    const deliver = courierTo([server]);
    await deliver(`${server.origin}/login`);
    const failed = await deliver(`${server.origin}/away`);
    expect(failed.ok).toBe(false);
    expect(asText(failed)).not.toContain(TOKEN);
  });

  it('P1: a plain variable in a field of the auth is known, wherever the scheme puts it', async () => {
    const server = await rig.http((_, response) => response.end(`you sent ${SECRET}`));
    const deliver = courierTo([server]);
    for (const auth of [
      { type: 'basic', fields: { username: text('ann'), password: text(SECRET) } },
      { type: 'apikey', fields: { key: text('k'), value: text(SECRET), in: text('query') } },
    ]) {
      const delivered = await deliver(planTo({ to: server.origin, auth }));
      expect(delivered).toMatchObject({ value: { body: { text: 'you sent [redacted]' } } });
    }
  });
});

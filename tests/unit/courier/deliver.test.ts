import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, type Loopback, never } from '../network/loopback.ts';
import { handle, planTo, type StandInSecret, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

// Looks like nothing that a pattern would find: only knowing it can take it out.
const SECRET = 'zebra-Quilt-81-Lantern';
const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5 };

interface Seen {
  readonly server: string;
  readonly method: string;
  readonly url: string;
  readonly raw: string;
}

async function stage() {
  const seen: Seen[] = [];
  const listen = (server: string, answer: (request: IncomingMessage, response: ServerResponse) => void) =>
    rig.http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', rawHeaders } = request;
        seen.push({ server, method, url, raw: [url, ...rawHeaders, Buffer.concat(chunks).toString()].join('\n') });
        answer(request, response);
      });
    });
  const courierFor = (allow: readonly Loopback[], secrets: Record<string, StandInSecret>) => {
    const source = secretSource(secrets);
    const now = () => Date.now();
    const network = rig.network({ allow: allow.map(({ origin }) => origin) });
    const courier = createCourier({ signer: createSigner({ secrets: source, now }), network, now });
    return { source, deliver: (plan: Plan, more = {}) => courier.deliver(plan, { ...limits, ...more }, never) };
  };
  return { seen, listen, courierFor };
}

function withSecretEverywhere(to: string, method = 'GET'): Plan {
  return planTo({
    to,
    method,
    headers: [
      { name: 'X-Api-Key', value: [handle('key')] },
      { name: 'X-Plain', value: text('plain') },
    ],
    query: [{ name: text('api_key'), value: [handle('key')] }],
    auth: { type: 'bearer', fields: { token: [handle('key')] } },
  });
}

describe('redirects', () => {
  const statuses = [301, 302, 303, 307, 308];

  it.each(statuses)('P2: %d to another origin carries no secret there', async (status) => {
    const { seen, listen, courierFor } = await stage();
    const other = await listen('other', (_, response) => response.end('arrived'));
    const first = await listen('first', (_, response) =>
      response.writeHead(status, { location: `${other.origin}/next` }).end(),
    );
    const { deliver, source } = courierFor([first, other], { key: { value: SECRET, origins: [first.origin] } });
    const delivered = await deliver(withSecretEverywhere(`${first.origin}/start`));
    expect(delivered).toMatchObject({ ok: true, value: { status: 200, redirects: [{ status, method: 'GET' }] } });
    expect(seen.map(({ server }) => server)).toEqual(['first', 'other']);
    expect(seen[0]?.raw).toContain(SECRET);
    expect(seen[1]?.raw).not.toContain(SECRET);
    expect(seen[1]?.raw).not.toMatch(/authorization|x-api-key/i);
    expect(source.opened).toEqual(['key']);
  });

  it.each([307, 308])('P2: %d with a secret in the body does not go to another origin', async (status) => {
    const { seen, listen, courierFor } = await stage();
    const other = await listen('other', (_, response) => response.end());
    const first = await listen('first', (_, response) => response.writeHead(status, { location: other.origin }).end());
    const { deliver } = courierFor([first, other], { key: { value: SECRET, origins: [first.origin] } });
    const body = { kind: 'urlencoded', fields: [{ name: text('k'), value: [handle('key')] }] } as const;
    const delivered = await deliver(planTo({ to: first.origin, method: 'POST', body }));
    expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/REDIRECT_DENIED' } });
    expect(other.connections()).toBe(0);
    expect(seen).toHaveLength(1);
  });

  it.each(statuses)(
    'P2: %d to another origin takes no header under a sensitive name, marked secret or not',
    async (status) => {
      const { seen, listen, courierFor } = await stage();
      const other = await listen('other', (_, response) => response.end('arrived'));
      const first = await listen('first', (_, response) =>
        response.writeHead(status, { location: other.origin }).end(),
      );
      const { deliver } = courierFor([first, other], {});
      const headers = [
        { name: 'X-Api-Key', value: text('plain-text-key') },
        { name: 'X-Plain', value: text('plain') },
      ];
      expect((await deliver(planTo({ to: first.origin, headers }))).ok).toBe(true);
      expect(seen[0]?.raw).toContain('plain-text-key');
      expect(seen[1]?.raw).not.toContain('plain-text-key');
      expect(seen[1]?.raw).toContain('X-Plain');
    },
  );

  const reflected: readonly (readonly [where: string, target: string])[] = [
    ['the query', `/next?k=${encodeURIComponent(SECRET)}`],
    ['the path', `/${encodeURIComponent(SECRET)}/next`],
    ['base64 in the query', `/next?k=${encodeURIComponent(Buffer.from(`user:${SECRET}`).toString('base64'))}`],
  ];

  it.each(reflected)(
    'P2: a server that puts a secret into %s of its Location hands it to nobody',
    async (_, target) => {
      const { listen, courierFor } = await stage();
      const other = await listen('other', (__, response) => response.end());
      const first = await listen('first', (__, response) =>
        response.writeHead(302, { location: `${other.origin}${target}` }).end(),
      );
      const { deliver } = courierFor([first, other], { key: { value: SECRET, origins: [first.origin] } });
      const delivered = await deliver(withSecretEverywhere(first.origin));
      expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/REDIRECT_DENIED' } });
      expect(other.connections()).toBe(0);
    },
  );

  it('keeps the secrets on the same origin, signed anew', async () => {
    const { seen, listen, courierFor } = await stage();
    const server = await listen('server', (request, response) => {
      if (request.url?.startsWith('/start')) response.writeHead(307, { location: '/next' }).end();
      else response.end('{"done":true}');
    });
    const { deliver } = courierFor([server], { key: { value: SECRET, origins: [server.origin] } });
    const delivered = await deliver(withSecretEverywhere(`${server.origin}/start`, 'POST'));
    expect(delivered.ok && delivered.value.status).toBe(200);
    expect(seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual(['POST /start', 'POST /next']);
    for (const { raw } of seen) expect(raw).toContain(`Bearer ${SECRET}`);
  });

  it('P3: a redirect to a denied address, as literal or name, makes no connection', async () => {
    const { listen, courierFor } = await stage();
    const denied = await listen('denied', (_, response) => response.end());
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '[::1]', '0']) {
      const first = await listen('first', (_, response) =>
        response.writeHead(302, { location: `http://${host}:${denied.port}/` }).end(),
      );
      const { deliver } = courierFor([first], {});
      const delivered = await deliver(planTo({ to: first.origin }));
      expect(delivered.ok ? 'delivered' : delivered.failure.code, host).toMatch(/ADDRESS_DENIED|NAME_UNRESOLVED/);
    }
    expect(denied.connections()).toBe(0);
  });

  it('stops after the limit, the smaller of the two, and follows none when told so', async () => {
    const { seen, listen, courierFor } = await stage();
    const server = await listen('server', (_, response) => response.writeHead(302, { location: '/again' }).end());
    const { deliver } = courierFor([server], {});
    const plan = (settings: Plan['settings']) => planTo({ to: server.origin, settings });
    for (const [settings, limit, requests] of [
      [{}, 5, 6],
      [{ maxRedirects: 2 }, 2, 3],
      [{ maxRedirects: 50 }, 5, 6],
      [{ maxRedirects: 0 }, 0, 1],
    ] as const) {
      seen.length = 0;
      const delivered = await deliver(plan(settings));
      expect(delivered).toMatchObject({ failure: { code: 'NETWORK/TOO_MANY_REDIRECTS', facts: { limit } } });
      expect(seen).toHaveLength(requests);
    }
    expect(await deliver(plan({ followRedirects: false }))).toMatchObject({ ok: true, value: { status: 302 } });
  });

  it('gives a redirect without a target, and other 3xx, as they are', async () => {
    const { listen, courierFor } = await stage();
    for (const [status, headers] of [
      [302, {}],
      [300, { location: '/x' }],
      [304, { location: '/x' }],
    ] as const) {
      const server = await listen('server', (_, response) => response.writeHead(status, headers).end());
      const { deliver } = courierFor([server], {});
      expect(await deliver(planTo({ to: server.origin }))).toMatchObject({ ok: true, value: { status } });
    }
  });
});

describe('what comes out', () => {
  it('P1: nothing of a secret, wherever the server puts it', async () => {
    const { listen, courierFor } = await stage();
    const pair = Buffer.from(`user:${SECRET}`).toString('base64');
    const server = await listen('server', (_, response) => {
      response.writeHead(418, `I am ${SECRET}`, {
        'content-type': 'application/json',
        'x-echo': SECRET,
        location: `https://elsewhere.test/?token=${SECRET}`,
        'set-cookie': 'sid=cookie%2Fvalue%2F12345; HttpOnly',
      });
      response.end(
        JSON.stringify({ [SECRET]: SECRET, pair, cookie: 'cookie/value/12345', raw: 'cookie%2Fvalue%2F12345' }),
      );
    });
    const { deliver } = courierFor([server], { key: { value: SECRET, origins: [server.origin] } });
    const auth = { type: 'basic', fields: { username: text('user'), password: [handle('key')] } };
    const delivered = await deliver(planTo({ to: `${server.origin}/`, auth }));
    const shown = JSON.stringify(delivered);
    expect(delivered.ok).toBe(true);
    for (const value of [SECRET, pair, 'cookie/value/12345', 'cookie%2Fvalue%2F12345'])
      expect(shown).not.toContain(value);
  });

  it('P1: a secret that is bound to the origin but was not sent', async () => {
    const { listen, courierFor } = await stage();
    const server = await listen('server', (_, response) => response.end(`leaked ${SECRET}`));
    const { deliver } = courierFor([server], { unused: { value: SECRET, origins: [server.origin] } });
    const delivered = await deliver(planTo({ to: `${server.origin}/` }));
    expect(delivered.ok && delivered.value.body.text).toMatch(/^leaked (?!.*zebra)/);
  });

  it('P1: a secret of an earlier hop that the last server reflects', async () => {
    const { listen, courierFor } = await stage();
    const other = await listen('other', (_, response) => response.end(`a friend sent ${SECRET}`));
    const first = await listen('first', (_, response) => {
      response.writeHead(302, { location: `${other.origin}/leak` }).end();
    });
    const { deliver } = courierFor([first, other], { key: { value: SECRET, origins: [first.origin] } });
    const delivered = await deliver(withSecretEverywhere(`${first.origin}/start`));
    expect(delivered.ok).toBe(true);
    expect(JSON.stringify(delivered)).not.toContain(SECRET);
  });

  it('P1: failures hold no secret that a server put into a redirect', async () => {
    const { listen, courierFor } = await stage();
    for (const location of [
      `http://${SECRET}.test/`,
      `http://${SECRET}.test:99999/`,
      `ftp://${SECRET}/`,
      `http://x:${SECRET}@other.test/`,
    ]) {
      const server = await listen('server', (_, response) => response.writeHead(302, { location }).end());
      const { deliver } = courierFor([server], { key: { value: SECRET, origins: [server.origin] } });
      const delivered = await deliver(withSecretEverywhere(`${server.origin}/`));
      expect(delivered.ok).toBe(false);
      expect(JSON.stringify(delivered).toLowerCase()).not.toContain(SECRET.toLowerCase());
    }
  });

  it('one deadline covers all hops, and cancelling ends the call', async () => {
    const { listen, courierFor } = await stage();
    const server = await listen('server', (request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/silent' }).end();
    });
    const { deliver } = courierFor([server], {});
    expect(await deliver(planTo({ to: `${server.origin}/` }), { timeoutMs: 200 })).toMatchObject({
      failure: { code: 'NETWORK/TIMEOUT', facts: { origin: server.origin, timeoutMs: 200 } },
    });
    const now = () => Date.now();
    const network = rig.network({ allow: [server.origin] });
    const courier = createCourier({ signer: createSigner({ secrets: secretSource({}), now }), network, now });
    const stop = new AbortController();
    const waiting = courier.deliver(planTo({ to: `${server.origin}/silent` }), limits, stop.signal);
    stop.abort();
    expect(await waiting).toMatchObject({ failure: { code: 'NETWORK/CANCELLED' } });
  });
});

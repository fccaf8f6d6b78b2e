import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { seal } from '../../../shared/secret/seal.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import type { Rendered } from '../../../shared/template/template.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, type Loopback, never } from '../network/loopback.ts';
import { handle, keepsNothing, type PlanParts, planTo, type StandInSecret, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

// Looks like nothing that a pattern would find: only knowing it can take it out.
const SECRET = 'zebra-Quilt-81-Lantern';
const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5, caller: 'test' };

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
    const courier = createCourier({
      signer: createSigner({ secrets: source, now }),
      network,
      captured: keepsNothing,
      now,
    });
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

  it.each([307, 308])('P2: %d does not take a method that may change data to another origin', async (status) => {
    const { seen, listen, courierFor } = await stage();
    const other = await listen('other', (_, response) => response.end('arrived'));
    const first = await listen('first', (_, response) => response.writeHead(status, { location: other.origin }).end());
    const { deliver } = courierFor([first, other], {});
    const body = { kind: 'text', text: text('plain') } as const;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const delivered = await deliver(planTo({ to: first.origin, method, body }));
      expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/REDIRECT_DENIED' } });
    }
    expect(other.connections()).toBe(0);
    expect(await deliver(planTo({ to: first.origin, method: 'OPTIONS' }))).toMatchObject({ value: { status: 200 } });
    expect(seen.at(-1)).toMatchObject({ server: 'other', method: 'OPTIONS' });
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
  const PIN = 'hunter2';
  const piece = handle('pin');
  const inline = { kind: 'inline', value: seal(PIN) } as const;
  const places: readonly (readonly [where: string, parts: Omit<PlanParts, 'to'>])[] = [
    ['a query value', { query: [{ name: text('q'), value: [...text('a'), piece] }] }],
    ['a query name', { query: [{ name: [piece], value: text('1') }] }],
    ['a header', { headers: [{ name: 'X-Shelf', value: [...text('a '), piece] }] }],
    ['an inline header', { headers: [{ name: 'X-Shelf', value: [inline] }] }],
    ['an inline path', { path: [...text('/'), inline] }],
    ['an apikey header', { auth: { type: 'apikey', fields: { key: text('X-Shelf'), value: [piece] } } }],
    ['an apikey without a mark', { auth: { type: 'apikey', fields: { key: text('X-Shelf'), value: text(PIN) } } }],
    ['an apikey query', { auth: { type: 'apikey', fields: { key: text('q'), value: [piece], in: text('query') } } }],
    ['an apikey cookie', { auth: { type: 'apikey', fields: { key: text('q'), value: [piece], in: text('cookie') } } }],
    ['basic', { auth: { type: 'basic', fields: { username: text('u'), password: [piece] } } }],
    ['bearer', { auth: { type: 'bearer', fields: { token: [piece] } } }],
    ['awsv4', { auth: { type: 'awsv4', fields: { accessKey: text('A'), secretKey: [piece], sessionToken: [piece] } } }],
  ];

  it.each(places)('P1: a secret too short for the scrubber is not shown in %s', async (_, parts) => {
    const { seen, listen, courierFor } = await stage();
    const server = await listen('server', (request, response) => {
      const isFirst = !request.url?.startsWith('/next');
      response.writeHead(isFirst ? 302 : 200, isFirst ? { location: '/next' } : {}).end('done');
    });
    const { deliver } = courierFor([server], { pin: { value: PIN, origins: [server.origin] } });
    const delivered = await deliver(planTo({ to: `${server.origin}/start`, ...parts }));
    const shown = JSON.stringify(delivered);
    expect(delivered).toMatchObject({ ok: true, value: { status: 200, redirects: [{ status: 302 }] } });
    const forms = [PIN, Buffer.from(`u:${PIN}`).toString('base64')];
    for (const form of forms) expect(shown).not.toContain(form);
    expect(shown).toContain('[redacted]');
    if (parts.auth?.type !== 'awsv4') expect(forms.some((form) => seen[0]?.raw.includes(form))).toBe(true);
  });

  it('shows the rest of the request as it was sent', async () => {
    const { seen, listen, courierFor } = await stage();
    const server = await listen('server', (_, response) => response.end());
    const { deliver } = courierFor([server], { pin: { value: PIN, origins: [server.origin] } });
    const delivered = await deliver(
      planTo({
        to: `${server.origin}/a`,
        method: 'POST',
        query: [
          { name: text('q'), value: [piece] },
          { name: text('r'), value: text('x y') },
        ],
        headers: [{ name: 'X-Plain', value: text('1') }],
        body: { kind: 'text', text: text('body'), contentType: 'text/plain' },
      }),
    );
    if (!delivered.ok) throw new Error(delivered.failure.code);
    const { url, headers } = delivered.value.request;
    expect(url).toBe(`${server.origin}/a?q=[redacted]&r=x%20y`);
    const raw = seen[0]?.raw.split('\n').slice(1, -1) ?? [];
    const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    const values = raw.filter((_, index) => index % 2 === 1);
    for (const { name, value } of headers) expect(values[names.indexOf(name.toLowerCase())], name).toBe(value);
    expect(headers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['X-Plain', 'Content-Type', 'Content-Length']),
    );
  });

  it('P1: shows neither digest nor length of a body with a secret in it', async () => {
    const { listen, courierFor } = await stage();
    const server = await listen('server', (_, response) => response.end());
    const { deliver } = courierFor([server], { pin: { value: PIN, origins: [server.origin] } });
    const fields = { accessKey: text('AKIDEXAMPLE'), secretKey: text('secret-key-of-the-test') };
    const plan = (body: Rendered) =>
      planTo({
        to: server.origin,
        method: 'POST',
        body: { kind: 'text', text: body },
        auth: { type: 'awsv4', fields },
      });
    const shownOf = async (body: Rendered) => {
      const delivered = await deliver(plan(body));
      if (!delivered.ok) throw new Error(delivered.failure.code);
      return new Map(delivered.value.request.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    };
    const [masked, plain] = [await shownOf([piece]), await shownOf(text(PIN))];
    expect(masked.get('x-amz-content-sha256')).toBe(createHash('sha256').update('[redacted]').digest('hex'));
    // What is plain in the plan is told by its digest to nobody who does not see it.
    expect(plain.get('x-amz-content-sha256')).toBe(createHash('sha256').update(PIN).digest('hex'));
    expect(masked.get('content-length')).toBe(String('[redacted]'.length));
  });

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
    const courier = createCourier({
      signer: createSigner({ secrets: secretSource({}), now }),
      network,
      captured: keepsNothing,
      now,
    });
    const stop = new AbortController();
    const waiting = courier.deliver(planTo({ to: `${server.origin}/silent` }), limits, stop.signal);
    stop.abort();
    expect(await waiting).toMatchObject({ failure: { code: 'NETWORK/CANCELLED' } });
  });
});

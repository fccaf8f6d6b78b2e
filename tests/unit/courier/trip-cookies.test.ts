// Cookies through the whole sealed half: which request takes which, and what of them is shown.
import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { markRaw, type Plan, type RawExchange } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { openCookies } from '../../../src/courier/trip-cookies.ts';
import { createCookieJars } from '../../../src/network/cookies.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, never } from '../network/loopback.ts';
import { handle, keepsNothing, planTo, type StandInSecret, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const SID = 'q8Zr3VbT6mKx0LdW9sYh';
const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function stage(answer: Answer, ...others: Answer[]) {
  const secrets: Record<string, StandInSecret> = {};
  const cookies: string[] = [];
  const listen = (respond: Answer) =>
    rig.http((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      respond(request, response);
    });
  const servers = await Promise.all([answer, ...others].map(listen));
  const now = () => Date.now();
  const signer = createSigner({ secrets: secretSource(secrets), now });
  // The first server is api.one.test, and each other one has a domain of its own.
  const hosts = ['api.one.test', 'api.two.test', 'www.one.test'];
  const origins = servers.map(({ port }, index) => `http://${hosts[index]}:${port}`);
  const ports = servers.map(({ port }) => `http://${hosts[0]}:${port}`);
  const network = rig.network({ allow: [...origins, ...ports] }, () =>
    Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  );
  const courier = createCourier({ signer, network, captured: keepsNothing, now });
  const deliver = (plan: Plan, caller = 'me') => courier.deliver(plan, { ...limits, caller }, never);
  return { cookies, secrets, origins, origin: origins[0] ?? '', deliver };
}

/** `/set?a=1; Path=/` sets that cookie, `/away?URL` redirects there. */
const setter: Answer = ({ url = '' }, response) => {
  const [path, query = ''] = decodeURIComponent(url).split('?');
  if (path === '/set') response.setHeader('set-cookie', query.split('&'));
  if (path === '/away') response.writeHead(302, { location: query });
  response.end(JSON.stringify({ path }));
};
const get = (origin: string, path: string, more: object = {}) => {
  const [name = '', query] = path.split('?');
  return planTo({ to: origin + name, ...(query && { query: [{ name: text(query), value: null }] }), ...more });
};

describe('cookies', () => {
  it('go with later requests, and with each hop of a redirect', async () => {
    const { cookies, origin, deliver } = await stage((request, response) => {
      if (request.url === '/one') response.writeHead(303, { location: '/two', 'set-cookie': 'one=1' }).end();
      else if (request.url === '/two') response.writeHead(303, { location: '/three', 'set-cookie': 'two=2' }).end();
      else response.end();
    });
    await deliver(get(origin, '/one'));
    await deliver(get(origin, '/four'));
    expect(cookies).toEqual(['', 'one=1', 'one=1; two=2', 'one=1; two=2']);
  });

  it('P2: go to no other host with a redirect, and to one of the same domain only where they are meant for it', async () => {
    const { cookies, origins, deliver } = await stage(setter, setter, setter);
    const [first = '', second = '', third = ''] = origins;
    await deliver(get(first, '/set?own=1&shared=1; Domain=one.test&theirs=1; Domain=two.test'));
    for (const target of [second, third, first]) await deliver(get(first, `/away?${target}/x`));
    const own = 'own=1; shared=1';
    expect(cookies).toEqual(['', own, '', own, 'shared=1', own, own]);
  });

  it('of the request itself win over those of the jar', async () => {
    const { cookies, origin, deliver } = await stage(setter);
    await deliver(get(origin, '/set?a=jar&b=jar'));
    await deliver(get(origin, '/x', { headers: [{ name: 'cookie', value: text('a=own; c=own') }] }));
    expect(cookies.at(-1)).toBe('a=own; c=own; b=jar');
  });

  it('are neither sent nor kept where the request switches them off', async () => {
    const { cookies, origin, deliver } = await stage(setter);
    await deliver(get(origin, '/set?a=1'));
    await deliver(get(origin, '/set?b=1', { settings: { disableCookies: true } }));
    await deliver(get(origin, '/x'));
    expect(cookies).toEqual(['', '', 'a=1']);
  });

  it('P10: are the caller’s own, and of one environment', async () => {
    const { cookies, origin, deliver } = await stage(setter);
    await deliver(get(origin, '/set?a=1', { environmentId: 'staging' }));
    await deliver(get(origin, '/x', { environmentId: 'staging' }), 'you');
    await deliver(get(origin, '/x', { environmentId: 'production' }));
    await deliver(get(origin, '/x'));
    await deliver(get(origin, '/x', { environmentId: 'staging' }));
    expect(cookies).toEqual(['', '', '', '', 'a=1']);
  });

  it('of calls at once are all kept', async () => {
    const { cookies, origin, deliver } = await stage(setter);
    await Promise.all(Array.from({ length: 8 }, (_, index) => deliver(get(origin, `/set?c${index}=1`))));
    await deliver(get(origin, '/x'));
    expect(cookies.at(-1)?.split('; ')).toHaveLength(8);
  });

  it('P9: that no header can hold harm no later call', async () => {
    const { cookies, origin, deliver } = await stage((_, response) => {
      response.socket?.end(
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=1; Domain=com\r\nSet-Cookie: \xe9=\xff\r\nSet-Cookie: ok=1\r\n\r\n',
        'latin1',
      );
    });
    for (let call = 0; call < 2; call += 1) expect(await deliver(get(origin, '/x'))).toMatchObject({ ok: true });
    expect(cookies.at(-1)).toMatch(/ok=1$/);
  });
});

const answerWith = (cookies: readonly string[]): RawExchange =>
  markRaw({
    status: 200,
    statusText: '',
    headers: cookies.map((cookie) => ['set-cookie', cookie]),
    trailers: [],
    body: new Uint8Array(),
    timing: { totalMs: 0, firstByteMs: 0 },
  });

describe('P2: what a server was given does not travel as a cookie', () => {
  const KEY = 'zebra-Quilt-81-Lantern';

  it('to another port, to another host of the domain, nor back to the same one', async () => {
    const { cookies, secrets, origins, deliver } = await stage(
      (request, response) => {
        const given = (request.headers.authorization ?? '').slice(7);
        const spread = 'Domain=one.test';
        if (given)
          response.setHeader('set-cookie', [
            `own=${given}`,
            `all=${given}; ${spread}`,
            `b64=${Buffer.from(given).toString('base64')}; ${spread}`,
            `hex=x-${Buffer.from(given).toString('hex')}; ${spread}`,
            `${given}=1; ${spread}`,
            `unsent=writing-Marble-17-Otter; ${spread}`,
            `pin=4711; ${spread}`,
            `sid=${SID}; ${spread}`,
          ]);
        response.end();
      },
      setter,
      setter,
    );
    const [first = '', , third = ''] = origins;
    secrets.key = { value: KEY, origins: [first] };
    secrets.pin = { value: '4711', origins: [first] };
    secrets.writing = { value: 'writing-Marble-17-Otter', origins: [first], tier: 'writing' };
    await deliver(get(first, '/x', { auth: { type: 'bearer', fields: { token: [handle('key')] } } }));
    await deliver(get(first, '/x'));
    await deliver(get(third, '/x'));
    await deliver(get(third.replace('www', 'api'), '/x'));
    expect(cookies.slice(1)).toEqual(Array(3).fill(`sid=${SID}`));
  });

  it('whatever the value, its encoding and the cookie around it', async () => {
    const forms: readonly ((value: string) => string)[] = [
      (value) => value,
      encodeURIComponent,
      (value) => Buffer.from(value).toString('base64'),
      (value) => Buffer.from(value).toString('base64url'),
      (value) => Buffer.from(value).toString('hex'),
      (value) => encodeURIComponent(JSON.stringify({ value })),
      (value) => Buffer.from(JSON.stringify({ user: 'me', value })).toString('base64url'),
    ];
    const fields: readonly ((value: string) => string)[] = [
      (value) => `sid=${value}`,
      (value) => `sid="${value}"; Path=/; Domain=one.test`,
      (value) => `sid=before.${value}.after; Domain=one.test`,
      (value) => `${value}=1`,
      (value) => `sid = ${value} ; HttpOnly`,
    ];
    // What a header and the name of a cookie can hold; shorter ones have a test of their own.
    const secret = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{8,40}$/).filter((value) => !/^(.)\1*$/.test(value));
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(...forms), fc.constantFrom(...fields), async (value, form, field) => {
        const scrubber = createScrubber([{ id: 'key', value }]);
        const jar = openCookies(
          createCookieJars(() => 0),
          'me',
          () => scrubber,
        );
        const to = (origin: string) => planTo({ to: `${origin}/` });
        await jar.keep(to('https://api.one.test'), answerWith([field(form(value)), 'other=1; Domain=one.test']));
        for (const origin of ['https://api.one.test', 'https://api.one.test:8443', 'http://www.one.test'])
          expect(jar.of(to(origin))).toEqual([{ name: 'other', value: '1' }]);
      }),
    );
  });

  it('P7: and where it cannot be told what that is, nothing is kept', async () => {
    const jar = openCookies(
      createCookieJars(() => 0),
      'me',
      () => undefined,
    );
    const plan = planTo({ to: 'https://api.one.test/' });
    await jar.keep(plan, answerWith(['sid=1']));
    expect(jar.of(plan)).toEqual([]);
  });
});

describe('P1: what is shown of cookies', () => {
  const echo: Answer = (request, response) => {
    const sent = request.headers.cookie ?? '';
    response.setHeader('x-seen', sent);
    const forms = [
      sent,
      encodeURIComponent(sent),
      Buffer.from(sent).toString('base64'),
      Buffer.from(sent).toString('hex'),
    ];
    response.end(JSON.stringify({ forms, lang: 'en' }));
  };

  it('is their names; no value, in no encoding, in no later answer', async () => {
    const { origin, deliver } = await stage((request, response) =>
      request.url === '/set' ? response.setHeader('set-cookie', `sid=${SID}`).end() : echo(request, response),
    );
    await deliver(get(origin, '/set'));
    const shown = await deliver(get(origin, '/x'));
    expect(shown).toMatchObject({
      value: { request: { headers: expect.arrayContaining([{ name: 'Cookie', value: 'sid=[redacted]' }]) } },
    });
    const seen = JSON.stringify(shown);
    for (const form of [SID, Buffer.from(SID).toString('base64').slice(0, 12), Buffer.from(SID).toString('hex')])
      expect(seen).not.toContain(form);
  });

  it('leaves ordinary words of an answer readable', async () => {
    const { origin, deliver } = await stage((request, response) => {
      if (request.url === '/set') response.setHeader('set-cookie', ['lang=en', 'page=1', 'token=secret', 'sid=ab12']);
      response.end('{"lang":"en","page":"1","a":"secret","b":"ab12"}');
    });
    for (const path of ['/set', '/x'])
      expect(await deliver(get(origin, path))).toMatchObject({
        value: { body: { text: '{"lang":"en","page":"1","a":"[redacted]","b":"[redacted]"}' } },
      });
  });

  it('is not handed to another origin by a redirect', async () => {
    const { cookies, origins, deliver } = await stage((request, response) => {
      if (request.url === '/set') response.setHeader('set-cookie', `sid=${SID}; Path=/a`).end();
      else response.writeHead(302, { location: `${origins[1]}/x?got=${request.headers.cookie?.slice(4)}` }).end();
    }, setter);
    const [first = ''] = origins;
    await deliver(get(first, '/set'));
    expect(await deliver(get(first, '/a'))).toMatchObject({ ok: false, failure: { code: 'NETWORK/REDIRECT_DENIED' } });
    expect(cookies).toHaveLength(2);
  });
});

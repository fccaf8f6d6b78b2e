// Cookies through the whole sealed half: which request takes which, and what of them is shown.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig, never } from '../network/loopback.ts';
import { keepsNothing, planTo, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const SID = 'q8Zr3VbT6mKx0LdW9sYh';
const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function stage(answer: Answer, ...others: Answer[]) {
  const cookies: string[] = [];
  const listen = (respond: Answer) =>
    rig.http((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      respond(request, response);
    });
  const servers = await Promise.all([answer, ...others].map(listen));
  const now = () => Date.now();
  const signer = createSigner({ secrets: secretSource({}), now });
  // The first server is api.one.test, and each other one has a domain of its own.
  const hosts = ['api.one.test', 'api.two.test', 'www.one.test'];
  const origins = servers.map(({ port }, index) => `http://${hosts[index]}:${port}`);
  const network = rig.network({ allow: origins }, () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
  const courier = createCourier({ signer, network, captured: keepsNothing, now });
  const deliver = (plan: Plan, caller = 'me') => courier.deliver(plan, { ...limits, caller }, never);
  return { cookies, origins, origin: origins[0] ?? '', deliver };
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

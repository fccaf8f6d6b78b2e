// The loopback address of a login, as others on the machine can reach it.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { listenForLogin } from '../../../src/cli/login-listener.ts';
import { placeRedirect } from '../../../src/cli/login-redirect.ts';
import { never } from '../network/loopback.ts';

describe('a redirect URI', () => {
  const here: readonly (readonly [stated: string, host: string, port: number, path: string])[] = [
    ['', '127.0.0.1', 0, '/callback'],
    ['http://127.0.0.1/cb', '127.0.0.1', 0, '/cb'],
    ['http://localhost:8080/cb?x=1', 'localhost', 8080, '/cb?x=1'],
    ['http://[::1]:1/', '[::1]', 1, '/'],
  ];
  it.each(here)('%s is on this machine', (stated, host, port, path) =>
    expect(placeRedirect(stated)).toEqual({ ok: true, value: { host, port, path } }),
  );

  const elsewhere = [
    'https://oauth.pstmn.io/v1/callback',
    'https://127.0.0.1/cb',
    'http://127.0.0.2/cb',
    'http://127.0.0.1.example/cb',
    'http://user@127.0.0.1/cb',
    'http://127.0.0.1/cb#a',
    'app:/callback',
    'nonsense',
  ];
  it.each(elsewhere)('P7: %s is not, so no code goes there', (stated) =>
    expect(placeRedirect(stated)).toMatchObject({ ok: false, failure: { code: 'REQUEST/AUTH_INVALID' } }),
  );
});

function ask(url: string, method: string, host: string): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { host } }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }));
    })
      .on('error', reject)
      .end();
  });
}

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

/** Whether somebody else could listen there, and if not, why. */
function occupy(port: number, address: string): Promise<string> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.name));
    server.listen(port, address, () => server.close(() => resolve('free')));
  });
}

describe('the listener', () => {
  it('answers the browser of this login and nobody else', async () => {
    const listener = await listenForLogin({ host: '127.0.0.1', port: 0, path: '/callback' });
    if (!listener.ok) throw new Error(listener.failure.code);
    const { redirect, startUrl, awaitCallback, close } = listener.value;
    const { host } = new URL(redirect);
    const login = {
      url: 'https://id.example/auth?state=s',
      isAnswer: (back: URLSearchParams) => back.get('state') === 's',
    };
    const callback = awaitCallback(login, never);
    const rows: readonly (readonly [url: string, method: string, host: string, status: number])[] = [
      [startUrl, 'GET', 'evil.example', 404],
      [startUrl, 'POST', host, 404],
      [`${startUrl}0`, 'GET', host, 404],
      [startUrl, 'GET', host, 302],
      [startUrl, 'GET', host, 404],
      [`${redirect}?code=c`, 'GET', host, 404],
      [`${redirect}?code=c&state=other`, 'GET', host, 404],
      [`${redirect}?code=c&state=s`, 'GET', 'evil.example', 404],
      [`${redirect}?code=c&state=s`, 'GET', host, 303],
    ];
    let last = '';
    for (const [url, method, name, status] of rows) {
      const answer = await ask(url, method, name);
      expect(answer.status).toBe(status);
      last = answer.location ?? '';
    }
    expect(await callback).toMatchObject({ ok: true });
    // The login ends before the browser has followed: it still gets the last page, and then nobody gets anything.
    close(true);
    expect((await ask(startUrl, 'GET', host)).status).toBe(404);
    expect((await ask(new URL(last, redirect).href, 'GET', host)).status).toBe(200);
    await expect(ask(startUrl, 'GET', host)).rejects.toThrow();
  });

  it('ends with its login, though a browser connected ahead and sent nothing', async () => {
    const listener = await listenForLogin({ host: '127.0.0.1', port: 0, path: '/cb' });
    if (!listener.ok) throw new Error(listener.failure.code);
    const ahead = connect(Number(new URL(listener.value.redirect).port), '127.0.0.1');
    await once(ahead, 'connect');
    // Answered after the connection ahead was taken in.
    await ask(listener.value.startUrl, 'GET', 'evil.example');
    const closed = once(ahead, 'close');
    ahead.on('error', () => undefined).resume();
    listener.value.close(true);
    await closed;
  });

  it('P7: of localhost has the port of both address families, and begins where no name is looked up', async () => {
    const listener = await listenForLogin({ host: 'localhost', port: 0, path: '/cb' });
    if (!listener.ok) throw new Error(listener.failure.code);
    const { redirect, startUrl, awaitCallback, close } = listener.value;
    const { host, port } = new URL(redirect);
    expect([host, new URL(startUrl).host]).toEqual([`localhost:${port}`, `127.0.0.1:${port}`]);
    const addresses = hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
    for (const address of addresses) {
      expect(await occupy(Number(port), address.replace(/[[\]]/g, ''))).toBe('EADDRINUSE');
      expect((await ask(`http://${address}:${port}/cb`, 'GET', host)).status).toBe(404);
    }
    const login = { url: 'https://id.example/', isAnswer: (back: URLSearchParams) => back.get('state') === 's' };
    const callback = awaitCallback(login, never);
    expect((await ask(startUrl, 'GET', new URL(startUrl).host)).status).toBe(302);
    const back = `http://${addresses.at(-1)}:${port}/cb?state=s&code=c`;
    expect((await ask(back, 'GET', `[::1]:${port}`)).status).toBe(404);
    const { status, location = '' } = await ask(back, 'GET', host);
    expect(status).toBe(303);
    expect(await callback).toMatchObject({ ok: true });
    const page = ask(new URL(location, back).href, 'GET', host);
    close(true);
    expect((await page).status).toBe(200);
    for (const address of addresses) expect(await occupy(Number(port), address.replace(/[[\]]/g, ''))).toBe('free');
  });

  it.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])('P7: of localhost is none where %s is taken', async (address) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, address, resolve));
    const { port } = other.address() as AddressInfo;
    const listener = await listenForLogin({ host: 'localhost', port, path: '/cb' });
    expect(listener).toMatchObject({ ok: false, failure: { code: 'INPUT/INVALID' } });
    const rest = address === '::1' ? '127.0.0.1' : '::1';
    if (hasIpv6) expect(await occupy(port, rest)).toBe('free');
    other.close();
  });

  it('says so where the port is taken', async () => {
    const first = await listenForLogin({ host: '127.0.0.1', port: 0, path: '/' });
    if (!first.ok) throw new Error(first.failure.code);
    const port = Number(new URL(first.value.redirect).port);
    const second = await listenForLogin({ host: '127.0.0.1', port, path: '/' });
    expect(second).toMatchObject({ ok: false, failure: { code: 'INPUT/INVALID' } });
    first.value.close(false);
  });
});

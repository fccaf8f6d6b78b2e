// The loopback address of a login, as others on the machine can reach it.
import { request } from 'node:http';
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
    for (const [url, method, name, status] of rows) expect((await ask(url, method, name)).status).toBe(status);
    expect(await callback).toMatchObject({ ok: true });
    close(true);
    await expect(ask(startUrl, 'GET', host)).rejects.toThrow();
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

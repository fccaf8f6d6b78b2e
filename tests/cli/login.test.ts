import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowing, type Echo, startEcho } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const listed = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([key, value]) => ({ key, value, type: 'string' }));

/** Requests whose auth a person logs in for, and others. */
function harbour(origin: string) {
  const code = {
    grant_type: 'authorization_code',
    authUrl: `${origin}/auth`,
    accessTokenUrl: `${origin}/token`,
    clientId: 'harbour',
    redirect_uri: 'http://127.0.0.1/cb',
  };
  const item = (name: string, auth: object) => ({ name, request: { method: 'GET', url: `${origin}/berths`, auth } });
  return {
    info: { name: 'Harbour', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [
      item('Berths', { type: 'oauth2', oauth2: listed(code) }),
      item('Elsewhere', { type: 'oauth2', oauth2: listed({ ...code, redirect_uri: 'https://oauth.pstmn.io/cb' }) }),
      item('Machine', { type: 'oauth2', oauth2: listed({ ...code, grant_type: 'client_credentials' }) }),
      item('Key', { type: 'apikey', apikey: listed({ key: 'X-Key', value: 'k' }) }),
      item('Open', { type: 'noauth' }),
    ],
  };
}

describe('keyward login', () => {
  let desk: Desk;
  let echo: Echo;

  beforeAll(async () => {
    desk = createDesk();
    echo = await startEcho();
    desk.save('harbour.json', harbour(echo.origin));
    desk.save('dev.postman_environment.json', { id: 'env-dev', name: 'dev', values: [] });
    desk.save('keyward.yaml', allowing(echo.origin));
    await desk.keyward(['trust', '--yes']);
    await desk.keyward(['secrets', 'set', 'OTHER', '--origin', echo.origin, '--stdin'], 'other-secret-1');
  });
  afterAll(async () => {
    desk.clear();
    await echo.close();
  });

  it('P7: is what call says to run, with ids that it takes as they stand; nothing is sent', async () => {
    const called = await desk.keyward(['call', 'Berths', '--env', 'dev']);
    expect(called).toMatchObject({ code: 1, out: '' });
    expect(called.errors).toContain('REQUEST/LOGIN_REQUIRED');
    const [, request = '', environment = ''] =
      /The operator runs: keyward login (\S+) --env (\S+?)\.\s/.exec(called.errors) ?? [];
    expect(request).toMatch(/^[\w-]+$/);
    // The redirect of another machine is refused before anything is begun: both ids were found.
    const again = ['login', request, '--env', environment, '--redirect-uri', 'https://elsewhere.example/cb'];
    expect((await desk.keyward(again)).errors).toContain('REQUEST/AUTH_INVALID');
    expect(echo.requests).toEqual([]);
  });

  const rows: readonly (readonly [request: string, code: string, says: string])[] = [
    ['Key', 'REQUEST/AUTH_INVALID', 'it is not OAuth 2'],
    ['Open', 'REQUEST/AUTH_INVALID', 'it is not OAuth 2'],
    ['Machine', 'REQUEST/AUTH_INVALID', 'takes no person'],
    ['Elsewhere', 'REQUEST/AUTH_INVALID', 'is not on this machine'],
    ['Nothing', 'REQUEST/NOT_FOUND', 'Nothing'],
  ];

  it.each(rows)('P7: for "%s" fails with %s', async (request, code, says) => {
    const { code: exit, out, errors } = await desk.keyward(['login', request]);
    expect([exit, out]).toEqual([1, '']);
    expect(errors).toContain(code);
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/^\s+at /m);
    expect(echo.requests).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import type { SafeExchange } from '../../../shared/stages/stages.ts';
import { listenForLogin } from '../../../src/cli/login-listener.ts';
import { placeRedirect } from '../../../src/cli/login-redirect.ts';
import { countSecret } from '../../../src/demo/find-secret.ts';
import { never } from '../network/loopback.ts';
import { type AuthorizationServer, browse, CLIENT_SECRET, startAuthorizationServer } from './authorization-server.ts';
import { oauthPlan, rig, sealedHalf } from './stand.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(async () => {
  await rig.closeAll();
  await server.close();
});

function half() {
  const both = [server.origin, server.apiOrigin];
  return sealedHalf(both, {
    secret: { value: CLIENT_SECRET, origins: both },
    key: { value: server.privateKey, origins: both },
  });
}

function fresh(): void {
  server.asked.splice(0);
  server.shown.splice(0);
}

function bodyOf(delivered: Result<SafeExchange>): unknown {
  return delivered.ok ? JSON.parse(delivered.value.body.text ?? 'null') : delivered.failure;
}

describe('a client by itself', () => {
  const ways = [
    ['the header', { clientId: 'basic', clientSecret: '{vault:secret}', client_authentication: 'header' }],
    ['the body', { clientId: 'post', clientSecret: '{vault:secret}', client_authentication: 'body' }],
    ['a signed assertion', { clientId: 'key', privateKey: '{vault:key}', client_authentication: 'private_key_jwt' }],
  ] as const;

  it.each(ways)('P1: proves itself by %s', async (_, fields) => {
    fresh();
    const base = { grant_type: 'client_credentials', accessTokenUrl: `${server.origin}/token` };
    const delivered = await half().call(oauthPlan({ ...base, ...fields }, { to: `${server.apiOrigin}/a` }));
    expect(bodyOf(delivered)).toMatchObject({ who: fields.clientId });
    const [token = ''] = server.shown;
    expect(token.length).toBeGreaterThan(20);
    for (const value of [token, CLIENT_SECRET]) expect(countSecret(JSON.stringify(delivered), value)).toBe(0);
  });
});

describe('a person', () => {
  const native = () => ({
    grant_type: 'authorization_code_with_pkce',
    authUrl: `${server.origin}/auth`,
    accessTokenUrl: `${server.origin}/token`,
    clientId: 'native',
    scope: 'openid berths',
    redirect_uri: 'http://127.0.0.1/callback',
  });

  it('P1, P11: logs in once with a browser; calls refresh and rotate by themselves', async () => {
    fresh();
    const sealed = half();
    const plan = oauthPlan(native(), { to: `${server.apiOrigin}/a` });
    const before = await sealed.call(plan);
    expect(before).toMatchObject({ ok: false, failure: { code: 'REQUEST/LOGIN_REQUIRED', facts: { request: 'r' } } });

    const place = placeRedirect('http://127.0.0.1/callback');
    const listener = place.ok ? await listenForLogin(place.value) : place;
    if (!listener.ok) throw new Error(listener.failure.code);
    const { redirect, startUrl, awaitCallback, close } = listener.value;
    const begun = await sealed.logins.begin(plan, redirect, never);
    if (!begun.ok) throw new Error(JSON.stringify(begun.failure));
    const callback = awaitCallback(begun.value, never);
    const strangers = await Promise.all(
      [`${redirect}?code=stolen&state=guessed`, startUrl.replace(/.$/, 'x')].map((url) => browse(url, {})),
    );
    const browsing = browse(startUrl, { login: 'ada', password: 'pw' });
    const taken = await callback;
    if (!taken.ok) throw new Error(taken.failure.code);
    const stored = await begun.value.finish(taken.value, never);
    close(stored.ok);
    const visited = await browsing;
    expect(stored).toMatchObject({ ok: true, value: { name: expect.stringMatching(/^login-[0-9a-f]{16}-refresh$/) } });
    expect(visited.at(-1)?.text).toContain('Logged in');
    expect(visited.at(-1)?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(visited.at(-1)?.url).not.toContain('code=');
    for (const [last] of strangers) expect(last).toMatchObject({ status: 404 });
    expect((await fetch(startUrl).catch(() => undefined))?.status).toBeUndefined();

    const name = stored.ok ? stored.value.name : '';
    const first = sealed.secrets.get(name)?.value ?? '';
    expect(sealed.secrets.get(name)?.origins).toEqual([server.origin, server.apiOrigin]);
    const trail = { handles: new Set<string>(), tokensFrom: new Set<string>() };
    const delivered = await sealed.call(plan, { trail });
    expect(bodyOf(delivered)).toMatchObject({ who: 'ada', scope: 'openid berths' });
    const told = [[...trail.handles], [...trail.tokensFrom]];
    expect(told, 'P11: the journal can tell which login was used, and where').toEqual([[name], [server.origin]]);
    const rotated = sealed.secrets.get(name)?.value ?? '';
    expect(rotated).not.toBe(first);
    sealed.clock += 590_000;
    expect(bodyOf(await sealed.call(plan))).toMatchObject({ who: 'ada' });
    expect(server.asked).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
    for (const value of [first, rotated, ...server.shown])
      expect(countSecret(JSON.stringify(delivered), value)).toBe(0);

    // Whoever uses a token that was replaced is taken for a thief, and everything ends: a person must log in again.
    sealed.secrets.set(name, { value: first, origins: [server.origin, server.apiOrigin], updatedAt: 99 });
    sealed.clock += 590_000;
    expect(await sealed.call(plan)).toMatchObject({ ok: false, failure: { code: 'REQUEST/LOGIN_REQUIRED' } });
  });

  it('enters a code on another device', async () => {
    fresh();
    const sealed = half();
    const fields = { ...native(), grant_type: 'device_code', deviceAuthorizationUrl: `${server.origin}/device/auth` };
    const plan = oauthPlan(fields, { to: `${server.apiOrigin}/a` });
    const begun = await sealed.logins.beginDevice(plan, never);
    if (!begun.ok) throw new Error(JSON.stringify(begun.failure));
    const { userCode, verificationUri, finish } = begun.value;
    let polls = 0;
    const wait = async (): Promise<void> => {
      polls += 1;
      if (polls === 2) await browse(verificationUri, { user_code: userCode, login: 'grace', password: 'pw' });
    };
    expect(await finish(wait, never)).toMatchObject({ ok: true });
    expect(bodyOf(await sealed.call(plan))).toMatchObject({ who: 'grace' });
  });
});

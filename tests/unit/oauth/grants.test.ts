// Tokens minted on the way of a call, against an authorization server of our own that keeps what it was sent.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { seal } from '../../../shared/secret/seal.ts';
import type { Plan, SafeExchange } from '../../../shared/stages/stages.ts';
import { countSecret } from '../../../src/demo/find-secret.ts';
import { type Half, json, oauthPlan, recording, rig, type Seen, sealedHalf } from './stand.ts';

afterAll(() => rig.closeAll());

const SECRET = 'zebra-Quilt-81+Lantern/x';
const LIFETIME_S = 3600;

interface Grant {
  readonly status?: number;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly breaks?: boolean;
}

/** Grants what it is asked for, each time another token; the API takes any of them that was not withdrawn. */
async function stage(change: (asked: URLSearchParams, count: number) => Grant = () => ({})) {
  const valid = new Set<string>();
  const idp = await recording(({ body }, response) => {
    const asked = new URLSearchParams(body);
    const count = idp.seen.length;
    const { status = 200, members, headers, text, breaks } = change(asked, count);
    if (breaks) {
      response.destroy();
      return;
    }
    const token = `Tok3n.${count}.${'aB9'.repeat(8)}`;
    if (status === 200) valid.add(token);
    const refresh =
      asked.get('grant_type') === 'client_credentials' ? {} : { refresh_token: `R3fresh.${count}.xYz.aB9aB9` };
    const granted = { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_S, ...refresh };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text ?? JSON.stringify(members ?? granted));
  });
  const api = await recording(({ headers, url }, response) => {
    const inQuery = new URL(url, 'http://x').searchParams.get('access_token');
    const shown = inQuery ?? String(headers.authorization).replace(/^\w+ /, '');
    json(response, valid.has(shown) ? 200 : 401, { echo: { headers, url } });
  });
  const both = [idp.origin, api.origin];
  const base = {
    grant_type: 'client_credentials',
    accessTokenUrl: `${idp.origin}/token`,
    clientId: 'c:1',
    clientSecret: '{vault:client}',
  };
  const half = sealedHalf(both, {
    client: { value: SECRET, origins: both },
    pass: { value: 'Pa55-word-of-Ada', origins: both },
    refresh: { value: 'R3fresh.first.xYz', origins: both },
  });
  const call = (fields: Parameters<typeof oauthPlan>[0], more = {}, who = {}) =>
    half.call(oauthPlan({ ...base, ...fields }, { to: `${api.origin}/a`, ...more }), who);
  return { idp, api, both, base, half, valid, call };
}

function outcome(delivered: Result<SafeExchange>): string | number {
  return delivered.ok ? delivered.value.status : delivered.failure.code;
}

function formOf(seen: Seen | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(seen?.body));
}

describe('a minted token', () => {
  it('P1: is asked for once, carried, and shown nowhere', async () => {
    const { idp, api, half, call } = await stage();
    const fields = { scope: 'read write', audience: 'https://aud.example', resource: 'urn:r' };
    const first = await call(fields);
    const second = await call(fields);
    expect([outcome(first), outcome(second)]).toEqual([200, 200]);
    const { authorization } = idp.seen[0]?.headers ?? {};
    const basic = String(authorization).slice('Basic '.length);
    expect(Buffer.from(basic, 'base64').toString()).toBe('c%3A1:zebra%2DQuilt%2D81%2BLantern%2Fx');
    expect(formOf(idp.seen[0])).toEqual({ grant_type: 'client_credentials', ...fields });
    const tokens = api.seen.map(({ headers }) => String(headers.authorization).slice('Bearer '.length));
    expect(tokens).toEqual([expect.stringMatching(/^Tok3n\.1\./), tokens[0]]);
    expect(idp.seen).toHaveLength(1);
    for (const value of [SECRET, basic, ...tokens]) expect(countSecret(JSON.stringify([first, second]), value)).toBe(0);
    expect(half.opened).toEqual(['client']);
  });

  it('is asked for once by twenty calls at the same time, and by each caller for itself', async () => {
    const { idp, call } = await stage();
    const calls = Array.from({ length: 20 }, () => call({}));
    expect((await Promise.all(calls)).map(outcome)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(idp.seen).toHaveLength(1);
    expect(outcome(await call({}, {}, { caller: 'another' }))).toBe(200);
    expect(idp.seen).toHaveLength(2);
  });

  it('is not lost to the others when the call that asked for it is given up', async () => {
    const { idp, call } = await stage();
    const impatient = new AbortController();
    const calls = [call({}, {}, { signal: impatient.signal }), call({})];
    impatient.abort();
    expect((await Promise.all(calls)).map(outcome)).toEqual(['NETWORK/CANCELLED', 200]);
    expect(idp.seen).toHaveLength(1);
  });

  it('is used until half a minute before its end, and asked for anew from then on', async () => {
    const { idp, half, call } = await stage();
    const seen: number[] = [];
    for (const afterMs of [0, LIFETIME_S * 1000 - 31_000, 1_001, 0]) {
      half.clock += afterMs;
      await call({});
      seen.push(idp.seen.length);
    }
    expect(seen).toEqual([1, 1, 2, 2]);
  });

  it('that is still good is used while a new one cannot be had for now', async () => {
    const { idp, half, call } = await stage((_, count) => (count > 1 ? { breaks: true } : {}));
    await call({});
    half.clock += LIFETIME_S * 1000 - 29_000;
    expect(outcome(await call({}))).toBe(200);
    half.clock += 29_000;
    expect(outcome(await call({}))).toMatch(/^NETWORK\//);
    expect(idp.seen).toHaveLength(3);
  });

  it('that the API does not take any more is replaced once', async () => {
    const { idp, api, valid, call } = await stage();
    await call({});
    valid.clear();
    const delivered = await call({});
    expect(delivered).toMatchObject({ ok: true, value: { status: 200, redirects: [] } });
    expect([idp.seen.length, api.seen.length]).toEqual([2, 3]);
    // One that was made for the call is not: the API refuses for another reason.
    const strict = await stage(() => ({ members: { access_token: 'Never.taken.aB9aB9', token_type: 'bearer' } }));
    expect(outcome(await strict.call({}))).toBe(401);
    expect([strict.idp.seen.length, strict.api.seen.length]).toEqual([1, 1]);
  });

  it('goes where the auth says', async () => {
    const { api, call } = await stage();
    await call({ headerPrefix: 'Token' });
    await call({ headerPrefix: '' });
    await call({ addTokenTo: 'queryParams' });
    await call({ addTokenTo: 'queryParams', tokenQueryName: 'tok' });
    const [prefixed, bare, query, named] = api.seen;
    expect(prefixed?.headers.authorization).toMatch(/^Token Tok3n/);
    expect(bare?.headers.authorization).toMatch(/^Tok3n/);
    expect(query?.url).toMatch(/^\/a\?access_token=Tok3n/);
    expect(query?.headers.authorization).toBeUndefined();
    expect(named?.url).toMatch(/^\/a\?tok=Tok3n/);
  });

  it('P2: stays behind on a redirect to another origin', async () => {
    const { base, half, both, idp } = await stage();
    const far = await recording((_, response) => response.end('{}'));
    const near = await recording((_, response) => response.writeHead(302, { location: `${far.origin}/x` }).end());
    const sealed = sealedHalf([...both, far.origin, near.origin], {
      client: { value: SECRET, origins: [idp.origin, near.origin] },
    });
    expect(outcome(await sealed.call(oauthPlan(base, { to: near.origin })))).toBe(200);
    expect(near.seen[0]?.headers.authorization).toMatch(/^Bearer Tok3n/);
    expect(far.seen[0]?.headers.authorization).toBeUndefined();
    expect(half.opened).toEqual([]);
  });
});

describe('grants', () => {
  it('password: refreshes with what came along, and begins anew where that has ended', async () => {
    const { idp, half, call } = await stage((asked, count) =>
      asked.get('grant_type') === 'refresh_token' && count > 2
        ? { status: 400, members: { error: 'invalid_grant' } }
        : {},
    );
    const fields = { grant_type: 'password_credentials', username: 'ada', password: '{vault:pass}' };
    for (let round = 0; round < 3; round += 1) {
      expect(outcome(await call(fields))).toBe(200);
      half.clock += LIFETIME_S * 1000;
    }
    expect(idp.seen.map(formOf)).toMatchObject([
      { grant_type: 'password', username: 'ada', password: 'Pa55-word-of-Ada' },
      { grant_type: 'refresh_token', refresh_token: 'R3fresh.1.xYz.aB9aB9' },
      { grant_type: 'refresh_token', refresh_token: 'R3fresh.2.xYz.aB9aB9' },
      { grant_type: 'password' },
    ]);
  });

  it('P8: refresh: what the server puts in the place of a handle that the files name lives in memory only', async () => {
    const { idp, both, half, call } = await stage();
    const fields = { grant_type: 'refresh_token', refreshToken: '{vault:refresh}', refreshTokenUrl: '' };
    for (const [more, who] of [[], [{ method: 'POST' }], [{}, { caller: 'another' }]] as const) {
      expect(outcome(await call(fields, more, who))).toBe(200);
      half.clock += LIFETIME_S * 1000;
    }
    const used = ['R3fresh.first.xYz', 'R3fresh.1.xYz.aB9aB9', 'R3fresh.2.xYz.aB9aB9'];
    expect(idp.seen.map((seen) => formOf(seen).refresh_token)).toEqual(used);
    expect(half.secrets.get('refresh')).toMatchObject({ value: 'R3fresh.first.xYz', updatedAt: 0 });
    // What the operator sets anew counts.
    half.secrets.set('refresh', { value: 'R3fresh.anew.xYz', origins: both, updatedAt: 1 });
    expect(outcome(await call(fields))).toBe(200);
    expect(formOf(idp.seen.at(-1)).refresh_token).toBe('R3fresh.anew.xYz');
  });

  it('a token that is stored is used where no grant can be run', async () => {
    const { idp, api, valid, call } = await stage();
    valid.add('Stored.t0ken');
    const rows = [
      { grant_type: 'client_credentials', accessTokenUrl: '' },
      { grant_type: 'password_credentials' },
      { grant_type: 'authorization_code' },
      { grant_type: 'implicit' },
      { grant_type: 'refresh_token' },
    ];
    for (const row of rows) expect(outcome(await call({ ...row, accessToken: 'Stored.t0ken' }))).toBe(200);
    expect(idp.seen).toHaveLength(0);
    expect(new Set(api.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer Stored.t0ken']));
  });

  it('parameters of one’s own go to their requests and places', async () => {
    const { idp, call } = await stage();
    await call({
      origin: 'https://front.example',
      'authRequestParams.0.query.prompt': 'never',
      'tokenRequestParams.1.body.tenant': 't 1',
      'tokenRequestParams.2.header.X-Tenant': 'h',
      'tokenRequestParams.3.query.q': 'a&b',
      'tokenRequestParams.4.body.grant_type': 'mischief',
      'refreshRequestParams.5.body.later': 'x',
      client_authentication: 'body',
    });
    expect(idp.seen[0]).toMatchObject({
      url: '/token?q=a%26b',
      headers: { 'x-tenant': 'h', origin: 'https://front.example' },
    });
    expect(formOf(idp.seen[0])).toEqual({
      grant_type: 'client_credentials',
      tenant: 't 1',
      client_id: 'c:1',
      client_secret: SECRET,
    });
  });
});

type Row = readonly [what: string, fields: Readonly<Record<string, string>>, code: string, facts?: object];

describe('P7: without a token nothing is sent', () => {
  const CODE = { grant_type: 'authorization_code', authUrl: 'http://127.0.0.1:9/auth' };
  const rows: readonly Row[] = [
    ['no token endpoint', { accessTokenUrl: '' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'accessTokenUrl' }],
    ['no client', { clientId: '' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'clientId' }],
    ['no user', { grant_type: 'password' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'username' }],
    ['no refresh token', { grant_type: 'refresh_token' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'refreshToken' }],
    ['no key', { client_authentication: 'private_key_jwt' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'privateKey' }],
    [
      'a key that is none',
      { client_authentication: 'private_key_jwt', privateKey: '{vault:pass}' },
      'REQUEST/AUTH_INVALID',
    ],
    ['another way to prove', { client_authentication: 'magic' }, 'REQUEST/AUTH_INVALID'],
    ['another grant', { grant_type: 'magic' }, 'REQUEST/AUTH_INVALID'],
    ['the implicit grant', { grant_type: 'implicit' }, 'REQUEST/AUTH_INVALID'],
    ['an endpoint that is none', { accessTokenUrl: 'token' }, 'REQUEST/AUTH_INVALID'],
    ['an endpoint with a fragment', { accessTokenUrl: 'http://127.0.0.1:9/token#a' }, 'REQUEST/AUTH_INVALID'],
    ['an endpoint with a user', { accessTokenUrl: 'http://a:b@127.0.0.1:9/token' }, 'REQUEST/AUTH_INVALID'],
    ['a secret in the address', { accessTokenUrl: '{vault:client}' }, 'REQUEST/AUTH_INVALID'],
    ['a secret as the prefix', { headerPrefix: '{vault:client}' }, 'REQUEST/AUTH_INVALID'],
    ['nobody logged in', CODE, 'REQUEST/LOGIN_REQUIRED', { request: 'r' }],
    ['nobody logged in, in an environment', CODE, 'REQUEST/LOGIN_REQUIRED', { request: 'r --env e1' }],
    ['no place to log in at', { grant_type: 'authorization_code' }, 'REQUEST/AUTH_INCOMPLETE', { field: 'authUrl' }],
    ['a secret that is not there', { clientSecret: '{vault:gone}' }, 'SECRET/NOT_FOUND'],
  ];

  it.each(rows.map(([what, fields, code, facts = {}]) => ({ what, fields, code, facts })))('$what', async (row) => {
    const { what, fields, code, facts } = row;
    const { idp, api, half, call } = await stage();
    const more = what.includes('environment') ? { environmentId: 'e1' } : {};
    expect(await call(fields, more)).toMatchObject({ ok: false, failure: { code, facts } });
    expect([idp.seen.length, api.connections()]).toEqual([0, 0]);
    if (!what.includes('key that is none')) expect(half.opened).toEqual([]);
  });

  const answers: readonly (readonly [what: string, grant: Grant, error: string])[] = [
    [
      'a registered code',
      { status: 400, members: { error: 'invalid_scope', error_description: SECRET } },
      'invalid_scope',
    ],
    [
      'a challenge',
      { status: 401, members: { error: 'invalid_client' }, headers: { 'www-authenticate': 'Basic realm="x"' } },
      'invalid_client',
    ],
    ['a code of its own', { status: 400, members: { error: `no ${SECRET}` } }, 'with an error code of its own'],
    ['a refusal with 200', { members: { error: 'access_denied' } }, 'access_denied'],
    ['a failure', { status: 503, text: SECRET }, 'HTTP 503'],
    ['a redirect', { status: 302, headers: { location: '/other' } }, 'its endpoint redirects, which is not followed'],
    ['no JSON', { text: `<p>${SECRET}` }, 'its answer is not JSON'],
    ['no token', { members: { token_type: 'Bearer' } }, 'its answer is not what RFC 6749 says'],
    [
      'a token to be proved',
      { members: { access_token: 'a', token_type: 'DPoP' } },
      'its answer is not what RFC 6749 says',
    ],
  ];

  it.each(answers)('%s from the authorization server', async (_, grant, error) => {
    const { idp, api, call } = await stage(() => grant);
    const delivered = await call({});
    expect(delivered).toMatchObject({
      ok: false,
      failure: { code: 'REQUEST/TOKEN_REFUSED', facts: { origin: idp.origin, error } },
    });
    expect(countSecret(JSON.stringify(delivered), SECRET)).toBe(0);
    expect([idp.seen.length, api.connections()]).toEqual([1, 0]);
  });

  const tolerated: readonly (readonly [what: string, grant: Grant])[] = [
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: 'access_token=aB9.form.aB9&scope=' },
    ],
    [
      'JSON under another type',
      { headers: { 'content-type': 'text/plain' }, members: { access_token: 'aB9.form.aB9' } },
    ],
    ['a lifetime as text', { members: { access_token: 'aB9.form.aB9', expires_in: '60', token_type: 'bot' } }],
    [
      'members that are null',
      { members: { access_token: 'aB9.form.aB9', refresh_token: null, scope: null, expires_in: null } },
    ],
    ['an id token', { members: { access_token: 'aB9.form.aB9', id_token: 'not.a.jwt' } }],
  ];

  it.each(tolerated)('%s is understood all the same', async (_, grant) => {
    const { api, valid, call } = await stage(() => grant);
    valid.add('aB9.form.aB9');
    expect(outcome(await call({}))).toBe(200);
    expect(api.seen[0]?.headers.authorization).toBe('Bearer aB9.form.aB9');
  });

  it('an authorization server that does not answer in time is the one that is named', async () => {
    const { base, api } = await stage();
    const mute = await recording(() => undefined);
    const both = [mute.origin, api.origin];
    const sealed = sealedHalf(both, { client: { value: SECRET, origins: both } });
    const plan = oauthPlan({ ...base, accessTokenUrl: `${mute.origin}/token` }, { to: api.origin });
    expect(await sealed.call(plan, { timeoutMs: 20 })).toMatchObject({
      ok: false,
      failure: { code: 'NETWORK/TIMEOUT', facts: { origin: mute.origin } },
    });
  });

  it('a server whose clock differs is asked once more in its time', async () => {
    const behindMs = 3_600_000;
    const server = new Date(Date.now() - behindMs).toUTCString();
    const { idp, call } = await stage((_, count) =>
      count === 1 ? { status: 401, members: { error: 'invalid_client' }, headers: { date: server } } : {},
    );
    expect(outcome(await call({ client_authentication: 'client_secret_jwt' }))).toBe(200);
    const [early = 0, late = 0] = idp.seen.map((seen) => {
      const [, claims = ''] = formOf(seen).client_assertion?.split('.') ?? [];
      return Number((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number }).iat);
    });
    expect(Math.abs(early - late - behindMs / 1000)).toBeLessThan(5);
  });
});

describe('binding', () => {
  const inline = (value: string) => [{ kind: 'inline', value: seal(value) }] as const;

  it('P2: whatever is bound to less than both origins is never opened, and nothing is sent', async () => {
    const { idp, api, base } = await stage();
    const origins = [idp.origin, api.origin, 'https://other.example'];
    const subset = fc.subarray(origins);
    await fc.assert(
      fc.asyncProperty(
        subset,
        subset,
        fc.boolean(),
        fc.constantFrom('header', 'body'),
        async (one, other, hasUser, way) => {
          const sealed: Half = sealedHalf([idp.origin, api.origin], {
            client: { value: SECRET, origins: one },
            pass: { value: 'Pa55-word-of-Ada', origins: other },
          });
          const user = { grant_type: 'password', username: 'ada', password: '{vault:pass}' };
          const sent = idp.seen.length + api.seen.length;
          const plan = oauthPlan({ ...base, client_authentication: way, ...(hasUser && user) }, { to: api.origin });
          const delivered = await sealed.call(plan);
          const isBound = (bound: readonly string[]) => bound.includes(idp.origin) && bound.includes(api.origin);
          if (isBound(one) && (!hasUser || isBound(other))) return delivered.ok;
          const nothing = sealed.opened.length === 0 && idp.seen.length + api.seen.length === sent;
          return nothing && outcome(delivered) === 'SECRET/ORIGIN_NOT_BOUND';
        },
      ),
      { numRuns: 40 },
    );
  });

  it('P2: a secret of the files goes where they alone say: no variable moves the request', async () => {
    const { api, half, base } = await stage();
    const plan = oauthPlan({ ...base, clientSecret: inline(SECRET) }, { to: api.origin });
    const rows: readonly (readonly [Plan, string | number])[] = [
      [plan, 200],
      [{ ...plan, statedOrigin: 'https://other.example' }, 'SECRET/ORIGIN_NOT_BOUND'],
      [oauthPlan(base, { to: api.origin, statedOrigin: 'https://other.example' }), 200],
    ];
    for (const [each, expected] of rows) expect(outcome(await half.call(each))).toBe(expected);
  });

  it('P3: the token endpoint is judged like any address', async () => {
    const { api, base, idp } = await stage();
    const sealed = sealedHalf([api.origin], { client: { value: SECRET, origins: [idp.origin, api.origin] } });
    expect(outcome(await sealed.call(oauthPlan(base, { to: api.origin })))).toBe('NETWORK/ADDRESS_DENIED');
    expect(sealed.opened).toEqual([]);
    expect([idp.connections(), api.connections()]).toEqual([0, 0]);
  });
});

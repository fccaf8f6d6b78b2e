// What the courier got for its own requests stays with it: no agent names it, no server has it kept for one, and none is a secret
// that the server was sent.
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import type { SafeExchange } from '../../../shared/stages/stages.ts';
import { countSecret } from '../../../src/demo/find-secret.ts';
import { loginNames } from '../../../src/oauth/login-name.ts';
import { planTo } from '../courier/stand.ts';
import { json, oauthPlan, recording, rig, type Seen, sealedHalf } from './stand.ts';

afterAll(() => rig.closeAll());

const SECRET = 'zebra-Quilt-81+Lantern/x';
const CLIENT_ID = 'client-0a1b2c3d4e5f';
const REFRESH = 'R3fresh.first.xYz.aB9';

interface Gate {
  /** Answers the request with this number, from 0, when it has come. */
  open(index: number): void;
  wait(index: number): Promise<void>;
}

/** Lets answers go one by one. */
function createGate(): Gate {
  const gates: PromiseWithResolvers<void>[] = [];
  const at = (index: number) => {
    gates[index] ??= withResolvers();
    return gates[index];
  };
  return { open: (index) => at(index).resolve(), wait: (index) => at(index).promise };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((taken) => {
    resolve = taken;
  });
  return { promise, resolve };
}

type Grant = (asked: URLSearchParams, count: number, seen: Seen) => object | Promise<object>;

const token = (count: number) => `Tok3n.${count}.${'aB9'.repeat(8)}`;

async function stage(grant: Grant = (_, count) => ({ access_token: token(count), expires_in: 3600 })) {
  const idp = await recording(async (seen, response) => {
    const members = { token_type: 'Bearer', ...(await grant(new URLSearchParams(seen.body), idp.seen.length, seen)) };
    json(response, 'error' in members ? 400 : 200, members);
  });
  const answers = { of: (_: Seen): object | Promise<object> => ({ status: 200 }) };
  const api = await recording(async (seen, response) => {
    const { status = 200, ...body } = (await answers.of(seen)) as { status?: number };
    json(response, status, body);
  });
  const both = [idp.origin, api.origin];
  const half = sealedHalf(both, {
    client: { value: SECRET, origins: both },
    id: { value: CLIENT_ID, origins: both },
    refresh: { value: REFRESH, origins: both },
  });
  const to = `${api.origin}/a`;
  const base = { accessTokenUrl: `${idp.origin}/token`, clientId: '{vault:id}', clientSecret: '{vault:client}' };
  const plan = oauthPlan({ ...base, grant_type: 'client_credentials' }, { to });
  const login = oauthPlan({ ...base, grant_type: 'authorization_code', authUrl: `${idp.origin}/auth` }, { to });
  const name = loginNames(login.auth).refresh;
  const logIn = () => half.secrets.set(name, { value: REFRESH, origins: both, updatedAt: 0 });
  return { idp, api, answers, half, base, plan, login, name, logIn, to };
}

function outcome(delivered: Result<SafeExchange>): string | number {
  return delivered.ok ? delivered.value.status : delivered.failure.code;
}

describe('P2: a minted token', () => {
  it('has no name that an agent could write, and no place among what it captured', async () => {
    const { api, half, plan } = await stage();
    for (const method of ['GET', 'POST']) expect(outcome(await half.call({ ...plan, method }))).toBe(200);
    expect(api.seen[0]?.headers.authorization).toBe(`Bearer ${token(1)}`);
    expect(half.captured.list('agent')).toEqual([]);
    expect(half.captured.heldFor('agent', api.origin)).toEqual([]);
    const names = ['access_token_1', 'access_token_2', 'token_1', 'the token of this request', ''];
    expect(names.map((each) => half.captured.find('agent', each))).toEqual(names.map(() => undefined));
  });

  it('is not kept for an agent where an answer shows it, then or later, to that caller or another', async () => {
    const { answers, half, plan, to } = await stage();
    answers.of = () => ({ access_token: token(1), note: `it is ${token(1)}`, other_token: 'Other.t0ken.aB9aB9' });
    const echoed = await half.call(plan);
    const later = await half.call(planTo({ to }));
    const another = await half.call(planTo({ to }), { caller: 'another' });
    for (const delivered of [echoed, later, another]) {
      expect(countSecret(JSON.stringify(delivered), token(1))).toBe(0);
      expect(delivered).toMatchObject({ value: { captured: [{ field: 'other_token' }] } });
    }
  });
});

describe('P1: an authorization server that answers with what it was sent', () => {
  const encoded = Buffer.from(`x${SECRET}`).toString('base64url');
  const jwt = (claims: object) => `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const rows: readonly (readonly [string, object, string | number])[] = [
    ['as the token', { access_token: SECRET }, 'REQUEST/TOKEN_REFUSED'],
    ['within the token', { access_token: `a.${SECRET}.b` }, 'REQUEST/TOKEN_REFUSED'],
    ['encoded', { access_token: encoded }, 'REQUEST/TOKEN_REFUSED'],
    ['as a claim', { access_token: jwt({ key: SECRET }) }, 'REQUEST/TOKEN_REFUSED'],
    ['as an id token', { access_token: token(1), id_token: SECRET }, 'REQUEST/TOKEN_REFUSED'],
    ['as a refresh token', { access_token: token(1), refresh_token: SECRET }, 'REQUEST/TOKEN_REFUSED'],
    ['a secret in another field', { access_token: CLIENT_ID }, 'REQUEST/TOKEN_REFUSED'],
    ['the client as a claim', { access_token: jwt({ client_id: CLIENT_ID }) }, 200],
  ];

  it.each(rows)('%s', async (_, members, expected) => {
    const { api, half, plan } = await stage(() => members);
    const delivered = await half.call(plan);
    expect(outcome(delivered)).toBe(expected);
    expect(api.connections()).toBe(expected === 200 ? 1 : 0);
    expect(countSecret(JSON.stringify(delivered), SECRET)).toBe(0);
  });

  const refreshed: readonly (readonly [string, object, string | number])[] = [
    ['the same refresh token', { access_token: token(1), refresh_token: REFRESH }, 200],
    ['the next one of it', { access_token: token(1), refresh_token: `${REFRESH}.2` }, 200],
    ['the refresh token as the token', { access_token: REFRESH }, 'REQUEST/TOKEN_REFUSED'],
    ['another secret as the next one', { access_token: token(1), refresh_token: SECRET }, 'REQUEST/TOKEN_REFUSED'],
  ];

  it.each(refreshed)('%s', async (_, members, expected) => {
    const { half, login, name, logIn } = await stage(() => members);
    logIn();
    expect(outcome(await half.call(login))).toBe(expected);
    expect(half.secrets.get(name)?.value).toBe(
      'refresh_token' in members && expected === 200 ? members.refresh_token : REFRESH,
    );
  });
});

describe('many calls at once', () => {
  it('those that are refused one after the other are given one new token', async () => {
    const { idp, api, answers, half, plan } = await stage();
    await half.call(plan);
    const gate = createGate();
    let refused = 0;
    answers.of = async ({ headers }) => {
      if (headers.authorization !== `Bearer ${token(1)}`) return { status: 200 };
      refused += 1;
      await gate.wait(refused - 1);
      return { status: 401 };
    };
    const calls = Array.from({ length: 10 }, () => half.call(plan));
    gate.open(0);
    // The first has its new token before the others are refused.
    expect(outcome(await Promise.race(calls))).toBe(200);
    for (const index of calls.keys()) gate.open(index);
    expect((await Promise.all(calls)).map(outcome)).toEqual(calls.map(() => 200));
    expect([idp.seen.length, api.seen.length]).toEqual([2, 21]);
  });

  it('one with little time does not end the request for a token that others wait for', async () => {
    const gate = createGate();
    const { idp, half, plan } = await stage(async (_, count) => {
      await gate.wait(0);
      return { access_token: token(count) };
    });
    const hurried = half.call(plan, { timeoutMs: 15 });
    const patient = half.call(plan);
    expect(outcome(await hurried)).toBe('NETWORK/TIMEOUT');
    gate.open(0);
    expect([outcome(await patient), idp.seen.length]).toEqual([200, 1]);
  });

  it('P5: a refresh token that was sent is not lost because nobody waits any more', async () => {
    const gate = createGate();
    const arrived = createGate();
    const { idp, half, login, name, logIn } = await stage(async (_, count) => {
      arrived.open(count);
      await gate.wait(0);
      return { access_token: token(count), refresh_token: `R3fresh.${count}.xYz.aB9` };
    });
    logIn();
    const impatient = new AbortController();
    const given = half.call(login, { signal: impatient.signal });
    await arrived.wait(1);
    impatient.abort();
    expect(outcome(await given)).toBe('NETWORK/CANCELLED');
    gate.open(0);
    expect(outcome(await half.call(login))).toBe(200);
    expect([idp.seen.length, half.secrets.get(name)?.value]).toEqual([1, 'R3fresh.1.xYz.aB9']);
  });
});

describe('P11: where credentials of a token request went', () => {
  const told = async (half: Awaited<ReturnType<typeof stage>>['half'], plan: ReturnType<typeof oauthPlan>) => {
    const trail = { handles: new Set<string>(), tokensFrom: new Set<string>() };
    const delivered = await half.call(plan, { trail });
    return [outcome(delivered), [...trail.handles], [...trail.tokensFrom]];
  };

  it('is told of the call that asked, and not of one that had the token', async () => {
    const { idp, half, login, name, logIn } = await stage();
    logIn();
    expect(await told(half, login)).toEqual([200, [name], [idp.origin]]);
    expect(await told(half, login)).toEqual([200, [name], []]);
  });

  it('is told of a call that failed there, or at the API', async () => {
    const { idp, half, login, name, logIn } = await stage(() => ({ error: 'invalid_client' }));
    logIn();
    expect(await told(half, login)).toEqual(['REQUEST/TOKEN_REFUSED', [name], [idp.origin]]);
    const broken = await stage();
    broken.answers.of = () => Promise.reject(new Error('gone')).catch(() => ({ status: 500 }));
    expect(await told(broken.half, broken.plan)).toEqual([500, [], [broken.idp.origin]]);
  });

  it('is not told where nothing was sent', async () => {
    const { half, login, plan } = await stage();
    expect(await told(half, login)).toEqual(['REQUEST/LOGIN_REQUIRED', [], []]);
    half.secrets.set('client', { value: SECRET, origins: [], updatedAt: 1 });
    expect(await told(half, plan)).toEqual(['SECRET/ORIGIN_NOT_BOUND', [], []]);
  });
});

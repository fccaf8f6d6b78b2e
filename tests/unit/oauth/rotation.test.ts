// Refresh tokens that are used up by being used, over a real vault: each credential keeps its own, and no process loses the newest.
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import type { Plan, SafeExchange } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { loginNames } from '../../../src/oauth/login-name.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createCapturedTokens } from '../../../src/vault/captured.ts';
import { createLoginStore } from '../../../src/vault/login-store.ts';
import { createSecretSource } from '../../../src/vault/resolve.ts';
import { never } from '../network/loopback.ts';
import { must, temporaryHome } from '../state/temporary-home.ts';
import { openedVault } from '../vault/open-vault-fixture.ts';
import { json, oauthPlan, recording, rig } from './stand.ts';

afterAll(() => rig.closeAll());

const LIFETIME_S = 600;

interface Turn {
  /** Before a refresh is answered. */
  readonly beforeAnswer?: (count: number) => Promise<void>;
}

/** Takes only the newest of each family (`R`, `W`), and gives the next: `R.0`, `R.1`, … */
async function stage({ beforeAnswer = () => Promise.resolve() }: Turn = {}) {
  const newest = new Map([
    ['Reading', 0],
    ['Writing', 0],
  ]);
  const nameOf = (family: string) => `${family}.refresh.${newest.get(family)}.aB9aB9`;
  const used: string[] = [];
  const idp = await recording(async ({ body }, response) => {
    const asked = new URLSearchParams(body).get('refresh_token') ?? '';
    const family = asked.split('.')[0] ?? '';
    used.push(asked);
    const isNewest = asked === nameOf(family);
    if (isNewest) newest.set(family, (newest.get(family) ?? 0) + 1);
    const answer = {
      access_token: `${family}.access.${used.length}.aB9`,
      expires_in: LIFETIME_S,
      refresh_token: nameOf(family),
    };
    await beforeAnswer(used.length);
    json(response, isNewest ? 200 : 400, isNewest ? { ...answer, token_type: 'bearer' } : { error: 'invalid_grant' });
  });
  const api = await recording((_, response) => json(response, 200, {}));
  const fields = { grant_type: 'authorization_code', authUrl: `${idp.origin}/auth`, clientId: 'c' };
  const plan = oauthPlan({ ...fields, accessTokenUrl: `${idp.origin}/token` }, { to: `${api.origin}/a` });
  const both = [idp.origin, api.origin];
  const home = temporaryHome();
  const clock = { at: Date.now() };
  return { idp, api, both, used, nameOf, plan, clock, home, name: loginNames(plan.auth).refresh };
}

/** One process over the vault of a folder. */
function processOver({ home, clock, both }: Awaited<ReturnType<typeof stage>>, wait?: () => Promise<void>) {
  const now = () => {
    clock.at += 1;
    return clock.at;
  };
  const { vault } = openedVault({ home, now });
  const captured = createCapturedTokens(now);
  const signer = createSigner({ secrets: createSecretSource(vault, captured), now });
  const network = rig.network({ allow: both });
  const courier = createCourier({ signer, network, captured, logins: createLoginStore(vault), now, wait });
  const limits = { timeoutMs: 20_000, responseBytes: 1_000, redirects: 5, caller: 'agent' };
  return {
    vault,
    call: async (plan: Plan, method = 'GET') => outcome(await courier.deliver({ ...plan, method }, limits, never)),
    /** What is stored in a credential. */
    async stored(name: string, tier: 'reading' | 'writing') {
      const { id } = must(vault.describe(name, tier));
      const method = tier === 'writing' ? 'POST' : 'GET';
      const [origin = ''] = both;
      return must(await createSecretSource(vault, captured).resolve(id, { origin, method, tier }, never));
    },
  };
}

function outcome(delivered: Result<SafeExchange>): string | number {
  return delivered.ok ? delivered.value.status : delivered.failure.code;
}

describe('P2: a login with a writing credential beside it', () => {
  it('renews each with what came of it, and nothing that reads goes with what may write', async () => {
    const stand = await stage();
    const { api, both, used, nameOf, plan, clock, name } = stand;
    const one = processOver(stand);
    must(one.vault.set({ name, value: nameOf('Reading'), origins: both }));
    must(one.vault.set({ name, value: nameOf('Writing'), origins: both, tier: 'writing' }));
    for (const method of ['GET', 'POST', 'GET', 'POST', 'GET']) {
      expect(await one.call(plan, method)).toBe(200);
      expect([await one.stored(name, 'reading'), await one.stored(name, 'writing')]).toEqual([
        nameOf('Reading'),
        nameOf('Writing'),
      ]);
      clock.at += LIFETIME_S * 1000;
    }
    const families = ['Reading', 'Writing', 'Reading', 'Writing', 'Reading'];
    expect(used.map((each) => each.split('.')[0])).toEqual(families);
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(
      families.map((family, index) => `Bearer ${family}.access.${index + 1}.aB9`),
    );
  });
});

describe('P5: two processes over one vault', () => {
  it('end with the newest refresh token stored, whoever was refused meanwhile', async () => {
    let answerFirst: () => void = () => undefined;
    let firstCame: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      answerFirst = resolve;
    });
    const came = new Promise<void>((resolve) => {
      firstCame = resolve;
    });
    const stand = await stage({
      beforeAnswer: async (count) => {
        if (count === 1) firstCame();
        if (count === 1) await first;
      },
    });
    const { both, used, nameOf, plan, clock, name } = stand;
    const one = processOver(stand);
    must(one.vault.set({ name, value: nameOf('Reading'), origins: both }));
    const slow = one.call(plan);
    await came;
    let waits = 0;
    const other = processOver(stand, async () => {
      waits += 1;
      answerFirst();
      expect(await slow).toBe(200);
    });
    expect([await other.call(plan), await slow, waits]).toEqual([200, 200, 1]);
    expect(await one.stored(name, 'reading')).toBe(nameOf('Reading'));
    for (const each of [one, other, one]) {
      clock.at += LIFETIME_S * 1000;
      expect(await each.call(plan)).toBe(200);
      expect(await other.stored(name, 'reading')).toBe(nameOf('Reading'));
    }
    expect(used).toHaveLength(6);
  });

  it('a login that has ended is said to have after a few looks, and nothing is stored', async () => {
    const stand = await stage();
    let waits = 0;
    const one = processOver(stand, () => {
      waits += 1;
      return Promise.resolve();
    });
    must(one.vault.set({ name: stand.name, value: 'Reading.refresh.old', origins: stand.both }));
    expect(await one.call(stand.plan)).toBe('REQUEST/LOGIN_REQUIRED');
    expect([waits, stand.used]).toEqual([4, ['Reading.refresh.old']]);
    expect(await one.stored(stand.name, 'reading')).toBe('Reading.refresh.old');
  });

  it('a login made meanwhile is not overwritten by what came of the one before', async () => {
    const newest = 'Another.refresh.aB9aB9aB9';
    const login = { instead: 'login-none', label: 'a login' };
    const stand = await stage({
      beforeAnswer: () => {
        must(createLoginStore(one.vault).keep({ ...login, name: stand.name, value: newest, origins: stand.both }));
        return Promise.resolve();
      },
    });
    const one = processOver(stand);
    must(one.vault.set({ name: stand.name, value: stand.nameOf('Reading'), origins: stand.both }));
    expect(await one.call(stand.plan)).toBe(200);
    expect(await one.stored(stand.name, 'reading')).toBe(newest);
  });
});

it('P8: a file that names a login as its refresh token does not have it stored anew', async () => {
  const stand = await stage();
  const { idp, both, nameOf, name, clock } = stand;
  const one = processOver(stand);
  must(one.vault.set({ name, value: nameOf('Reading'), origins: both }));
  const { id } = must(one.vault.describe(name));
  const value = await one.stored(name, 'reading');
  const refreshToken = [{ kind: 'handle', id, name } as const];
  const fileOf = (grant: string) => ({ grant_type: grant, accessTokenUrl: `${idp.origin}/evil`, clientId: 'c' });
  for (const grant of ['refresh_token', 'authorization_code']) {
    const evil = oauthPlan({ ...fileOf(grant), refreshToken }, { to: `${both[1]}/a` });
    for (let round = 0; round < 2; round += 1) {
      await one.call(evil);
      clock.at += LIFETIME_S * 1000;
    }
    expect(await one.stored(name, 'reading')).toBe(value);
  }
});

import { describe, expect, it } from 'vitest';
import { keyParts, keyText } from '../../../shared/access/key-text.ts';
import type { Authentication, Authenticator, Credentials } from '../../../src/access/access.ts';
import { createAccess } from '../../../src/access/create-access.ts';
import { createKeyStore } from '../../../src/access/key-store.ts';
import { must } from '../state/temporary-home.ts';
import { memoryState } from './memory-state.ts';

const RATE = { perMinute: 1_000_000, concurrent: 100, bytesPerMinute: 1e12 };
const limits = { perKey: RATE, perCaller: RATE, global: RATE, perOrigin: { perMinute: 1_000 } };
const MINUTE = 60_000;

function gate(authenticators: readonly Authenticator[] = []) {
  const state = memoryState();
  const clock = { at: 1_800_000_000_000 };
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  const now = () => clock.at;
  const access = createAccess({ state, now, limits, authenticators, wait });
  const keys = createKeyStore({ state, now });
  const bearer = (key: string, address: string): Promise<Authentication> =>
    access.authenticate({ authorization: `Bearer ${key}` }, { address });
  const create = (name: string, ...scopes: string[]) => must(keys.create({ name, scopes }));
  return { access, keys, clock, waits, bearer, create };
}

const statusOf = (answer: Authentication) => (answer.kind === 'caller' ? 200 : answer.status);

/** Whole keys of the right form, so that nothing but the comparison refuses them. */
function guess(number: number, keyId = String(number).padStart(keyParts.idChars, '0')): string {
  return keyText({ keyId, secret: String(number).padStart(keyParts.secretChars, '0') });
}

describe('who calls', () => {
  it('is told by the key: who, with what reach, from where', async () => {
    const { bearer, create } = gate();
    const { key, info } = create('agent', 'read', 'collection:Billing%20API');
    expect(await bearer(key, '203.0.113.9')).toEqual({
      kind: 'caller',
      by: 'key',
      principal: {
        id: `key:${info.callerId}`,
        kind: 'http',
        reach: expect.objectContaining({ tools: ['read'], collections: ['Billing API'] }),
        about: { name: 'agent', keyId: info.keyId, address: '203.0.113.9' },
      },
    });
  });

  it('P10: gets the same answer whatever is wrong with a key', async () => {
    const { bearer, create, keys, clock, access } = gate();
    const revoked = create('revoked').key;
    keys.revoke('revoked');
    const expired = must(keys.create({ name: 'expired', scopes: [], expiresAt: clock.at })).key;
    const later = create('later', 'a scope of a later version').key;
    const { keyId } = create('live').info;
    const wrong = [
      revoked,
      expired,
      later,
      guess(1, keyId),
      guess(2),
      'keyward_',
      `${revoked} x`,
      revoked.slice(0, -1),
      'x',
      '',
    ];
    const answers = await Promise.all(wrong.map((key, at) => bearer(key, `198.51.100.${at}`)));
    const basic = await access.authenticate({ authorization: 'Basic eDp5' }, { address: '198.51.101.1' });
    expect(new Set([...answers, basic].map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, failure: { code: 'ACCESS/UNAUTHENTICATED', facts: {} } });
  });

  it('takes the scheme in any case, and no other place for a key', async () => {
    const { access, create } = gate();
    const { key } = create('agent');
    const ask = async (credentials: Credentials) =>
      statusOf(await access.authenticate(credentials, { address: 'unix' }));
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer '])
      expect(await ask({ authorization: `${scheme} ${key}` })).toBe(200);
    for (const text of [
      key,
      `Basic ${key}`,
      `Token ${key}`,
      `Bearer${key}`,
      `Bearer ${key} ${key}`,
      `Bearer ${key},${key}`,
    ])
      expect(await ask({ authorization: text })).toBe(401);
    expect(await ask({ assertion: key })).toBe(401);
  });

  it('counts no guess where there is no credential', async () => {
    const { access, bearer, create, waits } = gate();
    for (let at = 0; at < 1_000; at += 1) {
      expect(await access.authenticate({}, { address: '203.0.113.9' })).toMatchObject({ status: 401, challenge: {} });
    }
    expect(waits).toEqual([]);
    expect(statusOf(await bearer(create('agent').key, '203.0.113.9'))).toBe(200);
  });

  it('P7: says that it cannot tell where keys cannot be read, and blocks nobody for that', async () => {
    const state = memoryState();
    const access = createAccess({ state, now: Date.now, limits });
    const { key } = must(createKeyStore({ state, now: Date.now }).create({ name: 'agent', scopes: [] }));
    state.close();
    for (let at = 0; at < 50; at += 1) {
      const answer = await access.authenticate({ authorization: `Bearer ${key}` }, { address: '203.0.113.9' });
      expect(answer).toMatchObject({ status: 503, failure: { code: 'ACCESS/UNAVAILABLE' } });
    }
  });

  it('asks the others in turn, and keeps what they refuse', async () => {
    const taken: Authenticator = {
      authenticate: async ({ authorization }) =>
        authorization === 'Bearer good'
          ? { kind: 'caller', by: 'token', principal: { id: 'oauth:1', kind: 'http' } }
          : {
              kind: 'refused',
              status: 401,
              failure: { code: 'ACCESS/UNAUTHENTICATED', facts: {} },
              challenge: { scope: 'read' },
            },
    };
    const { bearer } = gate([{ authenticate: async () => undefined }, taken]);
    expect(await bearer('good', '203.0.113.9')).toMatchObject({ by: 'token' });
    expect(await bearer('bad', '203.0.113.9')).toMatchObject({ challenge: { scope: 'read' } });
  });
});

describe('10,000 guesses', () => {
  it('P10: from one address are slowed down and blocked; others go on', async () => {
    const { bearer, create, waits, clock, access } = gate();
    const { key } = create('agent');
    const statuses: number[] = [];
    for (let at = 0; at < 10_000; at += 1) {
      statuses.push(statusOf(await bearer(guess(at), '203.0.113.9')));
      clock.at += 10;
    }
    expect(statuses.slice(0, 20)).toEqual(new Array<number>(20).fill(401));
    // Each try of a block's end is one guess; blocks grow.
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(26);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(waits.slice(0, 6)).toEqual([100, 200, 400, 800, 1_600, 2_000]);
    expect(access.watched()).toBe(1);
    expect(statusOf(await bearer(key, '203.0.113.10'))).toBe(200);
    expect(statusOf(await bearer(key, '203.0.113.9'))).toBe(429);
  });

  it('says exactly when to come again, up to a quarter of an hour', async () => {
    const { bearer, clock } = gate();
    const retries: number[] = [];
    for (let at = 0; at < 40; at += 1) {
      const answer = await bearer(guess(at), '203.0.113.9');
      if (answer.kind === 'caller' || answer.status !== 429) continue;
      const seconds = answer.retryAfterSeconds ?? 0;
      retries.push(seconds);
      expect(answer.failure).toMatchObject({ code: 'ACCESS/RATE_LIMITED', facts: { seconds } });
      clock.at += seconds * 1_000 - 1;
      expect(statusOf(await bearer(guess(at), '203.0.113.9'))).toBe(429);
      clock.at += 1;
    }
    expect(retries).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
    clock.at += 44 * MINUTE;
    expect(statusOf(await bearer(guess(99), '203.0.113.9'))).toBe(401);
    expect(statusOf(await bearer(guess(99), '203.0.113.9'))).toBe(429);
    clock.at += 46 * MINUTE;
    for (let at = 0; at < 20; at += 1) expect(statusOf(await bearer(guess(at), '203.0.113.9'))).toBe(401);
  });

  it('from an IPv6 network count as from one address', async () => {
    const { bearer } = gate();
    const from = (host: number) => `2001:db8:1:2:${host.toString(16)}::1`;
    for (let at = 0; at < 20; at += 1) expect(statusOf(await bearer(guess(at), from(at)))).toBe(401);
    expect(statusOf(await bearer(guess(21), from(21)))).toBe(429);
    expect(statusOf(await bearer(guess(22), '2001:db8:1:3::1'))).toBe(401);
    expect(statusOf(await bearer(guess(22), '::ffff:203.0.113.9'))).toBe(401);
  });

  it('P7: from many addresses take no more memory, and lock nobody out', async () => {
    const { bearer, create, access } = gate();
    const { key } = create('agent');
    const addresses = (at: number) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    for (let at = 0; at < 10_000; at += 1) await bearer(guess(at), addresses(at));
    expect(access.watched()).toBeLessThanOrEqual(8_192);
    expect(statusOf(await bearer(key, '203.0.113.9'))).toBe(200);
    expect(statusOf(await bearer(key, addresses(9_999)))).toBe(200);
  });

  it('on one key id are slowed down everywhere, and do not stop its holder', async () => {
    const { bearer, create, waits } = gate();
    const { key, info } = create('agent');
    for (let at = 0; at < 10_000; at += 1)
      await bearer(guess(at, info.keyId), `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
    expect(waits.length).toBeGreaterThan(9_990);
    expect(waits.at(-1)).toBe(2_000);
    expect(statusOf(await bearer(key, '203.0.113.9'))).toBe(200);
    expect(statusOf(await bearer(key, '10.0.0.1'))).toBe(200);
  });

  it('behind one address stop none of those who were let in there', async () => {
    const { bearer, create, keys, clock } = gate();
    const proxy = '192.0.2.1';
    const [mine, other] = [create('mine'), create('other')];
    expect(statusOf(await bearer(mine.key, proxy))).toBe(200);
    for (let at = 0; at < 1_000; at += 1) {
      await bearer(guess(at, mine.info.keyId), proxy);
      await bearer(guess(at), proxy);
    }
    expect(statusOf(await bearer(guess(1), proxy))).toBe(429);
    expect(statusOf(await bearer(guess(1, mine.info.keyId), proxy))).toBe(429);
    expect(statusOf(await bearer(mine.key, proxy))).toBe(200);
    expect(statusOf(await bearer(other.key, proxy))).toBe(200);
    expect(statusOf(await bearer(must(keys.rotate('mine', { graceMs: 0 })).key, proxy))).toBe(200);
    clock.at += 25 * 60 * MINUTE;
    expect(statusOf(await bearer(guess(1), proxy))).toBe(401);
  });

  it('are not what callers do whose credentials have ended', async () => {
    const { bearer, create, keys } = gate();
    const mine = create('mine');
    for (let at = 0; at < 50; at += 1) {
      const { key } = create(`short ${at}`);
      expect(statusOf(await bearer(key, '192.0.2.1'))).toBe(200);
      keys.revoke(`short ${at}`);
      expect(statusOf(await bearer(key, '192.0.2.1'))).toBe(401);
    }
    expect(statusOf(await bearer(mine.key, '192.0.2.1'))).toBe(200);
  });

  it('with a key that has ended stop that key alone', async () => {
    const { bearer, create, keys } = gate();
    const [mine, other] = [create('mine'), create('other')];
    expect(statusOf(await bearer(mine.key, '192.0.2.1'))).toBe(200);
    keys.revoke('mine');
    const statuses = [];
    for (let at = 0; at < 12; at += 1) statuses.push(statusOf(await bearer(mine.key, '192.0.2.1')));
    expect(statuses).toEqual([...new Array<number>(10).fill(401), 429, 429]);
    expect(statusOf(await bearer(other.key, '192.0.2.1'))).toBe(200);
  });

  it('do not get further with a key of one’s own', async () => {
    const { bearer, create } = gate();
    const [own, wanted] = [create('own').key, create('wanted').info.keyId];
    const statuses: number[] = [];
    for (let at = 0; at < 1_000; at += 1) {
      expect(statusOf(await bearer(own, '203.0.113.9'))).toBe(200);
      // Others in between, to have the wanted one forgotten.
      await bearer(guess(at), '203.0.113.9');
      statuses.push(statusOf(await bearer(guess(at, wanted), '203.0.113.9')));
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
  });

  it('P12: hold only so many answers back at once', async () => {
    const state = memoryState();
    const held: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => void held.push(resolve));
    const access = createAccess({ state, now: () => 1_800_000_000_000, limits, wait });
    const keyId = 'abcdefabcdef';
    const told: number[] = [];
    const asked = Array.from({ length: 200 }, async (_, at) => {
      const authorization = `Bearer ${guess(at, keyId)}`;
      told.push(statusOf(await access.authenticate({ authorization }, { address: `10.0.0.${at}` })));
    });
    await Promise.all(asked.slice(67));
    expect(held).toHaveLength(64);
    expect(told.length).toBe(200 - 64);
    for (const release of held) release();
    await Promise.all(asked);
    expect(new Set(told)).toEqual(new Set([401]));
  });
});

import { describe, expect, it } from 'vitest';
import { ORIGIN, openedVault } from './open-vault-fixture.ts';

const never = new AbortController().signal;

/** Two names, one of them with a writing credential, and one that only writes. */
function setUp() {
  const { vault, secrets } = openedVault();
  const store = (name: string, tier: 'reading' | 'writing' = 'reading') => {
    const stored = vault.set({
      name,
      value: `value-of-${name}-${tier}`,
      origins: [ORIGIN],
      ...(tier === 'writing' && { tier }),
    });
    return stored.ok ? stored.value.info.id : expect.unreachable(stored.failure.code);
  };
  const ids = {
    alpha: store('alpha'),
    beta: store('beta'),
    betaWriting: store('beta', 'writing'),
    gamma: store('gamma', 'writing'),
  };
  const value = async (ref: string, method: string, handles?: readonly string[]) => {
    const use = { origin: ORIGIN, method, tier: 'writing' as const, ...(handles && { handles }) };
    const resolved = await secrets.resolveFor(ref, use, never);
    return resolved.ok ? resolved.value : resolved.failure;
  };
  return { vault, secrets, ids, value };
}

describe('a vault for a caller who does not reach all of it', () => {
  it('P10: knows only what is named, by name or id', async () => {
    const { secrets, ids, value } = setUp();
    expect(secrets.describe('alpha', undefined, ['alpha'])).toMatchObject({ ok: true });
    expect(await value(ids.alpha, 'GET', [ids.alpha])).toBe('value-of-alpha-reading');
    for (const ref of ['beta', ids.beta, ids.betaWriting, 'gamma', ids.gamma]) {
      const missing = { code: 'SECRET/NOT_FOUND', facts: { name: ref } };
      expect(secrets.describe(ref, undefined, ['alpha'])).toMatchObject({ ok: false, failure: missing });
      expect(await value(ref, 'POST', ['alpha'])).toMatchObject(missing);
    }
  });

  it('P10: suggests only what is named', () => {
    const { secrets } = setUp();
    const nearest = (handles: readonly string[]) => {
      const found = secrets.describe('bet', undefined, handles);
      return found.ok ? 'found' : found.failure.facts.nearest;
    };
    expect([nearest(['alpha']), nearest(['beta'])]).toEqual(['none', 'beta']);
  });

  it('P10: takes no writing credential that only its name’s reading one is named of', async () => {
    const { secrets, ids, value } = setUp();
    expect(await value(ids.beta, 'POST')).toBe('value-of-beta-writing');
    expect(await value(ids.beta, 'POST', ['beta'])).toBe('value-of-beta-writing');
    expect(await value(ids.beta, 'POST', [ids.beta])).toBe('value-of-beta-reading');
    const found = secrets.describe('beta', undefined, [ids.beta]);
    expect(found.ok && found.value.writingId).toBeUndefined();
    const [reading, both] = [[ids.betaWriting], [ids.beta, ids.betaWriting]].map((handles) =>
      secrets.describe('beta', undefined, handles),
    );
    expect(reading).toMatchObject({ ok: true, value: { id: ids.betaWriting, tier: 'writing' } });
    expect(both).toMatchObject({ ok: true, value: { id: ids.beta, writingId: ids.betaWriting } });
  });

  it('P1: still tells the scrubber of everything that is bound to an origin', () => {
    const { secrets } = setUp();
    expect(secrets.boundTo(ORIGIN)).toMatchObject({ ok: true, value: { length: 2 } });
  });

  it('P10: sees a change of the vault', () => {
    const { vault, secrets } = setUp();
    expect(secrets.describe('delta', undefined, ['delta']).ok).toBe(false);
    expect(vault.set({ name: 'delta', value: 'value-of-delta', origins: [ORIGIN] }).ok).toBe(true);
    expect(secrets.describe('delta', undefined, ['delta']).ok).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../shared/policy/policy.ts';
import { createPace } from '../../../src/access/pace.ts';
import { createSlidingWindow } from '../../../src/access/sliding-window.ts';
import { failureOf, must } from '../state/temporary-home.ts';
import '../../property-seed.ts';

const MINUTE = 60_000;
const WIDE = { perMinute: 1_000_000, concurrent: 10_000, bytesPerMinute: 1e12 };

const caller = (id: string, keyId?: string): Principal => ({
  id,
  kind: 'http',
  about: { name: id, ...(keyId !== undefined && { keyId }) },
});

function paced(limits: Partial<Parameters<typeof createPace>[0]['limits']>) {
  const clock = { at: 1_800_000_000_000 };
  const wide = { perKey: WIDE, perCaller: WIDE, global: WIDE, perOrigin: { perMinute: 1_000_000 } };
  const pace = createPace({ limits: { ...wide, ...limits }, now: () => clock.at });
  const call = (principal: Principal, bytes = 0) => {
    const entered = pace.enter(principal);
    if (entered.kind === 'refused') return entered;
    entered.leave(bytes);
    return 'called' as const;
  };
  return { pace, clock, call };
}

describe('a sliding window', () => {
  it('lets no more than its limit through in any minute, and is free when it says so', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(20_000), amount: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (limit, all) => {
        const window = createSlidingWindow(limit);
        const taken: { at: number; amount: number }[] = [];
        let now = 1_800_000_000_000;
        for (const { afterMs, amount } of all) {
          now += afterMs;
          const within = taken.filter(({ at }) => at > now - MINUTE).reduce((sum, each) => sum + each.amount, 0);
          const waitMs = window.wait(now);
          if (within >= limit) expect(waitMs).toBeGreaterThan(0);
          expect(waitMs).toBeLessThanOrEqual(MINUTE + 5_000);
          if (waitMs > 0) {
            expect(window.wait(now + waitMs - 1)).toBeGreaterThan(0);
            expect(window.wait(now + waitMs)).toBe(0);
            now += waitMs;
          }
          window.take(amount, now);
          taken.push({ at: now, amount });
        }
      }),
    );
  });

  it('does not keep anybody out where the clock was set back', () => {
    const window = createSlidingWindow(1);
    window.take(1, 1_800_000_000_000);
    expect(window.wait(1_800_000_000_000 - 3_600_000)).toBe(0);
  });
});

describe('how much may be called', () => {
  const one = { perMinute: 2, concurrent: 10, bytesPerMinute: 1e12 };

  it('is limited by key, by caller and in all, each for itself', () => {
    const { call } = paced({ perKey: one, perCaller: { ...one, perMinute: 3 }, global: { ...one, perMinute: 5 } });
    const [old, renewed, other] = [caller('a', 'k1'), caller('a', 'k2'), caller('b')];
    expect([call(old), call(old)]).toEqual(['called', 'called']);
    expect(call(old)).toMatchObject({ status: 429, failure: { facts: { limit: '2 a minute for one key' } } });
    expect(call(renewed)).toBe('called');
    expect(call(renewed)).toMatchObject({ failure: { facts: { limit: '3 a minute for one caller' } } });
    expect([call(other), call(other)]).toEqual(['called', 'called']);
    expect(call(caller('c'))).toMatchObject({
      failure: { code: 'ACCESS/RATE_LIMITED', facts: { limit: '5 a minute in all' } },
    });
  });

  it('says to the second when to come again', () => {
    const { call, clock } = paced({ perCaller: { ...one, perMinute: 1 } });
    expect(call(caller('a'))).toBe('called');
    clock.at += 10_000;
    const refused = call(caller('a'));
    if (refused === 'called') throw new Error('not refused');
    expect(refused.retryAfterSeconds).toBe(55);
    expect(refused.failure.facts.seconds).toBe(55);
    clock.at += 54_999;
    expect(call(caller('a'))).not.toBe('called');
    clock.at += 1;
    expect(call(caller('a'))).toBe('called');
  });

  it('counts calls under way, and each end once', () => {
    const { pace } = paced({ perCaller: { ...WIDE, concurrent: 2 } });
    const [first, second] = [pace.enter(caller('a')), pace.enter(caller('a'))];
    expect(pace.enter(caller('a'))).toMatchObject({ kind: 'refused', status: 429, retryAfterSeconds: 1 });
    expect(pace.enter(caller('b')).kind).toBe('entered');
    if (first.kind !== 'entered' || second.kind !== 'entered') throw new Error('refused');
    first.leave(0);
    first.leave(0);
    expect(pace.enter(caller('a')).kind).toBe('entered');
    expect(pace.enter(caller('a')).kind).toBe('refused');
  });

  it('refuses the next call once the bytes are used up', () => {
    const { call, clock } = paced({ perCaller: { ...WIDE, bytesPerMinute: 1_000 } });
    expect(call(caller('a'), 999)).toBe('called');
    expect(call(caller('a'), 5_000)).toBe('called');
    expect(call(caller('a'))).toMatchObject({ failure: { facts: { limit: '1000 bytes a minute for one caller' } } });
    clock.at += MINUTE + 5_000;
    expect(call(caller('a'))).toBe('called');
  });

  it('counts nothing of what it refuses', () => {
    const { call } = paced({ perKey: one, global: { ...one, perMinute: 3 } });
    for (let at = 0; at < 50; at += 1) call(caller('a', 'k'));
    expect(call(caller('b'))).toBe('called');
    expect(call(caller('c'))).not.toBe('called');
  });

  it('limits the requests to one origin', () => {
    const { pace, clock } = paced({ perOrigin: { perMinute: 2 } });
    must(pace.toOrigin('https://a.example'));
    must(pace.toOrigin('https://a.example'));
    expect(failureOf(pace.toOrigin('https://a.example'))).toMatchObject({
      code: 'ACCESS/RATE_LIMITED',
      facts: { seconds: 65 },
    });
    must(pace.toOrigin('https://b.example'));
    clock.at += 65_000;
    must(pace.toOrigin('https://a.example'));
  });

  it('P7: forgets nobody to take in others, and takes them in when there is room again', () => {
    const { pace, clock } = paced({ perOrigin: { perMinute: 1 } });
    for (let at = 0; at < 20_000; at += 1) pace.toOrigin(`https://${at}.example`);
    expect(pace.toOrigin('https://0.example').ok).toBe(false);
    expect(pace.toOrigin('https://new.example').ok).toBe(false);
    clock.at += 65_000;
    expect(pace.toOrigin('https://new.example').ok).toBe(true);
  });
});

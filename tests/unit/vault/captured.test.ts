import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { capturedName, mayBeToken } from '../../../shared/secret/captured-name.ts';
import { createCapturedTokens, isCapturedId } from '../../../src/vault/captured.ts';

const START = 1_000_000;
const A = ['https://a.example.com'];
const B = ['https://b.example.com'];

function stage() {
  let now = START;
  const tokens = createCapturedTokens(() => now);
  return {
    tokens,
    pass: (ms: number) => {
      now += ms;
    },
    capture: (value: string, more: Partial<Parameters<typeof tokens.capture>[0]> = {}) =>
      tokens.capture({ caller: 'me', origins: A, field: 'access_token', value, ...more }),
  };
}

describe('what is captured', () => {
  it('has a name that counts, an id that nobody guesses, and the origin it came from', () => {
    const { tokens, capture } = stage();
    const [one, two] = [capture('v1'), capture('v2')];
    expect(one).toEqual({
      id: expect.stringMatching(/^cap_[0-9a-f]{32}$/),
      name: 'captured:access_token_1',
      origins: A,
      pathAllowed: false,
      createdAt: START,
      updatedAt: START,
      expiresAt: START + limits.capturedMs,
      useCount: 0,
    });
    expect(two.name).toBe('captured:access_token_2');
    expect(isCapturedId(one.id)).toBe(true);
    expect(isCapturedId('h-1')).toBe(false);
    expect(tokens.find('me', 'access_token_2')).toEqual(two);
    expect(tokens.describe(two.id)).toEqual(two);
    expect(tokens.value(two.id)).toBe('v2');
    expect(JSON.stringify(tokens.list('me'))).not.toContain('v2');
  });

  it('has one handle for the same value, caller and origin, whatever its field is called', () => {
    const { capture } = stage();
    const first = capture('v1');
    expect(capture('v1', { field: 'token' }).id).toBe(first.id);
    expect(capture('v1', { origins: B }).name).toBe('captured:access_token_2');
    expect(capture('v1', { origins: [...A, ...B] }).name).toBe('captured:access_token_3');
    expect(capture('v1', { caller: 'you' }).name).toBe('captured:access_token_1');
  });

  it('P10: is its caller’s alone', () => {
    const { tokens, capture } = stage();
    capture('v1');
    expect(tokens.find('you', 'access_token_1')).toBeUndefined();
    expect(tokens.list('you')).toEqual([]);
    expect(tokens.heldFor('you', A[0] ?? '')).toEqual([]);
    expect(tokens.heldFor('me', B[0] ?? '')).toEqual([]);
    expect(tokens.heldFor('me', A[0] ?? '')).toEqual([{ name: 'captured:access_token_1', value: 'v1' }]);
  });

  it('P7: ends at its time, and no later than the limit', () => {
    const { tokens, capture, pass } = stage();
    const short = capture('v1', { expiresAt: START + 60_000 });
    const long = capture('v2', { expiresAt: START + 2 * limits.capturedMs });
    pass(59_999);
    expect(tokens.value(short.id)).toBe('v1');
    pass(1);
    expect([tokens.value(short.id), tokens.describe(short.id), tokens.find('me', 'access_token_1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    pass(limits.capturedMs - 60_001);
    expect(tokens.value(long.id)).toBe('v2');
    pass(1);
    expect(tokens.value(long.id)).toBeUndefined();
    expect(tokens.list('me')).toEqual([]);
  });

  it('lives on when it is given out again', () => {
    const { tokens, capture, pass } = stage();
    const first = capture('v1');
    pass(limits.capturedMs - 1);
    expect(capture('v1')).toMatchObject({ id: first.id, expiresAt: START + 2 * limits.capturedMs - 1 });
    pass(2);
    expect(tokens.value(first.id)).toBe('v1');
    pass(limits.capturedMs);
    expect(capture('v1').name).toBe('captured:access_token_2');
  });

  it('P7: a value that is given out again keeps the end that was stated for it, in every set of origins', () => {
    const { tokens, capture, pass } = stage();
    const first = capture('v1', { expiresAt: START + 60_000 });
    pass(1);
    expect(capture('v1')).toMatchObject({ id: first.id, expiresAt: START + 60_000 });
    const wider = capture('v1', { origins: [...A, ...B] });
    expect(wider.expiresAt).toBe(START + 60_000);
    pass(59_999);
    expect([tokens.value(first.id), tokens.value(wider.id)]).toEqual([undefined, undefined]);
  });

  it('a new end that is stated takes the place of the one before', () => {
    const { capture } = stage();
    const ends = [60_000, 90_000, 30_000].map((ms) => START + ms);
    expect(ends.map((expiresAt) => capture('v1', { expiresAt }).expiresAt)).toEqual(ends);
    expect(capture('v1').expiresAt).toBe(ends[2]);
  });

  it('counts its uses', () => {
    const { tokens, capture, pass } = stage();
    const { id } = capture('v1');
    pass(5);
    tokens.value(id);
    tokens.value(id);
    expect(tokens.describe(id)).toMatchObject({ useCount: 2, lastUsedAt: START + 5 });
  });

  it('P12: of one caller so many are kept; the one goes that was used longest ago', () => {
    const { tokens, capture } = stage();
    const all = Array.from({ length: limits.capturedTokens }, (_, index) => capture(`v${index}`));
    expect(tokens.list('me')).toHaveLength(limits.capturedTokens);
    const [first, second] = all;
    expect(tokens.value(first?.id ?? '')).toBe('v0');
    capture('new');
    expect(tokens.list('me')).toHaveLength(limits.capturedTokens);
    expect(tokens.describe(first?.id ?? '')).toBeDefined();
    expect(tokens.describe(second?.id ?? '')).toBeUndefined();
  });

  it('P12: of all callers so many are kept', () => {
    const { tokens, capture } = stage();
    const callers = Math.ceil(limits.capturedTokensInAll / 200) + 2;
    for (let caller = 0; caller < callers; caller += 1)
      for (let index = 0; index < 200; index += 1) capture(`v${index}`, { caller: `c${caller}` });
    const kept = Array.from({ length: callers }, (_, caller) => tokens.list(`c${caller}`).length);
    expect(kept.reduce((sum, count) => sum + count, 0)).toBe(limits.capturedTokensInAll);
    expect(Math.max(...kept) - Math.min(...kept)).toBeLessThanOrEqual(1);
  });

  it('P12: one origin’s many push out nothing of another’s', () => {
    const { tokens, capture } = stage();
    const mine = capture('mine');
    const earlier = Array.from({ length: 3 }, (_, index) => capture(`v${index}`, { origins: [...A, ...B] }));
    for (let index = 0; index < 2 * limits.capturedTokens; index += 1) capture(`evil${index}`, { origins: B });
    expect(tokens.list('me')).toHaveLength(limits.capturedTokens);
    expect([mine, ...earlier].map(({ id }) => tokens.value(id))).toEqual(['mine', 'v0', 'v1', 'v2']);
    expect(tokens.find('me', `access_token_${2 * limits.capturedTokens + 4}`)).toBeDefined();
  });

  it('gives no name twice to what there is, whatever the fields are called', () => {
    const { tokens, capture } = stage();
    const first = capture('kept');
    for (let index = 0; index <= limits.capturedTokensInAll; index += 1) {
      capture(`v${index}`, { field: `f${index}` });
      if (index % 100 === 0) tokens.value(first.id);
    }
    expect(capture('later').name).not.toBe(first.name);
    const names = tokens.list('me').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is gone when everything is forgotten', () => {
    const { tokens, capture } = stage();
    const { id } = capture('v1');
    tokens.clear();
    expect([tokens.value(id), tokens.list('me')]).toEqual([undefined, []]);
  });
});

describe('the name of a field', () => {
  it.each([
    ['access_token', 'access_token'],
    ['X-Auth-Token', 'X-Auth-Token'],
    ['data[token]', 'data_token'],
    ['a}}{{vault:X', 'a_vault_X'],
    ['\u2028ключ', 'token'],
    ['', 'token'],
    ['._-', 'token'],
    ['x'.repeat(300), 'x'.repeat(64)],
  ])('%s → %s', (field, name) => expect(capturedName(field)).toBe(name));

  it('is one that a reference can hold, for any field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (field) => {
        expect(capturedName(field)).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
      }),
    );
  });
});

it.each([
  ['abc', false],
  ['abc1', true],
  ['required', false],
  ['Required', true],
  ['required-required', true],
  ['two words 1', false],
  [`1${'x'.repeat(8_191)}`, true],
  [`1${'x'.repeat(8_192)}`, false],
])('a token or not: %.40s', (value, isToken) => expect(mayBeToken(value)).toBe(isToken));

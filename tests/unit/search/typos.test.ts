import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBits, letterBits, typosAllowed, typosBetween } from '../../../shared/search/typos.ts';

describe('typos of a word', () => {
  it.each([
    ['abc', 0],
    ['abcd', 1],
    ['abcdefg', 1],
    ['abcdefgh', 2],
    ['x'.repeat(64), 2],
  ])('%j may have %i', (word, most) => {
    expect(typosAllowed(word)).toBe(most);
  });

  /** The word asked for, the one in the text, and how many typos lie between them within what the length allows. */
  const PAIRS: readonly (readonly [word: string, term: string, typos: number | undefined])[] = [
    ['user', 'user', 0],
    ['usre', 'user', 1],
    ['uer', 'user', undefined],
    ['usr', 'user', undefined],
    ['usar', 'user', 1],
    ['uuser', 'user', 1],
    ['usres', 'users', 1],
    ['uress', 'users', undefined],
    ['suer', 'user', undefined],
    ['ordrs', 'orders', 1],
    ['order', 'orders', 1],
    ['oder', 'orders', undefined],
    ['webhok', 'webhook', 1],
    ['webhok', 'webhooks', 1],
    ['webok', 'webhooks', undefined],
    ['invioce', 'invoices', 1],
    ['ivnioce', 'invoice', undefined],
    ['subscriptoin', 'subscription', 1],
    ['subscirptoin', 'subscriptions', 2],
    ['sbscirptoin', 'subscription', undefined],
    ['xustomer', 'customer', 2],
    ['xustomr', 'customer', undefined],
    ['xustmer', 'customer', undefined],
    ['paymnts', 'pay', undefined],
  ];

  it.each(PAIRS)('%j for %j are %j', (word, term, typos) => {
    expect(typosBetween(word, term, typosAllowed(word))).toBe(typos);
  });

  it('are those of the whole alignment', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(letters, letters, (word, term) => {
        const first = word[0] === term[0] ? 0 : 1;
        const beginnings = word.length < 6 ? [term] : [...term].map((_, at) => term.slice(0, at + 1));
        const typos = first + Math.min(...beginnings.map((part) => alignment(word, part)));
        expect(typosBetween(word, term, 2)).toBe(typos <= 2 ? typos : undefined);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('letters of a word', () => {
  it('never differ by more than the typos', () => {
    const word = fc.string({ minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        const missing = countBits(letterBits(one) & ~letterBits(other));
        expect(missing).toBeLessThanOrEqual(alignment(one, other));
      }),
    );
  });

  it.each([
    [0, 0],
    [1, 1],
    [-1, 32],
    [0x80000001, 2],
    [0x7fffffff, 31],
  ])('%i has %i bits', (bits, count) => {
    expect(countBits(bits)).toBe(count);
  });
});

/** Optimal string alignment by its definition. */
function alignment(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (__, j) => i || j));
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : changed;
      (rows[i] ?? [])[j] = Math.min(changed, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  return at(a.length, b.length);
}

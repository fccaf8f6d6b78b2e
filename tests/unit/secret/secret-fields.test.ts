import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { handleId, parseHandleLabel, parseHandleName } from '../../../shared/secret/handle-name.ts';
import { isTooShortToScrub, parseSecretValue } from '../../../shared/secret/secret-value.ts';

const names: readonly [name: string, fine: boolean][] = [
  ['STRIPE_KEY', true],
  ['a', true],
  ['a-b.c_9', true],
  ['x'.repeat(limits.secretNameChars), true],
  ['x'.repeat(limits.secretNameChars + 1), false],
  ['', false],
  ['a b', false],
  ['a/b', false],
  ['a:b', false],
  ['ключ', false],
  ['a\n', false],
  ['{{x}}', false],
  [handleId('0'.repeat(32)), false],
  [handleId('0'.repeat(31)), true],
];

const values: readonly [value: string, fine: boolean][] = [
  ['x', true],
  ['-----BEGIN PRIVATE KEY-----\nabc\n', true],
  ['ключ 🔑', true],
  ['$' + '{VAR}suffix', true],
  ['x'.repeat(limits.secretChars), true],
  ['x'.repeat(limits.secretChars + 1), false],
  ['', false],
  ['$' + '{VAR}', false],
  [' $' + '{VAR}\n', false],
  ['$' + '{}', false],
  ['{{vault:NAME}}', false],
  ['\ud83d', false],
];

const labels: readonly [label: string, fine: boolean][] = [
  ['', true],
  ['Stripe, live (EU) ✓', true],
  ['x'.repeat(200), true],
  ['x'.repeat(201), false],
  ['two\nlines', false],
  ['\u001b[31mred', false],
  ['right\u202eto left', false],
];

describe.each([
  ['name', names, parseHandleName],
  ['value', values, parseSecretValue],
  ['label', labels, parseHandleLabel],
] as const)('a %s', (_, rows, parse) => {
  for (const [text, fine] of rows) {
    it(`${JSON.stringify(text.slice(0, 40))} (${text.length}) is ${fine ? 'taken as it is' : 'refused'}`, () => {
      const parsed = parse(text);
      expect(parsed.ok ? parsed.value : parsed.failure.code).toBe(fine ? text : 'SECRET/INVALID');
    });
  }
});

describe('a short value', () => {
  it('is told apart at the length that the scrubber starts from', () => {
    expect(isTooShortToScrub('x'.repeat(limits.secretMinScrubChars - 1))).toBe(true);
    expect(isTooShortToScrub('x'.repeat(limits.secretMinScrubChars))).toBe(false);
  });
});

// What was sealed is taken out of texts, the last of it where it is much.
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { scrubSealed } from '../../../src/signer/sealed-scrub.ts';

const scrub = (values: readonly string[], text: string) => scrubSealed(values.map(seal))(text);

describe('sealed values in a text', () => {
  it.each<[string, readonly string[], string, string]>([
    ['as it is', ['swordfish-9'], 'it is swordfish-9.', 'it is [redacted].'],
    ['in Base64', ['swordfish-9'], `it is ${btoa('swordfish-9')}.`, 'it is [redacted].'],
    ['a short one', ['1234'], '1234', '[redacted]'],
    ['a short one in more', ['1234'], 'a 1234', 'a 1234'],
    ['what is no secret', ['undefined', 'true', '[redacted]', '', '{{vault:KEY}}'], 'is undefined', 'is undefined'],
    ['none', [], 'a text', 'a text'],
  ])('%s', (_, values, text, expected) => {
    expect(scrub(values, text)).toBe(expected);
  });

  it('are the last of many', () => {
    const many = Array.from({ length: limits.writtenKnown + 1 }, (_, index) => `swordfish-${index}-`);
    expect(scrub(many, 'swordfish-0- swordfish-1-')).toBe('swordfish-0- [redacted]');
  });

  it('are those that are short enough together', () => {
    const long = 'ab1-'.repeat(limits.writtenKnownChars / 4 - 4);
    const values = ['is-too-long-then', long, 'swordfish-9'];
    expect(scrub(values, 'swordfish-9 is-too-long-then')).toBe('[redacted] is-too-long-then');
    expect(scrub(values.slice(0, 1), 'is-too-long-then')).toBe('[redacted]');
  });
});

import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createMintedValues } from '../../../src/courier/minted.ts';

const A = 'https://a.test';
const B = 'https://b.test';
const token = (index: number) => `tok-${index}-9f8E7d6C5b4A`;
const valuesOf = (memory: ReturnType<typeof createMintedValues>, ...origins: string[]) =>
  memory.known(origins).map(({ value }) => value);
const scrubbed = (memory: ReturnType<typeof createMintedValues>, text: string, ...origins: string[]) =>
  memory.scrubbers(origins).reduce((left, scrubber) => scrubber.scrub(left).text, text);

describe('what answers minted', () => {
  const rows: readonly (readonly [value: string, isMinted: boolean])[] = [
    ['aB3xQ9z7', true],
    ['aB3xQ9z', false],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', true],
    ['0123456789abcdef', true],
    ['0123456789abcde', false],
    ['5f2b6c1e-8a3d-4e0b-9c77-1d2e3f4a5b6c', true],
    ['AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEf', true],
    ['AbCdEfGhIjKlMnOpQrStUvWxYzAbCdE', false],
    ['password', false],
    ['client_credentials_of_the_application', false],
    ['not a token 4711 Ab', false],
    ['1234567890123456', false],
    ['2026-01-01T00:00:00Z', false],
    ['https://example.test/Path/1234', false],
    ['User4711@example.test', false],
    [`${'aB3'.repeat(limits.mintedChars / 3)}aB`, true],
    [`${'aB3'.repeat(limits.mintedChars / 3)}aB3x`, false],
  ];

  it.each(rows)('%s is a credential: %s', (value, isMinted) => {
    const memory = createMintedValues();
    memory.learn(A, [value]);
    expect(valuesOf(memory, A)).toEqual(isMinted ? [value] : []);
  });

  it('P1: is scrubbed for its origin, and for no other', () => {
    const memory = createMintedValues();
    for (let index = 0; index < 40; index += 1) memory.learn(A, [token(index)]);
    for (let index = 0; index < 40; index += 1) {
      expect(scrubbed(memory, `it is ${token(index)}.`, A)).toBe('it is [redacted].');
      expect(scrubbed(memory, `it is ${token(index)}.`, B, A)).toBe('it is [redacted].');
      expect(scrubbed(memory, `it is ${token(index)}.`, B)).toBe(`it is ${token(index)}.`);
    }
  });

  it('P1: a cookie is known by its latest two values, in both forms', () => {
    const memory = createMintedValues();
    const set = (name: string, ...values: string[]) => memory.learnCookies(A, [{ name, values }]);
    set('sid', 'one%2F9f8E7d6C5b4A', 'one/9f8E7d6C5b4A');
    set('other', token(7));
    set('plain', 'dark-mode');
    const values = () => valuesOf(memory, A).sort();
    expect(values()).toEqual(['one%2F9f8E7d6C5b4A', 'one/9f8E7d6C5b4A', token(7)].sort());
    for (let index = 0; index < 100; index += 1) set('sid', token(index));
    expect(values()).toEqual([token(7), token(96), token(97), token(98), token(99)].sort());
    expect(scrubbed(memory, `it is ${token(99)}.`, A)).toBe('it is [redacted].');
    for (let index = 0; index < limits.mintedCookies; index += 1) set(`c${index}`, token(index));
    expect(memory.known([A])).toHaveLength(limits.mintedCookies);
  });

  it('P12: is bounded: the values and origins that were not seen for the longest go first', () => {
    const memory = createMintedValues();
    const most = limits.mintedValues;
    memory.learn(
      A,
      Array.from({ length: most }, (_, index) => token(index)),
    );
    memory.learn(A, [token(0), token(most)]);
    expect(valuesOf(memory, A)).toHaveLength(most);
    expect(valuesOf(memory, A)).not.toContain(token(1));
    expect(valuesOf(memory, A).slice(-2)).toEqual([token(0), token(most)]);
    for (let index = 1; index < limits.mintedOrigins; index += 1) memory.learn(`https://${index}.test`, [token(index)]);
    memory.learn(A, [token(0)]);
    memory.learn(B, [token(1)]);
    expect([A, B, 'https://1.test', 'https://2.test'].map((origin) => valuesOf(memory, origin).length > 0)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('builds nothing anew while nothing is new', () => {
    const memory = createMintedValues();
    memory.learn(
      A,
      Array.from({ length: 17 }, (_, index) => token(index)),
    );
    const [settled] = memory.scrubbers([A]);
    memory.learn(A, [token(100)]);
    const [stillSettled, fresh] = memory.scrubbers([A]);
    expect(stillSettled).toBe(settled);
    memory.learn(A, [token(3)]);
    const cookies = [{ name: 'sid', values: [token(200)] }];
    memory.learnCookies(A, cookies);
    const again = memory.scrubbers([A, A]);
    memory.learnCookies(A, cookies);
    expect(again).toHaveLength(3);
    for (const [index, scrubber] of memory.scrubbers([A]).entries()) expect(scrubber).toBe(again[index]);
    expect(again.slice(0, 2)).toEqual([settled, fresh]);
  });
});

import { describe, expect, it } from 'vitest';
import { createNameMatcher, isSensitiveName, judgeName } from '../../../shared/redact/names.ts';
import names from '../../vectors/field-names.json' with { type: 'json' };

const words = (base: string) => base.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)|_/);
const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

// cabinjs' spellings of a base name: alone and with `field` and `input` before and after, in each case style.
function spellings(base: string): readonly string[] {
  const companies = [[base], ['field', base], [base, 'field'], ['input', base], [base, 'input']];
  return companies.flatMap((parts) => {
    const all = parts.flatMap(words);
    const camel = all.map((word, at) => (at === 0 ? word : upperFirst(word))).join('');
    return [
      parts.join(''),
      parts.join('').toUpperCase(),
      parts.join('_'),
      parts.join('-'),
      parts.join(' '),
      parts.join('_').toUpperCase(),
      camel,
      upperFirst(camel),
    ];
  });
}

const goes = (name: string) => ['secret', 'likely', 'personal'].includes(judgeName(name));

describe('names of fields', () => {
  it('P1: finds every secret-bearing name of the lists', () => {
    expect(names.secret.length).toBeGreaterThan(400);
    expect(names.secret.filter((name) => !goes(name))).toEqual([]);
  });

  it('P1: finds names spelled to evade: look-alikes, full-width, invisible characters, digits for letters', () => {
    expect(names.evasions.filter((name) => !isSensitiveName(name))).toEqual([]);
  });

  it('P1: finds every spelling of the cabinjs base names', () => {
    const all = Array.from(new Set(names.baseNames.flatMap(spellings)));
    expect(all.length).toBeGreaterThan(2_000);
    expect(all.filter((name) => !goes(name))).toEqual([]);
  });

  it('keeps benign names', () => {
    expect(names.benign.length).toBeGreaterThan(200);
    expect(names.benign.filter((name) => judgeName(name) !== 'plain')).toEqual([]);
  });

  it('leaves bare key, auth, code and state to their context', () => {
    expect(names.context.filter((name) => judgeName(name) !== 'context')).toEqual([]);
    expect(names.context.filter(isSensitiveName)).toEqual([]);
  });

  it('takes long names without more than a look', () => {
    expect(judgeName(`${'x'.repeat(100_000)}password`)).toBe('secret');
    expect(judgeName('a1'.repeat(100_000))).toBe('plain');
    expect(judgeName('key'.repeat(80))).toBeDefined();
  });

  it('gives the same verdicts when it remembers them', () => {
    const judge = createNameMatcher();
    for (const name of [...names.secret, ...names.benign, ...names.secret]) expect(judge(name)).toBe(judgeName(name));
  });
});

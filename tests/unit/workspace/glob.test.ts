import { describe, expect, it } from 'vitest';
import { createGlob } from '../../../src/workspace/glob.ts';

const GLOBS: readonly (readonly [glob: string, path: string, matches: boolean])[] = [
  ['a.json', 'a.json', true],
  ['a.json', 'b/a.json', false],
  ['*.json', 'a.json', true],
  ['*.json', 'b/a.json', false],
  ['*.json', 'a.jsonx', false],
  ['**/*.json', 'a.json', true],
  ['**/*.json', 'b/c/a.json', true],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', true],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z', true],
  ['a/**/z', 'b/a/z', false],
  ['a/**/**/z', 'a/z', true],
  ['a/**/./**//**/z', 'a/b/c/z', true],
  ['**/**', 'a', true],
  ['apis/bruno', 'apis/bruno/x/y.json', true],
  ['apis/bruno', 'apis/bruno2/y.json', false],
  ['apis/bruno/', 'apis/bruno/y.json', true],
  ['./a', 'a/b', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a*b*c', 'axxbyyc', true],
  ['a*b*c', 'axxbyy', false],
  ['*', '', true],
  ['[a].json', '[a].json', true],
  ['(x|y)', 'x', false],
  ['..', 'a', false],
  ['', 'a', true],
  ['A.json', 'a.json', false],
];

describe('globs', () => {
  it.each(GLOBS)('%j against %j is %s', (glob, path, matches) => {
    expect(createGlob(glob)(path)).toBe(matches);
  });

  it('P12: take no longer for a hostile one', () => {
    expect(createGlob('**/'.repeat(500) + '*a'.repeat(500))(`${'x/'.repeat(500)}${'a'.repeat(2_000)}b`)).toBe(false);
    for (let times = 0; times < 100; times += 1)
      expect(createGlob(`${'**/'.repeat(20_000)}q`)('a/b/c/d/e')).toBe(false);
  });
});

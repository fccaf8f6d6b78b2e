import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from './source-files.ts';

/** The longest that the list of open promises may ever be again; shrink it together with the data file. */
const MAY_BE_OPEN: readonly string[] = [];

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const promisesOf = (threatModel: string) => [...threatModel.matchAll(/^\| (P\d+) \|/gm)].map(([, id]) => id ?? '');
const titled = (text: string) =>
  [...text.matchAll(/\b(?:it|test|describe)(?:\.each\([\s\S]{0,4000}?\))?\(\s*['"`](?:[^'"`]*?)\b(P\d+)\b/g)].map(
    ([, id]) => id ?? '',
  );

/** Promise ids that are neither proven by a named test nor listed as open. */
function unproven(promised: readonly string[], proven: ReadonlySet<string>, open: readonly string[]): string[] {
  return promised.filter((id) => !proven.has(id) && !open.includes(id));
}

describe('promises', () => {
  const promised = promisesOf(read('docs/THREAT-MODEL.md'));
  const open = (JSON.parse(read('tests/architecture/open-promises.json')) as { open: string[] }).open;
  const proven = new Set(
    sourceFiles('tests')
      .filter(({ path }) => path.endsWith('.test.ts') && path !== 'tests/architecture/promises.test.ts')
      .flatMap(({ text }) => titled(text)),
  );

  it('are P1 to P12', () => {
    expect(promised).toEqual(Array.from({ length: 12 }, (_, index) => `P${index + 1}`));
  });

  it('each has a test that names it, or is listed as open', () => {
    expect(unproven(promised, proven, open)).toEqual([]);
  });

  it('the list of open ones only shrinks', () => {
    expect(open.filter((id) => !MAY_BE_OPEN.includes(id))).toEqual([]);
  });

  it('bites: a promise without a test is found', () => {
    expect(unproven(['P1', 'P13'], new Set(['P1']), open)).toEqual(['P13']);
    expect(titled("it('P3: zero connections seen', () => {})")).toEqual(['P3']);
    expect(titled("// P3\nit('something else', () => {})")).toEqual([]);
  });
});

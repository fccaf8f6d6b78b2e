import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { ignoreAll, isIgnored, parseIgnore } from '../../../src/workspace/gitignore.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { collectionText, tempFolder } from './temp-folder.ts';

const GIT = 'git';

const hasGit = (() => {
  try {
    return execFileSync(GIT, ['--version']).length > 0;
  } catch {
    return false;
  }
})();

const FILES = [
  'a.json',
  'b.json',
  'ab.json',
  'b/a.json',
  'b/ab.json',
  'b/c.json',
  'a/a.json',
  'a/b/a.json',
  'a/b/c/a.json',
  'a/b/c/b.json',
  'c/a b.json',
  'c/#a.json',
  'c/!a.json',
  'c/[a].json',
  'c/ä.json',
];

type Ignores = Readonly<Record<string, string | Buffer>>;

interface Left {
  readonly git: readonly string[];
  readonly served: readonly string[];
}

/** For each of these ignore files, the files below a folder that they leave: as git sees them, or as a workspace serves them. */
async function left(cases: readonly Ignores[]): Promise<readonly Left[]> {
  const repository = tempFolder({});
  for (const [at, ignores] of cases.entries()) {
    for (const [file, text] of [...Object.entries(COLLECTIONS), ...Object.entries(ignores)]) {
      const path = join(repository, String(at), file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  const git = (...args: readonly string[]) =>
    execFileSync(GIT, ['-C', repository, '-c', 'core.excludesFile=/dev/null', ...args], { encoding: 'utf8' });
  git('init', '--quiet', '--template=');
  const untracked = git('ls-files', '--others', '--exclude-standard', '-z').split('\0');
  return Promise.all(
    cases.map(async (_, at) => {
      const below = untracked.filter((file) => file.startsWith(`${at}/`) && file.endsWith('.json'));
      const opened = await openWorkspace({ roots: [join(repository, String(at))], forbidden: [] });
      if (!opened.ok) throw new Error(opened.failure.code);
      const served = opened.value.collections().map(({ file }) => file);
      return { git: below.map((file) => file.slice(`${at}/`.length)).sort(), served: served.sort() };
    }),
  );
}

const COLLECTIONS = Object.fromEntries(FILES.map((file) => [file, collectionText(file)]));

const CASES: readonly (readonly [name: string, ignores: Ignores])[] = [
  ['nothing', { '.gitignore': '\n# *.json\n   \n' }],
  ['a name at any depth', { '.gitignore': 'a.json' }],
  ['a name at the root', { '.gitignore': '/a.json' }],
  ['a path', { '.gitignore': 'a/b/a.json' }],
  ['a folder', { '.gitignore': 'b/' }],
  ['a folder by a name that a file has too', { '.gitignore': 'a.json/' }],
  ['a wildcard', { '.gitignore': '?.json\n' }],
  ['a wildcard that stops at a slash', { '.gitignore': '/a*a.json' }],
  ['any depth before', { '.gitignore': '**/b/a.json' }],
  ['any depth between', { '.gitignore': 'a/**/a.json' }],
  ['any depth behind', { '.gitignore': 'a/b/**' }],
  ['all but one', { '.gitignore': '*\n!/a.json' }],
  ['all but one below an ignored folder, which stays ignored', { '.gitignore': 'a/\n!a/a.json' }],
  ['all but one below folders that are taken back', { '.gitignore': '/*\n!/a\n/a/*\n!/a/b' }],
  ['a deeper file that takes back', { '.gitignore': '*.json', 'a/.gitignore': '!a.json' }],
  ['a folder that a deeper file takes back', { '.gitignore': 'a/*', 'a/.gitignore': '!b' }],
  ['a path of a deeper file', { 'a/.gitignore': '/b/a.json\nb/c/b.json' }],
  ['the last rule', { '.gitignore': '!a.json\na.json\n!a.json\na.json' }],
  ['lines that end in CR LF', { '.gitignore': 'a.json\r\nb/\r\n' }],
  ['a byte order mark', { '.gitignore': '\uFEFFa.json' }],
  ['trailing spaces', { '.gitignore': 'a.json   \nc/a\\ b.json' }],
  ['escapes', { '.gitignore': '\\#a.json\n\\!a.json\n\\[a].json' }],
  ['a bracket', { '.gitignore': '[ab].json' }],
  ['a range that is negated', { '.gitignore': '[!a-b].json\nc/[^b-z]*' }],
  ['a class', { '.gitignore': '[[:alpha:]].json' }],
  ['a bracket in a bracket', { '.gitignore': '[]a].json\n[[]a].json' }],
  ['an open bracket', { '.gitignore': 'a.json[\n[a.json' }],
  ['an escape of nothing', { '.gitignore': 'a.json\\' }],
  ['only slashes', { '.gitignore': '/\n//\n!/' }],
  ['a letter beyond ASCII', { '.gitignore': 'ä*' }],
  ['a comment that is not UTF-8', { '.gitignore': Buffer.from('# gepr\xfcft\na.json\nb/\n', 'latin1') }],
  ['any depth many times', { '.gitignore': `a/${'**/'.repeat(12)}a.json\nb/${'**/'.repeat(12)}**` }],
  ['any depth at both ends', { '.gitignore': '**/**/b/**/**' }],
  ['classes and ranges together', { '.gitignore': '[[:upper:]b-c].json\n[![:punct:]a].json' }],
  ['stars in a row', { '.gitignore': 'a**b.json\n***/c.json' }],
];

describe.skipIf(!hasGit)('ignore files, as git sees them', () => {
  it('each way to write a rule', async () => {
    const seen = await left(CASES.map(([, ignores]) => ignores));
    const named = (which: keyof Left) => CASES.map(([name], at) => [name, seen[at]?.[which]]);
    expect(named('served')).toEqual(named('git'));
  });

  it('whatever their patterns are', async () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'c',
      '.json',
      '*',
      '**',
      '?',
      '/',
      '[ab]',
      '[!a]',
      'a.json',
      'b/',
      '*.json',
    );
    const line = fc
      .tuple(fc.constantFrom('', '', '!'), fc.array(piece, { minLength: 1, maxLength: 5 }))
      .map(([negation, pieces]) => negation + pieces.join(''));
    const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'));
    const ignores = fc.record({ '.gitignore': text, 'a/.gitignore': text, 'a/b/.gitignore': text });
    // Many at once, so that git is asked once for all of them.
    const many = fc.array(ignores, { minLength: 40, maxLength: 40 });
    const property = fc.asyncProperty(many, async (cases) => {
      const seen = await left(cases);
      expect(seen.map(({ served }) => served)).toEqual(seen.map(({ git }) => git));
    });
    await fc.assert(property, { numRuns: 2 });
  });
});

/** Patterns that make a backtracking matcher run for ever, and a path that almost matches. */
const HOSTILE: readonly (readonly [pattern: string, path: string])[] = [
  [`${'**/a/'.repeat(40)}c`, `${'a/'.repeat(120)}d`],
  [`${'*a'.repeat(100)}c`, `${'a'.repeat(250)}d`],
  [`${'*[ab]'.repeat(100)}c`, `${'ab'.repeat(120)}d`],
  [`${'[[:alpha:]]*'.repeat(80)}1`, 'a'.repeat(250)],
];

const FILLED = limits.ignoreFileBytes - 16;

/** Patterns that fill an ignore file; one alone would take hours if its cost grew with the square of its length. */
const LONG: readonly (readonly [name: string, pattern: string, path: string])[] = [
  ['any depth', `a/${'**/'.repeat(FILLED / 3)}b`, `a/${'c/'.repeat(24)}d`],
  ['stars', `${'*a'.repeat(FILLED / 2)}`, 'a'.repeat(255)],
  ['only stars', `${'*'.repeat(FILLED)}b`, 'a'.repeat(255)],
  ['brackets', `${'*[a]'.repeat(FILLED / 4)}`, 'a'.repeat(255)],
  ['one bracket', `*[${'\0-\x7f'.repeat(FILLED / 3)}]b`, 'a'.repeat(255)],
  ['classes', `*[${'[:alpha:]'.repeat(FILLED / 9)}]1`, 'a'.repeat(255)],
  ['open brackets', '['.repeat(FILLED), 'a'.repeat(255)],
  ['spaces', `a${' '.repeat(FILLED)}b`, 'a'],
  ['backslashes', '\\'.repeat(FILLED), 'a'],
];

describe('a hostile pattern', () => {
  it.each(HOSTILE)('P12: %s is answered like any other', (pattern, path) => {
    expect(isIgnoredBy(pattern, path)).toBe(false);
  });

  it.each(LONG)('P12: of %s, as long as a file may be, is answered like any other', (_, pattern, path) => {
    for (let times = 0; times < 20; times += 1) expect(isIgnoredBy(pattern, path)).toBe(false);
  });

  it.each([
    ['the longest name', 255],
    ['the longest in bytes', 765],
  ])('P12: still matches %s', (_, length) => {
    expect(isIgnoredBy('?'.repeat(length), 'a'.repeat(length))).toBe(true);
    expect(isIgnoredBy('*?'.repeat(length), 'a'.repeat(length))).toBe(true);
  });
});

function isIgnoredBy(pattern: string, path: string): boolean {
  return isIgnored({ folder: '', rules: parseIgnore(pattern) ?? ignoreAll, above: undefined }, path, false);
}

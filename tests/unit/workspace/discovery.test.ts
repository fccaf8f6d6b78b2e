import { chmodSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { Workspace } from '../../../src/execute/ports.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import type { WorkspaceOptions } from '../../../src/workspace/workspace-files.ts';
import { collectionText, tempFolder } from './temp-folder.ts';

const environment = '{"name":"Dev","values":[{"key":"a","value":"b"}]}';
const BRUNO = '{"version":"1","name":"Shop","type":"collection"}';
const REQUEST =
  'meta {\n  name: Read\n  type: http\n  seq: 1\n}\n\nget {\n  url: https://h/{{process.env.HOST_ID}}\n}\n';

async function open(roots: readonly string[], options: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  const opened = await openWorkspace({ forbidden: [], ...options, roots });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

const filesOf = (workspace: Workspace) =>
  [...workspace.collections(), ...workspace.environments()].map(({ file }) => file).sort();

describe('what a file is', () => {
  it('is told by its content, whatever it is called', async () => {
    const root = tempFolder({
      'anything.json': collectionText('A'),
      'other.json': environment,
      'notes.json': '{"a":1}',
      'api.yaml': 'openapi: 3.0.0\ninfo: {title: T, version: "1"}\npaths: {/a: {get: {responses: {}}}}\n',
    });
    const workspace = await open([root]);
    expect(
      workspace
        .collections()
        .map(({ dialect }) => dialect)
        .sort(),
    ).toEqual(['openapi', 'postman']);
    expect(workspace.environments().map(({ name }) => name)).toContain('Dev');
    expect(workspace.problems()).toEqual([]);
  });
});

/** Globs of keyward.yaml, and what of the workspace below is served. */
const NAMED: readonly (readonly [include: readonly string[] | undefined, expected: readonly string[]])[] = [
  [undefined, ['a.json']],
  [['**/*.json'], ['a.json']],
  [
    ['ignored.json', 'a.json'],
    ['a.json', 'ignored.json'],
  ],
  [['./build/api/x.json'], ['build/api/x.json']],
  [['build/api'], ['build/api/deep/z.json', 'build/api/x.json']],
  [['build/api/*.json'], []],
  [['build'], ['build/api/deep/z.json', 'build/api/x.json', 'build/other.json']],
  [['build/**'], []],
];

describe('what is ignored', () => {
  it.each(NAMED)('is served where a glob names it exactly: %j', async (include, expected) => {
    const root = tempFolder({
      '.gitignore': 'build/\nignored.json',
      'a.json': collectionText('A'),
      'ignored.json': collectionText('I'),
      'build/other.json': collectionText('O'),
      'build/api/x.json': collectionText('X'),
      'build/api/deep/z.json': collectionText('Z'),
    });
    expect(filesOf(await open([root], { ...(include && { include }) }))).toEqual(expected);
  });

  it('is served where it is named as a root, file or folder', async () => {
    const root = tempFolder({
      '.gitignore': 'build\nx.json',
      'x.json': collectionText('X'),
      'build/y.json': collectionText('Y'),
    });
    expect(filesOf(await open([join(root, 'x.json')]))).toEqual(['x.json']);
    expect(filesOf(await open([join(root, 'build')]))).toEqual(['y.json']);
  });

  it('P8: is not taken back by a link of an ignore file to elsewhere', async () => {
    const outside = tempFolder({ rules: '*.json' });
    const root = tempFolder({ 'a.json': collectionText('A') });
    symlinkSync(join(outside, 'rules'), join(root, '.gitignore'));
    expect(filesOf(await open([root]))).toEqual(['a.json']);
  });

  it.each([
    ['over the limit', limits.ignoreFileBytes + 1, 'COLLECTION/IGNORE_FILE'],
    ['within it', limits.ignoreFileBytes, undefined],
  ])('P12: an ignore file %s', async (_, bytes, code) => {
    const root = tempFolder({ '.gitignore': 'a.json\n', 'a.json': collectionText('A') });
    truncateSync(join(root, '.gitignore'), bytes);
    const workspace = await open([root]);
    expect(workspace.problems().map((problem) => problem.code)).toEqual(code ? [code] : []);
    expect(filesOf(workspace)).toEqual([]);
  });

  it.each([
    ['as many patterns as there may be', 'x\n'.repeat(limits.ignorePatterns), true],
    ['one more', 'x\n'.repeat(limits.ignorePatterns + 1), false],
    ['as many comments as fit', '#\n'.repeat(limits.ignoreFileBytes / 2), true],
    ['a pattern of as many parts as it may have', `${'x/'.repeat(limits.patternParts - 1)}y`, true],
    ['one of one more', `${'x/'.repeat(limits.patternParts)}y`, false],
  ])('P12: an ignore file with %s is followed, or holds back all of its folder', async (_, text, isFollowed) => {
    const root = tempFolder({
      'a/.gitignore': text,
      'a/b.json': collectionText('B'),
      'a/deep/.gitignore': '!c.json',
      'a/deep/c.json': collectionText('C'),
      'd.json': collectionText('D'),
    });
    const workspace = await open([root]);
    expect(filesOf(workspace)).toEqual(isFollowed ? ['a/b.json', 'a/deep/c.json', 'd.json'] : ['d.json']);
    expect(workspace.problems().map(({ code, where }) => [code, where?.file])).toEqual(
      isFollowed ? [] : [['COLLECTION/IGNORE_FILE', 'a/.gitignore']],
    );
  });

  it.skipIf(process.getuid?.() === 0)(
    'P9: an ignore file that cannot be read holds back all of its folder',
    async () => {
      const root = tempFolder({ '.gitignore': 'x', 'a.json': collectionText('A') });
      chmodSync(join(root, '.gitignore'), 0);
      const workspace = await open([root]);
      expect(workspace.problems()).toMatchObject([{ code: 'COLLECTION/IGNORE_FILE', where: { file: '.gitignore' } }]);
      expect(filesOf(workspace)).toEqual([]);
    },
  );
});

describe('what is hidden', () => {
  it('is read where a client reads it beside its collections, and nowhere else', async () => {
    const urlWith = async (files: Readonly<Record<string, string>>) => {
      const workspace = await open([tempFolder({ 'bruno.json': BRUNO, 'read.bru': REQUEST, ...files })]);
      return JSON.stringify(workspace.collections()[0]?.requests[0]?.open().url);
    };
    expect(await urlWith({ '.env': 'HOST_ID=eleven' })).toContain('otherwise');
    expect(await urlWith({ '.gitignore': '.env', '.env': 'HOST_ID=eleven' })).toContain('otherwise');
    expect(await urlWith({ '.env.local': 'HOST_ID=eleven', '.git/.env': 'HOST_ID=eleven' })).not.toContain('otherwise');
    expect(await urlWith({ '.gitignore': 'x', 'x/.env': 'HOST_ID=eleven' })).not.toContain('otherwise');
  });

  it('is left alone beside nothing that it belongs to', async () => {
    const root = tempFolder({
      '.env': Buffer.from([0xff, 0xfe, 0xfd]),
      'a.json': collectionText('A'),
      'b/bruno.json': BRUNO,
    });
    expect((await open([root])).problems()).toMatchObject([{ code: 'COLLECTION/MALFORMED' }]);
    expect(
      (await open([root], { include: ['a.json'] })).problems().filter(({ where }) => where?.file === '.env'),
    ).toEqual([{ code: 'COLLECTION/MALFORMED', facts: expect.anything(), where: { file: '.env' } }]);
  });

  it('is searched where Postman keeps its definitions', async () => {
    const root = tempFolder({
      'Shop/.resources/definition.yaml': '$kind: collection\nname: Shop\n',
      'Shop/Read.request.yaml': '$kind: http-request\nname: Read\nmethod: GET\nurl: https://h/\n',
      'Shop/.other/a.json': collectionText('A'),
      '.resources/node_modules/a.json': collectionText('A'),
    });
    expect((await open([root])).collections().map(({ name }) => name)).toEqual(['Shop']);
  });
});

describe('problems', () => {
  it('come in the order of the files, each time', async () => {
    const root = tempFolder({
      'b.postman_collection.json': '{',
      'a/z.postman_collection.json': '{',
      'a.postman_collection.json': '{"item":[{"request":"https://h"},{"name":"x"}]}',
      'c/.gitignore': Buffer.alloc(limits.ignoreFileBytes + 1),
    });
    const files = async () => (await open([root])).problems().map(({ where }) => where?.file);
    const first = await files();
    expect(first).toEqual([
      'c/.gitignore',
      'a/z.postman_collection.json',
      'b.postman_collection.json',
      'a.postman_collection.json',
    ]);
    expect(await files()).toEqual(first);
  });
});

describe('loading', () => {
  it('lets others have their turn', async () => {
    const files = Array.from({ length: 1_500 }, (_, at) => [`${at}.json`, collectionText(`C${at}`, 'r')] as const);
    const root = tempFolder(Object.fromEntries(files));
    let turns = 0;
    let loaded = false;
    const count = () => {
      turns += 1;
      if (!loaded) setImmediate(count);
    };
    setImmediate(count);
    const workspace = await open([root]);
    loaded = true;
    expect(workspace.collections()).toHaveLength(1_500);
    expect(turns).toBeGreaterThan(2);
  });
});

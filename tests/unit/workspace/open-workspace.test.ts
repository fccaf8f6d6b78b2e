import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { Workspace } from '../../../src/execute/ports.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { collectionText, makePipe, tempFolder } from './temp-folder.ts';

const environment = '{"name":"Dev","values":[{"key":"a","value":"b"}]}';

describe('what a workspace finds', () => {
  it('is every collection and environment below its roots, in path order', async () => {
    const root = tempFolder({
      'b.json': collectionText('B'),
      'a/z.json': collectionText('Z'),
      'a/dev.json': environment,
      'C.JSON': collectionText('C'),
      'package.json': '{"name":"x","version":"1"}',
      'list.json': '[1]',
      'readme.md': '{"item":[]}',
      '.hidden/x.json': collectionText('hidden'),
      '.dot.json': collectionText('dot'),
      'node_modules/p/x.json': collectionText('package'),
    });
    const workspace = await open([root]);
    expect(workspace.collections().map(({ file }) => file)).toEqual(['C.JSON', 'a/z.json', 'b.json']);
    expect(workspace.environments().map(({ file }) => file)).toEqual(['a/dev.json']);
    expect(workspace.problems()).toEqual([]);
  });

  it('keeps to the globs that are given', async () => {
    const root = tempFolder({
      'a/x.json': collectionText('X'),
      'a/b/y.json': collectionText('Y'),
      'z.json': environment,
    });
    const found = await open([root], ['a/b', '*.nothing']);
    expect([...found.collections(), ...found.environments()].map(({ file }) => file)).toEqual(['a/b/y.json']);
  });

  it('reads a named file whatever it is called, and says so when it is nothing', async () => {
    const root = tempFolder({ 'api.txt': collectionText('A'), 'other.txt': 'hello' });
    expect((await open([join(root, 'api.txt')])).collections()).toHaveLength(1);
    expect((await open([join(root, 'other.txt')])).problems()).toMatchObject([
      { code: 'COLLECTION/UNSUPPORTED', facts: { file: 'other.txt' } },
    ]);
  });

  it('counts a file of overlapping roots once, and tells equal paths of two roots apart', async () => {
    const one = tempFolder({ 'x/a.json': collectionText('A', 'r'), 'b.json': collectionText('B', 'r') });
    const two = tempFolder({ 'b.json': collectionText('B', 'r') });
    const workspace = await open([one, join(one, 'x'), join(one, 'b.json'), two]);
    const files = workspace.collections().map(({ file }) => file);
    expect(files.filter((file) => !file.startsWith('keyward-test-'))).toEqual(['b.json', 'x/a.json']);
    expect(files.find((file) => file.startsWith('keyward-test-'))).toMatch(/^keyward-test-\w+\/b\.json$/);
    expect(new Set(workspace.collections().flatMap((c) => c.requests.map(({ id }) => id))).size).toBe(3);
  });

  it('P9: fails for a root that is not there', async () => {
    const missing = join(tempFolder(), 'missing');
    expect(await openWorkspace({ roots: [missing], forbidden: [] })).toMatchObject({
      failure: { code: 'COLLECTION/UNREADABLE' },
    });
  });
});

describe('files outside the roots', () => {
  it('P8: are not reached by links', async () => {
    const outside = tempFolder({
      'secret.json': collectionText('Outside'),
      'folder/x.json': collectionText('Outside'),
    });
    const root = tempFolder({ 'a.json': collectionText('A') });
    symlinkSync(join(outside, 'secret.json'), join(root, 'link.json'));
    symlinkSync(join(outside, 'folder'), join(root, 'linked'));
    symlinkSync(root, join(root, 'loop'));
    expect((await open([root])).collections().map(({ name }) => name)).toEqual(['A']);
  });
});

describe('encodings', () => {
  const text = collectionText('Grüße 😀', 'r');
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE with a mark', utf16],
    ['UTF-16BE with a mark', Buffer.from(utf16).swap16()],
  ])('reads %s, and counts its lines', async (_, bytes) => {
    const workspace = await open([tempFolder({ 'a.json': bytes })]);
    const [collection] = workspace.collections();
    expect(collection?.name).toBe('Grüße 😀');
    const found = workspace.findRequest('r');
    expect(found.ok && workspace.locate(found.value)).toEqual({ file: 'a.json', line: 7, column: 5 });
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['half a UTF-16 unit', Buffer.concat([utf16, Buffer.from([0x20, 0xd8])])],
  ])('P9: refuses %s', async (_, bytes) => {
    const workspace = await open([tempFolder({ 'a.postman_collection.json': bytes, 'b.json': collectionText('B') })]);
    expect(workspace.problems()).toMatchObject([{ code: 'COLLECTION/MALFORMED' }]);
    expect(workspace.collections()).toHaveLength(1);
  });
});

/** What stands in a file that is meant to be a collection, and what is said of it. */
const BROKEN: readonly (readonly [name: string, text: string, expected: unknown])[] = [
  ['nothing', '', { code: 'COLLECTION/MALFORMED', where: { line: 1, column: 1 } }],
  ['a cut', '{"info": {"name": "x"},\n "item": [', { code: 'COLLECTION/MALFORMED', where: { line: 2, column: 11 } }],
  ['a comma too many', '{"item": [],}', { code: 'COLLECTION/MALFORMED', where: { line: 1, column: 13 } }],
  [
    'version 1',
    '{"id":"1","order":[],"requests":[]}',
    { code: 'COLLECTION/UNSUPPORTED', facts: { format: 'postman-1' } },
  ],
  ['version 1 with folders', '{"folders":[],"requests":[]}', { code: 'COLLECTION/UNSUPPORTED' }],
  [
    'a broken item',
    '{"item":[{"request":"https://h"},\n{"name":"x"}]}',
    { code: 'COLLECTION/MALFORMED', where: { line: 2, column: 1 } },
  ],
];

describe('a file that does not load', () => {
  it.each(BROKEN)('P9: with %s is a problem with its place, and the rest is served', async (_, text, expected) => {
    const workspace = await open([
      tempFolder({ 'bad.postman_collection.json': text, 'good.json': collectionText('Good') }),
    ]);
    expect(workspace.problems()).toMatchObject([expected]);
    expect(workspace.collections().map(({ name }) => name)).toContain('Good');
  });

  it('P9: names the place of an error without what stands there', async () => {
    const workspace = await open([tempFolder({ 'a.json': '{"item": [{"password": "hunter2" "x"}]}' })]);
    expect(JSON.stringify(workspace.problems())).not.toContain('hunter2');
    expect(workspace.problems()).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('P9: without the right to read it is a problem', async () => {
    const root = tempFolder({ 'a.json': collectionText('A'), 'folder/b.json': collectionText('B') });
    chmodSync(join(root, 'a.json'), 0);
    chmodSync(join(root, 'folder'), 0);
    const codes = (await open([root])).problems().map(({ code, facts }) => `${code} ${facts.file}`);
    chmodSync(join(root, 'folder'), 0o700);
    expect(codes).toEqual(['COLLECTION/UNREADABLE folder', 'COLLECTION/UNREADABLE a.json']);
  });

  it('P12: because it is a named pipe does not hold the process', async () => {
    const root = tempFolder({ 'a.json': collectionText('A') });
    makePipe(join(root, 'pipe.json'));
    expect((await open([root])).collections()).toHaveLength(1);
    expect(await openWorkspace({ roots: [join(root, 'pipe.json')], forbidden: [] })).toMatchObject({
      failure: { code: 'COLLECTION/UNREADABLE' },
    });
  });
});

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Documents whose texts are structures, and the name that comes of it. */
const DEEP: readonly (readonly [what: string, text: string])[] = [
  ['name', `{"info":{"_postman_id":"1","name":${nested(100_000)}},"item":[]}`],
  ['schema', `{"info":{"_postman_id":"1","schema":${nested(100_000)}},"item":[]}`],
  ['variable', `{"info":{"_postman_id":"1"},"variable":[{"key":"a","value":${nested(100_000)}}],"item":[]}`],
  ['request', `{"info":{"_postman_id":"1"},"item":[{"name":${nested(100_000)},"request":{"url":${nested(100_000)}}}]}`],
  ['value', `{"name":"e","values":[{"key":"a","value":${nested(100_000)}}]}`],
];

describe('hostile files', () => {
  it.each(DEEP)('P9: a %s that nests without end keeps nothing else from being served', async (_, text) => {
    const workspace = await open([tempFolder({ 'deep.json': text, 'good.json': collectionText('Good') })]);
    expect(workspace.collections().map(({ name }) => name)).toContain('Good');
    for (const collection of workspace.collections()) {
      expect(collection.variables().every(({ value }) => value.length === 0)).toBe(true);
      for (const entry of collection.requests) expect(entry.open().method).toBe('GET');
    }
  });

  it('P12: structures are spelt to the depth limit', async () => {
    const at = (depth: number) => `{"name":"e","values":[{"key":"a","value":${nested(depth)}}]}`;
    const root = tempFolder({ 'in.json': at(limits.valueDepth), 'out.json': at(limits.valueDepth + 1) });
    expect((await open([root])).environments().map(({ variables }) => variables[0]?.value)).toEqual([
      [{ kind: 'text', text: nested(limits.valueDepth) }],
      [],
    ]);
  });

  it('P12: problems of a file are listed to a limit, with their places, and the others counted', async () => {
    const many = (count: number) => `{"info":{"_postman_id":"1"},"item":[${Array(count).fill('0').join(',\n')}]}`;
    const at = async (count: number) => (await open([tempFolder({ 'a.json': many(count) })])).problems();
    expect(await at(limits.fileProblems)).toHaveLength(limits.fileProblems);
    const over = await at(limits.fileProblems + 2);
    expect(over).toHaveLength(limits.fileProblems + 1);
    expect(over.slice(-2)).toMatchObject([
      { code: 'COLLECTION/MALFORMED', where: { file: 'a.json', line: limits.fileProblems } },
      { code: 'COLLECTION/MALFORMED', facts: { problem: 'and 2 more problems' } },
    ]);
    expect(await at(1_000_000)).toHaveLength(limits.fileProblems + 1);
  });

  it('P12: an address of the schema is read to its two hundredth character', async () => {
    const schema = 'schema.postman.com/'.repeat(200_000);
    const text = JSON.stringify({ info: { _postman_id: '1', schema }, item: [] });
    expect((await open([tempFolder({ 'a.json': text })])).collections()).toMatchObject([{ format: 'postman-2' }]);
  });

  it('keeps to every list of globs that is given', async () => {
    const root = tempFolder({
      'a/x.json': collectionText('X'),
      'a/y.json': collectionText('Y'),
      'b/x.json': collectionText('Z'),
    });
    const files = async (include: readonly string[] | undefined, alsoWithin: readonly (readonly string[])[]) => {
      const opened = await openWorkspace({ roots: [root], forbidden: [], alsoWithin, ...(include && { include }) });
      return opened.ok ? opened.value.collections().map(({ file }) => file) : opened;
    };
    expect(await files(['**/x.json'], [['a']])).toEqual(['a/x.json']);
    expect(await files(undefined, [['a'], ['a/y.json', 'b']])).toEqual(['a/y.json']);
    expect(await files(['b'], [['a']])).toEqual([]);
  });
});

describe('limits', () => {
  it('P12: a file over the size limit is a problem that says so', async () => {
    const root = tempFolder({ 'big.json': '{}', 'full.json': '{}' });
    truncateSync(join(root, 'big.json'), limits.collectionFileBytes + 1);
    truncateSync(join(root, 'full.json'), limits.collectionFileBytes);
    expect((await open([root])).problems()).toMatchObject([
      { code: 'COLLECTION/TOO_LARGE', facts: { file: 'big.json', limitBytes: limits.collectionFileBytes } },
    ]);
  });

  it('P12: folders are searched to the depth limit', async () => {
    const deep = (levels: number) => 'd/'.repeat(levels);
    const root = tempFolder({
      [`${deep(limits.workspaceDepth)}in.json`]: collectionText('in'),
      [`${deep(limits.workspaceDepth + 1)}out.json`]: collectionText('out'),
    });
    const workspace = await open([root]);
    expect(workspace.collections().map(({ name }) => name)).toEqual(['in']);
    expect(workspace.problems()).toMatchObject([
      { code: 'COLLECTION/TOO_MANY', facts: { limit: limits.workspaceDepth } },
    ]);
  });

  it('P12: the number of files is limited', async () => {
    const root = tempFolder({ '0.json': '{}' });
    mkdirSync(join(root, 'many'));
    for (let count = 0; count < limits.workspaceFiles; count++) linkOrWrite(root, `many/${count}.json`, count);
    expect((await open([root])).problems()).toMatchObject([
      { code: 'COLLECTION/TOO_MANY', facts: { limit: limits.workspaceFiles, what: 'files' } },
    ]);
  });

  it('P12: folders of a collection nest to the depth limit', async () => {
    const nest = (levels: number): unknown =>
      levels === 0 ? { name: 'r', request: 'https://h' } : { name: 'f', item: [nest(levels - 1)] };
    const text = (levels: number) => JSON.stringify({ info: { _postman_id: '1' }, item: [nest(levels)] });
    const workspace = await open([
      tempFolder({ 'in.json': text(limits.itemDepth), 'out.json': text(limits.itemDepth + 1) }),
    ]);
    expect(workspace.collections().map(({ requests }) => requests.length)).toEqual([1, 0]);
    expect(workspace.problems()).toMatchObject([
      { code: 'COLLECTION/TOO_MANY', facts: { limit: limits.itemDepth }, where: { file: 'out.json' } },
    ]);
  });
});

describe('locating a request', () => {
  it('reads the file as it is now, and gives the file alone when the item is gone', async () => {
    const root = tempFolder({ 'a.json': collectionText('A', 'one', 'two') });
    const workspace = await open([root]);
    const found = workspace.findRequest('two');
    if (!found.ok) throw new Error('not found');
    writeFileSync(join(root, 'a.json'), `\n\n\n${collectionText('A', 'one', 'two')}`);
    expect(workspace.locate(found.value)).toEqual({ file: 'a.json', line: 17, column: 5 });
    writeFileSync(join(root, 'a.json'), collectionText('A', 'one'));
    expect(workspace.locate(found.value)).toEqual({ file: 'a.json' });
  });
});

async function open(roots: readonly string[], include?: readonly string[]): Promise<Workspace> {
  const opened = await openWorkspace({ roots, forbidden: [], ...(include && { include }) });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

/** A hard link costs no file, but one file takes only so many of them. */
function linkOrWrite(root: string, path: string, count: number): void {
  if (count % 10_000 === 0) writeFileSync(join(root, path), '{}');
  else linkSync(join(root, `many/${count - (count % 10_000)}.json`), join(root, path));
}

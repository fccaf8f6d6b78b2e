import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFence, entangledRoot } from '../../../src/workspace/fence.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { collectionText, tempFolder } from './temp-folder.ts';

function folder(): string {
  const root = tempFolder({
    'a.json': collectionText('A'),
    'data/vault.key': 'KEY',
    'data/inner/b.json': collectionText('B'),
    'database/c.txt': 'beside',
  });
  symlinkSync(join(root, 'data'), join(root, 'link'));
  symlinkSync(join(root, 'data/vault.key'), join(root, 'key.txt'));
  return root;
}

/** A path below the folder, and whether it lies in its `data`. */
const PATHS: readonly (readonly [path: string, held: boolean])[] = [
  ['data', true],
  ['data/vault.key', true],
  ['data/missing/deeper', true],
  ['database/../data/inner', true],
  ['link/vault.key', true],
  ['link', true],
  ['key.txt', true],
  ['.', false],
  ['a.json', false],
  ['database/c.txt', false],
  ['missing', false],
];

describe('the data folder inside a workspace', () => {
  it.each(PATHS)('P8: holds %j: %s', async (path, held) => {
    const root = folder();
    expect(createFence([join(root, 'data')]).holds(join(root, path))).toBe(held);
    expect(createFence([join(root, 'link')]).holds(join(root, path))).toBe(held);
    expect(createFence([]).holds(join(root, path))).toBe(false);
  });

  it('P8: is kept out when it is made later', async () => {
    const root = tempFolder();
    const fence = createFence([join(root, 'late')]);
    expect(fence.holds(join(root, 'late'))).toBe(false);
    mkdirSync(join(root, 'late'));
    expect(fence.holds(join(root, 'late/x'))).toBe(true);
  });

  it('P8: is not searched, and none of it is sent', async () => {
    const root = folder();
    const opened = await openWorkspace({ roots: [root], forbidden: [join(root, 'data')] });
    const [collection] = opened.ok ? opened.value.collections() : [];
    if (!opened.ok || !collection) throw new Error('not loaded');
    expect(opened.value.collections().map(({ name }) => name)).toEqual(['A']);
    for (const path of ['data/vault.key', 'link/vault.key', 'key.txt', 'data']) {
      expect((await opened.value.attachments())(collection, path)).toMatchObject({
        failure: { code: 'REQUEST/FILE_UNAVAILABLE', facts: { problem: 'it does not exist inside the workspace' } },
      });
    }
    expect((await opened.value.attachments())(collection, 'database/c.txt')).toMatchObject({
      value: { fileName: 'c.txt' },
    });
  });

  it.each(['data', 'data/inner', 'data/inner/b.json', 'link'])('P8: is no workspace itself: %s', async (path) => {
    const root = folder();
    expect(await openWorkspace({ roots: [join(root, path)], forbidden: [join(root, 'data')] })).toMatchObject({
      failure: { code: 'CONFIG/HOME_UNSAFE' },
    });
  });

  it('is told of, whichever lies in the other', async () => {
    const root = folder();
    const home = join(root, 'data');
    expect(entangledRoot(home, [root])).toBe(root);
    expect(entangledRoot(join(root, 'not/made/yet'), [root])).toBe(root);
    expect(entangledRoot(home, [join(root, 'database'), join(home, 'inner')])).toBe(join(home, 'inner'));
    expect(entangledRoot(home, [join(root, 'database'), join(root, 'a.json')])).toBeUndefined();
  });
});

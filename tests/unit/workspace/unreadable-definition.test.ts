import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { tempFolder } from './temp-folder.ts';

const REQUEST = 'get {\n  url: https://api.example.com\n  auth: inherit\n}\n';
const ADMIN = 'auth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{admin}}\n}\n';

/** How a file comes to be one that no dialect is shown the text of, and the problem that it is. */
const UNREADABLE: readonly (readonly [string, (path: string) => void, string])[] = [
  ['too large', (path) => truncateSync(path, limits.collectionFileBytes + 1), 'COLLECTION/TOO_LARGE'],
  ['no text', () => undefined, 'COLLECTION/MALFORMED'],
];

for (const [what, spoil, code] of UNREADABLE) {
  it(`P4: a folder whose definition is ${what} inherits nothing from further out`, async () => {
    const root = tempFolder({
      'bruno.json': '{"name":"API"}',
      'collection.bru': ADMIN,
      'one.bru': REQUEST,
      'f/folder.bru': new Uint8Array([0xff, 0x00, 0xfe]),
      'f/two.bru': REQUEST,
    });
    spoil(join(root, 'f/folder.bru'));
    const opened = await openWorkspace({ roots: [root], forbidden: [] });
    const workspace = opened.ok ? opened.value : expect.fail('not opened');
    const requests = workspace.collections().flatMap((collection) => collection.requests);
    const listed = requests.map(({ file, notExecutable, open }) => [
      file,
      notExecutable === undefined,
      open().auth.type,
    ]);
    expect(listed.sort()).toEqual([
      ['f/two.bru', false, 'unknown'],
      ['one.bru', true, 'bearer'],
    ]);
    expect(workspace.problems().map((problem) => [problem.code, problem.where?.file])).toEqual([
      [code, 'f/folder.bru'],
    ]);
  });
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFollowedWorkspace } from '../../../src/workspace/followed-workspace.ts';
import { collectionText, tempFolder } from './temp-folder.ts';

describe('the workspace of a server', () => {
  it('that is opened anew while it opens follows what was asked for last', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`big/${at}.json`, collectionText(`C${at}`)]),
    );
    const root = tempFolder({ ...many, 'small/s.json': collectionText('S') });
    const followed = createFollowedWorkspace({ roots: [root], forbidden: [] });
    try {
      const [all, small] = await Promise.all([followed.open({}), followed.open({ include: ['small'] })]);
      if (!all.ok || !small.ok) throw new Error('not opened');
      expect(all.value.collections()).toHaveLength(201);
      expect(await followed.open({ include: ['small'] })).toEqual(small);
      const changed = new Promise<void>((resolve) => followed.onChange(resolve));
      writeFileSync(join(root, 'small/s.json'), collectionText('T'));
      await changed;
      expect(small.value.collections().map(({ name }) => name)).toEqual(['T']);
    } finally {
      followed.close();
    }
  });
});

import type { EventEmitter } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { WatchFolder } from '../../../src/workspace/folder-watchers.ts';
import { type LiveWorkspace, type WatchOptions, watchWorkspace } from '../../../src/workspace/watch-workspace.ts';
import { collectionText, tempFolder } from './temp-folder.ts';

const open: LiveWorkspace[] = [];

afterEach(() => {
  for (const live of open.splice(0)) live.close();
});

interface Watched {
  readonly root: string;
  readonly live: LiveWorkspace;
  save(file: string, text: string): void;
  /** Resolves when what is served is so, at once or after some change. */
  until(isSo: (live: LiveWorkspace) => boolean): Promise<void>;
}

async function watched(
  files: Readonly<Record<string, string>>,
  options: (root: string) => Partial<WatchOptions> = () => ({}),
): Promise<Watched> {
  const root = tempFolder(files);
  const opened = await watchWorkspace({ roots: [root], forbidden: [], lookEveryMs: 20, ...options(root) });
  if (!opened.ok) throw new Error(opened.failure.code);
  const live = opened.value;
  open.push(live);
  return {
    root,
    live,
    save(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    until: (isSo) =>
      new Promise((resolve) => {
        if (isSo(live)) return resolve();
        const stop = live.onChange(() => {
          if (!isSo(live)) return;
          stop();
          resolve();
        });
      }),
  };
}

const names = (live: LiveWorkspace) =>
  live
    .collections()
    .map(({ name }) => name)
    .sort();
const serves =
  (...wanted: readonly string[]) =>
  (live: LiveWorkspace) =>
    names(live).join() === wanted.join();

const collectionA = { 'a.json': collectionText('A') };

/** What is done to a workspace that holds A, and what is served then. */
const CHANGES: readonly (readonly [
  what: string,
  act: (root: string, save: Watched['save']) => void,
  ...wanted: string[],
])[] = [
  ['an edited file', (_, save) => save('a.json', collectionText('B')), 'B'],
  ['an edit of the same length', (_, save) => save('a.json', collectionText('Z')), 'Z'],
  ['an added file', (_, save) => save('b.json', collectionText('B')), 'A', 'B'],
  ['a file in a new folder', (_, save) => save('x/y/z/b.json', collectionText('B')), 'A', 'B'],
  ['a deleted file', (root) => unlinkSync(join(root, 'a.json'))],
  ['a renamed file', (root) => renameSync(join(root, 'a.json'), join(root, 'b.json')), 'A'],
  ['a file that is renamed to what is not read', (root) => renameSync(join(root, 'a.json'), join(root, 'a.json~'))],
  [
    'an atomic save',
    (root, save) => {
      save('.a.json.swp', collectionText('B'));
      renameSync(join(root, '.a.json.swp'), join(root, 'a.json'));
    },
    'B',
  ],
  [
    'a save that keeps the old file as a backup',
    (root, save) => {
      renameSync(join(root, 'a.json'), join(root, 'a.json~'));
      save('a.json', collectionText('B'));
    },
    'B',
  ],
  [
    'a save that empties the file first',
    (root) => {
      truncateSync(join(root, 'a.json'), 0);
      appendFileSync(join(root, 'a.json'), collectionText('B'));
    },
    'B',
  ],
  [
    'a file in place of which there is a folder',
    (root, save) => {
      unlinkSync(join(root, 'a.json'));
      save('a.json/b.json', collectionText('B'));
    },
    'B',
  ],
  ['a file that becomes something else', (_, save) => save('a.json', '{"name":"x","version":"1"}')],
  [
    'a rename of letters from lower to upper case',
    (root) => renameSync(join(root, 'a.json'), join(root, 'A.JSON')),
    'A',
  ],
  [
    'a folder that is moved in, and out again with another name',
    (root, save) => {
      save('.out/b.json', collectionText('B'));
      renameSync(join(root, '.out'), join(root, 'in'));
      renameSync(join(root, 'in'), join(root, 'further'));
    },
    'A',
    'B',
  ],
  ['an ignore file that comes', (_, save) => save('.gitignore', '*.json')],
];

describe('a followed workspace', () => {
  it.each(CHANGES.map(([what, act, ...wanted]) => [what, { act, wanted }] as const))(
    'sees %s',
    async (_, { act, wanted }) => {
      const { root, live, save, until } = await watched(collectionA);
      const before = live.revision();
      act(root, save);
      await until((now) => serves(...wanted)(now) && now.revision() > before);
      expect(live.problems()).toEqual([]);
    },
  );

  it('sees what goes on in folders that came later, until they go', async () => {
    const { root, live, save, until } = await watched(collectionA);
    save('x/b.json', collectionText('B'));
    await until(serves('A', 'B'));
    save('x/b.json', collectionText('C'));
    await until(serves('A', 'C'));
    rmSync(join(root, 'x'), { recursive: true });
    await until(serves('A'));
    save('x/b.json', collectionText('D'));
    await until(serves('A', 'D'));
    expect(live.collections().map(({ file }) => file)).toEqual(['a.json', 'x/b.json']);
  });

  it('sees a folder that took the place of another', async () => {
    const { root, save, until } = await watched({ ...collectionA, 'x/b.json': collectionText('B') });
    save('.y/b.json', collectionText('C'));
    renameSync(join(root, 'x'), join(root, '.x'));
    renameSync(join(root, '.y'), join(root, 'x'));
    await until(serves('A', 'C'));
    save('x/b.json', collectionText('D'));
    await until(serves('A', 'D'));
  });

  it('sees a folder that is deleted and made again, again and again', async () => {
    const { root, save, until } = await watched({ ...collectionA, 'x/y/b.json': collectionText('B') });
    for (let at = 0; at < 10; at++) {
      // The file system may give the new folder the inode of the old one.
      rmSync(join(root, 'x'), { recursive: true });
      save('x/y/b.json', collectionText(`New ${at}`));
      await until(serves('A', `New ${at}`));
      save('x/y/b.json', collectionText(`Edited ${at}`));
      await until(serves('A', `Edited ${at}`));
    }
  });

  it('sees a root that is deleted and made again, again and again', async () => {
    const { root, save, until } = await watched(collectionA);
    for (let at = 0; at < 5; at++) {
      rmSync(root, { recursive: true });
      save('a.json', collectionText(`New ${at}`));
      await until(serves(`New ${at}`));
      save('a.json', collectionText(`Edited ${at}`));
      await until(serves(`Edited ${at}`));
    }
  });

  it('P8: sees a folder that was a link for a while, and nothing of what the link points at', async () => {
    const outside = tempFolder({ 'b.json': collectionText('Outside') });
    const { root, save, until } = await watched({ ...collectionA, 'x/b.json': collectionText('B') });
    for (let at = 0; at < 5; at++) {
      renameSync(join(root, 'x'), join(root, '.x'));
      symlinkSync(outside, join(root, 'x'));
      await until(serves('A'));
      unlinkSync(join(root, 'x'));
      renameSync(join(root, '.x'), join(root, 'x'));
      save('x/b.json', collectionText(`B${at}`));
      await until(serves('A', `B${at}`));
    }
  });

  it.skipIf(process.getuid?.() === 0)('drops a file and a folder that may not be read any more', async () => {
    const { root, live, until } = await watched({ ...collectionA, 'x/b.json': collectionText('B') });
    chmodSync(join(root, 'a.json'), 0);
    await until(serves('B'));
    chmodSync(join(root, 'x'), 0);
    await until(serves());
    expect(live.problems().map(({ code }) => code)).toEqual(['COLLECTION/UNREADABLE', 'COLLECTION/UNREADABLE']);
    chmodSync(join(root, 'a.json'), 0o600);
    chmodSync(join(root, 'x'), 0o700);
    await until(serves('A', 'B'));
    expect(live.problems()).toEqual([]);
  });

  it('sees many files at once, as a checkout leaves them, and speaks of them together', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`d${at % 7}/${at}.json`, `C${at}`]));
    const { root, live, save, until } = await watched(
      Object.fromEntries(Object.entries(many).map(([file, name]) => [file, collectionText(name)])),
    );
    let changes = 0;
    live.onChange(() => {
      changes += 1;
    });
    for (const [file, name] of Object.entries(many)) save(file, collectionText(`${name} new`));
    rmSync(join(root, 'd0'), { recursive: true });
    await until((now) => now.collections().length < 300 && now.collections().every(({ name }) => name.endsWith('new')));
    expect(live.collections()).toHaveLength(300 - 43);
    expect(changes).toBeLessThan(30);
  });

  it.skipIf(process.getuid?.() === 0)('reads a folder anew that could not be read for a moment', async () => {
    const { root, until } = await watched({
      's/.gitignore': 'i.json',
      's/a.json': collectionText('A'),
      's/i.json': collectionText('I'),
    });
    const served = (live: LiveWorkspace) =>
      live
        .collections()
        .map(({ name }) => name)
        .join();
    chmodSync(join(root, 's'), 0);
    await until((live) => live.problems().length > 0);
    chmodSync(join(root, 's'), 0o755);
    await until((live) => live.problems().length === 0 && served(live) === 'A');
  });

  it('applies an ignore file that changes, and one that goes', async () => {
    const { root, save, until } = await watched({
      ...collectionA,
      '.gitignore': 'x/',
      'x/b.json': collectionText('B'),
      'y/c.json': collectionText('C'),
    });
    await until(serves('A', 'C'));
    save('.gitignore', 'y/');
    await until(serves('A', 'B'));
    save('x/.gitignore', '*');
    await until(serves('A'));
    unlinkSync(join(root, '.gitignore'));
    await until(serves('A', 'C'));
  });

  it('sees a root that goes and comes back', async () => {
    const { root, live, save, until } = await watched(collectionA);
    rmSync(root, { recursive: true });
    await until(serves());
    expect(live.problems()).toMatchObject([{ code: 'COLLECTION/UNREADABLE' }]);
    save('b.json', collectionText('B'));
    await until(serves('B'));
    save('b.json', collectionText('C'));
    await until(serves('C'));
    expect(live.problems()).toEqual([]);
  });

  it('sees a file that was named itself, whatever its name, however it is saved', async () => {
    const { root, live, save, until } = await watched({ 'a.txt': collectionText('A'), ...collectionA }, (folder) => ({
      roots: [join(folder, 'a.txt')],
    }));
    save('a.txt', collectionText('B'));
    await until(serves('B'));
    save('tmp', collectionText('C'));
    renameSync(join(root, 'tmp'), join(root, 'a.txt'));
    await until(serves('C'));
    unlinkSync(join(root, 'a.txt'));
    await until(serves());
    expect(live.problems()).toMatchObject([{ code: 'COLLECTION/UNREADABLE', facts: { file: 'a.txt' } }]);
    save('a.txt', collectionText('D'));
    await until(serves('D'));
  });

  it('keeps to its globs, and to what is not hidden', async () => {
    const { live, save, until } = await watched(collectionA, () => ({ include: ['*.json'] }));
    save('x/b.json', collectionText('B'));
    save('.b.json', collectionText('B'));
    save('node_modules/b.json', collectionText('B'));
    save('.git/b.json', collectionText('B'));
    save('c.json', collectionText('C'));
    await until(serves('A', 'C'));
    expect(live.collections().map(({ file }) => file)).toEqual(['a.json', 'c.json']);
  });

  it('P8: does not follow a link in place of a file or folder', async () => {
    const outside = tempFolder({ 'b.json': collectionText('Outside') });
    const { root, live, save, until } = await watched({ ...collectionA, 'x/b.json': collectionText('B') });
    rmSync(join(root, 'x'), { recursive: true });
    symlinkSync(outside, join(root, 'x'));
    unlinkSync(join(root, 'a.json'));
    symlinkSync(join(outside, 'b.json'), join(root, 'a.json'));
    save('c.json', collectionText('C'));
    await until(serves('C'));
    writeFileSync(join(outside, 'b.json'), collectionText('Outside again'));
    save('c.json', collectionText('D'));
    await until(serves('D'));
    expect(live.problems()).toEqual([]);
  });

  it('P8: reads nothing of the data folder that comes later', async () => {
    const { save, until } = await watched(collectionA, (root) => ({ forbidden: [join(root, 'home')] }));
    save('home/b.json', collectionText('B'));
    save('c.json', collectionText('C'));
    await until(serves('A', 'C'));
  });

  it('tells nobody of files that are not read', async () => {
    const { live, save, until } = await watched(collectionA);
    const revisions: number[] = [];
    live.onChange(() => revisions.push(live.revision()));
    save('app.log', 'one');
    save('notes.md', 'two');
    save('.hidden/b.json', collectionText('B'));
    save('a.json', collectionText('B'));
    await until(serves('B'));
    expect(revisions).toEqual(revisions.map((_, at) => (revisions[0] ?? 0) + at));
  });

  it('is told of a configuration, which it does not read', async () => {
    const { live, save } = await watched(collectionA);
    const told = new Promise<void>((resolve) => live.onChange(() => resolve()));
    save('keyward.yaml', 'version: 1\n');
    await told;
    expect(live.revision()).toBe(1);
  });

  it('stops when it is closed', async () => {
    const { root, live } = await watched(collectionA);
    const other = await watchWorkspace({ roots: [root], forbidden: [] });
    if (!other.ok) throw new Error(other.failure.code);
    open.push(other.value);
    live.close();
    const seen = new Promise<void>((resolve) => other.value.onChange(() => resolve()));
    writeFileSync(join(root, 'a.json'), collectionText('B'));
    await seen;
    expect(names(live)).toEqual(['A']);
  });
});

/** A system that watches only so many folders. */
function watchAtMost(folders: number, code: string): WatchFolder {
  let count = 0;
  return (...args) => {
    count += 1;
    if (count > folders) throw Object.assign(new Error('no more'), { code });
    return watch(...args);
  };
}

/** A system that tells nothing of what happens; `tell` says something of the folder that was watched first. */
function deaf(): { readonly watch: WatchFolder; readonly tell: Parameters<WatchFolder>[2] } {
  let tell: Parameters<WatchFolder>[2] | undefined;
  return {
    watch: (path, options, listener) => {
      tell ??= listener;
      return watch(path, options, () => undefined);
    },
    tell: (kind, name) => tell?.(kind, name),
  };
}

describe('a system that does not watch well', () => {
  it.each(['ENOSPC', 'EMFILE', 'ENOSYS'])(
    'P7: %s: is said once, and folders are looked at by the clock',
    async (code) => {
      const limited: string[] = [];
      const files = { ...collectionA, 'x/b.json': collectionText('B'), 'y/z/c.json': collectionText('C') };
      const { save, until, root } = await watched(files, () => ({
        watch: watchAtMost(1, code),
        onLimited: (each) => limited.push(each),
      }));
      save('y/z/c.json', collectionText('D'));
      await until(serves('A', 'B', 'D'));
      save('y/z/new/c.json', collectionText('E'));
      await until(serves('A', 'B', 'D', 'E'));
      rmSync(join(root, 'x'), { recursive: true });
      await until(serves('A', 'D', 'E'));
      expect(limited).toEqual([code]);
    },
  );

  it('that names no files has its folders looked at', async () => {
    const nameless: WatchFolder = (path, options, listener) => watch(path, options, (kind) => listener(kind, null));
    const { save, until } = await watched({ ...collectionA, 'x/b.json': collectionText('B') }, () => ({
      watch: nameless,
    }));
    save('x/b.json', collectionText('C'));
    await until(serves('A', 'C'));
    save('x/y/d.json', collectionText('D'));
    await until(serves('A', 'C', 'D'));
  });

  it('that tells nothing is compared with the disk by the clock', async () => {
    const files = { ...collectionA, 'x/b.json': collectionText('B'), 'y/c.json': collectionText('C') };
    const { root, save, until } = await watched(files, () => ({ watch: deaf().watch, compareEveryMs: 20 }));
    save('a.json', collectionText('Another'));
    await until(serves('Another', 'B', 'C'));
    save('x/d.json', collectionText('D'));
    await until(serves('Another', 'B', 'C', 'D'));
    rmSync(join(root, 'x'), { recursive: true });
    save('x/e.json', collectionText('E'));
    await until(serves('Another', 'C', 'E'));
    unlinkSync(join(root, 'y/c.json'));
    await until(serves('Another', 'E'));
  });

  it('that tells of very much, none of it of interest, can have dropped the rest', async () => {
    const { watch: watchNothing, tell } = deaf();
    const { live, save, until } = await watched(collectionA, () => ({ watch: watchNothing }));
    save('b.json', collectionText('B'));
    for (let at = 0; at < limits.watchEvents; at++) tell('change', 'app.log');
    await until(serves('A', 'B'));
    save('keyward.yaml', 'version: 1\n');
    const told = new Promise<void>((resolve) => live.onChange(() => resolve()));
    for (let at = 0; at < limits.watchEvents; at++) tell('change', 'app.log');
    await told;
  });

  it('whose events had to wait for us can have dropped some', async () => {
    const { watch: watchNothing, tell } = deaf();
    const { save, until } = await watched(collectionA, () => ({ watch: watchNothing }));
    save('b.json', collectionText('B'));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    tell('change', 'app.log');
    await until(serves('A', 'B'));
  });

  it('that drops a watcher gets it again', async () => {
    const fallen = new Map<string, EventEmitter>();
    const { save, until, root } = await watched({ ...collectionA, 'x/b.json': collectionText('B') }, () => ({
      lookEveryMs: 1_000_000,
      watch: (...args) => {
        const watcher = watch(...args);
        fallen.set(args[0], watcher);
        return watcher;
      },
    }));
    fallen.get(join(root, 'x'))?.emit('error', Object.assign(new Error('gone'), { code: 'EPERM' }));
    save('x/b.json', collectionText('C'));
    await until(serves('A', 'C'));
    save('x/b.json', collectionText('D'));
    await until(serves('A', 'D'));
  });
});

/** What is in the file for a while, and where the problem is said to be. */
const HALVES: readonly (readonly [what: string, half: (whole: string) => string, line: number])[] = [
  ['nothing', () => '', 1],
  ['only a space', () => ' \n', 1],
  ['its first half', (whole) => whole.slice(0, whole.length / 2), 4],
  ['the start of its first name', () => '{\n  "in', 2],
  ['all but its end', (whole) => whole.slice(0, -2), 10],
];

describe('a file that is half written', () => {
  it.each(HALVES)('P9: with %s keeps its last good version served, and heals', async (_, half, line) => {
    const { live, save, until } = await watched({ 'a.json': collectionText('A', 'r'), 'b.json': collectionText('B') });
    const [held] = live.collections();
    save('a.json', half(collectionText('A new', 'r')));
    await until((now) => now.problems().length > 0);
    expect(live.problems()).toMatchObject([{ code: 'COLLECTION/MALFORMED', where: { file: 'a.json' } }]);
    expect(live.problems()[0]?.where?.line).toBeGreaterThanOrEqual(Math.min(line, 4) === 1 ? 1 : 2);
    expect(names(live)).toEqual(['A', 'B']);
    expect(live.findRequest('r')).toMatchObject({ ok: true });
    save('a.json', collectionText('A new', 'r'));
    await until(serves('A new', 'B'));
    expect(live.problems()).toEqual([]);
    expect(held?.name).toBe('A');
    expect(held?.requests[0]?.open().method).toBe('GET');
  });

  it('P9: from the beginning is a problem until it is whole', async () => {
    const { live, save, until } = await watched({ 'a.postman_collection.json': '{"info"' });
    expect(live.problems()).toHaveLength(1);
    save('a.postman_collection.json', collectionText('A'));
    await until(serves('A'));
    expect(live.problems()).toEqual([]);
  });

  it('P9: and then deleted is gone, with its problem', async () => {
    const { root, live, save, until } = await watched(collectionA);
    save('a.json', '{');
    await until((now) => now.problems().length > 0);
    unlinkSync(join(root, 'a.json'));
    await until(serves());
    expect(live.problems()).toEqual([]);
  });
});

describe('a folder collection', () => {
  const bruno = (name: string) =>
    `meta {\n  name: ${name}\n  type: http\n}\n\nget {\n  url: https://h/{{process.env.X}}\n}\n`;
  const requests = (live: LiveWorkspace) =>
    live.collections().flatMap((collection) => collection.requests.map(({ name }) => name));

  it('follows each of its files, and the hidden one beside them', async () => {
    const { root, save, until } = await watched({
      'bruno.json': '{"version":"1","name":"Shop","type":"collection"}',
      'x/one.bru': bruno('One'),
      'x/two.bru': bruno('Two'),
    });
    save('x/one.bru', bruno('First'));
    await until((now) => requests(now).includes('First'));
    unlinkSync(join(root, 'x/two.bru'));
    await until((now) => requests(now).join() === 'First');
    save('.env', 'X=1');
    await until((now) => JSON.stringify(now.collections()[0]?.requests[0]?.open()).includes('otherwise'));
    unlinkSync(join(root, '.env'));
    await until((now) => !JSON.stringify(now.collections()[0]?.requests[0]?.open()).includes('otherwise'));
  });

  it('loads a format when its first file comes', async () => {
    const { save, until, root } = await watched({ ...collectionA, '.env': 'X=1' });
    const elsewhere = tempFolder({ 'bruno.json': '{"version":"1","name":"Shop","type":"collection"}' });
    writeFileSync(join(elsewhere, 'one.bru'), bruno('One'));
    cpSync(elsewhere, join(root, 'shop'), { recursive: true });
    await until(serves('A', 'Shop'));
    save('bruno.json', readFileSync(join(elsewhere, 'bruno.json'), 'utf8'));
    save('one.bru', bruno('One'));
    await until((now) => now.collections().length === 3);
  });
});

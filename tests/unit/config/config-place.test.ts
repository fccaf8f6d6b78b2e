import {
  chmodSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigPlace, placeConfig } from '../../../src/config/config-place.ts';
import { configStamp, followConfig } from '../../../src/config/config-stamp.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { createTrustStore, type TrustedConfig } from '../../../src/state/trust.ts';
import { later } from '../state/later.ts';
import { must, tamper, temporaryHome, temporaryState } from '../state/temporary-home.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const HIDES = 'access: { default: hidden }';

/** What becomes of a root that was given through the link `cur`. */
const MOVES: readonly (readonly [name: string, move: (folder: string) => void, back: (folder: string) => void])[] = [
  ['its link is deleted', (folder) => unlinkSync(join(folder, 'cur')), link],
  ['its folder is moved away', (folder) => move(folder, 'ws', 'away'), (folder) => move(folder, 'away', 'ws')],
  [
    'its link leads elsewhere',
    (folder) => {
      unlinkSync(join(folder, 'cur'));
      symlinkSync(join(folder, 'ws2'), join(folder, 'cur'));
    },
    (folder) => {
      unlinkSync(join(folder, 'cur'));
      link(folder);
    },
  ],
  [
    'a file takes its place',
    (folder) => {
      move(folder, 'ws', 'away');
      writeFileSync(join(folder, 'ws'), '');
    },
    (folder) => {
      rmSync(join(folder, 'ws'));
      move(folder, 'away', 'ws');
    },
  ],
];

describe('the place of a configuration', () => {
  it.each(MOVES)('P7: fails closed while %s', (_, away, back) => {
    const folder = realpathSync(tempFolder({ 'ws/keyward.yaml': HIDES, 'ws2/keyward.yaml': 'version: 1' }));
    link(folder);
    const place = placed([join(folder, 'cur')]);
    expect(place.files).toEqual([join(folder, 'ws', 'keyward.yaml')]);
    const load = () => loadConfig({ place, isTrusted: () => false, isForbidden: () => false });
    const hidden = { value: { policy: { access: { default: 'hidden' } } } };
    expect(load()).toMatchObject(hidden);
    away(folder);
    expect(load()).toMatchObject({ failure: { code: 'COLLECTION/UNREADABLE', facts: { file: join(folder, 'cur') } } });
    back(folder);
    expect(load()).toMatchObject(hidden);
  });

  it('is that of the file which a link leads to, as it is what is served', () => {
    const folder = realpathSync(tempFolder({ 'ws/a.json': '{}', 'ws/keyward.yaml': HIDES }));
    mkdirSync(join(folder, 'here'));
    symlinkSync(join(folder, 'ws/a.json'), join(folder, 'here/a.json'));
    const place = placed([join(folder, 'here/a.json'), join(folder, 'ws')]);
    expect(place.roots).toEqual([join(folder, 'ws/a.json'), join(folder, 'ws')]);
    expect(place.files).toEqual([join(folder, 'ws/keyward.yaml')]);
  });

  it('is not made up for a root that is missing', () => {
    expect(placeConfig([join(tempFolder({}), 'missing')])).toMatchObject({
      failure: { code: 'COLLECTION/UNREADABLE' },
    });
  });
});

/** A server that has opened a workspace, and the same data folder as the operator's commands see it. */
function following() {
  const folder = realpathSync(tempFolder({ 'ws/keyward.yaml': 'version: 1 # a' }));
  const home = temporaryHome();
  const file = join(folder, 'ws/keyward.yaml');
  const [state, operators] = [temporaryState(home), temporaryState(home)];
  const [store, operator] = [createTrustStore(state, later), createTrustStore(operators, later)];
  const trusted: TrustedConfig = { file, hash: 'a', text: 'version: 1 # a', raised: [] };
  must(operator.accept(trusted, 1));
  const isCurrent = followConfig(placed([join(folder, 'ws')]), (each) => store.find(each));
  return { folder, home, file, trusted, store, operator, isCurrent };
}

const EDITS: readonly (readonly [title: string, edit: (of: ReturnType<typeof following>) => void])[] = [
  ['P8: an edit', ({ file }) => writeFileSync(file, 'version: 1 # longer')],
  [
    'P8: an edit of the same length and time',
    ({ file }) => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, 'version: 1 # b');
      utimesSync(file, atime, mtime);
    },
  ],
  ['P8: a touch', ({ file }) => utimesSync(file, 1, 1)],
  ['P8: a file that is gone', ({ file }) => unlinkSync(file)],
  ['P8: a folder in its place', ({ file }) => replaceByFolder(file)],
  ['P8: a root that moved', ({ folder }) => move(folder, 'ws', 'away')],
  ['P8: trust by the operator', ({ operator, trusted }) => must(operator.accept({ ...trusted, hash: 'b' }, 2))],
  ['P8: trust that only raises', ({ operator, trusted }) => must(operator.accept({ ...trusted, raised: ['x'] }, 2))],
  ['P8: trust by this process', ({ store, trusted }) => must(store.accept({ ...trusted, hash: 'b' }, 2))],
  ['P4: a changed note', ({ home }) => tamper(home, (sql) => sql.run("UPDATE trusted_config SET hash = 'b'"))],
  ['P4: a note that is gone', ({ home }) => tamper(home, (sql) => sql.run('DELETE FROM trusted_config'))],
  ['P4: another key of trust', ({ home }) => writeFileSync(join(home, 'trust.key'), `${'A'.repeat(43)}\n`)],
  ['P7: a key of trust that others can read', ({ home }) => chmodSync(join(home, 'trust.key'), 0o644)],
];

describe('a configuration that is followed', () => {
  it.each(EDITS)('is asked for anew after %s', (_, edit) => {
    const parts = following();
    expect([parts.isCurrent(), parts.isCurrent()]).toEqual([true, true]);
    edit(parts);
    expect(parts.isCurrent()).toBe(false);
  });
});

describe('the stamp of a configuration', () => {
  it('is the same until something is written, whatever the times say', () => {
    const file = join(tempFolder({ 'keyward.yaml': 'version: 1' }), 'keyward.yaml');
    const future = new Date(Date.now() + 86_400_000);
    utimesSync(file, future, future);
    const first = configStamp([file]);
    expect(configStamp([file])).toBe(first);
    writeFileSync(file, 'version: 2');
    utimesSync(file, future, future);
    const second = configStamp([file]);
    expect(second).not.toBe(first);
    unlinkSync(file);
    expect([first, second]).not.toContain(configStamp([file]));
  });
});

function placed(roots: readonly string[]): ConfigPlace {
  const place = placeConfig(roots);
  if (!place.ok) throw new Error(place.failure.code);
  return place.value;
}

function replaceByFolder(file: string): void {
  unlinkSync(file);
  mkdirSync(file);
}

function link(folder: string): void {
  symlinkSync(join(folder, 'ws'), join(folder, 'cur'));
}

function move(folder: string, from: string, to: string): void {
  renameSync(join(folder, from), join(folder, to));
}

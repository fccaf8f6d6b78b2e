import {
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigPlace, placeConfig } from '../../../src/config/config-place.ts';
import { configStamp } from '../../../src/config/config-stamp.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
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

function link(folder: string): void {
  symlinkSync(join(folder, 'ws'), join(folder, 'cur'));
}

function move(folder: string, from: string, to: string): void {
  renameSync(join(folder, from), join(folder, to));
}

import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPrivateFile, readPrivateFile, replacePrivateFile } from '../../../src/state/private-file.ts';
import { failureOf, must, temporaryHome } from './temporary-home.ts';

function temporaryFile(): { folder: string; file: string } {
  const folder = temporaryHome();
  mkdirSync(folder, { mode: 0o700 });
  return { folder, file: join(folder, 'some.key') };
}

describe.skipIf(process.platform === 'win32')('a private file', () => {
  it('P5: is made once, whole, with mode 0600, and never made again over what is there', () => {
    const { folder, file } = temporaryFile();
    expect(must(createPrivateFile(file, 'first'))).toBe('created');
    expect(must(createPrivateFile(file, 'second'))).toBe('exists');
    expect(must(readPrivateFile(file))).toBe('first');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['some.key']);
  });

  it('is replaced whole, and leaves nothing beside it', () => {
    const { folder, file } = temporaryFile();
    must(replacePrivateFile(file, 'first'));
    must(replacePrivateFile(file, 'second'));
    expect(must(readPrivateFile(file))).toBe('second');
    expect(readdirSync(folder)).toEqual(['some.key']);
  });

  it('P5: is not made through a link, and the target stays as it was', () => {
    const { folder, file } = temporaryFile();
    const target = join(folder, 'target');
    writeFileSync(target, 'target', { mode: 0o600 });
    symlinkSync(target, file);
    expect(must(createPrivateFile(file, 'new'))).toBe('exists');
    expect(readFileSync(target, 'utf8')).toBe('target');
    expect(failureOf(readPrivateFile(file)).code).toBe('CONFIG/HOME_UNSAFE');
  });

  it('is absent where there is none, which is no failure', () => {
    expect(must(readPrivateFile(temporaryFile().file))).toBeUndefined();
  });

  const refused: readonly [mode: number, readable: boolean][] = [
    [0o600, true],
    [0o400, true],
    [0o640, false],
    [0o620, false],
    [0o610, false],
    [0o604, false],
    [0o602, false],
    [0o601, false],
  ];
  for (const [mode, readable] of refused) {
    it(`P7: of mode ${mode.toString(8)} is ${readable ? 'read' : 'refused'}`, () => {
      const { file } = temporaryFile();
      writeFileSync(file, 'text');
      chmodSync(file, mode);
      expect(readPrivateFile(file).ok).toBe(readable);
    });
  }

  it('is refused above 4096 bytes', () => {
    const { file } = temporaryFile();
    writeFileSync(file, 'x'.repeat(4096), { mode: 0o600 });
    expect(readPrivateFile(file).ok).toBe(true);
    writeFileSync(file, 'x'.repeat(4097));
    expect(readPrivateFile(file).ok).toBe(false);
  });

  it('survives a second name for it, which a crash while it is made leaves behind', () => {
    const { folder, file } = temporaryFile();
    must(createPrivateFile(file, 'text'));
    linkSync(file, join(folder, 'some.key.0123.tmp'));
    expect(must(readPrivateFile(file))).toBe('text');
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSmallFile } from '../../../src/config/read-small-file.ts';
import { temporaryHome } from '../state/temporary-home.ts';

const MOST = 8;

describe('a file of', () => {
  for (const size of [0, 1, MOST, MOST + 1]) {
    it(`${size} bytes where ${MOST} may be read`, () => {
      const file = temporaryHome();
      writeFileSync(file, 'x'.repeat(size));
      expect(readSmallFile(file, MOST)?.toString()).toBe(size > MOST ? undefined : 'x'.repeat(size));
    });
  }
});

// As a file that grows once its size was asked for: Linux tells no size of these.
describe.skipIf(process.platform !== 'linux')('a file that is longer than it is said to be', () => {
  const file = '/proc/version';

  it('is read to its end', () => {
    const whole = readFileSync(file);
    expect(readSmallFile(file, whole.length)).toEqual(whole);
    expect(readSmallFile(file, 1_000_000)).toEqual(whole);
  });

  it('is not read where its end is beyond what may be read', () => {
    expect(readSmallFile(file, readFileSync(file).length - 1)).toBeUndefined();
    expect(readSmallFile(file, 0)).toBeUndefined();
  });
});

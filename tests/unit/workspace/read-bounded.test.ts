import { closeSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isOpenAt, readBounded } from '../../../src/workspace/read-bounded.ts';
import { tempFolder } from './temp-folder.ts';

const opened: number[] = [];

afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
});

/** `d` is a folder of its own, `e` a link to one outside; both hold `f`. */
function swappable(): string {
  const outside = tempFolder({ f: 'outside' });
  const root = tempFolder({ 'd/f': 'inside', 'd/g': 'inside' });
  symlinkSync(outside, join(root, 'e'));
  return root;
}

function open(path: string): number {
  const fd = openSync(path, 'r');
  opened.push(fd);
  return fd;
}

/** What was opened, at which path it should be, and whether it is. */
const PLACES: readonly (readonly [openedPath: string, path: string, isThere: boolean])[] = [
  ['d/f', 'd/f', true],
  ['e/f', 'd/f', false],
  ['e/f', 'e/f', false],
  ['d/g', 'd/f', false],
];

describe('a file that is read', () => {
  it.each([
    ['d/f', 'inside'],
    ['e/f', 'unreadable'],
    ['missing', 'unreadable'],
  ])('P8: %s, behind which there may be a link, is %s', (path, expected) => {
    const read = readBounded(join(swappable(), path), 10);
    expect(read.kind === 'bytes' ? read.bytes.toString() : read.kind).toBe(expected);
  });

  it.each([
    [6, 'bytes'],
    [5, 'too-large'],
  ])('P12: of six bytes and a limit of %i is %s', (maxBytes, kind) => {
    expect(readBounded(join(swappable(), 'd/f'), maxBytes).kind).toBe(kind);
  });

  it.each(PLACES)('P8: opened as %s, wanted at %s: %s', (openedPath, path, isThere) => {
    const root = swappable();
    const fd = open(join(root, openedPath));
    expect(isOpenAt(fd, join(root, path))).toBe(isThere);
    // Where the system does not name what is open.
    expect(isOpenAt(fd, join(root, path), join(root, 'none'))).toBe(isThere);
  });
});

import { describe, expect, it } from 'vitest';
import { mayGoOn } from '../../../src/courier/may-go-on.ts';

const open = { exception: false };
const inner = { exception: true };

describe('a hop', () => {
  it.each([
    [undefined, open, true],
    [undefined, inner, true],
    [open, open, true],
    [inner, open, true],
    [inner, inner, true],
    [open, inner, false],
  ])('P3: from %j to %j may go on: %s', (from, to, may) => {
    expect(mayGoOn(from, to)).toBe(may);
  });
});

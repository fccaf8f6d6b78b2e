import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readMoment } from '../../../src/cli/journal/moment.ts';

const NOW = Date.UTC(2027, 0, 31, 12);

const rows: readonly [given: string, expected: number | undefined][] = [
  ['90d', NOW - 90 * 86_400_000],
  ['1m', NOW - 60_000],
  ['0d', NOW],
  ['2w', NOW - 14 * 86_400_000],
  ['2027-01-31', Date.UTC(2027, 0, 31)],
  ['2027-01-31T12:00:00Z', NOW],
  ['2027-01-31T11:59:59.999Z', NOW - 1],
  ['2027-01-31T12:00:00.001Z', undefined],
  ['2027-02-01', undefined],
  ['2026-02-31', undefined],
  ['2026-02-28T24:00:00Z', undefined],
  ['2026-13-01', undefined],
  ['90', undefined],
  ['-1d', undefined],
  ['9999999d', undefined],
  ['yesterday', undefined],
  ['', undefined],
];

describe('a time in the past', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());
  for (const [given, expected] of rows) {
    it(`${given || 'nothing'} is ${expected === undefined ? 'none' : new Date(expected).toISOString()}`, () => {
      if (expected === undefined) expect(() => readMoment(given)).toThrow('Give 90d');
      else expect(readMoment(given)).toBe(expected);
    });
  }
});

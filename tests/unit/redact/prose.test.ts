import { describe, expect, it } from 'vitest';
import { redactProse } from '../../../shared/redact/redact-prose.ts';
import prose from '../../vectors/prose.json' with { type: 'json' };

describe('redactProse', () => {
  it.each(prose.secret)('P1: %s', (given = '', expected = '') => {
    expect(redactProse(given).text).toBe(expected);
    expect(redactProse(given).count).toBeGreaterThan(0);
    expect(redactProse(expected)).toEqual({ text: expected, count: 0 });
  });

  it('leaves benign sentences as they are', () => {
    expect(prose.benign.length).toBeGreaterThanOrEqual(40);
    expect(prose.benign.filter((text) => redactProse(text).text !== text)).toEqual([]);
    expect(prose.benign.filter((text) => redactProse(text).count > 0)).toEqual([]);
  });

  it.each(['a=', 'token: ', 'token:"', "'", 'token=', 'token ', ': ', '\n', 'token:****', 'a b '])(
    'P12: stays linear on %j',
    { timeout: 7_500 },
    (piece) => {
      expect(redactProse(piece.repeat(500_000 / piece.length)).text.length).toBeGreaterThan(0);
    },
  );
});

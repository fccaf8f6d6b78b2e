import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { parseExpiry } from '../../../src/cli/expiry.ts';
import { readValue } from '../../../src/cli/read-value.ts';

const NOW = Date.parse('2031-03-01T12:00:00Z');
const DAY = 86_400_000;

const expiries: readonly [text: string, expected: number | undefined][] = [
  ['30d', NOW + 30 * DAY],
  ['12h', NOW + DAY / 2],
  ['90m', NOW + 5_400_000],
  ['2w', NOW + 14 * DAY],
  ['1m', NOW + 60_000],
  ['0d', undefined],
  ['-1d', undefined],
  ['1.5d', undefined],
  ['30', undefined],
  ['30s', undefined],
  ['30 d', undefined],
  ['36500d', NOW + 36_500 * DAY],
  ['36501d', undefined],
  ['2031-03-01', Date.parse('2031-03-01T23:59:59.999Z')],
  ['2031-02-28', undefined],
  ['2032-02-29', Date.parse('2032-02-29T23:59:59.999Z')],
  ['2033-02-29', undefined],
  ['2031-13-01', undefined],
  ['tomorrow', undefined],
  ['', undefined],
];

describe('--expires', () => {
  for (const [text, expected] of expiries) {
    it(`reads "${text}" as ${expected === undefined ? 'wrong' : new Date(expected).toISOString()}`, () => {
      expect(parseExpiry(text, NOW)).toBe(expected);
    });
  }
});

async function* input(...chunks: (string | Buffer)[]): AsyncGenerator<string | Buffer> {
  yield* chunks;
}

const good: readonly [what: string, chunks: (string | Buffer)[], expected: string][] = [
  ['a value', ['s3cret'], 's3cret'],
  ['a final line break once', ['s3cret\n\n'], 's3cret\n'],
  ['a final CRLF', ['s3cret\r\n'], 's3cret'],
  ['no space at either end', [' s3cret \n'], ' s3cret '],
  ['a character split over two chunks', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], 'é'],
  ['a byte order mark as it is', ['\ufeffx'], '\ufeffx'],
];

const bad: readonly [what: string, chunks: (string | Buffer)[]][] = [
  ['nothing', []],
  ['only a line break', ['\n']],
  ['bytes that are not UTF-8', [Buffer.from([0x61, 0xff])]],
  ['more bytes than any secret has', [Buffer.alloc(limits.secretChars * 4), 'x']],
];

describe('a value from standard input', () => {
  for (const [what, chunks, expected] of good) {
    it(`takes ${what}`, async () => {
      expect(await readValue(input(...chunks))).toEqual({ ok: true, value: expected });
    });
  }

  for (const [what, chunks] of bad) {
    it(`P9: refuses ${what}`, async () => {
      expect(await readValue(input(...chunks))).toMatchObject({ ok: false, failure: { code: 'SECRET/INVALID' } });
    });
  }
});

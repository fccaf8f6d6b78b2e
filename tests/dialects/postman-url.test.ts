import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUrl } from '../../shared/dialects/postman/url.ts';
import { oracleUrl, urlText } from './postman-url-oracle.ts';

const pieces = [
  'http',
  '://',
  '/',
  '//',
  '\\',
  ':',
  '@',
  '?',
  '#',
  '&',
  '=',
  '.',
  'x',
  ' ',
  '{{a}}',
  '{{a/b?c#d}}',
  '{',
  '}',
  '%20',
  ':id',
  '[::1]',
];

describe('URLs as postman-collection reads them', () => {
  it('agrees on any text', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (url) => {
        expect(urlText(readUrl(url))).toBe(oracleUrl({ url }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('agrees on any components', () => {
    const word = fc.constantFrom('', 'a', 'b.c', '{{v}}', '{{v.w}}', ':id', 'a&b=c#d');
    const param = fc.record(
      { key: fc.option(word), value: fc.option(word), disabled: fc.boolean() },
      { requiredKeys: ['key', 'value'] },
    );
    const parts = fc.record(
      {
        protocol: fc.constantFrom('', 'https', 'https://', '{{scheme}}'),
        host: fc.oneof(fc.array(word, { maxLength: 3 }), word),
        port: fc.constantFrom('80', '{{port}}'),
        path: fc.oneof(fc.array(word, { maxLength: 3 }), word),
        query: fc.array(param, { maxLength: 3 }),
        hash: word,
        variable: fc.array(fc.record({ key: fc.constantFrom('id', 'other'), value: word }), { maxLength: 1 }),
        auth: fc.record({ user: word, password: word }, { requiredKeys: [] }),
      },
      { requiredKeys: ['host'] },
    );
    const usable = parts.filter(({ protocol, host, path, query }) => Boolean(protocol || host || path || query));
    fc.assert(
      fc.property(usable, (url) => {
        expect(urlText(readUrl(url))).toBe(oracleUrl({ url }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('uses raw where it stands alone; the library would call an empty URL', () => {
    const url = { raw: 'https://api.example.com/x' };
    expect([urlText(readUrl(url)), oracleUrl({ url })]).toEqual(['https://api.example.com/x', '']);
  });
});

// The URL that scripts have, held against the cases of web-platform-tests.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUrlClass } from '../../src/sandbox/guest/libraries/url/url-class.ts';
import {
  createSearchParamsClass,
  encodeForm,
  parseForm,
} from '../../src/sandbox/guest/libraries/url/url-search-params.ts';

interface UrlCase {
  readonly input: string;
  readonly base: string | null;
  readonly failure?: true;
}

const file = resolve(import.meta.dirname, '../../../shared/vectors/url/tests/wpt/urltestdata.json');
const fields = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
  'origin',
];
const URLSearchParams = createSearchParamsClass({ write: encodeForm, parse: parseForm });
const GuestUrl = createUrlClass({ hide: (text) => ({ text, restore: (same) => same }), URLSearchParams });

/** The fields that a case states; undefined where it is no URL. */
function parsed(input: string, base: string | null, stated: object): unknown {
  try {
    const url: object = new GuestUrl(input, base ?? undefined);
    return Object.fromEntries(fields.filter((name) => name in stated).map((name) => [name, Reflect.get(url, name)]));
  } catch (thrown) {
    if (thrown instanceof TypeError && thrown.message === 'Invalid URL') return undefined;
    throw thrown;
  }
}

describe.skipIf(!existsSync(file))('URL for scripts (skipped where ../shared/vectors is missing)', () => {
  it('reads every case as it is stated', () => {
    const cases = (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).filter(
      (row): row is UrlCase => typeof row === 'object',
    );
    expect(cases.length).toBe(891);
    for (const row of cases) {
      const expected = Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));
      expect(parsed(row.input, row.base, row), row.input).toEqual(row.failure ? undefined : expected);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import { sortFolders } from '../../shared/dialects/bruno/order.ts';
import type { DialectReader } from '../../shared/dialects/dialect.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { limits } from '../../shared/limits.ts';
import { templateText } from '../../shared/template/lex.ts';
import { plainText } from './plain-text.ts';

const GET = 'get {\n  url: https://e.example/{{process.env.KEY}}\n}\n';

/** A file just inside a limit and one just outside it, with what the second fails with. */
const LIMITS: readonly (readonly [string, string, string, string])[] = [
  ['characters', padded(limits.bruFileChars), padded(limits.bruFileChars + 1), 'COLLECTION/TOO_LARGE'],
  ['pairs', headers(limits.bruEntries - 1), headers(limits.bruEntries), 'COLLECTION/MALFORMED'],
  ['blocks', 'a {\n}\n'.repeat(limits.bruEntries), 'a {\n}\n'.repeat(limits.bruEntries + 1), 'COLLECTION/MALFORMED'],
];

describe('limits of a .bru file', () => {
  for (const [what, inside, outside, code] of LIMITS) {
    it(`P12: its ${what}`, () => {
      const reader = bruno.createReader();
      expect(reader.put(lookAt('a/inside.bru', inside))).toEqual({ ok: true, value: 'taken' });
      const put = reader.put(lookAt('a/outside.bru', outside));
      expect(put.ok ? put : put.failure.code).toBe(code);
    });
  }

  it('P1: a URL that is too long to be sent is not taken apart, and all of it is sealed', () => {
    const url = (chars: number): string => `https://e.example/?token=SECRET-${'x'.repeat(chars - 36)}&a=1`;
    const read = (chars: number) => openOnly(`get {\n  url: ${url(chars)}\n}\n`).url;
    expect(read(limits.urlChars).query.length).toBe(2);
    const long = read(limits.urlChars + 1);
    expect([long.query.length, templateText(long.address)]).toEqual([0, '[secret]']);
  });
});

function padded(chars: number): string {
  return GET + ' '.repeat(chars - GET.length);
}

/** One block, so many pairs. */
function headers(count: number): string {
  return `headers {\n${'a: b\n'.repeat(count)}}\n`;
}

function openOnly(text: string) {
  const reader = bruno.createReader();
  reader.put(lookAt('a/one.bru', text));
  return reader.documents().collections[0]?.requests[0]?.open() ?? expect.fail('no request');
}

describe('a folder that changes', () => {
  const put = (reader: DialectReader, file: string, text: string) => reader.put(lookAt(file, text));
  const url = (reader: DialectReader): string =>
    plainText(reader.documents().collections[0]?.requests[0]?.open().url.address ?? []);
  const otherwise = (reader: DialectReader): unknown =>
    reader
      .documents()
      .collections[0]?.requests[0]?.open()
      .url.address.map((part) => (part.kind === 'handle' && part.otherwise ? plainText(part.otherwise) : undefined))
      .filter((value) => value !== undefined);

  it('says what its files say now, and what a broken file said before it broke', () => {
    const reader = bruno.createReader();
    put(reader, 'a/bruno.json', '{"name":"A"}');
    put(reader, 'a/one.bru', GET);
    expect(url(reader)).toBe('https://e.example/{{vault:KEY}}');
    expect(otherwise(reader)).toEqual([]);
    put(reader, 'a/.env', 'KEY=one');
    expect(otherwise(reader)).toEqual(['one']);
    put(reader, 'a/.env', 'KEY=two');
    expect(otherwise(reader)).toEqual(['two']);
    reader.remove('a/.env');
    expect(otherwise(reader)).toEqual([]);
    expect(put(reader, 'a/one.bru', 'get {\n  url: https://other').ok).toBe(false);
    expect(url(reader)).toBe('https://e.example/{{vault:KEY}}');
    expect(put(reader, 'a/bruno.json', '{"name":').ok).toBe(false);
    expect(reader.documents().collections.map(({ name }) => name)).toEqual(['A']);
    reader.remove('a/one.bru');
    expect(reader.documents().collections).toEqual([]);
  });

  it('keeps the ids of requests when others are edited, added or put in another order', () => {
    const reader = bruno.createReader();
    put(reader, 'a/bruno.json', '{"name":"A"}');
    for (const name of ['one', 'two']) put(reader, `a/${name}.bru`, `meta {\n  name: same\n}\n\n${GET}`);
    const ids = (): string[] => reader.documents().collections[0]?.requests.map(({ id }) => id) ?? [];
    const before = ids();
    put(reader, 'a/b/zero.bru', GET);
    put(reader, 'a/one.bru', `meta {\n  name: same\n  seq: 9\n}\n\n${GET}`);
    expect(ids().slice(1)).toEqual([...before].reverse());
    expect(new Set(ids()).size).toBe(3);
  });

  it('asks other formats for a .env file too', () => {
    expect(bruno.shares?.(lookAt('a/.env', ''))).toBe(true);
    expect(bruno.shares?.(lookAt('a/x.bru', ''))).toBe(false);
  });
});

/** Folders as `name` or `name@seq`, and the order in which Bruno's own function puts them. */
const ORDERS: readonly (readonly [string, string])[] = [
  ['b a c', 'a b c'],
  ['b@1 a c', 'b a c'],
  ['c a@3 b', 'b c a'],
  ['a@1 b@1 c', 'a b c'],
  ['z@2 a b@2', 'a b z'],
  ['a@9 b', 'b a'],
  ['a@0 b@-1 c@1', 'c a b'],
];

describe('the order of folders', () => {
  for (const [given, expected] of ORDERS) {
    it(`${given} is ${expected}`, () => {
      const folders = given.split(' ').map((each) => {
        const [name = '', seq] = each.split('@');
        return { name, seq: seq === undefined ? undefined : Number(seq) };
      });
      expect(
        sortFolders(folders)
          .map(({ name }) => name)
          .join(' '),
      ).toBe(expected);
    });
  }
});

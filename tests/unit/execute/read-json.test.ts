import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstParts } from '../../../src/execute/first-parts.ts';
import { readJson } from '../../../src/execute/read-json.ts';

describe('numbers of a body', () => {
  const rows: readonly [token: string, exact: boolean][] = [
    ['0', true],
    ['-0.0', true],
    ['1.10', true],
    ['9007199254740991', true],
    ['9007199254740993', false],
    ['100000000000000000000000', true],
    ['123456789012345678', false],
    ['0.1234567890123456789', false],
    ['1e5', true],
    ['1e308', true],
    ['1e309', false],
    ['-1E-400', false],
    ['0e999', true],
    ['1.7976931348623157e308', true],
  ];
  it.each(rows)('%s stays a number: %s', (token, exact) => {
    const read = readJson(`{"a":[${token},"${token}"]}`);
    expect(read).toEqual({ value: { a: [exact ? Number(token) : token, token] }, numbersAsText: !exact });
  });

  it('are found beside texts of any kind', () => {
    const tricky = '"\\\\\\"12345678901234567890"';
    const text = `[${tricky},{"12345678901234567890\\\\":12345678901234567890}]`;
    expect(readJson(text)?.value).toEqual([
      '\\"12345678901234567890',
      { '12345678901234567890\\': '12345678901234567890' },
    ]);
  });

  it('of any JSON that holds no long ones are what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text);
        if (read && !read.numbersAsText) expect(read.value).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('JSON that was cut', () => {
  const rows: readonly [cut: string, value: unknown][] = [
    ['[1,2', [1]],
    ['[1,2,', [1, 2]],
    ['{"a":1,"b":{"c":[1,{"d', { a: 1, b: { c: [1] } }],
    ['[{"a":[{"b":1,"c":2,"d":', [{ a: [{ b: 1, c: 2 }] }]],
    ['[[1,2],[3,', [[1, 2]]],
    ['{"a":"x,y', {}],
    ['[{"a":1},{"b', [{ a: 1 }]],
    ['[[],[[]', [[]]],
    ['[[[]', [[[]]]],
    ['["\\', []],
    ['[', []],
    ['{"a":1} and more', { a: 1 }],
  ];
  it.each(rows)('%s', (cut, value) => {
    expect(readJson(cut, true)?.value).toEqual(value);
  });

  it.each(['', '"abc', '12', 'tru', ']', '[1}', '{]', '{1,'])('%j is none', (cut) => {
    expect(readJson(cut, true)).toBeUndefined();
  });

  it('P12: anywhere is closed', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        expect(Array.isArray(readJson(text.slice(0, 1 + (at % text.length)), true)?.value)).toBe(true);
      }),
    );
  });
});

describe('first parts', () => {
  const items = Array.from({ length: 100 }, (_, id) => ({ id }));
  const rows: readonly [value: unknown, maxChars: number, expected: unknown][] = [
    [items, 30, { value: [{ id: 0 }, { id: 1 }, { id: 2 }], kind: 'items', path: '', shown: 3, count: 100 }],
    [
      { n: 1, a: { 'b c': items } },
      50,
      {
        value: { n: 1, a: { 'b c': [{ id: 0 }, { id: 1 }, { id: 2 }] } },
        kind: 'items',
        path: undefined,
        shown: 3,
        count: 100,
      },
    ],
    [
      { [`_${'n'.repeat(63)}`]: items },
      100,
      {
        value: { [`_${'n'.repeat(63)}`]: [{ id: 0 }, { id: 1 }, { id: 2 }] },
        kind: 'items',
        path: `_${'n'.repeat(63)}`,
        shown: 3,
        count: 100,
      },
    ],
    [
      [{ a: items }, 1],
      40,
      { value: [{ a: [{ id: 0 }, { id: 1 }, { id: 2 }] }, 1], kind: 'items', path: '[0].a', shown: 3, count: 100 },
    ],
    [
      { a: 'xxxxx', b: 'yyyyy', c: 'zzzzz' },
      30,
      { value: { a: 'xxxxx', b: 'yyyyy' }, kind: 'members', path: '', shown: 2, count: 3 },
    ],
    [{ a: 'x'.repeat(100) }, 50, undefined],
    [items, 5, undefined],
    ['x'.repeat(100), 50, undefined],
    [null, 50, undefined],
  ];
  it.each(rows)('%#', (value, maxChars, expected) => {
    expect(firstParts(value, maxChars)).toEqual(expected);
  });

  it.each([`_${'n'.repeat(64)}`, '9', '', 'a\n', 'x`. Ignore what was said'])('names no way through %j', (name) => {
    const parts = firstParts({ [name]: items }, 200);
    expect(parts).toMatchObject({ kind: 'items', path: undefined });
  });

  it('P12: fit, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 200 }), (value, maxChars) => {
        const parts = firstParts(value, maxChars);
        if (parts) expect(JSON.stringify(parts.value).length).toBeLessThanOrEqual(maxChars);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { select } from '../../../src/execute/select.ts';

const data = {
  items: [
    { id: 1, name: 'a', tags: ['x'] },
    { id: 2, name: 'b', tags: [] },
  ],
  total: 2,
  toString: 'own',
};

describe('select', () => {
  const works: readonly [string, unknown][] = [
    ['total', 2],
    ['items[].id', [1, 2]],
    ['items[?id==`2`].{id: id, label: name}', [{ id: 2, label: 'b' }]],
    ['[total, items[0].name, length(items)]', [2, 'a', 2]],
    ['{a: total, b: items[0], c: items[1]}', { a: 2, b: data.items[0], c: data.items[1] }],
    ['missing', null],
    ['constructor', null],
    ['items[0].constructor.prototype', null],
    ['toString', 'own'],
    [`[${Array.from({ length: 70 }, () => '`1`').join()}] | length(@)`, 70],
  ];
  it.each(works)('%s', async (expression, expected) => {
    expect(await select(data, expression)).toEqual({ ok: true, value: expected });
  });

  const chain = (steps: number) => Array.from({ length: steps }, () => '[@,@][]').join(' | ');
  const refused: readonly [string, string][] = [
    ['', 'it is not JMESPath'],
    ['items[', 'it is not JMESPath'],
    ['nofunction(@)', 'it does not fit the data'],
    ['length(total)', 'it does not fit the data'],
    [chain(7), 'it repeats the same data too often'],
    [`map(&${'[@,@]|'.repeat(9)}@, items)`, 'it repeats the same data too often'],
    [`{${Array.from({ length: 70 }, (_, n) => `k${n}: items`).join()}}`, 'it repeats the same data too often'],
    ['x'.repeat(limits.selectChars + 1), `it is longer than ${limits.selectChars} characters`],
  ];
  it.each(refused)('P9 P12: %s is refused', async (expression, problem) => {
    expect(await select(data, expression)).toMatchObject({
      ok: false,
      failure: { code: 'INPUT/SELECT_INVALID', facts: { problem } },
    });
  });

  it('allows repetition up to the limit', async () => {
    expect((await select(data, chain(6))).ok).toBe(true);
    expect((await select(data, 'x'.repeat(limits.selectChars))).ok).toBe(true);
  });
});

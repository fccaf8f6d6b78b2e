import jmespath from 'jmespath';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { parseSelection } from '../../../src/execute/select.ts';

const data = {
  items: [
    { id: 1, name: 'a', tags: ['x'], size: { w: 3, h: -1.5 } },
    { id: 2, name: 'b', tags: [], size: { w: 1, h: 2 } },
    { id: 3, name: 'ä', tags: ['y', 'x'], size: null },
  ],
  total: 2,
  nested: [[1, 2], [3], 4],
  toString: 'own',
  '': null,
};

async function select(value: unknown, expression: string): Promise<Result<unknown>> {
  const parsed = await parseSelection(expression);
  return parsed.ok ? parsed.value(value) : parsed;
}

/** The package evaluates these as the specification does. */
const ORACLE = [
  '@',
  'total',
  'missing.deeper',
  'items[0]',
  'items[-1].id',
  'items[9]',
  'items[].id',
  'items[*].tags[]',
  'items[*].size.w',
  'items[0:2].id',
  'items[::-1].id',
  'items[-2:].id',
  'items[5:1:-2].id',
  'nested[]',
  'nested[][]',
  'nested[0][1]',
  'items[0].size.*',
  'items[0].*.w',
  '*.id',
  'items[?id==`2`].name',
  'items[?id>`1` && tags].name',
  "items[?name!='a' || !tags].id",
  'items[?size.w>=`1`].size.h',
  'items[?contains(tags, `"x"`)].id',
  'items[].{id: id, label: name}',
  '[total, items[0].name, length(items)]',
  'items | [0].name | length(@)',
  'missing || total',
  'missing && total',
  '!missing',
  '"toString"',
  'abs(items[0].size.h)',
  'avg(items[].id)',
  'ceil(items[0].size.h)',
  'floor(items[0].size.h)',
  "contains('abc', 'b')",
  "starts_with('abc', 'ab')",
  "ends_with('abc', 'bc')",
  "join(', ', items[].name)",
  'keys(items[0])',
  'values(items[0].size)',
  'map(&id, items)',
  'max(items[].id)',
  'min(items[].id)',
  "max(['a', 'c', 'b'])",
  'max_by(items, &id).name',
  'min_by(items, &id).name',
  'merge(items[0].size, {w: `9`, z: `8`})',
  'not_null(missing, total)',
  'reverse(items[].id)',
  "reverse('abc')",
  "sort(['c', 'a'])",
  'sort_by(items, &name)[].id',
  'sum(items[].id)',
  'sum(`[]`)',
  'to_array(total)',
  'to_array(items)[0].id',
  'to_string(items[1])',
  "to_string('as it is')",
  "to_number('1.5')",
  "to_number('x')",
  'type(items)',
  'type(@)',
  'length(@)',
  '`{"a": [1, null]}`',
  "'raw'",
];

describe('select', () => {
  it.each(ORACLE)('%s is what the package gives', async (expression) => {
    expect(await select(data, expression)).toEqual({ ok: true, value: jmespath.search(data, expression) });
  });

  const works: readonly [string, unknown][] = [
    ['{a: total, b: items[0], c: items[1]}', { a: 2, b: data.items[0], c: data.items[1] }],
    ['missing', null],
    ['constructor', null],
    ['items[0].constructor.prototype', null],
    ['toString', 'own'],
    ['{__proto__: total}', JSON.parse('{"__proto__": 2}')],
    ['items[?size.h<`9`].id', [1, 2]],
    ["items[?name>'a'].id", [2, 3]],
    ['sort(`[10, 9, 1]`)', [1, 9, 10]],
    ['avg(`[]`)', null],
    ['max(`[]`)', null],
    ["to_number('Infinity')", null],
    ["to_number('')", null],
    ['max_by(items, &name).id', 3],
    ["reverse('a😀')", '😀a'],
    [`[${Array.from({ length: 70 }, () => '`1`').join()}] | length(@)`, 70],
    ['x'.repeat(limits.selectChars), null],
  ];
  it.each(works)('%s', async (expression, expected) => {
    expect(await select(data, expression)).toEqual({ ok: true, value: expected });
  });

  const malformed: readonly [string, string][] = [
    ['', 'it is not JMESPath'],
    ['items[', 'it is not JMESPath'],
    ["items.'a'", 'it is not JMESPath'],
    ['()', 'it is not JMESPath'],
    ['items[-]', 'it is not JMESPath'],
    ['items[::0]', 'it is not JMESPath'],
    ['&id', 'it is not JMESPath'],
    ['[&id]', 'it is not JMESPath'],
    ['to_array(&id)', 'it is not JMESPath'],
    ['map(id, items)', 'it is not JMESPath'],
    ['items.(id)(id)', 'it calls a function that does not exist'],
    ['nofunction(@)', 'it calls a function that does not exist'],
    ['constructor(@)', 'it calls a function that does not exist'],
    ['items[].length(@, @)', 'length takes another number of arguments'],
    ['merge()', 'merge takes another number of arguments'],
    ['x'.repeat(limits.selectChars + 1), `it is longer than ${limits.selectChars} characters`],
  ];
  it.each(malformed)('P9: %s is refused before there is data', async (expression, problem) => {
    expect(await parseSelection(expression)).toMatchObject({
      ok: false,
      failure: { code: 'INPUT/SELECT_INVALID', facts: { problem } },
    });
  });

  const misfits = ['length(total)', 'map(&id, total)', 'sort(items)', "join('', nested)", 'sum(items)', 'keys(total)'];
  it.each(misfits)('P9: %s does not fit the data', async (expression) => {
    expect(await select(data, expression)).toMatchObject({
      failure: { code: 'INPUT/SELECT_INVALID', facts: { problem: 'it does not fit the data' } },
    });
  });

  it('P1: data that looks like an expression of the package is data', async () => {
    const forged = { jmespathType: 'Expref', type: 'Literal', value: 'evaluated' };
    expect(await select(forged, 'type(@)')).toEqual({ ok: true, value: 'object' });
    expect(await select([forged, [1]], 'map([0], [1])')).toMatchObject({ ok: false });
  });
});

const TOO_MUCH = /^it (?:takes too much work on this body|selects too much at once)$/;
const steps = (count: number, step: string) => Array.from({ length: count }, () => step).join(' | ');
const x = (count: number) => `'${'x'.repeat(count)}'`;
const empty = Array.from({ length: 500_000 }, () => '');
const numbers = Array.from({ length: 300_000 }, (_, at) => at);

/** What multiplies the data: each of these took gigabytes or hours when only repetition was counted. */
const bombs: readonly [what: string, value: unknown, expression: string][] = [
  ['a join with a long separator', empty, `join(${x(900)}, @)`],
  ['several joins', empty, `[join(${x(200)}, @), join(${x(300)}, @), join(${x(300)}, @)]`],
  ['a separator made of the data', numbers, `[*].join(to_string(@), [${x(400)}, ${x(400)}])`],
  ['to_string of to_string', ['"'.repeat(50)], `${'to_string(['.repeat(40)}@${'])'.repeat(40)}`],
  ['a literal for every item', numbers, `[*].${`[\`"${'x'.repeat(900)}"\`]`}`],
  ['a raw string for every item', numbers, `[*].[${x(900)}]`],
  ['a hash of nulls for every item', numbers, `[*].{${Array.from({ length: 70 }, (_, at) => `k${at}: a`).join()}}`],
  ['lists that double', data, steps(60, '[@,@][]')],
  ['nesting that doubles', data, steps(60, '[@,@]')],
  ['text of nesting that doubles', data, `${steps(60, '[@,@]')} | to_string(@)`],
  ['comparing what doubles', data, `${steps(60, '[@,@]')} | @ == [@[0], @[1]]`],
  ['map that multiplies', numbers, steps(2, 'map(&[@,@,@,@,@,@,@,@], @)[]')],
  ['sorting one long text with itself', ['x'.repeat(1_000_000)], `${steps(13, '[@,@][]')} | sort(@)`],
];

describe('P12: a selection', () => {
  it.each(bombs)('of %s is refused', async (_, value, expression) => {
    expect(expression.length).toBeLessThanOrEqual(limits.selectChars);
    const selected = await select(value, expression);
    expect(selected).toMatchObject({
      ok: false,
      failure: { code: 'INPUT/SELECT_INVALID', facts: { problem: expect.stringMatching(TOO_MUCH) } },
    });
  });

  it('of a large body is not', async () => {
    const rows = Array.from({ length: 60_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      tags: ['a', 'b'],
      at: { x: id },
    }));
    for (const expression of [
      '[*].{id: id, name: name, x: at.x, tags: join(`,`, tags)}',
      'sort_by(@, &name)[-1].id',
      '[?id>`5` && contains(tags, `"a"`)].name',
      'length(to_string(@))',
      '@',
    ]) {
      expect(await select(rows, expression), expression).toMatchObject({ ok: true });
    }
    expect(await select(numbers, 'max(@)')).toEqual({ ok: true, value: 299_999 });
    expect(
      await select(
        numbers.map((n) => [n]),
        'length([])',
      ),
    ).toEqual({ ok: true, value: 300_000 });
  });
});

import { describe, expect, it } from 'vitest';
import { CONTENT_NOTE } from '../../../shared/contracts/contract.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { limits } from '../../../shared/limits.ts';
import { present, presentFailure } from '../../../src/tools/present.ts';
import { shortenTo } from '../../../src/tools/shorten.ts';
import { charsWithin } from '../../../src/tools/show-text.ts';
import { failureOf } from './stand.ts';

const CALL = { correlationId: 'c-1', newId: () => 'id-1' };

describe('present', () => {
  it('P1: redacts by field name in structured content and text alike', () => {
    const answer = { password: 'p4ss', nested: [{ access_token: 'tok' }], fine: 'yes' };
    const result = present(answer, { own: [] }, CALL);
    expect(result.text).not.toMatch(/p4ss|"tok"/);
    expect(JSON.parse(result.text)).toEqual(result.structured);
    expect(result.structured).toMatchObject({ fine: 'yes' });
  });

  it('an own key is kept, what is below it is not', () => {
    const answer = {
      variables: [{ name: 'x', secret: { kind: 'inline' }, token: 'tok-1' }],
      secrets: [{ password: 'p4ss' }],
    };
    const result = present(answer, { own: ['variables.*.secret', 'secrets'] }, CALL);
    expect(result.structured).toMatchObject({ variables: [{ secret: { kind: 'inline' } }], secrets: [{}] });
    expect(result.text).not.toMatch(/p4ss|tok-1/);
  });

  it('P7: withholds what is deeper than the redactor looks', () => {
    let deep: unknown = 'end';
    for (let n = 0; n <= limits.redactDepth; n += 1) deep = { deep };
    const result = present({ deep }, { own: [] }, CALL);
    expect(failureOf(result)).toMatchObject({ code: 'INTERNAL/WITHHELD', correlation_id: 'c-1' });
    expect(result.structured).toBeUndefined();
  });

  it('P12: shortens to the limit and says so', () => {
    const long = present(
      { docs: 'd'.repeat(100_000), list: Array.from({ length: 5_000 }, (_, n) => ({ n })) },
      { own: [] },
      CALL,
    );
    expect(long.text.length).toBeLessThanOrEqual(limits.resultChars + 20);
    expect(long.structured).toMatchObject({
      truncated: true,
      docs: expect.stringMatching(/… \[\d+ more characters\]$/),
    });
  });

  it('P12: leaves out members of large objects, and withholds what still is too large', () => {
    const wide = (count: number, child: unknown, chars = 1) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`.padStart(chars, 'k'), child]));
    for (const large of [wide(20_000, 1), wide(2_000, 1, 10_000), { list: [wide(300, 'x'.repeat(9_000))] }]) {
      const { structured, text } = present(large, { own: [] }, CALL);
      expect(text.length).toBeLessThanOrEqual(limits.resultChars + 20);
      expect(structured).toMatchObject({ truncated: true });
    }
    // Objects of our own have fewer members, and a schema that names them.
    expect(Object.keys(present(wide(32, 'x'.repeat(5_000)), { own: [] }, CALL).structured ?? {})).toHaveLength(33);
    expect(failureOf(present(wide(32, wide(32, wide(32, 1))), { own: [] }, CALL)).code).toBe('INTERNAL/WITHHELD');
  });

  it('P9: a failure carries its code, fix and correlation id, and no structured content', () => {
    const result = presentFailure(
      failure('COLLECTION/MALFORMED', { file: 'a.json', problem: 'x' }, { file: 'a.json', line: 3 }),
      'c-2',
    );
    expect(result).toMatchObject({ isError: true });
    expect('structured' in result).toBe(false);
    expect(failureOf(result)).toEqual({
      code: 'COLLECTION/MALFORMED',
      message: 'The file a.json does not parse: x.',
      fix: 'Repair the file at the place given; the rest of the workspace is served.',
      retryable: false,
      where: { file: 'a.json', line: 3 },
      correlation_id: 'c-2',
    });
  });
});

describe('marks', () => {
  const ids = (...given: string[]) => ({ ...CALL, newId: () => given.shift() ?? 'last' });
  const answer = { docs: 'kw-one "kw-two"', content_note: CONTENT_NOTE };

  it('P9: stand first and last, and in nothing between', () => {
    const { structured, text } = present(answer, { own: [] }, ids('one', 'two', 'three'));
    expect(Object.entries(structured ?? {})).toEqual([
      ['content_note', `${CONTENT_NOTE} They go on until content_end kw-three.`],
      ['docs', 'kw-one "kw-two"'],
      ['content_end', 'kw-three'],
    ]);
    expect(text).toBe(JSON.stringify(structured));
  });

  it('P7: where none can be made, nothing is shown', () => {
    expect(failureOf(present(answer, { own: [] }, { ...CALL, newId: () => 'one' })).code).toBe('INTERNAL/WITHHELD');
  });

  it('are in no answer of ours alone', () => {
    expect(present({ resources: [] }, { own: [] }, CALL).text).toBe('{"resources":[]}');
  });
});

describe('cuts', () => {
  it('never split a surrogate pair', () => {
    const pairs = '😀'.repeat(10_000);
    for (let chars = 100; chars < 104; chars += 1) {
      expect(pairs.slice(0, charsWithin(pairs, chars))).toMatch(/^(?:😀)+$/u);
    }
    const shortened = shortenTo({ pairs: `x${pairs}` }, 500)?.value as { pairs: string };
    expect(shortened.pairs).toMatch(/^x(?:😀)+… \[\d+ more characters\]$/u);
  });

  it.each(['a', '"', '\u0001', '😀', '\ud800'])('%j repeated fits its budget as JSON', (unit) => {
    for (const budget of [0, 1, 7, 100, 20_000]) {
      const text = unit.repeat(30_000);
      const end = charsWithin(text, budget);
      expect(JSON.stringify(text.slice(0, end)).length - 2).toBeLessThanOrEqual(budget);
    }
  });
});

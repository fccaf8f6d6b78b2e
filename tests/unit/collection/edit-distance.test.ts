import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEditDistance } from '../../../shared/collection/edit-distance.ts';

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 2],
    ['x'.repeat(32), 'x'.repeat(31), 1],
    ['x'.repeat(33), 'x'.repeat(32), 1],
    ['x'.repeat(64), `${'x'.repeat(32)}y${'x'.repeat(31)}`, 1],
    ['x'.repeat(65), 'y'.repeat(65), 65],
    ['用户列表', '用户表', 1],
  ])('of %j and %j is %i', (wanted, text, edits) => {
    expect(createEditDistance(wanted)(text)).toBe(edits);
  });

  it('is that of the whole matrix, however many texts were compared before', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u0080', '用'), maxLength: 70 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (wanted, texts) => {
        const editsTo = createEditDistance(wanted);
        expect(texts.map(editsTo)).toEqual(texts.map((each) => matrix(wanted, each)));
      }),
    );
  });
});

/** Levenshtein's distance by its definition. */
function matrix(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

// What reading a JSON text costs is told as a parser would find it, and never as less.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMarks } from '../../../shared/script/json-marks.ts';

const ANY = { marks: 1_000_000, levels: 1_000_000 };

function marksOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  const names = Array.isArray(value) ? 0 : inner.length;
  return 1 + names + Math.max(0, inner.length - 1) + inner.reduce((sum: number, each) => sum + marksOf(each), 0);
}

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

describe('the marks of a JSON text', () => {
  it('are its brackets, commas and colons, whatever its strings hold; one less is refused, and so is one level less', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ',', ':', ']', 'a', '\n') });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text,
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const isExact = (given: unknown): void => {
      const json = JSON.stringify(given);
      const most = { marks: marksOf(given), levels: levelsOf(given) };
      expect(jsonMarks(json, most)).toBe(most.marks);
      if (most.marks === 0) return;
      expect(jsonMarks(json, { ...most, marks: most.marks - 1 })).toBeUndefined();
      expect(jsonMarks(json, { ...most, levels: most.levels - 1 })).toBeUndefined();
    };
    fc.assert(fc.property(value, isExact));
  });

  it.each([
    ['', 0],
    ['"', 0],
    ['"\\', 0],
    ['"[[[', 0],
    [']]][', 1],
    ['"\\\\",[', 2],
    ['"\\"",', 1],
  ])('of %j, which is none, are %i', (text, marks) => {
    expect(jsonMarks(text, ANY)).toBe(marks);
  });
});

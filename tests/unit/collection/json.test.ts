import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError } from '../../../shared/collection/json-error.ts';
import { createJsonLocator, locateJson, placeOf } from '../../../shared/collection/json-place.ts';
import { readToken, skipValue } from '../../../shared/collection/json-tokens.ts';

/** Broken texts with the place of the first thing wrong. */
const BROKEN: readonly (readonly [text: string, line: number, column: number, problem: RegExp])[] = [
  ['', 1, 1, /ends where a value/],
  [' \n ', 2, 2, /ends where a value/],
  ['{', 1, 2, /ends where a key in double quotes or "}"/],
  ['{"a"', 1, 5, /ends where a colon/],
  ['{"a":', 1, 6, /ends where a value/],
  ['{"a":1', 1, 7, /ends where a comma or a closing bracket/],
  ['{"a":1,}', 1, 8, /a key in double quotes/],
  ['[1,]', 1, 4, /a value/],
  ['{"a" 1}', 1, 6, /a colon/],
  ['{a:1}', 1, 2, /a key in double quotes/],
  ["{'a':1}", 1, 2, /a key in double quotes/],
  ['[1 2]', 1, 4, /a comma or a closing bracket/],
  ['[1}', 1, 3, /a comma or a closing bracket/],
  ['{"a":1]', 1, 7, /a comma or a closing bracket/],
  ['{}\n{}', 2, 1, /the end of the file/],
  ['{"a":\n  "unclosed', 2, 12, /a string is not closed/],
  ['["a\nb"]', 1, 4, /a string is not closed/],
  ['["\\x"]', 1, 3, /must be escaped/],
  ['["\\u12g4"]', 1, 3, /must be escaped/],
  ['[01]', 1, 3, /a comma or a closing bracket/],
  ['[+1]', 1, 2, /a value/],
  ['[.5]', 1, 2, /a value/],
  ['[NaN]', 1, 2, /a value/],
  ['[1, // no\n2]', 1, 5, /a value/],
  ['\uFEFF{}', 1, 1, /a value/],
];

describe('the place of a JSON error', () => {
  it.each(BROKEN)('P9: of %j is line %i, column %i', (text, line, column, problem) => {
    const found = findJsonError(text);
    expect([found?.line, found?.column]).toEqual([line, column]);
    expect(found?.problem).toMatch(problem);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('P9: is found exactly where JSON.parse fails', () => {
    const text = fc.oneof(
      fc.json(),
      fc
        .array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'true', ' ', '"', '\\', '-'), {
          maxLength: 12,
        })
        .map((all) => all.join('')),
      fc.tuple(fc.json(), fc.nat(40)).map(([json, at]) => json.slice(0, at)),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(findJsonError(json) === undefined).toBe(parses(json));
      }),
      { numRuns: 1_000 },
    );
  });

  it('P9: names nothing of the file', () => {
    expect(findJsonError('{"password": hunter2')?.problem).not.toMatch(/hunter2|password/);
  });

  it('P12: takes any depth', () => {
    expect(findJsonError('['.repeat(200_000))).toMatchObject({ line: 1, column: 200_001 });
    expect(findJsonError('['.repeat(200_000) + ']'.repeat(200_000))).toBeUndefined();
  });
});

describe('the place of a value', () => {
  it('is where its path leads, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // What the text holds, not what it was made of: -0 is written as 0.
        for (const [path, expected] of leaves(JSON.parse(text))) {
          const place = locateJson(text, path);
          const offset = offsetOf(text, place);
          expect(JSON.parse(text.slice(offset, skipValue(text, readToken(text, offset))))).toEqual(expected);
        }
      }),
    );
  });

  it('is the same for many paths of one text, in any order', () => {
    const numbered = fc.array(fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat()), { maxLength: 6 });
    fc.assert(
      fc.property(numbered, fc.constantFrom(0, 2), (values, indent) => {
        const text = JSON.stringify(values, null, indent);
        const paths = leaves(values).map(([path]) => path);
        const shuffled = [...paths].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
        const locate = createJsonLocator(text);
        for (const path of [...paths, ...shuffled]) expect(locate(path)).toEqual(locateJson(text, path));
      }),
    );
  });

  it.each([[['b']], [['a', 2]], [['a', 'x']], [[0]], [['a', 0, 'deep']]])('is unknown for %j', (path) => {
    expect(locateJson('{"a": [1, 2]}', path)).toBeUndefined();
  });

  it('counts lines from one, with any line ending', () => {
    expect([placeOf('a\r\nb', 3), placeOf('a\nb', 2), placeOf('ab', 1), placeOf('\n\n', 2)]).toEqual([
      { line: 2, column: 1 },
      { line: 2, column: 1 },
      { line: 1, column: 2 },
      { line: 3, column: 1 },
    ]);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function leaves(value: unknown, path: readonly (string | number)[] = []): [(string | number)[], unknown][] {
  const own: [(string | number)[], unknown] = [[...path], value];
  if (typeof value !== 'object' || value === null) return [own];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [own, ...children.flatMap(([key, child]) => leaves(child, [...path, key]))];
}

function offsetOf(text: string, place: { line: number; column: number } | undefined): number {
  const lines = text.split('\n').slice(0, (place?.line ?? 1) - 1);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + (place?.column ?? 0) - 1;
}

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lookAt } from '../../../shared/dialects/look.ts';
import { readDocument } from '../../../shared/dialects/postman-v3/read-document.ts';
import { reindentQuoted } from '../../../shared/dialects/postman-v3/reindent-quoted.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;

/** Text that YAML 1.2 refuses → what it says. */
const repaired: readonly (readonly [string, string, unknown])[] = [
  ['at the margin', lines('a: "{', 'x', '}"', 'b: 1'), { a: '{ x }', b: 1 }],
  ['below its key', lines('a:', '  b: "{', ' x', '}"', 'c: 1'), { a: { b: '{ x }' }, c: 1 }],
  ['in single quotes', lines("a: 'it''s", "x'"), { a: "it's x" }],
  ['in a list', lines('a:', '  - "x', 'y"', '  - z'), { a: ['x y', 'z'] }],
  ['in a list of mappings', lines('a:', '  - b: "x', '  y"', '    c: z'), { a: [{ b: 'x y', c: 'z' }] }],
  ['under a quoted key', lines('"a": "x', 'y"'), { a: 'x y' }],
  ['with empty lines', lines('a: "x', '', 'y"'), { a: 'x\ny' }],
  ['with escapes at the line’s end', lines('a: "x \\', '\\ y \\"', 'z"'), { a: 'x  y " z' }],
  ['with CRLF', 'a: "x\r\ny"\r\nb: 1\r\n', { a: 'x y', b: 1 }],
  ['with a comment behind', lines('a: "x', 'y" # no', 'b: 1'), { a: 'x y', b: 1 }],
  ['twice', lines('a: "x', 'y"', 'b: "x', 'y"'), { a: 'x y', b: 'x y' }],
  [
    'after a block text that has a quote open',
    lines('a: |-', '  b: "x', '  y', 'c: "x', 'y"'),
    { a: 'b: "x\ny', c: 'x y' },
  ],
  [
    'after a block text in a list',
    lines('a:', '  - b: |', '      "x', '    c: "x', 'y"'),
    { a: [{ b: '"x\n', c: 'x y' }] },
  ],
];

/** Text that stays broken: what would be read into it is more likely a mistake. */
const refused: readonly (readonly [string, string])[] = [
  ['never closed', lines('a: "x', 'y')],
  ['a key at the margin', lines('a: "x', 'b: 1', 'c: y "')],
  ['a list entry at the margin', lines('a: "x', '- b', '"')],
  ['a new document', lines('a: "x', '---', '"')],
  ['text behind the quote', lines('a: "x', 'y" z')],
  ['another mistake', lines('a: [x', 'b: 1')],
  ['nothing to repair', lines('a: x')],
  ['empty', ''],
];

describe('a quoted text whose further lines are at the margin', () => {
  it.each(repaired)('is repaired %s', (_, text, value) => {
    expect(() => parse(text) as unknown).toThrow();
    const after = reindentQuoted(text) ?? '';
    expect(parse(after)).toEqual(value);
    expect(after.split('\n').map((line) => line.trimStart())).toEqual(text.split('\n').map((line) => line.trimStart()));
    expect(readDocument(lookAt('a.request.yaml', text))).toMatchObject({ ok: true, value: { keys: value } });
  });

  it.each(refused)('stays as it is: %s', (_, text) => {
    expect(reindentQuoted(text)).toBeUndefined();
  });

  it('a text that parses is never looked at: what the repair would change in it has its own meaning', () => {
    const text = lines('a: |', '  x', '# "', 'b: "x', ' y"');
    expect(readDocument(lookAt('a.request.yaml', text))).toMatchObject({ value: { keys: parse(text) } });
  });

  it('the failure is that of the text as it stands, not of the repaired one', () => {
    const text = lines('a: "x', 'y"', 'b: [');
    expect(readDocument(lookAt('a.request.yaml', text))).toMatchObject({ ok: false, failure: { where: { line: 1 } } });
  });

  it.each([
    ['lines', `a: "{\n${'x\n'.repeat(500_000)}}"`],
    ['dashes', `${'- '.repeat(1_000_000)}"`],
    ['colons', `${': '.repeat(1_000_000)}"`],
    ['spaces', `${' '.repeat(2_000_000)}"`],
    ['quotes', `a: ${'"'.repeat(2_000_001)}`],
    ['bars', ': |'.repeat(500_000)],
    ['one long key', `${'a'.repeat(2_000_000)}: "\nx"`],
  ])('takes one pass over a million %s', (_, text) => {
    const after = reindentQuoted(text);
    expect(after === undefined || after.length > text.length).toBe(true);
  });
});

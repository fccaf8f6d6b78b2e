import { describe, expect, it } from 'vitest';
import { describeFailure, failure } from '../../../shared/failure/failure.ts';
import { printTable } from '../../../src/cli/table.ts';
import {
  failureLines,
  jsonLine,
  jsonText,
  printable,
  printableBlock,
  type Terminal,
} from '../../../src/cli/terminal.ts';

const escapes: readonly [what: string, text: string, expected: string][] = [
  ['plain text', 'Get “räksmörgås” 🦐', 'Get “räksmörgås” 🦐'],
  ['an escape sequence', '\u001b[2Jgone', '\\u{1b}[2Jgone'],
  ['a C1 sequence introducer', '\u009b31m', '\\u{9b}31m'],
  ['a line break', 'a\nb', 'a\\u{a}b'],
  ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['a zero-width space of another category', 'a\u200bb', 'a\\u{200b}b'],
  ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['a tag character', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['DEL, the value before it and after it', '~\u007f\u00a0', '~\\u{7f}\u00a0'],
];

function recorder(): Terminal & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    interactive: false,
    confirm: async () => false,
    askHidden: async () => undefined,
    line: (text = '') => void lines.push(text),
    note: (text) => void lines.push(`! ${text}`),
    json: (value) => void lines.push(jsonText(value)),
    style: (_, text) => text,
  };
}

describe('text for a terminal', () => {
  for (const [what, text, expected] of escapes) {
    it(`shows ${what} without obeying it`, () => {
      expect(printable(text)).toBe(expected);
    });
  }

  it('keeps the line breaks and tabs of a block', () => {
    expect(printableBlock('a\tb\r\nc\u0007')).toBe('a\tb\nc\\u{7}');
  });

  it('prints JSON that a terminal cannot obey and a parser reads back', () => {
    const value = { name: 'x\u009b\u007f\u202e\u{e0041}\u001b', list: ['\n'] };
    const text = jsonText(value);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(jsonLine(value)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const written of [text, jsonLine(value)]) expect(JSON.parse(written)).toEqual(value);
  });

  it('P9: prints a failure with its code, place and fix', () => {
    const where = { file: 'a b.json', line: 3, column: 7 };
    const lines = failureLines(describeFailure(failure('REQUEST/METHOD_INVALID', { method: 'G\u001bT' }, where)));
    expect(lines[0]).toBe('error REQUEST/METHOD_INVALID: The method "G T" cannot be sent.');
    expect(lines[1]).toBe('   at: a b.json:3:7');
    expect(lines[2]).toMatch(/^ {2}fix: /);
    expect(lines).toHaveLength(3);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', cell: ([name]: readonly string[]) => name ?? '' },
    { title: 'N', cell: ([, amount]: readonly string[]) => amount ?? '', align: 'right' as const },
  ];

  it('aligns columns by characters and leaves no space at the end', () => {
    const terminal = recorder();
    printTable(
      terminal,
      [
        ['é🦐', '7'],
        ['plain', '1234'],
        ['x', ''],
      ],
      columns,
      'none',
    );
    expect(terminal.lines).toEqual(['NAME      N', 'é🦐        7', 'plain  1234', 'x']);
  });

  it('cuts at 72 characters, not before', () => {
    const terminal = recorder();
    printTable(terminal, [['a'.repeat(72)], ['b'.repeat(73)]], columns.slice(0, 1), 'none');
    expect(terminal.lines.slice(1)).toEqual(['a'.repeat(72), `${'b'.repeat(71)}…`]);
  });

  it('says so when there is no row', () => {
    const terminal = recorder();
    printTable(terminal, [], columns, 'Nothing here.');
    expect(terminal.lines).toEqual(['Nothing here.']);
  });
});

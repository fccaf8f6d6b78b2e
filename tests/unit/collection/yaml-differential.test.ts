// Whatever the fast reader of YAML gives, the package gives too, and without an error. FUZZ=n damages n texts instead of some hundreds.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CreateNodeOptions, stringify, type ToStringOptions } from 'yaml';
import { readBlockYaml } from '../../../shared/collection/block-yaml.ts';
import { mutate, type Random, seeded } from '../../dialects/mutate.ts';
import { compareReaders } from './yaml-oracle.ts';

const COUNT = Number(process.env.FUZZ ?? 0) || 800;

const folder = resolve(import.meta.dirname, '../../dialects');
const files = readdirSync(folder, { recursive: true }).filter((file) => /\.ya?ml$/.test(String(file)));
const texts = files.map((file) => readFileSync(join(folder, String(file)), 'utf8'));

/** What damages YAML more finely than cutting and swapping does. */
const BITS = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\n \n',
    '\n  ',
    '- ',
    ': ',
    ':\n',
    '-\n',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '\\',
    '\\\n',
  ],
  ...[
    '|\n',
    '|-\n',
    '|2\n',
    '>\n',
    '>+\n',
    '>1-\n',
    ' #c',
    '#c\n',
    '# c\n',
    '\n# c\n',
    '\t',
    '\r',
    '\r\n',
    '? ',
    '& ',
    '*a',
  ],
  ...[
    '&a ',
    '!',
    '<<',
    '%',
    '@',
    '`',
    '~',
    '0',
    '0x',
    '-',
    '+',
    '.',
    'e1',
    'null',
    '---\n',
    '...\n',
    '\uFEFF',
    '\u2028',
  ],
  ...['a: ', 'k:\n', 'k: |\n', '__proto__: ', '\\x41', '\\u12', '\u0085', '\ud83d', '"a"', "'b'"],
];

const pick = <Item>(items: readonly Item[], random: Random) => items[Math.floor(random() * items.length)] as Item;

function disturb(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  if (random() < 0.6) return text.slice(0, at) + pick(BITS, random) + text.slice(at);
  if (random() < 0.5) return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 4));
  const lines = text.split('\n');
  const line = Math.floor(random() * lines.length);
  const indented = random() < 0.5 ? ` ${lines[line]}` : (lines[line] ?? '').replace(/^ {1,2}/, '');
  return lines.with(line, indented).join('\n');
}

/** Some lines of a text, moved to the left as far as they go. */
function excerpt(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = Math.floor(random() * lines.length);
  const taken = lines.slice(from, from + 2 + Math.floor(random() * 20));
  const indent = Math.min(...taken.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)), 100);
  return taken.map((line) => line.slice(indent)).join('\n');
}

const DAMAGES: readonly (readonly [string, (random: Random) => string])[] = [
  ['files damaged as editors do', (random) => mutate(pick(texts, random), random)],
  ['files with a sign too many or too few', (random) => disturb(disturb(pick(texts, random), random), random)],
  ['parts of files', (random) => disturb(excerpt(pick(texts, random), random), random)],
  [
    'parts with carriage returns',
    (random) => disturb(excerpt(pick(texts, random), random).replaceAll('\n', '\r\n'), random),
  ],
  [
    'signs alone',
    (random) =>
      pick(['', 'k: ', '- '], random) +
      Array.from({ length: 2 + Math.floor(random() * 12) }, () => pick(BITS, random)).join(''),
  ],
];

describe('the fast reader and the package', () => {
  it.each(DAMAGES)('agree on %s', { timeout: 600_000 }, (_, damaged) => {
    const random = seeded(20_261_123);
    const different: string[] = [];
    let same = 0;
    for (let count = 0; count < COUNT; count += 1) {
      const text = damaged(random);
      const outcome = compareReaders(text);
      if (outcome === 'different') different.push(text);
      if (outcome === 'same') same += 1;
    }
    expect(different).toEqual([]);
    expect(same).toBeGreaterThan(COUNT / 40);
  });

  const words = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...' \n\t:#-"\'|>[]{},&*!%@`?~\\.0e+xa\u0085\u2028é😀') }),
    fc.constantFrom(
      'null',
      'true',
      '1',
      '-1.5',
      '0x1F',
      '.inf',
      '~',
      'a: b',
      '- a',
      '<<',
      '---',
      '__proto__',
      ' a ',
      'a\n\n b\n',
    ),
    fc
      .array(fc.string({ unit: fc.constantFrom('a', ' ', '.', '"', '\\', '\n') }), { maxLength: 30 })
      .map((all) => all.join(' ')),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(words, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));

  const STYLES: readonly (readonly [string, ToStringOptions & CreateNodeOptions])[] = [
    ['its own style', {}],
    ['single quotes', { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' }],
    ['double quotes', { defaultStringType: 'QUOTE_DOUBLE' }],
    ['JSON quotes', { doubleQuotedAsJSON: true, doubleQuotedMinMultiLineLength: 10 }],
    ['literal blocks', { defaultStringType: 'BLOCK_LITERAL', defaultKeyType: 'PLAIN' }],
    ['folded blocks', { defaultStringType: 'BLOCK_FOLDED', defaultKeyType: 'PLAIN' }],
    ['lists at the indent of their keys', { indentSeq: false }],
    ['long lines', { lineWidth: 0, blockQuote: 'literal' }],
    ['short lines', { lineWidth: 40, minContentWidth: 5 }],
    ['an indent of four', { indent: 4, blockQuote: 'folded' }],
    ['flow collections', { flow: true, collectionStyle: 'flow' }],
    ['block collections', { collectionStyle: 'block', nullStr: '~' }],
  ];

  it.each(STYLES)('agree on values written in %s', (_, style) => {
    let same = 0;
    const written = fc.property(value, (sample) => {
      const text = stringify({ sample, more: [sample] }, { aliasDuplicateObjects: false, ...style });
      const outcome = compareReaders(text);
      expect(outcome, text).not.toBe('different');
      if (outcome === 'same') same += 1;
    });
    fc.assert(written, { numRuns: Math.max(60, COUNT / 20), seed: 20_261_123 });
    expect(same).toBeGreaterThan(30);
  });

  it('reads the JSON that is written as YAML', () => {
    const written = fc.property(fc.jsonValue(), (sample) => {
      const text = JSON.stringify([sample], null, 2);
      expect(compareReaders(text), text).not.toBe('different');
    });
    fc.assert(written, { numRuns: 100, seed: 20_261_123 });
    expect(readBlockYaml('{\n  "a": [1, {"b": "c\\n"}]\n}')).toEqual({ a: [1, { b: 'c\n' }] });
  });
});

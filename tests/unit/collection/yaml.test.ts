// The traps of YAML: what the fast reader makes of them, which it gives up, and that in the end all is as the package reads it.
import { describe, expect, it } from 'vitest';
import { readBlockYaml } from '../../../shared/collection/block-yaml.ts';
import { createYamlLocator, locateYaml, readYaml } from '../../../shared/collection/yaml.ts';
import { limits } from '../../../shared/limits.ts';
import { packageValue } from './yaml-oracle.ts';

const own = (value: unknown) => Object.defineProperty({}, '__proto__', { value, enumerable: true });

const PLAIN: readonly (readonly [string, unknown])[] = [
  ['a: 1', { a: 1 }],
  ['a: 1\n', { a: 1 }],
  ['\uFEFFa: 1\n', { a: 1 }],
  ['---\na: 1\n', { a: 1 }],
  ['# head\n\n--- # start\n# more\na: 1\n# end', { a: 1 }],
  ['  a: 1\n  b: 2\n', { a: 1, b: 2 }],
  ['a: 1\r\nb:\r\n- 2\r\n', { a: 1, b: [2] }],
  // Keys
  ['"a": b', { a: 'b' }],
  ["'a b' : c", { 'a b': 'c' }],
  ['a:b: c', { 'a:b': 'c' }],
  ['a b: c', { 'a b': 'c' }],
  ['a : b', { a: 'b' }],
  [':a: b', { ':a': 'b' }],
  ['?a: b', { '?a': 'b' }],
  ['-a: b', { '-a': 'b' }],
  ['200: a\n0x10: b\n1.0: c\n-0: d', { 200: 'a', 16: 'b', 1: 'c', 0: 'd' }],
  ['null: a\n~: b', { '': 'b' }],
  ['true: a', { true: 'a' }],
  ['a: 1\nb: 2\na: 3', { a: 3, b: 2 }],
  ['__proto__: a', own('a')],
  ['{ __proto__: { b: 1 } }', own({ b: 1 })],
  ['constructor: a\ntoString: b', { constructor: 'a', toString: 'b' }],
  ['---a: b', { '---a': 'b' }],
  // Lists and mappings
  ['- - a\n  - b\n- c', [['a', 'b'], 'c']],
  [
    '- a: b\n  c: d\n-   e: f\n    g: h',
    [
      { a: 'b', c: 'd' },
      { e: 'f', g: 'h' },
    ],
  ],
  ['a:\n- b\n- c\nd: e', { a: ['b', 'c'], d: 'e' }],
  ['a:\n  - b\n  -\n    - c', { a: ['b', ['c']] }],
  ['- a:\n  - b\n- c', [{ a: ['b'] }, 'c']],
  ['- a:\n- b:', [{ a: null }, { b: null }]],
  ['-\n- # b\n- ~', [null, null, null]],
  ['a:\nb:   \nc: # d', { a: null, b: null, c: null }],
  ['-1', undefined],
  ['- -1\n- --a\n- -b', [-1, '--a', '-b']],
  // Scalars
  ['- yes\n- no\n- on\n- y', ['yes', 'no', 'on', 'y']],
  ['- true\n- True\n- TRUE\n- tRUE\n- false', [true, true, true, 'tRUE', false]],
  ['- ~\n- null\n- Null\n- NULL\n- nULL\n- nil', [null, null, null, null, 'nULL', 'nil']],
  ['- 0o7\n- 0o8\n- 0x1F\n- 0xg\n- 0b1\n- 007', [7, '0o8', 31, '0xg', '0b1', 7]],
  ['- 1_000\n- +1\n- -0\n- 1.\n- .5\n- -.5\n- .\n- 1.5.1', ['1_000', 1, -0, 1, 0.5, -0.5, '.', '1.5.1']],
  ['- 1e3\n- 1E-2\n- .5e1\n- 1e\n- e1\n- 1e999', [1000, 0.01, 5, '1e', 'e1', Number.POSITIVE_INFINITY]],
  ['- .inf\n- -.Inf\n- +.INF\n- .nan\n- -.nan', [Infinity, -Infinity, Infinity, Number.NaN, '-.nan']],
  ['- 12345678901234567890\n- 0x', [12345678901234567000, '0x']],
  ['- 2001-01-01\n- 12:30\n- 1:2', ['2001-01-01', '12:30', '1:2']],
  ['a: b#c\nd: e #f\ng: #h\ni: "j" # k', { a: 'b#c', d: 'e', g: null, i: 'j' }],
  ['a: b   \nc: "d"  \n', { a: 'b', c: 'd' }],
  ['a: b\t\nc: d\te', { a: 'b', c: 'd\te' }],
  ['a: http://b:80/c?d=e&f#g', { a: 'http://b:80/c?d=e&f#g' }],
  ['a: b: \n', undefined],
  ['a: {{b}}', undefined],
  ['a: "{{b}}"\nc: x{{d}}', { a: '{{b}}', c: 'x{{d}}' }],
  ['a: b, c] }\nd: e & * ! |', { a: 'b, c] }', d: 'e & * ! |' }],
  ['a: b\u00a0\u0085\u2028\u2029c\nd: \u00a0', { a: 'b\u00a0\u0085\u2028\u2029c', d: '\u00a0' }],
  ['a: 😀\n😀: "\\ud83d\ud83d"', { a: '😀', '😀': '\ud83d\ud83d' }],
  // Texts of several lines
  ['a: b\n  c\n\n  d\n\n\n  e', { a: 'b c\nd\n\ne' }],
  ['a: b\n c # d\ne: f', { a: 'b c', e: 'f' }],
  ['a: b\n - c', { a: 'b - c' }],
  ['a:\n  b\n c', { a: 'b c' }],
  ["a: 'b''c'\nd: ''", { a: "b'c", d: '' }],
  ["a: 'b  \n\n   c\n  d  '", { a: 'b\nc d  ' }],
  ['a: "b  \n\n   c\\\n   d\\n  \n  e"', { a: 'b\ncd\n e' }],
  [
    'a: "\\0\\a\\b\\e\\f\\n\\r\\t\\v\\N\\_\\L\\P\\ \\"\\/\\\\\\x41\\u00e9\\U0001F600"',
    {
      a: '\0\x07\b\x1b\f\n\r\t\v\u0085\u00a0\u2028\u2029 "/\\A\u00e9😀',
    },
  ],
  ['a: |\n b\n  c\n\n d\n\n', { a: 'b\n c\n\nd\n' }],
  ['a: |-\n b\n\n', { a: 'b' }],
  ['a: |+\n b\n\n', { a: 'b\n\n' }],
  ['a: |+\n b', { a: 'b\n' }],
  ['a: |2-\n   b\n  c', { a: ' b\nc' }],
  ['a: |-2 # d\n   b\n  c', { a: ' b\nc' }],
  ['- |1\n  b\n c', [' b\nc\n']],
  ['a: |\n\n\n b', { a: '\n\nb\n' }],
  ['a: |\nb: c', { a: '', b: 'c' }],
  ['a: |\n # b\n\tc', undefined],
  ['a: |\n # b\n \tc\n# d\ne: f', { a: '# b\n\tc\n', e: 'f' }],
  ['a: >\n b\n c\n\n d\n   e\n   f\n\n g\n', { a: 'b c\nd\n  e\n  f\n\ng\n' }],
  ['a: >+\n b\n\n\nc: d', { a: 'b\n\n\n', c: 'd' }],
  ['a: >-\n\n b\n \tc\n d', { a: '\nb\n\tc\nd' }],
  // Flow collections
  ['{"a":1,"b":[true,null,{}],"c":"d"}', { a: 1, b: [true, null, {}], c: 'd' }],
  ['a: [b, "c", \'d\', e f, 1, ]\ng: { }', { a: ['b', 'c', 'd', 'e f', 1], g: {} }],
  ['a: [\n  b, # c\n\n  d\n]\ne: {f: g,\n  h: i}', { a: ['b', 'd'], e: { f: 'g', h: 'i' } }],
  ['a: [b:c, d#e, -1, -f]', { a: ['b:c', 'd#e', -1, '-f'] }],
  ['{ $ref: "#/a" }', { $ref: '#/a' }],
];

/** Sound YAML that is left to the package. */
const GIVEN_UP: readonly (readonly [string, unknown])[] = [
  ['', null],
  ['# a', null],
  ['a', 'a'],
  ['"a"', 'a'],
  ['a: &b c\nd: *b', { a: 'c', d: 'c' }],
  ['a: &b [c]\nd: *b\ne: &b [f]\ng: *b', { a: ['c'], d: ['c'], e: ['f'], g: ['f'] }],
  ['&a a: &b 1\n*b : 2\n*a : 3', { a: 3, 1: 2 }],
  ['a: !!str 1', { a: '1' }],
  ['? a\n: b', { a: 'b' }],
  [': a', { '': 'a' }],
  ['<<: { a: 1 }', { '<<': { a: 1 } }],
  ['%YAML 1.2\n---\na: b', { a: 'b' }],
  ['a: b\n...\n', { a: 'b' }],
  ['a:\tb', { a: 'b' }],
  ['[a: b, c]', [{ a: 'b' }, 'c']],
  ['{ a, b: }', { a: null, b: null }],
  ['[a\n b]', ['a b']],
  ['a: b\u0001', { a: 'b\u0001' }],
  ['a: |+\n\n', { a: '\n' }],
];

const ERRORS: readonly (readonly [string, string, number, number])[] = [
  ['a: b: c', 'block as implicit key', 1, 4],
  ['key: - x', 'unexpected token', 1, 6],
  ['a: @b', 'bad scalar start', 1, 4],
  ['a: `b`', 'bad scalar start', 1, 4],
  ['a: %b', 'bad scalar start', 1, 4],
  ['a: "b" c', 'unexpected token', 1, 8],
  ['a: "b"#c', 'missing char', 1, 7],
  ['a: "b', 'missing char', 1, 6],
  ['a: "b\nc"', 'missing char', 1, 6],
  ['a: "\\q"', 'bad dq escape', 1, 5],
  ['a:\n  b: c\n d: e', 'bad indent', 3, 1],
  ['a:\n\tb: c', 'tab as indent', 2, 1],
  ['a: [b', 'bad indent', 1, 6],
  ['a: [b,\nc]', 'bad indent', 2, 1],
  ['- a\nb: c', 'unexpected token', 2, 1],
  ['a: |\n   \n  b', 'missing char', 3, 3],
  ['a: b\n---\nc: d', 'multiple docs', 2, 1],
  [`${'a'.repeat(1_025)}: b`, 'key over 1024 chars', 1, 1],
  ['a:\n#b\n  c\nd: e', 'multiline implicit key', 3, 3],
  ['{\n  a: [b]\n# c\n}', 'missing char', 3, 1],
  ['\uFEFF- a: b\n  c: d', 'unexpected token', 1, 4],
];

const MULTIPLIED = 'aliases that multiply it, or hold themselves';

describe('the plain subset', () => {
  it.each(PLAIN)('%j', (text, value) => {
    expect(readBlockYaml(text)).toEqual(value);
    if (value !== undefined) expect(packageValue(text)).toEqual({ value });
  });

  it('a name of prototypes is a name', () => {
    const read = readBlockYaml('a: { __proto__: { b: 1 } }') as { a: Record<string, unknown> };
    expect(Object.keys(read.a)).toEqual(['__proto__']);
    expect(read.a.b).toBeUndefined();
  });

  it('nests as deep as a value may', () => {
    const nested = (depth: number) => [`${'- '.repeat(depth)}a`, `${'['.repeat(depth)}${']'.repeat(depth)}`];
    for (const text of nested(limits.valueDepth)) expect(readBlockYaml(text)).toBeDefined();
    for (const text of nested(limits.valueDepth + 1)) expect(readBlockYaml(text)).toBeUndefined();
  });
});

describe('the rest of YAML', () => {
  it.each(GIVEN_UP)('%j', (text, value) => {
    expect(readBlockYaml(text)).toBeUndefined();
    expect(readYaml(text, 'f.yaml')).toEqual({ ok: true, value });
  });

  it.each(ERRORS)('%j', (text, problem, line, column) => {
    expect(readBlockYaml(text)).toBeUndefined();
    expect(readYaml(text, 'f.yaml')).toMatchObject({
      ok: false,
      failure: { facts: { problem: `not YAML (${problem})` }, where: { file: 'f.yaml', line, column } },
    });
  });
});

describe('texts that would take the package too long or too much', () => {
  const many = limits.yamlDocumentTokens;
  const deep = 100_000;
  it.each([
    ['lists in a line', '- '.repeat(deep), 1],
    ['keys in a line', `- ${'a: '.repeat(deep)}`, 1],
    ['unnamed keys', ': '.repeat(deep), 1],
    ['asked keys', '? '.repeat(deep), 1],
    ['brackets', `a:\n  - ${'['.repeat(deep)}`, 2],
    ['braces', '{a: '.repeat(deep), 1],
    ['lines', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 201],
    ['tokens', `a: &b c\n${'d: e\n'.repeat(many / 5)}`, 1],
    ['characters', `a: &b "${'c'.repeat(limits.yamlDocumentChars)}"`, 1],
    ['lines of a text', `a: |\n${'   b\n'.repeat(limits.yamlValues)}`, limits.yamlValues],
  ])('%s', (_, text, line) => {
    expect(readYaml(text, 'f.yaml')).toMatchObject({
      ok: false,
      failure: {
        code: 'COLLECTION/MALFORMED',
        facts: { problem: expect.stringMatching(/^no plain YAML from here on/) },
        where: { file: 'f.yaml', line },
      },
    });
    expect(locateYaml(text, ['a'])).toBeUndefined();
  });

  it('nesting that the package can take is read', () => {
    const nested = `${'- '.repeat(limits.valueDepth - 1)}!!str 1`;
    expect(readYaml(nested, 'f.yaml').ok).toBe(true);
    expect(readYaml(`- ${nested}`, 'f.yaml').ok).toBe(true);
    expect(readYaml(`- - ${nested}`, 'f.yaml').ok).toBe(false);
  });

  it('aliases may repeat values, but not multiply them', () => {
    const repeated = (times: number) => `a: &a [${'x,'.repeat(99)}]\nb:\n${'- *a\n'.repeat(times)}`;
    expect(readYaml(repeated(90), 'f.yaml').ok).toBe(true);
    expect(readYaml(repeated(110), 'f.yaml')).toMatchObject({ ok: false, failure: { facts: { problem: MULTIPLIED } } });
  });

  const steps = Array.from({ length: 40 }, (_, step) => `a${step + 1}: &a${step + 1} [*a${step}, *a${step}]`).join(
    '\n',
  );
  it.each([
    ['of empty lists', `a0: &a0 []\n${steps}`, MULTIPLIED],
    ['that hold themselves', 'a: &a [*a]', MULTIPLIED],
    ['without an anchor', 'a: *b', 'an alias without its anchor, or beside one a key that is no text'],
    ['before their anchor', 'a: *b\nc: &b d', 'an alias without its anchor, or beside one a key that is no text'],
  ])('aliases %s', (_, text, problem) => {
    expect(readYaml(text, 'f.yaml')).toMatchObject({ ok: false, failure: { facts: { problem } } });
  });
});

describe('places', () => {
  const TEXT = `# head
a: b
'c d':
  - "e"

  # comment
  - f: |
      g
    h: { i: [1, 2] }
j: [k,
  l]
m:   # nothing
n:
- o
200: p
`;
  const PLACES: readonly (readonly [readonly (string | number)[], readonly [number, number] | undefined])[] = [
    [[], [2, 1]],
    [['a'], [2, 4]],
    [['c d'], [4, 3]],
    [
      ['c d', 0],
      [4, 5],
    ],
    [
      ['c d', 1],
      [7, 5],
    ],
    [
      ['c d', 1, 'f'],
      [7, 8],
    ],
    [
      ['c d', 1, 'h'],
      [9, 8],
    ],
    [
      ['c d', 1, 'h', 'i', 1],
      [9, 17],
    ],
    [
      ['j', 1],
      [11, 3],
    ],
    [['m'], [12, 6]],
    [['n'], [14, 1]],
    [
      ['n', 0],
      [14, 3],
    ],
    [['n', 1], undefined],
    [['a', 'b'], undefined],
    [['x', 'y'], undefined],
    [['constructor'], undefined],
  ];

  it.each([
    ['plain', TEXT],
    ['with carriage returns', TEXT.replaceAll('\n', '\r\n')],
    ['left to the package', `${TEXT}q: &r s\n`],
  ])('%s', (_, text) => {
    const locate = createYamlLocator(text);
    for (const [path, place] of PLACES) {
      expect(locate(path), path.join('/')).toEqual(place && { line: place[0], column: place[1] });
    }
  });

  it('of a number and of several members of one name: as the value has them', () => {
    expect(locateYaml(TEXT, ['200'])).toEqual({ line: 15, column: 6 });
    expect(locateYaml('a: 1\na: 2', ['a'])).toEqual({ line: 2, column: 4 });
  });

  it('none in a text that does not parse', () => {
    expect(locateYaml('a: "b', ['c'])).toBeUndefined();
  });
});

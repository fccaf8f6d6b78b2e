import { describe, expect, it } from 'vitest';
import { readSecretFile } from '../../../shared/export/read-secret-file.ts';
import { limits } from '../../../shared/limits.ts';
import { reveal } from '../../../shared/secret/reveal.ts';

const postman = (values: unknown, more: object = {}) => JSON.stringify({ name: 'dev', values, ...more });

const rows: readonly [string, string, string, readonly [string, string | undefined, boolean][]][] = [
  [
    '.env',
    '.env',
    "export API_KEY='a b'\nHOST=example.com # note\n\nEMPTY=\n",
    [
      ['API_KEY', 'a b', true],
      ['HOST', 'example.com', false],
      ['EMPTY', undefined, false],
    ],
  ],
  ['.env of a stage', 'prod/.env.production', 'TOKEN="x\\ny"', [['TOKEN', 'x\ny', true]]],
  ['.env by its ending', 'local.env', 'A=1', [['A', '1', false]]],
  [
    'Postman environment',
    'dev.json',
    postman([
      { key: 'plain', value: 'v' },
      { key: 'marked', value: 's', type: 'secret' },
      { key: 'off', value: 'x', enabled: false },
      { key: 'password', value: 'p' },
      { value: 'no key' },
      null,
    ]),
    [
      ['plain', 'v', false],
      ['marked', 's', true],
      ['password', 'p', true],
    ],
  ],
  [
    'Bruno environment',
    'Prod.bru',
    'vars {\n  host: https://a.example\n  apiKey: k1\n  ~off: x\n}\nvars:secret [\n  token,\n  ~gone\n]\n',
    [
      ['host', 'https://a.example', false],
      ['apiKey', 'k1', true],
      ['token', undefined, true],
    ],
  ],
];

describe('readSecretFile', () => {
  for (const [what, name, text, expected] of rows) {
    it(what, () => {
      const read = readSecretFile(text, name);
      if (!read.ok) throw new Error(read.failure.code);
      const found = read.value.entries.map((entry) => [entry.name, entry.value && reveal(entry.value), entry.secret]);
      expect(found).toEqual(expected);
      for (const { secret, template } of read.value.entries) {
        if (secret) expect(template.every(({ kind }) => kind === 'sealed')).toBe(true);
      }
    });
  }

  const unread: readonly [what: string, name: string, text: string, said: readonly string[]][] = [
    ['nothing of a sound file', '.env', '# a\n\nA=1 # b\n  export B="x\ny" # c\nC: 3\nD=\n', []],
    ['a name with a space', '.env', 'A=1\nBAD NAME=two\r\nB=2', ['line 2 is not NAME=value']],
    ['a name alone', '.env', 'TOKEN\n', ['line 1 is not NAME=value']],
    ['what follows a quoted value', '.env', `A="x" y`, ['line 1 is not NAME=value']],
    ['a byte order mark', '.env', '\ufeffA=1', ['line 1 is not NAME=value']],
    ['lines after one of several lines', '.env', "A='x\ny'\n=3", ['line 3 is not NAME=value']],
    ['values without a name', 'a.json', postman([{ key: 'a', value: '1' }, { value: 'b' }]), ['value 2 has no name']],
  ];
  for (const [what, name, text, said] of unread) {
    it(`P9: tells of ${what}`, () => {
      const read = readSecretFile(text, name);
      expect(read.ok && read.value.unread).toEqual(said);
    });
  }

  it('P9: tells of what is beyond its limit', () => {
    const read = readSecretFile(`A=1\n${'#'.repeat(limits.dotEnvChars)}\nTOKEN=x`, '.env');
    expect(read.ok && read.value.unread).toEqual([`what follows the first ${limits.dotEnvChars} characters`]);
  });

  const values: readonly [value: unknown, text: string | undefined, isProblem: boolean][] = [
    ['text', 'text', false],
    [1234567890, '1234567890', false],
    [Number.MAX_SAFE_INTEGER, '9007199254740991', false],
    [Number.MAX_SAFE_INTEGER + 1, undefined, true],
    [1.1, undefined, true],
    [true, 'true', false],
    [null, undefined, false],
    [undefined, undefined, false],
    [{ a: 1 }, undefined, true],
    [['a'], undefined, true],
  ];
  it.each(values)('P9: the Postman value %j is taken as it was written, or told of', (value, text, isProblem) => {
    const read = readSecretFile(postman([{ key: 'pin', value, type: 'secret' }]), 'a.json');
    const [entry] = read.ok ? read.value.entries : [];
    expect(entry?.value && reveal(entry.value)).toBe(text);
    expect(entry?.problem !== undefined).toBe(isProblem);
  });

  it('tells globals from environments', () => {
    const kindOf = (name: string, more: object) => {
      const read = readSecretFile(postman([], more), name);
      return read.ok ? read.value.kind : 'refused';
    };
    expect(kindOf('a.json', {})).toBe('environment');
    expect(kindOf('a.json', { _postman_variable_scope: 'globals' })).toBe('globals');
    expect(kindOf('a.postman_globals.json', {})).toBe('globals');
  });

  it('makes names that a handle can have', () => {
    const read = readSecretFile(postman([{ key: 'api key', value: 'v' }]), 'a.json');
    expect(read.ok && read.value.entries[0]?.handle).toBe('api_key');
  });

  for (const [name, text] of [
    ['notes.txt', 'A=1'],
    ['a.json', '{"values": 1}'],
    ['a.json', '{"values": ['],
    ['.env.json', '{}'],
    ['a.bru', 'vars {'],
  ] as const) {
    it(`P9: refuses ${name} ${text}`, () => {
      const read = readSecretFile(text, name);
      expect(read.ok ? 'ok' : read.failure.code).toMatch(/^INPUT\/INVALID$|^COLLECTION\/MALFORMED$/);
    });
  }
});

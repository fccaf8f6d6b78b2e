import { describe, expect, it } from 'vitest';
import { readSecretFile } from '../../../shared/export/read-secret-file.ts';
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

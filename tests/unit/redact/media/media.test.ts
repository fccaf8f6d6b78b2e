// Documents of each media type that carries fields: what goes of them, to the character. Every planted value begins with `Qz`.
import { describe, expect, it } from 'vitest';
import { redactMedia } from '../../../../shared/redact/media/redact-media.ts';
import { createNameMatcher } from '../../../../shared/redact/names.ts';
import benign from '../../../vectors/media/benign.json' with { type: 'json' };
import csv from '../../../vectors/media/csv.json' with { type: 'json' };
import events from '../../../vectors/media/events.json' with { type: 'json' };
import form from '../../../vectors/media/form.json' with { type: 'json' };
import html from '../../../vectors/media/html.json' with { type: 'json' };
import json from '../../../vectors/media/json.json' with { type: 'json' };
import multipart from '../../../vectors/media/multipart.json' with { type: 'json' };
import settings from '../../../vectors/media/settings.json' with { type: 'json' };
import text from '../../../vectors/media/text.json' with { type: 'json' };
import xml from '../../../vectors/media/xml.json' with { type: 'json' };
import yaml from '../../../vectors/media/yaml.json' with { type: 'json' };

type Text = string | readonly string[];

interface Row {
  readonly type: string;
  readonly given: Text;
  readonly expected: Text;
}

const tables: Readonly<Record<string, readonly Row[]>> = {
  csv,
  events,
  form,
  html,
  json,
  multipart,
  settings,
  text,
  xml,
  yaml,
};

const judge = createNameMatcher();

function redact(given: string, type: string, incomplete = false) {
  const taken: string[] = [];
  const shown = redactMedia(given, type, { judge, taken: (value) => taken.push(value), incomplete });
  return { ...shown, taken };
}

function joined(lines: Text): string {
  return typeof lines === 'string' ? lines : lines.join('\n');
}

describe.each(Object.entries(tables))('%s', (_, rows) => {
  it.each(rows)('P1: takes what sensitive names hold and nothing else: $type', ({ type, given, expected }) => {
    const shown = redact(joined(given), type);
    expect(shown.text).toBe(joined(expected));
    expect(shown.withheld).toBe(false);
    expect(shown.count).toBeGreaterThan(0);
    expect(redact(shown.text, type)).toMatchObject({ text: shown.text, count: 0, withheld: false });
  });

  it('P1: cut anywhere, shows no beginning of a value', () => {
    for (const { type, given } of rows) {
      const document = joined(given);
      for (let end = document.indexOf('Qz') + 2; end < document.length; end += 1) {
        const cut = document.slice(0, end);
        const shown = redact(cut, type, true);
        if (shown.text.includes('Qz')) expect(shown.text, `cut behind ${JSON.stringify(cut.slice(-60))}`).toBe('');
      }
    }
  });

  it('P1: a type that is missing or too general hides nothing that the text shows', () => {
    for (const { type, given } of rows.filter((row) => !NEEDS_TYPE.test(row.type))) {
      const shown = redact(joined(given), 'text/plain');
      if (shown.text.includes('Qz')) expect(shown.text, type).toBe('');
    }
  });
});

// A form of one field that looks like text, properties parted by spaces, a table of one column or in tabs with a quoted document.
const NEEDS_TYPE = /properties|text\/csv|multipart|xml$/;

describe('what is harmless', () => {
  it.each(benign)('stays to the byte: $type', ({ type, given }) => {
    expect(redact(joined(given), type)).toEqual({ text: joined(given), count: 0, withheld: false, taken: [] });
  });
});

// [media type, document, values as the server wrote them]
const told: readonly (readonly [string, string, readonly string[]])[] = [
  ['application/x-ndjson', '{"token":"a\\"b"}\n{"a":1}', ['a"b']],
  ['application/json5', "{token:'a\\x41\\'b'}", ["aA'b"]],
  ['application/xml', '<token>a&amp;b&#x41;<![CDATA[<c>]]></token>', ['a&bA<c>']],
  ['text/html', '<input name="token" value="a&quot;b">', ['a"b']],
  ['application/x-www-form-urlencoded', 'token=a%26b+c', ['a&b c']],
  ['text/csv', 'token,a\n"a""b",1', ['a"b']],
  ['application/yaml', "token: \"a\\\"b\"\nsecret: 'it''s'", ['a"b', "it's"]],
  ['text/plain', 'TOKEN="a\\"b"', ['a"b']],
  ['text/plain', 'Authorization: Bearer abc', ['abc']],
  ['text/plain', 'Cookie: a=b; c=d', ['b', 'd']],
  ['application/yaml', 'credentials:\n  access_token: abcdefgh12\n', ['access_token', 'abcdefgh12']],
];

describe('values that were taken', () => {
  it.each(told)('are told as they were before any escape: %s %s', (type, given, values) => {
    expect(redact(given, type).taken).toEqual(values);
  });
});

describe('limits', () => {
  it('P7: withholds what nests too deep: markup, maps, documents in documents', () => {
    const nest = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
    const maps = (levels: number) => Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(redact(nest(500, '<a>', '</a>'), 'application/xml').withheld).toBe(false);
    expect(redact(nest(501, '<a>', '</a>'), 'application/xml').withheld).toBe(true);
    expect(redact(nest(2_000, '<a>', '</a>'), 'text/html').withheld).toBe(false);
    expect(redact(maps(500), 'application/yaml').withheld).toBe(false);
    expect(redact(maps(501), 'application/yaml').withheld).toBe(true);
    expect(redact('{"a":'.repeat(10_002), 'application/json').withheld).toBe(true);
    const inner = (levels: number): string =>
      levels === 0
        ? '<a>x=1</a>'
        : `<a>${inner(levels - 1)
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')}</a>`;
    expect(redact(inner(4), 'application/xml').withheld).toBe(false);
    expect(redact(inner(5), 'application/xml').withheld).toBe(true);
  });

  // In the time given, which is tens of times what it takes, nothing quadratic ends.
  const SIZE = 200_000;
  const TIME = { timeout: 7_500 };
  // [media type, what is repeated]
  const hostile: readonly (readonly [string, string])[] = [
    ['text/html', '<a b="'],
    ['application/xml', '<?'],
    ['application/xml', '<password><![CDATA['],
    ['text/html', '<tr><td>a'],
    ['application/json', "{a:'\\'"],
    ['application/json', '{a/*'],
    ['application/json', '{a//'],
    ['application/x-www-form-urlencoded', '1'],
    ['application/x-www-form-urlencoded', ';a=b'],
    ['text/csv', 'password,"'],
    ['application/yaml', 'a: [\n'],
    ['application/yaml', 'password: [\n'],
    ['application/toml', 'password={\n'],
    ['text/plain', '\\"password\\":'],
    ['text/plain', 'password={'],
    ['text/plain', 'curl -u '],
    ['multipart/form-data; boundary=a', '--a\ncontent-disposition: name="password"\n'],
    ['application/yaml', 'a: {password: *b, x: &b 1}\n'],
    ['application/yaml', 'secret:\n  type: string\n'],
    ['application/toml', 'password=<<E\n'],
    ['text/html', '<!--'],
  ];

  it.each(hostile)('P12: %s of %j is read in linear time', TIME, (type, piece) => {
    expect(redact(piece.repeat(SIZE / piece.length), type, true).text).not.toBe('');
  });
});

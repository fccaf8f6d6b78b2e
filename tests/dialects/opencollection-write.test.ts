import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RequestTemplate } from '../../shared/collection/model.ts';
import { writeYaml } from '../../shared/collection/yaml.ts';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { opencollection } from '../../shared/dialects/opencollection/opencollection.ts';
import { createSafeNames } from '../../shared/dialects/opencollection/safe-name.ts';
import { opencollectionWriter } from '../../shared/dialects/opencollection/write.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import type { WritableCollection, Written } from '../../shared/dialects/writer.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import { inputsOf } from './inputs.ts';
import { schemaErrors } from './opencollection-oracle.ts';
import { meaningOf, merged } from './request-meaning.ts';

const here = import.meta.dirname;
const dialects: readonly Dialect[] = [opencollection, postman];

for (const dialect of dialects) {
  describe(`the goldens of ${dialect.name}, written as OpenCollection`, () => {
    for (const each of readdirSync(join(here, dialect.name))) {
      const sources = writableOf(read(dialect, inputsOf(join(here, dialect.name, each))));
      if (sources.length === 0) continue;

      it(`${each}: is valid by the published schema and holds no secret`, () => {
        for (const source of sources) {
          const { files, losses } = opencollectionWriter.write(source);
          expect(schemaErrors(files)).toEqual([]);
          expect(JSON.stringify({ files, losses })).not.toContain('SECRET-');
        }
      });

      it(`${each}: reads as what it was written from`, () => {
        for (const source of sources) {
          const written = opencollectionWriter.write(source);
          const again = reread(written);
          const lossy = new Set(written.losses.map(({ request }) => request));
          expect(meanings(again, lossy)).toEqual(meanings(source, lossy));
          expect(merged([again.variables])).toEqual(merged([...globalsOf(source), source.variables].reverse()));
          expect(environmentsOf(again)).toEqual(environmentsOf(source));
        }
      });

      it(`${each}: is the same bytes when what was written is read and written again`, () => {
        for (const source of sources) {
          const written = opencollectionWriter.write(source);
          expect(byPath(opencollectionWriter.write(reread(written)))).toEqual(byPath(written));
        }
      });
    }
  });
}

/** The rule, the names that are wanted, and the files' names: no two of a row may be one file anywhere. */
const NAMES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['keeps what is safe', ['Get users', 'päth', '日本語'], ['Get users', 'päth', '日本語']],
  [
    'tells apart what a file system does not',
    ['a', 'A', 'a', 'e\u0301', '\u00e9'],
    ['a', 'A_2', 'a_3', '\u00e9', '\u00e9_2'],
  ],
  [
    'replaces what is reserved',
    ['a/b\\c', '..', '.env', 'x:*?"<>|y', 'end. '],
    ['a-b-c', 'request', 'env', 'x-y', 'end'],
  ],
  ['avoids names of devices', ['CON', 'nul.txt', 'com1', 'console'], ['_CON', '_nul.txt', '_com1', 'console']],
  ['avoids what means something here', ['folder', 'OpenCollection'], ['folder_2', 'OpenCollection_2']],
  ['has a name for none', ['', ' ', '\u202e', '\ud800'], ['request', 'request_2', 'request_3', 'request_4']],
];

describe('names of files', () => {
  for (const [rule, wanted, expected] of NAMES) {
    it(rule, () => {
      const names = createSafeNames(['folder.yml', 'opencollection.yml']);
      expect(wanted.map((name) => names(name, 'request', '.yml'))).toEqual(expected.map((name) => `${name}.yml`));
    });
  }

  it('are short, whole characters', () => {
    const names = createSafeNames([]);
    expect(names('x'.repeat(300), 'request', '')).toBe('x'.repeat(80));
    expect(names('é'.repeat(300), 'request', '')).toBe('é'.repeat(40));
    expect(names('🚀'.repeat(300), 'request', '')).toBe('🚀'.repeat(20));
  });
});

describe('writeYaml', () => {
  it('writes texts that read as they were', () => {
    const texts = [
      '',
      ' ',
      '\n',
      'a\n\n',
      'a\r\nb',
      '\ta',
      '- a',
      'a: b',
      '#',
      '~',
      'null',
      '0x1',
      '1e3',
      'é\u2028',
      '"',
      "'",
      '|+\n\n',
      '=',
      '<<',
    ];
    const mapping = Object.fromEntries(texts.map((text, index) => [`key ${index}`, { text }]));
    expect(parse(writeYaml(mapping))).toEqual(mapping);
  });

  it('writes any text so', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\t', ':', '-', '#', '"', '{', '|') })),
        (texts) => {
          const mapping = { first: texts, second: texts.join('\n'), third: { texts } };
          expect(parse(writeYaml(mapping))).toEqual(mapping);
        },
      ),
    );
  });
});

const text = (value: string) => lexTemplate(value);
const EMPTY: RequestTemplate = {
  method: 'GET',
  url: { address: text('https://api.example.com'), query: [], pathVariables: [] },
  headers: [],
  body: { kind: 'none' },
  auth: { type: 'none', fields: {}, from: 'none' },
  folderVariables: [],
  scripts: [],
  settings: {},
  examples: [],
};

/** What of a request has no place: each row names exactly its loss. */
const LOSSES: readonly (readonly [string, Partial<RequestTemplate>])[] = [
  [
    'the authentication: the format has no type hawk',
    { auth: { type: 'hawk', fields: { authId: text('a') }, from: 'request' } },
  ],
  ['the authentication: the format has no type of that name', { auth: { type: 'a b', fields: {}, from: 'request' } }],
  [
    'the authentication: the format has no such grant of OAuth 2',
    { auth: { type: 'oauth2', fields: { grant_type: text('device') }, from: 'request' } },
  ],
  [
    'the field accessToken of the authentication',
    { auth: { type: 'oauth2', fields: { accessToken: text('{{t}}') }, from: 'request' } },
  ],
  [
    'the place of the API key, which is the cookie',
    { auth: { type: 'apikey', fields: { in: text('cookie') }, from: 'request' } },
  ],
  ['the setting strictSSL', { settings: { strictSSL: false } }],
  [
    'the operation name of a GraphQL request',
    { body: { kind: 'graphql', query: text('{a}'), variables: [], operationName: text('A') } },
  ],
  [
    'the file name of a multipart part',
    {
      body: {
        kind: 'multipart',
        parts: [{ kind: 'file', name: text('a'), paths: [text('a')], enabled: true, fileName: text('b') }],
      },
    },
  ],
  [
    'the examples: a GraphQL request has none',
    { body: { kind: 'graphql', query: [], variables: [] }, examples: [{ name: 'a', headers: [] }] },
  ],
  ['something that was left out before: A thing is not done', { notes: ['A thing is not done'] }],
];

describe('losses', () => {
  for (const [what, part] of LOSSES) {
    it(`tells of ${what}`, () => {
      const written = opencollectionWriter.write(collectionOf({ ...EMPTY, ...part }));
      expect(written.losses).toEqual([{ request: 'Folder / one', what }]);
      expect(schemaErrors(written.files)).toEqual([]);
    });
  }

  it('tells of a kind of request that the format does not have, and writes the others', () => {
    const { requests, ...rest } = collectionOf(EMPTY);
    const other = { template: EMPTY, entry: { name: 'socket', folders: [], method: 'SOCKETIO', notExecutable: 'no' } };
    const written = opencollectionWriter.write({ ...rest, requests: [...requests, other] });
    expect(written.losses).toEqual([{ request: 'socket', what: 'the request: the format has no such kind' }]);
    expect(written.files.map(({ path }) => path)).toEqual([
      'opencollection.yml',
      'Folder/folder.yml',
      'Folder/one.yml',
    ]);
  });
});

function collectionOf(template: RequestTemplate): WritableCollection {
  const entry = { name: 'one', folders: ['Folder'], method: template.method };
  return { name: 'All', variables: [], environments: [], requests: [{ entry, template }] };
}

function read(dialect: Dialect, texts: ReadonlyMap<string, string>): Documents {
  const reader = dialect.createReader();
  for (const [file, content] of texts) {
    const look = lookAt(file, content);
    if (dialect.recognise(look)) reader.put(look);
  }
  return reader.documents();
}

function writableOf({ collections, environments }: Documents): readonly WritableCollection[] {
  const opened = collections.map((collection) =>
    openCollection(
      collection,
      environments.filter((environment) => environment.collections?.includes(collection.id) ?? true),
    ),
  );
  return takeSecrets(opened).writable;
}

function reread({ files }: Written): WritableCollection {
  const [collection, ...others] = writableOf(
    read(opencollection, new Map(files.map(({ path, text }) => [path, text]))),
  );
  if (collection === undefined || others.length > 0) throw new Error('not one collection');
  return collection;
}

/** By path, since the order of folders that are met again changes; a request that lost something is told by its path. */
function meanings({ requests }: WritableCollection, lossy: ReadonlySet<string | undefined>): unknown[] {
  const listed = requests.map(({ entry, template }) => ({
    path: [...entry.folders, entry.name].join(' / '),
    meaning: meaningOf(entry, template),
  }));
  return listed
    .filter(({ path }) => !lossy.has(path) && !lossy.has(undefined))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ meaning }) => meaning);
}

function byPath({ files }: Written): Written['files'] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names and values, without globals. */
function environmentsOf({ environments }: WritableCollection): unknown[] {
  const own = environments.filter(({ kind }) => kind === 'environment');
  return own.map(({ name, variables }) => JSON.stringify([name, merged([variables])])).sort();
}

function globalsOf({ environments }: WritableCollection) {
  return environments.filter(({ kind }) => kind === 'globals').map(({ variables }) => variables);
}

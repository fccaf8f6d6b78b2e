// From each format into each other one and back: nothing of what is sent changes, and the second time round not a byte does.
import { expect, it } from 'vitest';
import type { DialectName } from '../../shared/collection/dialect-name.ts';
import type { RequestTemplate } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import {
  type ExportFormat,
  exportFormats,
  type WritableCollection,
  type Written,
} from '../../shared/dialects/writer.ts';
import { writers } from '../../shared/dialects/writers.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { sentText } from './write-round-trip.ts';

const readAs: Readonly<Record<ExportFormat, DialectName>> = {
  postman: 'postman',
  opencollection: 'opencollection',
  bruno: 'bruno',
  insomnia: 'insomnia',
  curl: 'curl',
  http: 'http-file',
};

const loaded = new Map(await Promise.all(dialects.map(async ({ name, load }) => [name, await load()] as const)));
const all = new Map(await Promise.all(exportFormats.map(async (format) => [format, await writers[format]()] as const)));

/** What every format has: methods, folders, queries, headers, bodies, auth, variables. */
const SOURCE = {
  info: { name: 'Fleet', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  variable: [{ key: 'baseUrl', value: 'https://fleet.test/v1' }],
  item: [
    {
      name: 'Ships',
      item: [
        request('List', 'GET', '{{baseUrl}}/ships?limit=10&page={{page}}', {
          header: [{ key: 'Accept', value: 'application/json' }],
        }),
        request('One', 'GET', '{{baseUrl}}/ships/{{id}}', auth('bearer', { token: '{{vault:FLEET}}' })),
      ],
    },
    request('Create', 'POST', '{{baseUrl}}/ships', {
      ...auth('basic', { username: 'ann', password: '{{vault:PASSWORD}}' }),
      header: [{ key: 'Content-Type', value: 'application/json' }],
      body: {
        mode: 'raw',
        raw: '{\n  "name": "Über \\"quoted\\" {{name}}",\n  "tags": []\n}',
        options: { raw: { language: 'json' } },
      },
    }),
    request('Form', 'POST', '{{baseUrl}}/form', {
      body: {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'a b', value: '1&2' },
          { key: 'c', value: '{{c}}' },
        ],
      },
    }),
    request('Gone', 'DELETE', '{{baseUrl}}/ships/7', { header: [{ key: 'X-Reason', value: "it's gone" }] }),
  ],
};

function request(name: string, method: string, url: string, more: object = {}): object {
  return { name, request: { method, url, ...more } };
}

function auth(type: string, fields: Readonly<Record<string, string>>): object {
  return { auth: { type, [type]: Object.entries(fields).map(([key, value]) => ({ key, value })) } };
}

function read(name: DialectName, files: Written['files']): WritableCollection {
  const dialect = loaded.get(name);
  const library = createLibrary(dialect ? [dialect] : []);
  for (const { path, text } of files) library.put(path, text);
  const { collections, environments } = library.documents();
  const [writable] = takeSecrets(collections.map((each) => openCollection(each, environments))).writable;
  if (!writable) throw new Error(`${name} reads nothing of ${files.map(({ path }) => path).join(', ')}`);
  return writable;
}

function through(collection: WritableCollection, ...formats: readonly ExportFormat[]): WritableCollection {
  return formats.reduce((each, format) => read(readAs[format], files(each, format)), collection);
}

function files(collection: WritableCollection, format: ExportFormat): Written['files'] {
  return all.get(format)?.write(collection).files ?? [];
}

/** The type of a raw body is what its header says; settings are the client's. */
function asSent(template: RequestTemplate): RequestTemplate {
  const { body } = template;
  return { ...template, settings: {}, body: body.kind === 'raw' ? { kind: 'raw', text: body.text } : body };
}

/** What each request sends, by its name, whatever the order. */
function sent({ requests }: WritableCollection): unknown {
  const rows = requests.map(({ entry, template }) => [entry.name, sentText(asSent(template))] as const);
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const source = read('postman', [{ path: 'fleet.postman_collection.json', text: JSON.stringify(SOURCE) }]);
const pairs = exportFormats.flatMap((one) => exportFormats.map((other) => [one, other] as const));

it.each(pairs)('%s into %s and back', (one, other) => {
  const start = through(source, one);
  const back = through(start, other, one);
  expect(sent(back)).toEqual(sent(start));
  expect(files(through(back, other, one), one)).toEqual(files(back, one));
});

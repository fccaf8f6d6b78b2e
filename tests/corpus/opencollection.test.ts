// The OpenCollection trees of Bruno's own tests, against a count of their files and against Bruno's reader; and Postman's
// collections, written as OpenCollection and read again.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseRequest } from '@usebruno/filestore';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RequestEntry } from '../../shared/collection/model.ts';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { opencollection } from '../../shared/dialects/opencollection/opencollection.ts';
import { opencollectionWriter } from '../../shared/dialects/opencollection/write.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import type { WritableCollection } from '../../shared/dialects/writer.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import type { Failure } from '../../shared/failure/failure.ts';
import { schemaErrors } from '../dialects/opencollection-oracle.ts';
import { meaningOf, merged } from '../dialects/request-meaning.ts';
import { brunoView, ourView } from './opencollection-views.ts';
import { sample } from './sample.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');
const SETS = ['opencollection', 'bruno-tests'];

/** Collections and requests of each kind, as the set's SOURCE.md states them. */
const COUNTS = { collections: 34, HTTP: 84, WEBSOCKET: 4, GRPC: 2, GRAPHQL: 1, environments: 15 };

const QUERY_IN_URL = 'the query stands in the URL and not in params, and Bruno’s reader does not look into the URL';

/** By file and part: why what is read is not what Bruno reads. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'packages/bruno-cli/tests/runner/fixtures/opencollection/collection/users/create-user.yml body':
    'the body has Bruno’s shape { mode, json }, which its own reader of this format drops and this one reads',
  'tests/environments/api-setEnvVar-secret/fixtures/collections/yml/read-secret.yml query': QUERY_IN_URL,
  'tests/request/description-yml/fixtures/collection/request-with-descriptions.yml url':
    'the query stands in params and not in the URL: by the schema it is sent, Bruno sends the URL without it',
  'tests/request/tab-panel-error-boundary/fixtures/collections/invalid-tags-yml/invalid-tags-yml-request.yml tags':
    'one tag stands without its list: Bruno gives the text, which its screen then fails on',
  'tests/scripting/quickjs-safe-mode/fixtures/collections/quickjs-safe-mode/02-oom-trap.yml query': QUERY_IN_URL,
  'tests/scripting/quickjs-safe-mode/fixtures/collections/quickjs-safe-mode/07-triple-phase-trap.yml query':
    QUERY_IN_URL,
  'tests/variable-datatypes/fixtures/workspace/collections/yml/folder/request.yml variables':
    'a value of the type object keeps the blanks of its text, which Bruno parses and writes anew',
};

describe.skipIf(!present)('every OpenCollection file', () => {
  const texts = new Map(SETS.flatMap((set) => [...readSet(join(corpora, set))]));
  const { documents, failures } = load(opencollection, texts);
  const { collections, environments } = documents;
  const requests = collections.flatMap((collection) => collection.requests);

  it('P9: loads, and says nothing against it', () => {
    expect(failures).toEqual([]);
    expect(collections.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('is counted as it is by an independent reading of the YAML', () => {
    expect(countYaml(texts)).toEqual(COUNTS);
    const graphql = requests.filter((entry) => entry.open().body.kind === 'graphql').length;
    const byMethod = (method: string): number => requests.filter((entry) => entry.method === method).length;
    expect({
      collections: collections.length,
      HTTP: requests.length - graphql - byMethod('WEBSOCKET') - byMethod('GRPC'),
      WEBSOCKET: byMethod('WEBSOCKET'),
      GRPC: byMethod('GRPC'),
      GRAPHQL: graphql,
      environments: environments.length,
    }).toEqual(COUNTS);
  });

  it('opens each request and gives each an id of its own, the same on every load', () => {
    const ids = requests.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const entry of requests) expect(entry.open().method).toBe(entry.method);
    const again = load(opencollection, new Map([...texts].reverse())).documents;
    expect(again.collections.flatMap((collection) => collection.requests.map(({ id }) => id))).toEqual(ids);
  });

  it('reads each request as @usebruno/filestore does, but for the differences that are listed', () => {
    const found: string[] = [];
    for (const { file = '' } of requests) {
      const text = texts.get(file) ?? '';
      const [alone] = readAlone(text);
      const ours = ourView(alone?.open(), alone?.tags ?? []);
      const theirs = brunoView(parseRequest(text, { format: 'yml' }));
      for (const [part, value] of Object.entries(theirs)) {
        if (JSON.stringify(value) !== JSON.stringify(ours[part])) found.push(`${file} ${part}`);
      }
    }
    expect(found.sort()).toEqual(Object.keys(DIFFERENCES).sort());
  });

  it('is written so that it is read as it was', () => {
    for (const source of writableOf(documents)) expectRoundTrip(source);
  });
});

/** Of each set so many are enough. */
const EVERY = 5;
const WRITTEN = ['postman-newman', 'postman-schemas', 'postman-brightspace', 'postman-sas'];

describe.skipIf(!present)('Postman collections as OpenCollection', () => {
  for (const set of WRITTEN) {
    it(`${set}: valid by the schema, read as they were, the same bytes when written again`, () => {
      const texts = readSet(join(corpora, set));
      const { documents } = load(postman, texts);
      const collections = sample(documents.collections, EVERY, ({ file }) => texts.get(file) ?? '');
      for (const source of writableOf({ ...documents, collections, environments: [] })) expectRoundTrip(source);
    });
  }
});

function expectRoundTrip(source: WritableCollection): void {
  const written = opencollectionWriter.write(source);
  expect(schemaErrors(written.files)).toEqual([]);
  const paths = written.files.map(({ path }) => path.toLowerCase());
  expect(new Set(paths).size).toBe(paths.length);
  const { documents, failures } = load(opencollection, new Map(written.files.map(({ path, text }) => [path, text])));
  expect(failures).toEqual([]);
  const [again] = writableOf(documents);
  if (again === undefined) throw new Error('nothing was read');
  const lossy = new Set(written.losses.map(({ request }) => request));
  expect(meanings(again, lossy)).toEqual(meanings(source, lossy));
  expect(merged([again.variables])).toEqual(merged([source.variables]));
  const byPath = (files: typeof written.files) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  expect(byPath(opencollectionWriter.write(again).files)).toEqual(byPath(written.files));
}

function meanings({ requests }: WritableCollection, lossy: ReadonlySet<string | undefined>): string[] {
  return requests
    .filter(({ entry }) => !lossy.has([...entry.folders, entry.name].join(' / ')) && !lossy.has(undefined))
    .map(({ entry, template }) => JSON.stringify(meaningOf(entry, template)))
    .sort();
}

function writableOf({ collections, environments }: Documents): readonly WritableCollection[] {
  const opened = collections.map((collection) =>
    openCollection(
      collection,
      environments.filter((environment) => environment.collections?.includes(collection.id)),
    ),
  );
  return takeSecrets(opened).writable;
}

/** YAML and JSON files of a set, by path relative to it. */
function readSet(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true }).map(String);
  const wanted = names.filter((name) => /\.(?:ya?ml|json|postman_\w+)$/.test(name));
  return new Map(wanted.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(root, name), 'utf8')]));
}

function load(
  dialect: Dialect,
  texts: ReadonlyMap<string, string>,
): { readonly documents: Documents; readonly failures: readonly Failure[] } {
  const library = createLibrary([dialect]);
  const failures = [...texts].flatMap(([file, text]) => {
    const put = library.put(file, text.replace(/^\uFEFF/, ''));
    return put.ok ? [] : [put.failure];
  });
  return { documents: library.documents(), failures };
}

/** A request in a collection that says nothing about it. */
function readAlone(text: string): readonly RequestEntry[] {
  const texts = new Map([
    ['opencollection.yml', 'opencollection: "1.0.0"'],
    ['request.yml', text],
  ]);
  return load(opencollection, texts).documents.collections.flatMap((collection) => collection.requests);
}

/** What the files are by their own words: `info.type`, the folder `environments`, the key `opencollection`. */
function countYaml(texts: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(COUNTS).map((key) => [key, 0]));
  const roots = [...texts.keys()].flatMap((file) => (/opencollection\.yml$/.test(file) ? [file.slice(0, -18)] : []));
  for (const [file, text] of texts) {
    if (!file.endsWith('.yml') || !roots.some((root) => file.startsWith(root))) continue;
    const value: { opencollection?: string; info?: { type?: string } } = parse(text) ?? {};
    const key = /\/environments\/[^/]+$/.test(file) ? 'environments' : (value.info?.type ?? '').toUpperCase();
    if (value.opencollection !== undefined) counts.collections = (counts.collections ?? 0) + 1;
    else if (key in counts) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

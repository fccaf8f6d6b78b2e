import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dereference } from '@readme/openapi-parser';
import { describe, expect, it } from 'vitest';
import { readToken, skipValue } from '../../shared/collection/json-tokens.ts';
import type { Collection, RequestEntry } from '../../shared/collection/model.ts';
import { fileName, lookAt } from '../../shared/dialects/look.ts';
import { openapi } from '../../shared/dialects/openapi/openapi.ts';
import { templateText } from '../../shared/template/lex.ts';

const root = resolve(import.meta.dirname, '../../../shared/corpora/openapi');
const files = existsSync(root) ? listFiles() : [];
if (files.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora/openapi is not there');

/** Documents, and operations with callbacks and webhooks, of each set; 8 files are parts of others and no documents. */
const COUNTS: Readonly<Record<string, readonly [documents: number, operations: number]>> = {
  'learn.openapis.org': [34, 106],
  'twilio-oai': [8, 398],
};

const SEPARATE = 'examples/v2.0/json/petstore-separate/spec/swagger.json';
const SEPARATE_YAML = 'examples/v2.0/yaml/petstore-separate/spec/swagger.yaml';
const FIND_PETS = 'GET http://petstore.swagger.io/api/pets findPets';

/** Every difference from the oracle, ours with "+" and its own with "-". */
const DIFFERENCES: readonly { readonly why: string; readonly lines: readonly string[] }[] = [
  {
    why: 'its parameters stand in another file, which the oracle reads; the request says so in its notes',
    lines: [SEPARATE, SEPARATE_YAML].flatMap((file) => [
      `learn.openapis.org/${file} + ${FIND_PETS} []`,
      `learn.openapis.org/${file} - ${FIND_PETS} [query limit, query tags]`,
    ]),
  },
];

/** Upstream states the security of the one in JSON only, and parameters, callbacks and webhooks of the other in YAML only. */
const UNLIKE_TWINS = ['uber.yaml', 'tictactoe.yaml'];

describe.skipIf(files.length === 0)('openapi corpus', () => {
  const loaded = files.flatMap(({ file, text }) => {
    const look = lookAt(file, text);
    if (!openapi.recognise(look)) return [];
    const reader = openapi.createReader();
    const put = reader.put(look);
    const [collection] = reader.documents().collections;
    return [{ file, text, put, collection }];
  });

  it('loads every document without a problem, and counts as the sets state', () => {
    const counts: Record<string, [number, number]> = {};
    for (const { file, put, collection } of loaded) {
      expect([file, put.ok, collection?.problems]).toEqual([file, true, []]);
      const set = file.split('/')[0] ?? '';
      const [documents, operations] = counts[set] ?? [0, 0];
      counts[set] = [documents + 1, operations + (collection?.requests.length ?? 0)];
    }
    expect(counts).toEqual(COUNTS);
  });

  it('opens each operation', () => {
    for (const { collection } of loaded) {
      for (const entry of collection?.requests ?? []) expect(entry.open().method).toBe(entry.method);
    }
  });

  it('locates an operation where it stands', () => {
    for (const { file, text, collection } of loaded) {
      const lines = lineStarts(text);
      // Each look goes through the text from its start: of a large document some are enough.
      const step = Math.ceil((collection?.requests.length ?? 0) / 20);
      for (const entry of collection?.requests.filter((_, index) => index % step === 0) ?? []) {
        const { line = 0, column = 0 } = entry.locate(text);
        const start = (lines[line - 1] ?? Number.NaN) + column - 1;
        const stated = file.endsWith('.json') ? text.slice(start, skipValue(text, readToken(text, start))) : '';
        const { operationId = entry.name }: OracleOperation = JSON.parse(stated || '{}');
        expect([file, entry.name, Number.isNaN(start)]).toEqual([file, operationId, false]);
      }
    }
  });

  it('gives every operation an id of its own', () => {
    const ids = loaded.flatMap(({ collection }) =>
      collection ? [collection.id, ...collection.requests.map(({ id }) => id)] : [],
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads method, path, operationId, parameters and server as @readme/openapi-parser does', async () => {
    const found: string[] = [];
    for (const { file, collection } of loaded) {
      const theirs = await oracleOperations(join(root, file));
      const ours = collection ? ourOperations(collection) : [];
      for (const line of ours.filter((each) => !theirs.includes(each))) found.push(`${file} + ${line}`);
      for (const line of theirs.filter((each) => !ours.includes(each))) found.push(`${file} - ${line}`);
    }
    expect(found).toEqual(DIFFERENCES.flatMap(({ lines }) => lines));
  });

  it('reads the same from JSON and from YAML', () => {
    let pairs = 0;
    const differing: string[] = [];
    for (const { file, collection } of loaded) {
      const twin = file.replace('/yaml/', '/json/').replace(/\.yaml$/, '.json');
      const other = twin === file ? undefined : loaded.find((each) => each.file === twin)?.collection;
      if (!collection || !other) continue;
      pairs += 1;
      if (contentOf(collection) !== contentOf(other)) differing.push(fileName(file));
    }
    expect([pairs, differing]).toEqual([17, UNLIKE_TWINS]);
  });
});

/** A collection without its prose, which upstream words differently in some of its twins. */
function contentOf(collection: Collection): string {
  const requests = collection.requests.map((entry) => [entry.name, entry.method, entry.tags, entry.open()]);
  return JSON.stringify([collection.name, collection.variables(), requests], (key, value: unknown) =>
    key === 'description' ? undefined : value,
  );
}

interface CorpusFile {
  readonly file: string;
  readonly text: string;
}

function listFiles(): CorpusFile[] {
  const names = readdirSync(root, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  return names
    .filter((name) => /\.(?:json|ya?ml)$/.test(name))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function ourOperations(collection: Collection): string[] {
  const base = templateText(collection.variables().find(({ name }) => name === 'baseUrl')?.value ?? []);
  const executable = collection.requests.filter(({ notExecutable }) => notExecutable === undefined);
  return executable.map((entry) => ourLine(entry, braced(base)));
}

/** References as the document writes them. */
function braced(text: string): string {
  return text.replace(/\{\{(\w+)\}\}/g, '{$1}');
}

function ourLine(entry: RequestEntry, base: string): string {
  const { url, headers } = entry.open();
  const path = braced(
    templateText(url.address)
      .replace('{{baseUrl}}', '')
      .replace(/\/:(\w+)/g, '/{$1}'),
  );
  const server = templateText(url.address).startsWith('{{baseUrl}}') ? base : '';
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);
  const inQuery = url.query.map(({ name }) => `query ${templateText(name ?? [])}`);
  const names = headers.map(({ name }) => templateText(name));
  const inHeader = names
    .filter((name) => !/^(?:Accept|Content-Type|Cookie)$/.test(name))
    .map((name) => `header ${name}`);
  const places = [...inPath, ...inQuery, ...inHeader].sort();
  return `${entry.method} ${server}${path} ${entry.name} [${places.join(', ')}]`;
}

interface OracleOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly OracleParameter[];
  readonly servers?: readonly OracleServer[];
}

interface OracleParameter {
  readonly name: string;
  readonly in: string;
}

interface OracleServer {
  readonly url: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

interface OracleDocument {
  readonly servers?: readonly OracleServer[];
  readonly host?: string;
  readonly basePath?: string;
  readonly schemes?: readonly string[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

async function oracleOperations(path: string): Promise<string[]> {
  const document: OracleDocument = JSON.parse(JSON.stringify(await dereference(path), withoutCircles()));
  return Object.entries(document.paths ?? {}).flatMap(([name, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => oracleLine(document, name, item, method)),
  );
}

/** Schemas that contain themselves are of no interest here. */
function withoutCircles(): (key: string, value: unknown) => unknown {
  return (key, value) => (key === 'schema' || key === 'schemas' || key === 'definitions' ? undefined : value);
}

function oracleLine(
  document: OracleDocument,
  path: string,
  item: Readonly<Record<string, unknown>>,
  method: string,
): string {
  const operation = item[method] as OracleOperation;
  const { servers = [], parameters = [] } = item as OracleOperation;
  const all = new Map(
    [...parameters, ...(operation.parameters ?? [])].map((each) => [`${each.in} ${each.name}`, each]),
  );
  const places = [...all.keys()].filter((place) => /^(?:path|query|header) /.test(place)).sort();
  const [scheme = 'https'] = [...(document.schemes ?? [])].sort().reverse();
  const swagger = document.host === undefined ? undefined : `${scheme}://${document.host}${document.basePath ?? ''}`;
  const base = operation.servers?.[0]?.url ?? servers[0]?.url ?? document.servers?.[0]?.url ?? swagger ?? '';
  const name = operation.operationId ?? operation.summary ?? `${method.toUpperCase()} ${path}`;
  return `${method.toUpperCase()} ${base}${path} ${name} [${places.join(', ')}]`;
}

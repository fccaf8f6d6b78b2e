import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collection, RequestEntry } from '../../../shared/collection/model.ts';
import { lookAt } from '../../../shared/dialects/look.ts';
import { openapi } from '../../../shared/dialects/openapi/openapi.ts';
import { describeFailure, type Failure } from '../../../shared/failure/failure.ts';
import { planUrl } from '../../../shared/request/plan-url.ts';
import { precedence } from '../../../shared/template/precedence.ts';
import { createScope, displayRendered } from '../../../shared/template/render.ts';

const NOT_MINE = [
  ['a.json', '{"openapi": true}'],
  ['a.json', '{"openapi": {"version": "3.0.0"}}'],
  ['a.json', '{"info": {"openapi": "3.0.0"}}'],
  ['a.json', '{"swagger": "../spec.json"}'],
  ['a.yaml', 'info:\n  openapi: 3.0.0\n'],
  ['a.yaml', 'swagger: spec.yaml\n'],
  ['a.yaml', '---\n  info:\n    openapi: 3.0.0\n'],
  ['a.yaml', ''],
] as const;

const MINE = [
  ['a.json', '{"paths": {}, "openapi": "3.0.0"}'],
  ['a.json', '{"openapi": "3.0.0", '],
  ['a.yaml', '{"swagger": "2.0"}'],
  ['a.yaml', '# comment\nopenapi: "3.1.0"\n'],
  ['a.yaml', "info: {}\n'openapi': 3.1.0\n"],
  ['a.yaml', '---\n  info: {}\n  swagger: "2.0"\n'],
  ['api/openapi.yaml', 'not: it'],
  ['swagger.json', ''],
] as const;

describe('recognising', () => {
  it('knows a document by its version, at the top only', () => {
    for (const [file, text] of NOT_MINE) expect([text, openapi.recognise(lookAt(file, text))]).toEqual([text, false]);
    for (const [file, text] of MINE) expect([text, openapi.recognise(lookAt(file, text))]).toEqual([text, true]);
  });

  it('leaves a file that is only named so to others', () => {
    expect(openapi.createReader().put(lookAt('openapi.yaml', 'not: it'))).toEqual({ ok: true, value: 'other' });
  });
});

const BROKEN = [
  ['a.json', '{\n  "openapi": "3.0.0",\n  "info": SECRET-a\n}', [3, 11]],
  ['a.json', '{\n  "openapi": "3.0.0",\n  "paths": {"/a": {"get": }\n}', [3, 27]],
  ['a.yaml', 'openapi: 3.0.0\ninfo:\n  title: "SECRET-open\n', [4, 1]],
  ['a.yaml', 'openapi: 3.0.0\ninfo: {title: SECRET-b\npaths: {}\n', [3, 1]],
  ['swagger.json', '', [1, 1]],
] as const;

describe('malformed documents', () => {
  it('P9: fail with the place, and quote nothing of the file', () => {
    for (const [file, text, place] of BROKEN) {
      const failed = failureOf(file, text);
      expect([text, failed?.code, failed?.where?.line, failed?.where?.column]).toEqual([
        text,
        'COLLECTION/MALFORMED',
        ...place,
      ]);
      expect(JSON.stringify(failed && describeFailure(failed))).not.toContain('SECRET');
    }
  });
});

interface StyleCase {
  readonly style?: string;
  readonly explode?: boolean;
  readonly collectionFormat?: string;
  readonly in: 'path' | 'query' | 'header';
  readonly [value: string]: unknown;
}
interface StyleTable {
  readonly about: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly cases: readonly StyleCase[];
  readonly swagger: readonly StyleCase[];
}

const table: StyleTable = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/openapi-styles.json'), 'utf8'),
);

describe('styles', () => {
  it("sends what the specification's table says", () => {
    for (const { style, explode, in: place, ...row } of table.cases) {
      for (const [kind, wanted] of Object.entries(row)) {
        if (wanted === null) continue;
        const parameter = { name: 'color', in: place, required: true, style, explode, example: table.values[kind] };
        expect([style, explode, kind, sent({ openapi: '3.1.0', ...only(parameter) }, place)]).toEqual([
          style,
          explode,
          kind,
          wanted,
        ]);
      }
    }
  });

  it('sends the collection formats of Swagger 2', () => {
    for (const { collectionFormat, in: place, array } of table.swagger) {
      const parameter = {
        name: 'color',
        in: place,
        required: true,
        type: 'array',
        collectionFormat,
        'x-example': table.values.array,
      };
      expect([collectionFormat, place, sent({ swagger: '2.0', ...only(parameter) }, place)]).toEqual([
        collectionFormat,
        place,
        array,
      ]);
    }
  });
});

describe('requests', () => {
  it('keeps the value that an agent gives inside of its segment', () => {
    const { requests } = read({
      openapi: '3.0.0',
      servers: [{ url: 'https://h' }],
      paths: { '/a/{id}.json/{b}': { get: {} } },
    });
    expect(urlOf(requests[0], { id: '../x', b: '?' })).toBe('/a/..%2Fx.json/%3F');
  });

  it('fails clearly where a required value is missing', () => {
    const { requests } = read({ openapi: '3.0.0', servers: [{ url: 'https://h' }], paths: { '/a/{id}': { get: {} } } });
    expect(urlOf(requests[0])).toBe('TEMPLATE/VARIABLE_MISSING');
  });

  it('lets another server of the document win over the first', () => {
    expect(precedence.openapi.indexOf('environment')).toBeLessThan(precedence.openapi.indexOf('collection'));
  });

  it('gives ids that do not change with the order or with other operations', () => {
    const first = { '/a': { get: {}, post: { operationId: 'x' } }, '/b': { get: {} } };
    const other = {
      '/b': { get: { summary: 'new' } },
      '/c': { get: {} },
      '/a': { post: { operationId: 'x', tags: ['t'] }, get: {} },
    };
    const ids = (paths: object) =>
      new Map(read({ openapi: '3.0.0', paths }).requests.map(({ id, method, name }) => [`${method} ${name}`, id]));
    const [before, after] = [ids(first), ids(other)];
    for (const name of ['GET GET /a', 'POST x']) expect(after.get(name)).toBe(before.get(name));
  });
});

describe('hostile documents', () => {
  it('bounds what references can multiply', () => {
    const big = 'x'.repeat(400_000);
    const level = (next: string) => ({
      type: 'object',
      properties: Object.fromEntries(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => [key, { $ref: `#/s/${next}` }]),
      ),
    });
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      name: `p${index}`,
      in: 'query',
      schema: { $ref: '#/s/big' },
    }));
    const { requests } = read({
      openapi: '3.1.0',
      s: {
        big: { example: big },
        ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`l${index}`, level(`l${index + 1}`)])),
        l12: { example: big },
      },
      paths: {
        '/tree': { post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/s/l0' } } } } } },
        '/many': { get: { parameters: many } },
      },
    });
    for (const entry of requests) {
      const text = JSON.stringify(entry.open());
      expect(text.length).toBeLessThan(2_500_000);
    }
    expect(requests[1]?.open().notes).toContain('only its first 1000 parameters are read');
  });

  it('stops at 50,000 operations, and says so', () => {
    const expressions = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`e${index}`, { post: {} }]));
    const paths = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`/${index}`, { get: { callbacks: { c: { $ref: '#/c' } } } }]),
    );
    const { requests, problems } = read({ openapi: '3.0.0', c: expressions, paths });
    expect([requests.length, problems.length]).toEqual([50_000, 1]);
  });

  it('reads examples that nest too deeply as absent', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"openapi":"3.0.0","paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"example":${deep}}}}}}}}`;
    const template = readText('a.json', text).requests[0]?.open();
    expect([template?.body, template?.notes?.at(-1)]).toEqual([
      { kind: 'none' },
      'an example in it is too large or nests too deeply and is left out',
    ]);
  });
});

function only(parameter: { readonly in: string }): object {
  const server = { host: 'h', schemes: ['https'], servers: [{ url: 'https://h' }] };
  return { ...server, paths: { [parameter.in === 'path' ? '/{color}' : '/']: { get: { parameters: [parameter] } } } };
}

/** What a document's only parameter looks like when it is sent. */
function sent(document: object, place: string): string {
  const [entry] = read(document).requests;
  if (place === 'header')
    return entry?.open().headers.map(({ value }) => displayRendered(value.filter(isText)))[0] ?? '';
  const url = urlOf(entry);
  return place === 'path' ? url.slice(1) : url.slice(2);
}

const isText = (part: { readonly kind: string }): part is { kind: 'text'; text: string } => part.kind === 'text';

/** Path and query of a request as planned, or the code of its failure. */
function urlOf(entry: RequestEntry | undefined, agent: Readonly<Record<string, string>> = {}): string {
  if (!entry) return '';
  const { url, folderVariables } = entry.open();
  const collection = [
    { name: 'baseUrl', value: [{ kind: 'text', text: 'https://h' } as const], enabled: true, secret: false },
  ];
  const scope = createScope({
    agent,
    folders: folderVariables,
    collection,
    globals: [],
    order: precedence.openapi,
    handles: () => undefined,
    dynamic: () => undefined,
  });
  const planned = planUrl(url, scope);
  if (!planned.ok) return planned.failure.code;
  const { path, query } = planned.value;
  const pairs = query.map(({ name, value }) => `${displayRendered(name ?? [])}=${displayRendered(value ?? [])}`);
  return displayRendered(path) + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}

function read(document: object): Collection {
  return readText('a.json', JSON.stringify(document));
}

function readText(file: string, text: string): Collection {
  const reader = openapi.createReader();
  reader.put(lookAt(file, text));
  const [collection] = reader.documents().collections;
  if (!collection) throw new Error('no collection');
  return collection;
}

function failureOf(file: string, text: string): Failure | undefined {
  const put = openapi.createReader().put(lookAt(file, text));
  return put.ok ? undefined : put.failure;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuthTemplate, RequestTemplate, Script, Variable } from '../../shared/collection/model.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { postmanWriter } from '../../shared/dialects/postman/write.ts';
import { postmanV3 } from '../../shared/dialects/postman-v3/postman-v3.ts';
import type { WritableCollection, WritableRequest, Written } from '../../shared/dialects/writer.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import { inputsOf } from './inputs.ts';
import { readFiles, roundTrip } from './round-trip.ts';

const here = import.meta.dirname;

for (const dialect of [postman, postmanV3]) {
  describe(`${dialect.name}, written as Postman 2.1`, () => {
    const cases = readdirSync(join(here, dialect.name));
    it.each(cases)('%s means the same when it is read again, and the second writing is the same bytes', (name) => {
      const { collections, environments } = readFiles(dialect, inputsOf(join(here, dialect.name, name)));
      for (const collection of collections) {
        const own = environments.filter((each) => each.collections?.includes(collection.id) ?? true);
        const { written, again, changed } = roundTrip(collection, own);
        expect(changed).toEqual([]);
        expect(byPath(again)).toEqual(byPath(written));
        expect(JSON.stringify(written)).not.toContain('SECRET-');
      }
    });
  });
}

const byPath = ({ files }: Written) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

const NONE: AuthTemplate = { type: 'none', fields: {}, from: 'none' };
const EMPTY: RequestTemplate = {
  method: 'GET',
  url: { address: lexTemplate('https://example.com'), query: [], pathVariables: [] },
  headers: [],
  body: { kind: 'none' },
  auth: NONE,
  folderVariables: [],
  scripts: [],
  settings: {},
  examples: [],
};

function request(path: string, template: Partial<RequestTemplate> = {}, entry: Partial<WritableRequest['entry']> = {}) {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  return { entry: { name, folders, method: 'GET', ...entry }, template: { ...EMPTY, ...template } };
}

function write(requests: readonly WritableRequest[], rest: Partial<WritableCollection> = {}) {
  const { files, losses } = postmanWriter.write({ name: 'API', variables: [], environments: [], requests, ...rest });
  return { files, losses, collection: JSON.parse(files[0]?.text ?? '') };
}

const bearer = (token: string, from: AuthTemplate['from']): AuthTemplate => ({
  type: 'bearer',
  fields: { token: lexTemplate(`{{${token}}}`) },
  from,
});
const variable = (name: string, value: string): Variable => ({
  name,
  value: lexTemplate(value),
  enabled: true,
  secret: false,
});
const script = (source: string, from: Script['from'], phase: Script['phase'] = 'before'): Script => ({
  source,
  from,
  phase,
  language: 'text/javascript',
});

describe('the address', () => {
  it.each([
    ['https://example.com', { protocol: 'https', host: ['example', 'com'] }],
    ['https://example.com/', { protocol: 'https', host: ['example', 'com'], path: [''] }],
    ['{{base}}/a/:id', { host: ['{{base}}'], path: ['a', ':id'] }],
    ['{{a/b.c:d@e}}:{{port}}/x', { host: ['{{a/b.c:d@e}}'], port: '{{port}}', path: ['x'] }],
    ['http://[::1]:80/x', { protocol: 'http', host: ['[::1]'], port: '80', path: ['x'] }],
    ['http://[::1]', { protocol: 'http', host: ['[::1]'] }],
    ['localhost:3000', { host: ['localhost'], port: '3000' }],
    ['/path', { path: ['path'] }],
    ['', {}],
    [
      'http://me:{{vault:x}}@h/p',
      { protocol: 'http', auth: { user: 'me', password: '{{vault:x}}' }, host: ['h'], path: ['p'] },
    ],
    ['http://me@h', { protocol: 'http', auth: { user: 'me' }, host: ['h'] }],
  ])('%s', (address, components) => {
    const url = { address: lexTemplate(address), query: [], pathVariables: [] };
    const { collection } = write([request('a', { url })]);
    expect(collection.item[0].request.url).toEqual({ raw: address, ...components });
  });
});

describe('what requests have in common', () => {
  it('folders are nested, and a folder that comes back is a second one: the order of requests stays', () => {
    const { collection } = write(['x/a', 'x/y/b', 'x/c', 'd', 'x/e'].map((path) => request(path)));
    const names = (items: readonly { name: string; item?: [] }[]): unknown =>
      items.map(({ name, item }) => (item ? { [name]: names(item) } : name));
    expect(names(collection.item)).toEqual([{ x: ['a', { y: ['b'] }, 'c'] }, 'd', { x: ['e'] }]);
  });

  it('auth stands at the collection, at the outermost folder that all below share, else at the request', () => {
    const { collection } = write([
      request('one/a', { auth: bearer('f', 'folder') }),
      request('one/b', { auth: bearer('own', 'request') }),
      request('two/c', { auth: bearer('f', 'folder') }),
      request('two/d', { auth: bearer('c', 'collection') }),
      request('e', { auth: { ...NONE, from: 'request' } }),
    ]);
    const [one, two, e] = collection.item;
    const token = (at: { auth?: { bearer: { value: string }[] } }) => at.auth?.bearer[0]?.value;
    expect([token(collection), token(one), token(two)]).toEqual(['{{c}}', '{{f}}', undefined]);
    const own = [...one.item, ...two.item].map((item) => token(item.request));
    expect(own).toEqual([undefined, '{{own}}', '{{f}}', undefined]);
    expect(e.request.auth).toEqual({ type: 'noauth' });
  });

  it('scripts stand as far out as they run the same for all', () => {
    const [all, folder, inner] = [script('all', 'collection'), script('folder', 'folder'), script('inner', 'folder')];
    const { collection } = write([
      request('x/a', { scripts: [all, folder, script('own', 'request')] }),
      request('x/y/b', { scripts: [all, folder, inner, script('after', 'folder', 'after')] }),
      request('c', { scripts: [all] }),
    ]);
    const ran = (at: { event?: { listen: string; script: { exec: string[] } }[] }) =>
      at.event?.map(({ listen, script: { exec } }) => `${listen} ${exec.join()}`);
    const [x, c] = collection.item;
    const [a, y] = x.item;
    expect([collection, x, a, y, y.item[0], c].map(ran)).toEqual([
      ['prerequest all'],
      ['prerequest folder'],
      ['prerequest own'],
      ['prerequest inner', 'test after'],
      undefined,
      undefined,
    ]);
  });

  it('a variable of a folder is the collection’s as well where its name means one thing', () => {
    const { collection, losses } = write(
      [
        request('x/a', {
          folderVariables: [[variable('same', '1'), variable('differs', '1')], [variable('own', '2')]],
        }),
        request('x/b', { folderVariables: [[variable('same', '1'), variable('differs', '2')]] }),
      ],
      { variables: [variable('own', '1')] },
    );
    expect(collection.variable).toEqual([
      { key: 'own', value: '1' },
      { key: 'same', value: '1' },
    ]);
    expect(losses.map(({ request: path }) => path)).toEqual(['x / a', 'x / b']);
  });
});

describe('what Postman has no place for is listed', () => {
  const losing: readonly (readonly [string, WritableRequest, RegExp])[] = [
    ['a protocol', request('a', {}, { notExecutable: 'gRPC requests are not executed' }), /left out: gRPC/],
    ['tags', request('a', {}, { tags: ['x'] }), /tags/],
    ['a time limit', request('a', { settings: { timeoutMs: 5 } }), /time limit/],
    [
      'assertions',
      request('a', { assertions: [{ expression: 'res.status', operator: 'eq', enabled: true }] }),
      /assertions/,
    ],
    ['a note', request('a', { notes: ['The stated HTTP version is not used.'] }), /HTTP version/],
    ['an auth type', request('a', { auth: { type: 'wsse', fields: {}, from: 'request' } }), /of type wsse/],
    [
      'a computed value',
      request('a', { url: { ...EMPTY.url, address: [{ kind: 'unsupported', text: '{% now %}', problem: 'x' }] } }),
      /computed/,
    ],
  ];
  it.each(losing)('%s', (_, each, what) => {
    const { losses, collection } = write([each]);
    expect(losses).toEqual([{ request: 'a', what: expect.stringMatching(what) }]);
    expect(collection.item).toHaveLength(each.entry.notExecutable === undefined ? 1 : 0);
  });

  it('and nothing else is', () => {
    expect(write([request('x/a', { auth: bearer('t', 'request') })]).losses).toEqual([]);
  });

  it('an auth that has no place is none, and never the one of a folder around it', () => {
    const auth: AuthTemplate = { type: 'jwt', fields: {}, from: 'request' };
    const { collection } = write([request('a', { auth }), request('b', { auth: bearer('c', 'collection') })]);
    expect(collection.item[0].request.auth).toEqual({ type: 'noauth' });
  });
});

it('every set of variables is a file, named after it as file systems allow', () => {
  const environment = (name: string, kind: 'environment' | 'globals' = 'environment') => ({
    id: name,
    name,
    kind,
    file: 'x',
    variables: [
      { ...variable('token', '{{vault:t}}'), secret: true },
      { ...variable('old', '1'), enabled: false },
    ],
  });
  const { files } = write([], {
    name: '../A: "b" / c?',
    environments: [environment('Prod'), environment('prod'), environment('..'), environment('G', 'globals')],
  });
  expect(files.map(({ path }) => path)).toEqual([
    '-A- -b- - c-.postman_collection.json',
    'Prod.postman_environment.json',
    'prod-2.postman_environment.json',
    'unnamed.postman_environment.json',
    'G.postman_globals.json',
  ]);
  expect(JSON.parse(files[1]?.text ?? '')).toEqual({
    name: 'Prod',
    values: [
      { key: 'token', value: '{{vault:t}}', enabled: true, type: 'secret' },
      { key: 'old', value: '1', enabled: false, type: 'default' },
    ],
    _postman_variable_scope: 'environment',
  });
});

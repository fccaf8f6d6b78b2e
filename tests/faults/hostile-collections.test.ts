// P12: files that are made to hurt. Each stands beside a good one, which must be served; and what is wrong is told with a code.
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';

const MIB = 1024 * 1024;
const DEEP = 100_000;
const bomb = ['a: &a ["x","x","x","x","x","x","x","x","x"]'];
for (let level = 0; level < 12; level += 1) {
  const [name, inner] = ['bcdefghijklm'[level] ?? '', 'abcdefghijkl'[level] ?? ''];
  bomb.push(`${name}: &${name} [${Array(9).fill(`*${inner}`).join(',')}]`);
}
const BOMB = bomb.join('\n');

const GOOD = {
  'good.json': JSON.stringify({
    info: { name: 'Good', _postman_id: '1' },
    item: [{ name: 'r', request: 'https://h' }],
  }),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward-hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function save(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries({ ...GOOD, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Collections with their requests, all opened; and the problems. */
async function load() {
  const opened = await openWorkspace({ roots: [folder], forbidden: [] });
  if (!opened.ok) throw new Error(opened.failure.code);
  const collections = opened.value.collections();
  for (const collection of collections) for (const entry of collection.requests) entry.open();
  const problems = opened.value.problems().map(({ code, facts }) => `${code} ${facts.file}`);
  return { names: collections.map(({ name }) => name), problems };
}

const v3 = (text: string) => ({ 'c/bad.request.yaml': `$kind: http-request\nurl: https://h\n${text}` });
const oc = (text: string) => ({ 'bad.yml': `opencollection: 1.0.0\ninfo:\n  name: Bad\nbundled: true\n${text}` });

describe('P12: what cannot be read fails with a code, and its neighbours are served', () => {
  it.each<readonly [string, Record<string, string | Buffer>, RegExp]>([
    ['an alias bomb in a Postman 3 request', v3(BOMB), /MALFORMED c\/bad/],
    ['an alias bomb in OpenCollection', oc(BOMB), /MALFORMED bad\.yml/],
    ['an alias bomb in Insomnia', { 'bad.yaml': `type: collection.insomnia.rest/5.0\n${BOMB}` }, /MALFORMED bad\.yaml/],
    ['an alias bomb in OpenAPI', { 'bad.yaml': `openapi: 3.0.0\n${BOMB}` }, /MALFORMED bad\.yaml/],
    ['deep YAML', { 'bad.yaml': `openapi: 3.0.0\npaths: ${'['.repeat(DEEP)}` }, /MALFORMED bad\.yaml/],
    ['deep block YAML', { 'bad.yaml': `openapi: 3.0.0\npaths: \n  ${'- '.repeat(DEEP)}` }, /MALFORMED bad\.yaml/],
    ['deep broken JSON of Postman', { 'bad.postman_collection.json': `{"item":${'['.repeat(DEEP)}` }, /MALFORMED bad/],
    [
      'deep broken JSON of OpenAPI',
      { 'bad.json': `{"openapi":"3.0.0","paths":${'{"a":'.repeat(DEEP)}` },
      /MALFORMED bad/,
    ],
    ['a key twice and no end', { 'bad.json': '{"openapi":"3.0.0","openapi":"3.0.0"' }, /MALFORMED bad/],
    [
      'bytes that are no text',
      { 'bad.bru': Buffer.from([0x6d, 0x65, 0xff, 0xfe, 0x00, 0xc3, 0x28]) },
      /MALFORMED bad\.bru/,
    ],
    [
      'a block without an end',
      { 'b/bruno.json': '{"version":"1","name":"B"}', 'b/bad.bru': `get {\n${'  a: b\n'.repeat(DEEP)}` },
      /MALFORMED b\/bad/,
    ],
  ])('%s', async (_, files, expected) => {
    save(files);
    const { names, problems } = await load();
    expect(names).toContain('Good');
    expect(problems.join('\n')).toMatch(expected);
  });

  it('a file of 100 MB of every format is left alone', async () => {
    const names = ['a.json', 'b.yaml', 'c.bru', 'd.http', 'e.har', 'f.curl', 'g.request.yaml'];
    save({});
    for (const name of names) {
      writeFileSync(join(folder, name), 'openapi: 3.0.0\n');
      truncateSync(join(folder, name), 100 * MIB);
    }
    const before = process.memoryUsage.rss();
    const { names: served, problems } = await load();
    expect(served).toEqual(['Good']);
    expect(problems.sort()).toEqual(names.map((name) => `COLLECTION/TOO_LARGE ${name}`));
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB);
  });
});

describe('P12: what is deep, long or oddly encoded and still sound is read', () => {
  it.each<readonly [string, Record<string, string | Buffer>]>([
    [
      'a description that nests deeply',
      { 'odd.json': `{"info":{"name":"Odd","_postman_id":"1"},"item":[],"x":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}` },
    ],
    [
      'a byte order mark and CRLF in .bru',
      {
        'odd/bruno.json': '{"version":"1","name":"Odd"}',
        'odd/r.bru': '\uFEFFmeta {\r\n  name: R\r\n  type: http\r\n}\r\n\r\nget {\r\n  url: https://h\r\n}\r\n',
      },
    ],
    [
      'a byte order mark and CRLF in YAML',
      { 'odd.yaml': "\uFEFFopenapi: 3.0.0\r\ninfo:\r\n  title: Odd\r\n  version: '1'\r\npaths: {}\r\n" },
    ],
    [
      'a byte order mark and CRLF in JSON',
      { 'odd.json': '\uFEFF{\r\n"openapi":"3.0.0","info":{"title":"Odd"},"paths":{}}' },
    ],
    ['UTF-16', { 'odd.json': Buffer.from('\uFEFF{"openapi":"3.0.0","info":{"title":"Odd"},"paths":{}}', 'utf16le') }],
    [
      'a line of a megabyte',
      {
        'odd.json': JSON.stringify({
          openapi: '3.0.0',
          info: { title: 'Odd', description: 'x'.repeat(MIB) },
          paths: {},
        }),
      },
    ],
    [
      'names that are those of objects',
      {
        'odd.json':
          '{"openapi":"3.0.0","info":{"title":"Odd","__proto__":{"polluted":true}},"paths":{"/__proto__":{"get":{}},"/constructor":{"get":{"parameters":[{"name":"__proto__","in":"query"}]}}}}',
      },
    ],
  ])('%s', async (_, files) => {
    save(files);
    const { names } = await load();
    expect(names).toEqual(expect.arrayContaining(['Good', 'Odd']));
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });
});

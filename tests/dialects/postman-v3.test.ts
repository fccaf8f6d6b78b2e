import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../shared/dialects/dialects.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { postmanV3 } from '../../shared/dialects/postman-v3/postman-v3.ts';
import { limits } from '../../shared/limits.ts';
import { inputsOf } from './inputs.ts';

const cases = join(import.meta.dirname, 'postman-v3');

it('the same collection in maps and in lists is the same model', () => {
  const [maps, lists] = ['maps', 'lists'].map((name) => readFileSync(join(cases, name, 'model.json'), 'utf8'));
  expect(lists).toBe(maps);
});

describe('its files', () => {
  const request = '$kind: http-request\nurl: https://example.com\n';
  it.each([
    ['a/b.request.yaml', request, true],
    ['a/b.request.YML', request, true],
    ['a/b.request.yaml', 'url: "', true],
    ['a/b.request.yaml', '', true],
    ['a/b.request.yaml', 'apiVersion: v1\nkind: Request\n', false],
    ['a/b.request.json', '{}', false],
    ['a/request.yaml', request, false],
    ['a/.resources/definition.yaml', '', true],
    ['a/definition.yaml', '$kind: collection', false],
    ['a/config.example.yaml', 'port: 80\n', false],
    ['a/x.example.yaml', '$kind: http-example\n', true],
    ['a/.resources/r.resources/examples/x.example.yaml', '', true],
    ['dev.environment.yaml', 'name: dev\nvalues: []\n', true],
    ['dev.environment.yaml', 'name: dev\ndependencies: []\n', false],
    ['environment.yaml', 'values: []\n', false],
    ['postman/environments/dev.environment.yaml', '', true],
    ['postman/globals/workspace.globals.yml', 'name: Globals\n', true],
    ['postman/mocks/m/config.yaml', 'version: 1\n', false],
    ['.postman/resources.yaml', 'localResources:\n  collections:\n    - ../../../etc\n', false],
  ])('%s %j', (file, text, mine) => {
    expect(postmanV3.recognise(lookAt(file, text))).toBe(mine);
  });

  it('no dialect that is asked before takes one of them', async () => {
    const names = dialects.map(({ name }) => name);
    const before = await Promise.all(dialects.slice(0, names.indexOf('postman-v3')).map((dialect) => dialect.load()));
    const taken = readdirSync(cases).flatMap((name) =>
      [...inputsOf(join(cases, name))].flatMap(([file, text]) =>
        before.filter((dialect) => dialect.recognise(lookAt(file, text))).map((dialect) => `${dialect.name} ${file}`),
      ),
    );
    expect(taken).toEqual([]);
  });
});

describe('an edit', () => {
  const file = (name: string) => `postman/collections/${name}.request.yaml`;
  const text = (url: string) => `$kind: http-request\nurl: ${url}\n`;
  function open() {
    const reader = postmanV3.createReader();
    const put = (name: string, content: string) => reader.put(lookAt(file(name), content));
    for (const name of ['A/one', 'A/two', 'B/three']) put(name, text('https://example.com'));
    return { reader, put };
  }

  it('changes its own collection, and no other', () => {
    const { reader, put } = open();
    const [a, b] = reader.documents().collections;
    put('A/one', text('https://example.org'));
    const after = reader.documents().collections;
    expect(after[1]).toBe(b);
    expect(after[0]).not.toBe(a);
    expect(after[0]?.requests.map(({ id }) => id)).toEqual(a?.requests.map(({ id }) => id));
  });

  it('nothing changed: the same object', () => {
    const { reader } = open();
    expect(reader.documents()).toBe(reader.documents());
  });

  it('a half-written file leaves the last good version', () => {
    const { reader, put } = open();
    expect(put('A/one', 'url: "http').ok).toBe(false);
    expect(put('A/one', '').ok).toBe(false);
    expect(reader.documents().collections[0]?.requests).toHaveLength(2);
  });

  it('a removed file is gone, with the collection that held nothing else', () => {
    const { reader } = open();
    reader.remove(file('B/three'));
    expect(reader.documents().collections.map(({ name }) => name)).toEqual(['A']);
  });

  it('a definition that comes later names the collection and its environments follow', () => {
    const { reader } = open();
    reader.put(lookAt('postman/environments/Dev.environment.yaml', 'name: Dev\nvalues: []\n'));
    reader.put(lookAt('postman/collections/A/.resources/definition.yaml', '$kind: collection\nname: Alpha\n'));
    const { collections, environments } = reader.documents();
    expect(collections.map(({ name }) => name)).toEqual(['Alpha', 'B']);
    expect(environments[0]?.collections).toEqual(collections.map(({ id }) => id));
  });
});

describe('a hostile file fails with its reason', () => {
  const many = limits.requestYamlTokens;
  it.each([
    ['too long', `a: ${'x'.repeat(limits.requestYamlBytes)}`, 'COLLECTION/TOO_LARGE'],
    ['too many tokens', 'a: b\n'.repeat(many), 'COLLECTION/MALFORMED'],
    ['brackets', '['.repeat(many - 1), 'COLLECTION/MALFORMED'],
    [
      'aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]`,
      'COLLECTION/MALFORMED',
    ],
  ])('%s', (_, text, code) => {
    expect(postmanV3.createReader().put(lookAt('a.request.yaml', text))).toMatchObject({
      ok: false,
      failure: { code },
    });
  });

  it('a long body alone is none', () => {
    const body = `url: x\nbody:\n  type: text\n  content: |-\n${'    [[[[ {{a}}, b: - c\n'.repeat(20_000)}`;
    expect(postmanV3.createReader().put(lookAt('a.request.yaml', body)).ok).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { bruno } from '../../../shared/dialects/bruno/bruno.ts';
import { createLibrary } from '../../../shared/dialects/library.ts';
import { lookAt } from '../../../shared/dialects/look.ts';
import { opencollection } from '../../../shared/dialects/opencollection/opencollection.ts';
import { reveal } from '../../../shared/secret/reveal.ts';
import { templateText } from '../../../shared/template/lex.ts';
import type { Template } from '../../../shared/template/template.ts';

const ROOT = 'opencollection: "1.0.0"\ninfo: { name: API }\n';
const REQUEST = 'info: { name: one, type: http }\nhttp: { url: "https://api.example.com" }\n';

/** Whose a file is: name, text, whether it is meant to be of this format. */
const FILES: readonly (readonly [string, string, boolean])[] = [
  ['opencollection.yml', '', true],
  ['a/OpenCollection.yaml', 'anything: at all', true],
  ['api.yml', 'opencollection: 1.0.0\nbundled: true', true],
  ['api.json', '{"info": {}, "opencollection": "1.0.0"}', true],
  ['broken.yml', 'info:\n  name: x\nhttp:\n  url: "unclosed', true],
  ['a/folder.yml', 'info:\n  name: x', true],
  ['script.yml', 'type: script\nscript: x', true],
  ['environments/Prod.yml', 'name: Prod\nvariables: []', true],
  ['.env', 'A=1', true],
  ['openapi.yml', 'openapi: 3.1.0\ninfo: {}\npaths: {}', false],
  ['swagger.yml', 'swagger: "2.0"\ninfo: {}\npaths: {}\nhttp: {}', false],
  ['asyncapi.yml', 'asyncapi: 3.0.0\ninfo: {}\nchannels: {}', false],
  ['insomnia.yaml', 'type: collection.insomnia.rest/5.0\nname: x', false],
  ['a.request.yaml', '$kind: http-request\nurl: x', false],
  ['environments/conda.yml', 'name: x\nchannels: [a]\ndependencies: [b]', false],
  ['other/Prod.yml', 'name: Prod\nvariables: []', false],
  ['info.yml', 'info: x', false],
  ['docker-compose.yml', 'services: {}', false],
  ['schema.json', '{"$schema": "x", "properties": {"opencollection": {}}}', false],
  ['package.json', '{"name": "opencollection"}', false],
  ['notes.md', ROOT, false],
];

describe('what is recognised', () => {
  for (const [file, text, expected] of FILES) {
    it(`${file}: ${JSON.stringify(text)} is ${expected ? '' : 'not '}meant to be OpenCollection`, () => {
      expect(opencollection.recognise(lookAt(file, text))).toBe(expected);
    });
  }
});

describe('a folder of files', () => {
  it('is served only below its root, whichever file comes first', () => {
    const library = createLibrary([opencollection]);
    library.put('api/one.yml', REQUEST);
    expect(names(library)).toEqual([]);
    library.put('api/opencollection.yml', ROOT);
    library.put('beside/two.yml', REQUEST);
    expect(names(library)).toEqual(['API: one']);
    library.remove('api/opencollection.yml');
    expect(names(library)).toEqual([]);
  });

  it('belongs to the nearest root', () => {
    const library = createLibrary([opencollection]);
    library.put('opencollection.yml', ROOT);
    library.put('inner/opencollection.yml', ROOT.replace('API', 'Inner'));
    library.put('inner/a/one.yml', REQUEST);
    library.put('b/one.yml', REQUEST);
    expect(names(library)).toEqual(['API: b/one', 'Inner: a/one']);
  });

  it('keeps serving the last good text of a file that breaks', () => {
    const library = createLibrary([opencollection]);
    library.put('opencollection.yml', ROOT);
    library.put('one.yml', REQUEST);
    expect(library.put('one.yml', `${REQUEST}http: [`).ok).toBe(false);
    expect(library.put('opencollection.yml', 'opencollection: [').ok).toBe(false);
    expect(names(library)).toEqual(['API: one']);
  });

  it('does not know a later version of the format', () => {
    const library = createLibrary([opencollection]);
    for (const [version, expected] of [
      ['1', 'ok'],
      ['1.9.0', 'ok'],
      ['2.0.0', 'COLLECTION/UNSUPPORTED'],
    ] as const) {
      const put = library.put('opencollection.yml', `opencollection: "${version}"`);
      expect(put.ok ? 'ok' : put.failure.code).toBe(expected);
    }
  });
});

describe('.env', () => {
  const request = `info: { name: one, type: http }\nhttp: { url: "https://x.example/{{process.env['A']}}" }\n`;

  it('is read beside the collections of every format that has one', () => {
    const library = createLibrary([opencollection, bruno]);
    library.put('.env', 'A=shared');
    library.put('bruno.json', '{"version": "1", "name": "B", "type": "collection"}');
    library.put(
      'one.bru',
      'meta {\n  name: one\n  type: http\n}\n\nget {\n  url: https://x.example/{{process.env.A}}\n}\n',
    );
    library.put('opencollection.yml', ROOT);
    library.put('one.yml', request);
    expect(urls(library)).toEqual(['https://x.example/<A or shared>', 'https://x.example/<A or shared>']);
    library.put('.env', 'A=changed');
    expect(urls(library)).toEqual(['https://x.example/<A or changed>', 'https://x.example/<A or changed>']);
    library.remove('.env');
    expect(urls(library)).toEqual(['https://x.example/<A>', 'https://x.example/<A>']);
    expect(library.holds('.env')).toBe(false);
  });

  it('is of no use without a collection, and never of another folder', () => {
    const library = createLibrary([opencollection]);
    library.put('.env', 'A=outside');
    library.put('api/opencollection.yml', `${ROOT}config: { environments: [{ name: E, dotEnvFilePath: ../.env }] }`);
    library.put('api/one.yml', request);
    expect(urls(library)).toEqual(['https://x.example/<A>']);
    const [collection] = library.documents().collections;
    expect(collection?.problems.map(({ facts }) => facts.problem)).toEqual([
      'dotEnvFilePath names no .env file inside the folder of the collection',
    ]);
  });
});

type Documents = Pick<ReturnType<typeof createLibrary>, 'documents'>;

function names(library: Documents): string[] {
  return library
    .documents()
    .collections.flatMap(({ name, requests }) =>
      requests.map((entry) => `${name}: ${[...entry.folders, entry.name].join('/')}`),
    );
}

function urls(library: Documents): string[] {
  return library
    .documents()
    .collections.flatMap(({ requests }) => requests.map((entry) => shown(entry.open().url.address)));
}

/** Handles as `<name or what the files have>`. */
function shown(template: Template): string {
  return template
    .map((part) => {
      if (part.kind === 'sealed') return reveal(part.value);
      if (part.kind !== 'handle') return templateText([part]);
      return `<${part.names[0]}${part.otherwise ? ` or ${shown(part.otherwise)}` : ''}>`;
    })
    .join('');
}

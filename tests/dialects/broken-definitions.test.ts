// A file that others inherit from can be broken: nothing below it is sent with what stands further out instead.
import { describe, expect, it } from 'vitest';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { createLibrary, type Library } from '../../shared/dialects/library.ts';
import { opencollection } from '../../shared/dialects/opencollection/opencollection.ts';
import { postmanV3 } from '../../shared/dialects/postman-v3/postman-v3.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err } from '../../shared/failure/result.ts';
import { planRequest } from '../../shared/request/plan-request.ts';

const BRU = 'get {\n  url: https://api.example.com\n  auth: inherit\n}\n';
const BRU_LEVEL = 'auth {\n  mode: basic\n}\n\nauth:basic {\n  username: u\n  password: {{p}}\n}\n';
const BRU_OUTER = 'auth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{admin}}\n}\n';

const YML = 'info:\n  type: http\nhttp:\n  url: https://api.example.com\n  auth: inherit\n';
const yamlLevel = (auth: string): string => `info:\n  name: level\nrequest:\n  auth:\n    type: ${auth}\n`;
const yamlRoot = (name: string, auth: string): string =>
  `opencollection: 1.0.0\n${yamlLevel(auth).replace('level', name)}`;

const V3 = '$kind: http-request\nurl: https://api.example.com\n';
const v3Level = (auth: string): string => `$kind: collection\nauth:\n  type: ${auth}\n`;

interface Tree {
  readonly dialect: Dialect;
  readonly files: Readonly<Record<string, string>>;
  /** A definition, its texts that cannot be read, and the files of the requests below it. */
  readonly definitions: readonly (readonly [file: string, broken: readonly string[], below: readonly string[]])[];
}

const JSONS = ['{"name":', '[]', ''] as const;
const BRUS = ['auth {\n  mode: basic\n', 'auth {\n  mode\n'] as const;
const ROOTS = ['info: "', '', '- a', 'opencollection: 2.0.0\n'] as const;
const YAMLS = ['info:\n  name: "x\n', 'info\n  name: x\nrequest:\n  auth: none\n', '"', '', '- a'] as const;

const TREES: readonly Tree[] = [
  {
    dialect: bruno,
    files: {
      'outer/bruno.json': '{"name":"Outer"}',
      'outer/collection.bru': BRU_OUTER,
      'outer/o.bru': BRU,
      'outer/api/bruno.json': '{"name":"API"}',
      'outer/api/collection.bru': BRU_LEVEL,
      'outer/api/one.bru': BRU,
      'outer/api/f/folder.bru': BRU_LEVEL,
      'outer/api/f/two.bru': BRU,
      'outer/api/f/g/three.bru': BRU,
      'alone/folder.bru': BRU_LEVEL,
      'alone/four.bru': BRU,
    },
    definitions: [
      ['outer/bruno.json', JSONS, ['outer/o.bru']],
      ['outer/collection.bru', BRUS, ['outer/o.bru']],
      ['outer/api/bruno.json', JSONS, ['outer/api/one.bru', 'outer/api/f/two.bru', 'outer/api/f/g/three.bru']],
      ['outer/api/collection.bru', BRUS, ['outer/api/one.bru', 'outer/api/f/two.bru', 'outer/api/f/g/three.bru']],
      ['outer/api/f/folder.bru', BRUS, ['outer/api/f/two.bru', 'outer/api/f/g/three.bru']],
      ['alone/folder.bru', BRUS, ['alone/four.bru']],
    ],
  },
  {
    dialect: opencollection,
    files: {
      'outer/opencollection.yml': yamlRoot('Outer', 'bearer'),
      'outer/o.yml': YML,
      'outer/api/opencollection.yml': yamlRoot('API', 'basic'),
      'outer/api/one.yml': YML,
      'outer/api/f/folder.yml': yamlLevel('basic'),
      'outer/api/f/two.yml': YML,
      'outer/api/f/g/three.yml': YML,
    },
    definitions: [
      ['outer/opencollection.yml', ROOTS, ['outer/o.yml']],
      ['outer/api/opencollection.yml', ROOTS, ['outer/api/one.yml', 'outer/api/f/two.yml', 'outer/api/f/g/three.yml']],
      ['outer/api/f/folder.yml', YAMLS, ['outer/api/f/two.yml', 'outer/api/f/g/three.yml']],
    ],
  },
  {
    dialect: postmanV3,
    files: {
      'postman/collections/A/.resources/definition.yaml': v3Level('bearer'),
      'postman/collections/A/one.request.yaml': V3,
      'postman/collections/A/f/.resources/definition.yaml': v3Level('noauth'),
      'postman/collections/A/f/two.request.yaml': V3,
      'postman/collections/A/f/g/three.request.yaml': V3,
      'postman/collections/B/o.request.yaml': V3,
      'api/.resources/definition.yaml': v3Level('basic'),
      'api/f/four.request.yaml': V3,
      'api/h/five.request.yaml': V3,
    },
    definitions: [
      [
        'postman/collections/A/.resources/definition.yaml',
        YAMLS,
        ['one', 'f/two', 'f/g/three'].map((name) => `postman/collections/A/${name}.request.yaml`),
      ],
      [
        'postman/collections/A/f/.resources/definition.yaml',
        YAMLS,
        ['f/two', 'f/g/three'].map((name) => `postman/collections/A/${name}.request.yaml`),
      ],
      ['api/.resources/definition.yaml', YAMLS, ['api/f/four.request.yaml', 'api/h/five.request.yaml']],
    ],
  },
];

for (const { dialect, files, definitions } of TREES) {
  const wholeBut = (left: string): Library =>
    fill(
      dialect,
      Object.entries(files).filter(([file]) => file !== left),
    );
  const good = fill(dialect, Object.entries(files));

  describe(dialect.name, () => {
    for (const [file, texts, below] of definitions) {
      const whole = files[file] ?? '';

      for (const broken of texts) {
        it(`P4: ${file} that never was anything but ${JSON.stringify(broken)}: nothing below it is executed`, () => {
          const last = wholeBut(file);
          last.documents();
          expect(last.put(file, broken).ok).toBe(false);
          const first = fill(dialect, [[file, broken], ...Object.entries(files).filter(([other]) => other !== file)]);
          for (const library of [first, last]) expect(outcomes(library)).toEqual(withBroken(good, below));
          expect(groups(last)).toEqual(groups(good));
        });
      }

      it(`P4: ${file} that cannot be opened: nothing below it is executed`, () => {
        const library = wholeBut(file);
        library.fail(file);
        expect(outcomes(library)).toEqual(withBroken(good, below));
      });

      it(`${file} breaks: what it said before is served`, () => {
        const library = fill(dialect, Object.entries(files));
        expect(library.put(file, texts[0] ?? '').ok).toBe(false);
        library.fail(file);
        expect(outcomes(library)).toEqual(outcomes(good));
      });

      it(`${file} is mended: all is served`, () => {
        const library = fill(dialect, [[file, texts[0] ?? ''], ...Object.entries(files)]);
        expect(outcomes(library)).toEqual(outcomes(good));
        expect(library.put(file, texts[0] ?? '').ok).toBe(false);
        expect(outcomes(library)).toEqual(outcomes(good));
      });

      it(`${file} is broken and then removed: as if it had never been`, () => {
        const library = wholeBut(file);
        const without = outcomes(library);
        library.put(file, texts[0] ?? '');
        library.remove(file);
        expect(outcomes(library)).toEqual(without);
        library.put(file, whole);
        expect(outcomes(library)).toEqual(outcomes(good));
      });
    }
  });
}

function fill(dialect: Dialect, files: Iterable<readonly [string, string]>): Library {
  const library = createLibrary([dialect]);
  for (const [file, text] of files) library.put(file, text);
  return library;
}

/** Of each request by its file the auth that it has and what planning it comes to. */
function outcomes(library: Library): ReadonlyMap<string, string> {
  const { collections } = library.documents();
  return new Map(
    collections.flatMap((collection) =>
      collection.requests.map((entry) => {
        const template = entry.open();
        const plan = planRequest({
          found: { collection, entry, template: { ...template, auth: { ...template.auth, fields: {} } } },
          globals: [],
          handles: () => undefined,
          overrides: {},
          dynamic: () => undefined,
          readAttachment: (file) => err(failure('REQUEST/FILE_UNAVAILABLE', { file, problem: 'none' })),
        });
        const executed = plan.ok || plan.failure.code !== 'REQUEST/NOT_EXECUTABLE';
        return [entry.file ?? '', `${template.auth.type} ${executed ? 'executed' : 'listed'}`] as const;
      }),
    ),
  );
}

/** What a whole library comes to, if nothing below the definition is executed. */
function withBroken(whole: Library, below: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...outcomes(whole), ...below.map((file) => [file, 'unknown listed'] as const)]);
}

/** Which requests are in one collection. */
function groups(library: Library): string[] {
  return library
    .documents()
    .collections.map(({ requests }) =>
      requests
        .map(({ id }) => id)
        .sort()
        .join(' '),
    )
    .sort();
}

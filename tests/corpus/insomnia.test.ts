// Insomnia's own fixtures: exports of version 4 and files of version 5, against a count by a plain reading of their YAML; the
// probe of its template engine; and Postman's collections, written as Insomnia 5 and read again.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Collection, RequestTemplate } from '../../shared/collection/model.ts';
import type { Documents } from '../../shared/dialects/dialect.ts';
import { insomnia } from '../../shared/dialects/insomnia/insomnia.ts';
import { insomniaWriter } from '../../shared/dialects/insomnia/write.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { templatesOf } from '../../shared/request/scope-secrets.ts';
import { precedence } from '../../shared/template/precedence.ts';
import { createScope, displayRendered, renderTemplate } from '../../shared/template/render.ts';
import type { Template } from '../../shared/template/template.ts';
import {
  lossyRequests,
  readWritable,
  requestMeanings,
  rereadInsomnia,
  variableMeanings,
} from '../dialects/insomnia-meaning.ts';
import { sample } from './sample.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const root = join(corpora, 'insomnia');
const present = existsSync(root);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const texts = present ? readFolder(root, /\.(?:json|ya?ml)$/) : new Map<string, string>();
const own = new Map([...texts].filter(([file, text]) => insomnia.recognise(lookAt(file, text))));

/** Versions that Insomnia itself has not written since 2016. */
const UNSUPPORTED = /\/insomnia-[12]\/[^/]*$/;

/** Requests by what they are, as the set's SOURCE.md states them: 105 in exports of version 4, 63 in files of version 5. */
const REQUESTS = { v4: 105, v5: 63 };

describe.skipIf(!present)('every file of Insomnia', () => {
  it('is recognised, and no other file is', () => {
    const meant = [...texts].filter(([, text]) => /__export_format|insomnia\.rest\/5|mcpClient\.insomnia/.test(text));
    expect([...own.keys()]).toEqual(meant.map(([file]) => file));
  });

  it('P9: loads, or fails with its place', () => {
    for (const [file, text] of own) {
      const reader = insomnia.createReader();
      const put = reader.put(lookAt(file, text));
      if (UNSUPPORTED.test(file)) {
        expect(put).toMatchObject({ ok: false, failure: { code: 'COLLECTION/UNSUPPORTED', where: { file } } });
        continue;
      }
      expect([file, put]).toEqual([file, { ok: true, value: 'taken' }]);
      expect(reader.documents().collections.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });

  it('has as many requests as a plain reading of its YAML finds', () => {
    const counts = { v4: 0, v5: 0 };
    for (const [file, text] of own) {
      if (UNSUPPORTED.test(file)) continue;
      const document: unknown = parse(text);
      const names = [...namesV4(document), ...namesV5(document)].sort();
      const read = load(file, text).collections.flatMap(({ requests }) => requests);
      expect([file, read.map(({ name }) => name).sort()]).toEqual([file, names]);
      counts.v4 += namesV4(document).length;
      counts.v5 += namesV5(document).length;
    }
    expect(counts).toEqual(REQUESTS);
  });

  it('opens each request, and locates it at the line where it begins', () => {
    for (const [file, text] of own) {
      const lines = text.split('\n');
      for (const entry of load(file, text).collections.flatMap(({ requests }) => requests)) {
        expect(entry.open().method).toBe(entry.method);
        const { line = 0, column = 0 } = entry.locate(text);
        expect(lines[line - 1]?.slice(column - 1)).toMatch(/^(?:_id|url|name|meta): /);
        expect(lines.slice(line - 1, line + 8).join('\n')).toContain(entry.name);
      }
    }
  });

  it('gives the same ids on every load, each of its own', () => {
    const ids = idsOf(loadAll());
    expect(idsOf(loadAll())).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** What each request of the probe sends, or what it fails with; the base environment holds `secret: MUST_NOT_LEAK`. */
const PROBE: Readonly<Record<string, string>> = {
  'Env Var Rendering': 'Hello world',
  'Control Flow If': 'control flow in a template',
  'For Loop Iteration': 'control flow in a template',
  'Template Injection Defense': '{{ _.secret }}',
  'Blocked Include Tag': 'the content of a file in a template tag',
  'Blocked Render Tag': 'the content of a file in a template tag',
  'Blocked Layout Tag': 'the content of a file in a template tag',
  'Assign And Unless': 'control flow in a template',
};

describe.skipIf(!present)('the probe of template injection', () => {
  const [file = ''] = [...own.keys()].filter((name) => name.endsWith('liquid-security-collection.yaml'));

  it('P1: a value that looks like a template is sent as it stands, and the secret is not', () => {
    const { collections } = load(file, own.get(file) ?? '');
    const [collection] = collections;
    const sent = collection?.requests.map((entry) => [entry.name, renderBody(entry.open(), collection)]) ?? [];
    expect(Object.fromEntries(sent)).toEqual(PROBE);
  });

  it('and the request that is affected says so', () => {
    const [collection] = load(file, own.get(file) ?? '').collections;
    const noted = collection?.requests.filter((entry) => entry.open().notes !== undefined).map(({ name }) => name);
    expect(noted).toEqual(['Template Injection Defense']);
  });
});

describe.skipIf(!present)('what its client shows of these files', () => {
  const cascade = [...own.keys()].find((name) => name.endsWith('environment-cascade-collection.yaml')) ?? '';

  /** Request, chosen environment, and its body: what Insomnia's own test of this fixture expects. */
  const BODIES: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['cascade request', '', { cascadeVar: 'fromFolder', subOnlyVar: 'subOnly_base' }],
    ['cascade request', 'SubEnvA', { cascadeVar: 'fromFolder', subOnlyVar: 'subOnly_A' }],
    ['cascade request no folder', '', { cascadeVar: 'fromBase' }],
    ['cascade request no folder', 'SubEnvB', { cascadeVar: 'fromSubB' }],
    ['inner request', 'SubEnvB', { cascadeVar: 'fromFolder', folderOverride: 'fromInnerFolder' }],
  ];
  for (const [request, environment, body] of BODIES) {
    it(`${request} with ${environment || 'the base environment'}`, () => {
      const { collections, environments } = load(cascade, own.get(cascade) ?? '');
      const [collection] = collections;
      const entry = collection?.requests.find(({ name }) => name === request);
      const chosen = environments.find(({ name }) => name === environment);
      if (!collection || !entry) throw new Error('no such request');
      expect(JSON.parse(renderBody(entry.open(), collection, chosen?.variables))).toEqual(body);
    });
  }

  it('a base URL that is composed of other variables', () => {
    const [file = ''] = [...own.keys()].filter((name) => name.endsWith('/insomnia4.yaml'));
    const { collections, environments } = load(file, own.get(file) ?? '');
    const [collection] = collections;
    const template = collection?.requests[0]?.open();
    if (!collection || !template) throw new Error('no request');
    expect(render(template.url.address, template, collection, environments[0]?.variables)).toBe(
      'http://127.0.0.1:4010/sleep',
    );
  });
});

/** Collections of a set that are written and read again. */
const SAMPLES: readonly (readonly [set: string, every: number])[] = [
  ['postman-newman', 5],
  ['postman-schemas', 8],
  ['postman-brightspace', 4],
  ['postman-adyen', 30],
];

describe.skipIf(!present)('collections of Postman, written as Insomnia 5', () => {
  for (const [set, every] of SAMPLES) {
    it(`${set}: read as what they were written from, the same bytes when written again`, () => {
      const folder = join(corpora, set);
      const files = existsSync(folder) ? [...readFolder(folder, /\.json$/)] : [];
      const recognised = files.filter(([file, text]) => postman.recognise(lookAt(file, text)));
      let compared = 0;
      for (const [file, text] of sample(recognised, every, ([, text]) => text)) {
        for (const source of readWritable(postman, new Map([[file, text]]))) {
          const written = insomniaWriter.write(source);
          const again = rereadInsomnia(written);
          const lossy = lossyRequests(written);
          expect(requestMeanings(again, lossy)).toEqual(requestMeanings(source, lossy));
          if (!lossy.has(undefined)) expect(variableMeanings(again)).toEqual(variableMeanings(source));
          expect(insomniaWriter.write(again).files).toEqual(written.files);
          compared += source.requests.length - lossy.size;
        }
      }
      expect(compared).toBeGreaterThan(20);
    });
  }
});

function readFolder(folder: string, names: RegExp): Map<string, string> {
  const files = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  const wanted = files.filter((name) => names.test(name) && statSync(join(folder, name)).isFile()).sort();
  return new Map(wanted.map((name) => [name, readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/, '')]));
}

function load(file: string, text: string): Documents {
  const reader = insomnia.createReader();
  reader.put(lookAt(file, text));
  return reader.documents();
}

function loadAll(): Documents {
  const library = createLibrary([insomnia]);
  for (const [file, text] of own) library.put(file, text);
  return library.documents();
}

function idsOf({ collections, environments }: Documents): string[] {
  const requests = collections.flatMap((collection) => collection.requests);
  return [...collections, ...requests, ...environments].map(({ id }) => id);
}

/** As far as this walk needs them. */
interface Node {
  readonly name?: string;
  readonly _type?: string;
  readonly children?: readonly Node[];
}

function namesV4(document: unknown): string[] {
  const { resources = [] } = document as { readonly resources?: readonly Node[] };
  return resources.filter(({ _type = '' }) => /request$/.test(_type)).map(({ name = '' }) => name);
}

function namesV5(document: unknown): string[] {
  const walk = (nodes: readonly Node[]): string[] =>
    nodes.flatMap(({ name = '', children }) => (children ? walk(children) : [name]));
  return walk((document as { readonly collection?: readonly Node[] }).collection ?? []);
}

function renderBody(
  template: RequestTemplate,
  collection: Collection,
  environment?: Documents['environments'][number]['variables'],
): string {
  return template.body.kind === 'raw'
    ? render(template.body.text, template, collection, environment)
    : template.body.kind;
}

function render(
  text: Template,
  template: RequestTemplate,
  collection: Collection,
  environment: Documents['environments'][number]['variables'] = [],
): string {
  expect(templatesOf(template)).toContain(text);
  const scope = createScope({
    environment,
    folders: template.folderVariables,
    collection: collection.variables(),
    globals: [],
    order: precedence.insomnia,
    handles: () => undefined,
    dynamic: () => undefined,
  });
  const rendered = renderTemplate(text, scope);
  return rendered.ok
    ? displayRendered(rendered.value)
    : String(rendered.failure.facts.problem ?? rendered.failure.code);
}

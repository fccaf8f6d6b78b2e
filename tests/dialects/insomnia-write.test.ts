// What is written as Insomnia 5 is read back: the goldens of this dialect and Postman's, every loss, every kind of template.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RequestTemplate, Variable } from '../../shared/collection/model.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { insomnia } from '../../shared/dialects/insomnia/insomnia.ts';
import { insomniaWriter } from '../../shared/dialects/insomnia/write.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import type { WritableCollection } from '../../shared/dialects/writer.ts';
import { seal } from '../../shared/secret/seal.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import type { Template, TemplatePart } from '../../shared/template/template.ts';
import { inputsOf } from './inputs.ts';
import { lossyRequests, readWritable, requestMeanings, rereadInsomnia, variableMeanings } from './insomnia-meaning.ts';
import { plainText } from './plain-text.ts';

const here = import.meta.dirname;
const dialects: readonly Dialect[] = [insomnia, postman];

for (const dialect of dialects) {
  describe(`the goldens of ${dialect.name}, written as Insomnia 5`, () => {
    for (const each of readdirSync(join(here, dialect.name))) {
      const sources = readWritable(dialect, inputsOf(join(here, dialect.name, each)));
      if (sources.length === 0) continue;

      it(`${each}: holds no secret, reads as what it was written from, and is the same bytes when written again`, () => {
        for (const source of sources) {
          const written = insomniaWriter.write(source);
          expect(JSON.stringify(written)).not.toContain('SECRET-');
          const again = rereadInsomnia(written);
          const lossy = lossyRequests(written);
          expect(requestMeanings(again, lossy)).toEqual(requestMeanings(source, lossy));
          if (!lossy.has(undefined)) expect(variableMeanings(again)).toEqual(variableMeanings(source));
          expect(insomniaWriter.write(again).files).toEqual(written.files);
        }
      });
    }
  });
}

const text = (value: string): Template => lexTemplate(value);
const reference = (name: string): TemplatePart => ({ kind: 'reference', name: text(name) });

/** A template, what it is written as, and what that reads as where it is not the same. */
const TEMPLATES: readonly (readonly [Template, string, string?])[] = [
  [text('plain'), 'plain'],
  [text('{{a}}-{{b.c}}'), '{{ _.a }}-{{ _.b.c }}'],
  [[reference('my-var')], "{{ _['my-var'] }}"],
  [[reference("it's")], '{{ _["it\'s"] }}'],
  [[reference('a.0.b')], '{{ _.a[0].b }}'],
  [[reference('a..b')], "{{ _.a[''].b }}"],
  [[reference('_')], '{{ _._ }}'],
  [[reference(`'"`)], '{% unsupported … %}', '{% unsupported … %}'],
  [text('{{a_{{b}}}}'), '{% unsupported … %}', '{% unsupported … %}'],
  [[{ kind: 'handle', names: ['NAME'] }], '{{ _.vault.NAME }}'],
  [[{ kind: 'handle', names: ['Prod.my-token', 'my-token'] }], "{{ _.vault['Prod.my-token'] }}"],
  [[reference('vault:NAME')], '{{ _.vault.NAME }}'],
  [[{ kind: 'sealed', value: seal('SECRET-value') }], '{% unsupported … %}', '{% unsupported … %}'],
  [[reference('$guid')], "{% uuid 'v4' %}"],
  [[reference('$timestamp'), { kind: 'text', text: '000' }], "{% now 'unix', '' %}000"],
  [[reference('$isoTimestamp')], "{% now 'iso-8601', '' %}"],
  [[reference('$randomCity')], "{% faker 'randomCity' %}"],
  [[reference('$unknown')], '{{ _.$unknown }}'],
  [[{ kind: 'unsupported', text: '{% response … %}', problem: 'of Insomnia' }], '{% response … %}'],
  [
    [{ kind: 'unsupported', text: '{{x}}', problem: 'of another client' }],
    '{% unsupported … %}',
    '{% unsupported … %}',
  ],
  [
    [{ kind: 'text', text: '{{ a }} {% b %} {# c #}' }],
    '{% raw %}{{{% endraw %} a }} {% raw %}{%{% endraw %} b %} {% raw %}{#{% endraw %} c #}',
  ],
  [[{ kind: 'text', text: '{' }, reference('a'), { kind: 'text', text: '}' }], '{% raw %}{{% endraw %}{{ _.a }}}'],
  [[{ kind: 'text', text: '{{{%' }], '{% raw %}{{{%{% endraw %}'],
];

describe('templates', () => {
  for (const [template, wanted, reread] of TEMPLATES) {
    it(`writes ${wanted}`, () => {
      const written = insomniaWriter.write(
        collectionOf({ headers: [{ name: text('x'), value: template, enabled: true }] }),
      );
      const { collection } = parse(written.files[0]?.text ?? '');
      expect(collection[0].children[0].headers[0].value).toBe(wanted);
      const [request] = rereadInsomnia(written).requests;
      const value = request?.template.headers[0]?.value ?? [];
      const first = template.map(
        (part): TemplatePart => (part.kind === 'handle' ? { kind: 'handle', names: [part.names[0]] } : part),
      );
      const isHandle = wanted.includes('vault') && template[0]?.kind === 'reference';
      expect(plainText(value)).toBe(reread ?? (isHandle ? '{{vault:NAME}}' : plainText(first)));
    });
  }
});

const field = (name: string, value: string, enabled = true) => ({ name: text(name), value: text(value), enabled });
const variable = (name: string, value: string, more: Partial<Variable> = {}): Variable => ({
  name,
  value: text(value),
  enabled: true,
  secret: false,
  ...more,
});

/** What has no place: each row names exactly its losses. */
const LOSSES: readonly (readonly [string, Partial<RequestTemplate>, string])[] = [
  [
    'an auth',
    { auth: { type: 'edgegrid', fields: {}, from: 'request' } },
    'Insomnia has no auth of the type edgegrid.',
  ],
  [
    'a field of an auth',
    { auth: { type: 'digest', fields: { realm: text('r') }, from: 'request' } },
    'The field realm of the digest auth is left out.',
  ],
  [
    'OAuth 1 that is not in the header',
    { auth: { type: 'oauth1', fields: { addParamsToHeader: text('false') }, from: 'request' } },
    'Insomnia sends the parameters of OAuth 1 in the header.',
  ],
  [
    'what is said of a parameter that stays in the address',
    {
      url: {
        address: text('https://a'),
        query: [{ name: text('b'), value: [], enabled: true, description: 'Said.' }],
        pathVariables: [],
      },
    },
    'Descriptions of parameters in the address are left out.',
  ],
  ['a setting', { settings: { maxRedirects: 3 } }, 'The setting maxRedirects is left out.'],
  ['examples', { examples: [{ name: 'e', headers: [] }] }, 'Examples are left out.'],
  ['assertions', { assertions: [{ expression: 'a', operator: 'eq', enabled: true }] }, 'Assertions are left out.'],
  ['notes', { notes: ['A note.'] }, 'What Keyward leaves out of the request is not written either.'],
  [
    'a pruned body',
    { body: { kind: 'raw', text: text('a') } },
    'The body is left out: it is not sent with GET, and Insomnia would send it.',
  ],
  [
    'a nameless field',
    { method: 'POST', body: { kind: 'urlencoded', fields: [field('', 'a')] } },
    'A field without a name is left out.',
  ],
  [
    'the type of a file',
    {
      method: 'POST',
      body: {
        kind: 'multipart',
        parts: [{ kind: 'file', name: text('f'), paths: [text('a')], enabled: true, contentType: text('a/b') }],
      },
    },
    'The content type of a file part is left out.',
  ],
  [
    'a disabled path parameter',
    { url: { address: text('https://a/:b'), query: [], pathVariables: [field('b', '1', false)] } },
    'Disabled path parameters are left out.',
  ],
  [
    'a disabled parameter without a name',
    { url: { address: text('https://a'), query: [{ name: null, value: null, enabled: false }], pathVariables: [] } },
    'A disabled parameter without a name is left out.',
  ],
];

describe('losses', () => {
  for (const [name, part, what] of LOSSES) {
    it(`are listed: ${name}`, () => {
      expect(insomniaWriter.write(collectionOf(part)).losses).toEqual([{ request: 'Folder / Request', what }]);
    });
  }

  it('are none for what has its place', () => {
    const written = insomniaWriter.write(
      collectionOf({
        method: 'POST',
        url: {
          address: text('https://a/:b'),
          query: [
            { name: text('a'), value: [], enabled: true },
            { name: null, value: null, enabled: true },
            { name: text('x&y'), value: text('#'), enabled: true },
            { name: text('last'), value: null, enabled: true },
            { name: text('off'), value: text('1'), enabled: false },
          ],
          fragment: text('f'),
          pathVariables: [field('b', '{{v}}')],
        },
        settings: { followRedirects: false, disableCookies: true, disableUrlEncoding: true },
      }),
    );
    expect(written.losses).toEqual([]);
    const { url } = rereadInsomnia(written).requests[0]?.template ?? EMPTY;
    expect(
      url.query.map(({ name, value, enabled }) => [name && plainText(name), value && plainText(value), enabled]),
    ).toEqual([
      ['a', '', true],
      ['', null, true],
      ['x&y', '#', true],
      ['last', null, true],
      ['off', '1', false],
    ]);
    expect(insomniaWriter.write(rereadInsomnia(written)).files).toEqual(written.files);
  });

  it('of variables name them', () => {
    const source = collectionOf({}, [
      variable('a', 'text'),
      variable('a.b', 'under a text'),
      variable('$c', 'reserved'),
      variable('off', 'disabled', { enabled: false }),
      variable('plain', 'of a {{secret}}'),
    ]);
    expect(insomniaWriter.write(source).losses.map(({ what }) => what)).toEqual([
      'The disabled variable off is left out.',
      'The variable plain refers to a secret variable; when the file is read by Keyward the reference stays text.',
      'The variable a.b is left out: Insomnia has no place for its name.',
      'The variable $c is left out: Insomnia has no place for its name.',
    ]);
  });

  it('of requests that other clients know and Insomnia does not', () => {
    const [request] = collectionOf({}).requests;
    if (!request) throw new Error('no request');
    const entry = { ...request.entry, method: 'MQTT', notExecutable: 'not executed' };
    const written = insomniaWriter.write({ ...collectionOf({}), requests: [{ ...request, entry }] });
    expect(written.losses).toEqual([
      { request: 'Folder / Request', what: 'The request is left out: Insomnia has no place for MQTT.' },
    ]);
  });
});

describe('variables of folders', () => {
  const request = (name: string, folders: readonly string[], lists: readonly (readonly Variable[])[]) => ({
    entry: { name, folders, method: 'GET' },
    template: { ...EMPTY, folderVariables: lists },
  });

  it('stand as far out as all below see the same', () => {
    const outer = [variable('where', 'outer'), variable('shared', '1')];
    const source: WritableCollection = {
      name: 'C',
      variables: [],
      environments: [],
      requests: [
        request('a', ['Outer'], [outer]),
        request('b', ['Outer', 'Inner'], [[variable('where', 'inner')], outer]),
        request('c', ['Outer', 'Inner'], [[variable('own', '2')], [variable('where', 'inner')], outer]),
      ],
    };
    const written = insomniaWriter.write(source);
    expect(written.losses).toEqual([
      { request: 'Outer / Inner / c', what: 'The variable own of the request is left out.' },
    ]);
    const again = rereadInsomnia(written);
    expect(
      again.requests.map(({ template }) =>
        template.folderVariables.map((list) => list.map(({ name, value }) => `${name}=${plainText(value)}`)),
      ),
    ).toEqual([
      [['where=outer', 'shared=1']],
      [['where=inner'], ['where=outer', 'shared=1']],
      [['where=inner'], ['where=outer', 'shared=1']],
    ]);
  });
});

const EMPTY: RequestTemplate = {
  method: 'GET',
  url: { address: text('https://api.example'), query: [], pathVariables: [] },
  headers: [],
  body: { kind: 'none' },
  auth: { type: 'none', fields: {}, from: 'none' },
  folderVariables: [],
  scripts: [],
  settings: {},
  examples: [],
};

function collectionOf(part: Partial<RequestTemplate>, variables: readonly Variable[] = []): WritableCollection {
  const template = { ...EMPTY, ...part };
  const entry = { name: 'Request', folders: ['Folder'], method: template.method };
  return { name: 'C', variables, environments: [], requests: [{ entry, template }] };
}

it('recognises what it writes', () => {
  const [file] = insomniaWriter.write(collectionOf({})).files;
  expect(insomnia.recognise(lookAt(file?.path ?? '', file?.text ?? ''))).toBe(true);
});

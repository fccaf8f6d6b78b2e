// P6: a saved request as scripts see it, and what they made of it.
import { describe, expect, it } from 'vitest';
import type { BodyTemplate } from '../../../shared/collection/model.ts';
import type { AgentOverrides } from '../../../shared/request/overrides.ts';
import type { ScriptRequest } from '../../../shared/script/job.ts';
import { createLiveText, type LiveText } from '../../../shared/script/live-text.ts';
import { readRequest, showRequest } from '../../../shared/script/request-text.ts';
import { capturedReference } from '../../../shared/secret/captured-name.ts';
import { lexSealed, lexTemplate, plainTemplate, templateText } from '../../../shared/template/lex.ts';
import type { Template } from '../../../shared/template/template.ts';
import { type RequestSketch, requestOf } from '../request/plan-support.ts';

const open = () => createLiveText('0123456789abcdef0123456789abcdef');

const GRAPHQL: BodyTemplate = {
  kind: 'graphql',
  query: lexTemplate('{ me { id } }'),
  variables: lexTemplate('{"a": "{{a}}"}'),
  operationName: lexTemplate('Me'),
};
const FILE: BodyTemplate = { kind: 'file', path: lexTemplate('a.bin') };
const MULTIPART: BodyTemplate = {
  kind: 'multipart',
  parts: [
    {
      kind: 'text',
      name: lexTemplate('password'),
      value: lexSealed('hunter-2'),
      enabled: true,
      contentType: lexTemplate('text/plain'),
    },
    { kind: 'text', name: lexTemplate('off'), value: lexTemplate('x'), enabled: false, description: 'kept' },
    {
      kind: 'file',
      name: lexTemplate('f'),
      paths: [lexTemplate('a.txt')],
      enabled: true,
      fileName: lexTemplate('b.txt'),
    },
  ],
};
const WHOLE: RequestSketch = {
  method: '{{verb}}',
  address: 'https://{{host}}/:id',
  query: [
    ['q', '{{q}}'],
    ['flag', null],
    [null, null],
    ['off', 'x', 'off'],
    ['api_key', 'K-1', 'sealed'],
  ],
  pathVariables: [['id', '{{id}}']],
  headers: [
    ['Accept', 'a/b'],
    ['Authorization', 'Bearer T-1', 'sealed'],
    ['X-Off', 'x', 'off'],
  ],
  body: { kind: 'raw', text: lexTemplate('{"a": "{{a}}"}'), language: 'json' },
  auth: { type: 'basic', fields: { username: lexTemplate('{{user}}'), password: lexSealed('P-1') }, from: 'folder' },
  settings: { timeoutMs: 5, followRedirects: false, strictSSL: false },
};

function change(
  sketch: RequestSketch,
  by: (shown: ScriptRequest, live: LiveText) => Partial<ScriptRequest>,
  overrides: AgentOverrides = {},
) {
  const live = open();
  const template = requestOf(sketch);
  const shown = showRequest(template, live, overrides);
  const changed = { ...shown, ...by(shown, live) };
  // As it comes out of the sandbox.
  const request = JSON.parse(JSON.stringify(changed)) as ScriptRequest;
  return { template, shown, live, read: readRequest(request, live, { template, shown, overrides }) };
}

function readOf(...given: Parameters<typeof change>) {
  const { read } = change(...given);
  if (!read.ok) throw new Error(read.failure.code);
  return read.value;
}

const codeOf = (...given: Parameters<typeof change>) => {
  const { read } = change(...given);
  return read.ok ? 'read' : `${read.failure.code} ${read.failure.facts.place ?? read.failure.facts.api ?? ''}`.trim();
};

const asText = (fields: readonly { readonly name: Template | null; readonly value: Template | null }[]) =>
  fields.map(({ name, value }) => `${name && templateText(name)}=${value && templateText(value)}`);

const BODIES: readonly BodyTemplate[] = [
  { kind: 'none' },
  {
    kind: 'urlencoded',
    fields: requestOf({
      headers: [
        ['a', '{{b}}'],
        ['off', 'x', 'off'],
      ],
    }).headers,
  },
  MULTIPART,
  FILE,
  GRAPHQL,
];

describe('P6: a request that no script changed', () => {
  it.each([WHOLE, ...BODIES.map((body) => ({ body }))])('stays the saved one: $body.kind', (sketch) => {
    const { template, read, shown } = change(sketch, () => ({}));
    expect(read).toEqual({ ok: true, value: { template, bodyChanged: false } });
    expect(JSON.stringify(shown)).not.toMatch(/K-1|T-1|P-1|hunter/);
  });

  it('of one that was put together anew the parts that are the same stay the saved ones', () => {
    const { template, read } = change(WHOLE, ({ url, headers, auth }) => ({
      url: { pathVariables: url.pathVariables, query: url.query.toReversed(), address: url.address },
      headers: [...headers, { name: 'X-New', value: 'n', enabled: true }],
      auth: { fields: { ...auth.fields }, type: auth.type },
    }));
    const value = read.ok ? read.value.template : template;
    expect(value.url.query).toEqual(template.url.query.toReversed());
    expect(value.url.address).toBe(template.url.address);
    expect(value.headers.slice(0, 3)).toEqual(template.headers);
    expect(value.auth.fields).toEqual(template.auth.fields);
    expect(value.settings).toEqual(template.settings);
  });
});

describe('P6: what a script makes of a request', () => {
  it('is text, but for what it was shown and what stands in its source', () => {
    const { template } = readOf(WHOLE, ({ url, headers }, live) => ({
      method: 'PUT',
      url: { ...url, address: `${url.address}/{{dead}}`, pathVariables: [] },
      headers: [...headers, { name: 'X-Plain', value: live.source("'{{vault:SIG}}'").slice(1, -1), enabled: true }],
      body: { kind: 'raw', text: `{{dead}} ${live.source('{{b}}')}` },
    }));
    expect(template.method).toBe('PUT');
    expect(template.url.address).toEqual([
      { kind: 'text', text: 'https://' },
      { kind: 'reference', name: plainTemplate('host') },
      { kind: 'text', text: '/:id/{{dead}}' },
    ]);
    expect(template.headers.at(-1)?.value).toEqual([{ kind: 'reference', name: plainTemplate('vault:SIG') }]);
    expect(template.body).toEqual({
      kind: 'raw',
      text: [
        { kind: 'text', text: '{{dead}} ' },
        { kind: 'reference', name: plainTemplate('b') },
      ],
    });
  });

  it.each([
    ['{{x}}', 'REQUEST/METHOD_INVALID'],
    ['P{ST', 'REQUEST/METHOD_INVALID'],
  ])('no method comes to life: %s', (method, code) => {
    expect(codeOf(WHOLE, () => ({ method }))).toBe(code);
  });

  it.each([
    ['header', 'Authorization', 'Bearer own-1', 'Bearer [secret]'],
    ['header', 'Cookie', 'a=1; b=2', 'a=[secret]; b=[secret]'],
    ['header', 'Accept', 'own-1', 'own-1'],
    ['query', 'access_token', '{{dead}}', '[secret]'],
    ['query', 'page', '{{dead}}', '{{dead}}'],
    ['path', 'secret', 'own-1', '[secret]'],
    ['form', 'client_secret', '<your secret>', '<your secret>'],
    ['form', 'client_secret', 'own-1', '[secret]'],
    ['part', 'password', 'own-1', '[secret]'],
    ['raw', '', '{"token": "own-1", "n": "{{dead}}"}', '{"token": "[secret]", "n": "{{dead}}"}'],
    ['raw', '', '{"token": "{{dead}}"}', '{"token": "[secret]"}'],
    ['variables', '', '{"password": "own-1"}', '{"password": "[secret]"}'],
    ['address', '', 'https://me:own-1@api.test/x', 'https://[secret]:[secret]@api.test/x'],
    ['auth', 'token', 'own-1', '[secret]'],
  ])('is sealed where a dialect seals: %s %s %s', (place, name, value, expected) => {
    const fields = [{ name, value, enabled: true }];
    const { template } = readOf(WHOLE, ({ url }) => {
      switch (place) {
        case 'header':
          return { headers: fields };
        case 'query':
          return { url: { ...url, query: fields } };
        case 'path':
          return { url: { ...url, pathVariables: fields } };
        case 'address':
          return { url: { ...url, address: value } };
        case 'form':
          return { body: { kind: 'urlencoded', fields } };
        case 'part':
          return { body: { kind: 'multipart', parts: fields.map((each) => ({ ...each, kind: 'text' })) } };
        case 'raw':
          return { body: { kind: 'raw', text: value } };
        case 'variables':
          return { body: { kind: 'graphql', query: '{ a }', variables: value } };
        default:
          return { auth: { type: 'bearer', fields: { [name]: value } } };
      }
    });
    const { url, headers, body, auth } = template;
    const texts = {
      header: headers[0]?.value,
      query: url.query[0]?.value,
      path: url.pathVariables[0]?.value,
      address: url.address,
      form: body.kind === 'urlencoded' ? body.fields[0]?.value : undefined,
      part: body.kind === 'multipart' && body.parts[0]?.kind === 'text' ? body.parts[0].value : undefined,
      raw: body.kind === 'raw' ? body.text : undefined,
      variables: body.kind === 'graphql' ? body.variables : undefined,
      auth: auth.fields[name],
    };
    expect(templateText(texts[place as keyof typeof texts] ?? [])).toBe(expected);
  });

  it('marks references in a sensitive place as standing there', () => {
    const { template } = readOf(WHOLE, (_, live) => ({
      headers: [{ name: 'X-Api-Key', value: live.source('a {{key}}'), enabled: true }],
      body: { kind: 'raw', text: live.source('{"password":"{{pw}}"}') },
    }));
    expect(template.headers[0]?.value.at(-1)).toEqual({ kind: 'reference', name: plainTemplate('key'), sealed: true });
    expect(template.body).toMatchObject({ text: [{}, { kind: 'reference', sealed: true }, {}] });
  });

  it.each([
    ['https://a.test/x?b=1&token=T&c#frag', 'https://a.test/x', ['b=1', 'token=[secret]', 'c=null'], 'frag'],
    ['https://a.test\\x?{{dead?}}=1', 'https://a.test/x', ['{{dead?}}=1'], undefined],
  ])('has the query that stands in its address: %s', (address, expected, query, fragment) => {
    const { template } = readOf({}, ({ url }) => ({ url: { ...url, address } }));
    expect(templateText(template.url.address)).toBe(expected);
    expect(asText(template.url.query)).toEqual(query);
    expect(template.url.fragment && templateText(template.url.fragment)).toBe(fragment);
  });

  it('has its settings', () => {
    const { template } = readOf(WHOLE, () => ({ timeoutMs: 7, followRedirects: true }));
    expect(template.settings).toEqual({ timeoutMs: 7, followRedirects: true, strictSSL: false });
  });

  const half = (text: string) => text.slice(0, -4);
  it.each<[string, (shown: ScriptRequest) => Partial<ScriptRequest>]>([
    ['URL', ({ url }) => ({ url: { ...url, address: half(url.address.slice(0, url.address.indexOf('}}') + 3)) } })],
    [
      'query parameter q',
      ({ url }) => ({
        url: { ...url, query: url.query.map((each) => ({ ...each, value: each.value && half(each.value) })) },
      }),
    ],
    [
      'header Authorization',
      ({ headers }) => ({ headers: headers.map(({ value, ...each }) => ({ ...each, value: half(value) })) }),
    ],
    [
      'auth field username',
      ({ auth }) => ({ auth: { ...auth, fields: { username: half(auth.fields.username ?? '') } } }),
    ],
    ['type of the auth', ({ auth }) => ({ auth: { ...auth, type: auth.fields.username ?? '' } })],
    ['method', ({ method }) => ({ method: half(method) })],
    [
      'body',
      ({ body }) => ({ body: { kind: 'raw', text: half(body.kind === 'raw' ? body.text.replace(/"}$/, '') : '') } }),
    ],
  ])('names the place of a reference that was taken apart: %s', (place, by) => {
    expect(codeOf(WHOLE, by)).toBe(`SCRIPT/SECRET_TAKEN_APART ${place}`);
  });

  it.each<[string, BodyTemplate, ScriptRequest['body'], string]>([
    [
      'another file',
      FILE,
      { kind: 'file', path: '../b.bin' },
      'SCRIPT/UNSUPPORTED a file that the saved request does not send',
    ],
    [
      'a file for none',
      { kind: 'none' },
      { kind: 'file', path: 'a.bin' },
      'SCRIPT/UNSUPPORTED a file that the saved request does not send',
    ],
    ['a file of a part elsewhere', MULTIPART, { kind: 'file', path: 'a.txt' }, 'read'],
    [
      'another file of a part',
      MULTIPART,
      { kind: 'multipart', parts: [{ kind: 'file', name: 'f', paths: ['/etc/passwd'], enabled: true }] },
      'SCRIPT/UNSUPPORTED a file that the saved request does not send',
    ],
    [
      'its file under another name',
      MULTIPART,
      { kind: 'multipart', parts: [{ kind: 'file', name: 'g', paths: ['a.txt'], enabled: true }] },
      'read',
    ],
  ])('P3: sends no file that the saved request does not: %s', (_, body, changed, expected) => {
    expect(codeOf({ body }, () => ({ body: changed }))).toBe(expected);
  });

  it('P2: leaves where a token is asked for', () => {
    const sketch: RequestSketch = {
      auth: {
        type: 'oauth2',
        fields: { accessTokenUrl: lexTemplate('https://login.test'), scope: lexTemplate('a') },
        from: 'request',
      },
    };
    const by = (fields: object) =>
      codeOf(sketch, ({ auth }) => ({ auth: { ...auth, fields: { ...auth.fields, ...fields } } }));
    expect(by({ scope: 'b' })).toBe('read');
    expect(by({ accessTokenUrl: 'https://evil.test' })).toMatch(/^SCRIPT\/UNSUPPORTED another accessTokenUrl/);
  });
});

describe('P8: what an agent changed', () => {
  const overrides: AgentOverrides = {
    query: { q: 'mine {{vault:KEY}}', new: '{{captured:a_1}}', flag: null },
    headers: { accept: 'x/y', 'X-New': '1', 'X-Off': null },
  };

  it('is shown as it is sent, and is data but for what was captured', () => {
    const { shown, live } = change(WHOLE, () => ({}), overrides);
    expect(shown.url.query.map(({ name, value }) => [name, value && live.plain(value)])).toEqual([
      ['q', 'mine {{vault:KEY}}'],
      [null, null],
      ['off', 'x'],
      ['api_key', expect.stringMatching(/^\{\{secret:/)],
      ['new', '{{captured:a_1}}'],
    ]);
    expect(live.read(shown.url.query[0]?.value ?? '')).toEqual(plainTemplate('mine {{vault:KEY}}'));
    expect(live.read(shown.url.query.at(-1)?.value ?? '')).toEqual([{ kind: 'captured', name: 'a_1' }]);
    expect(shown.headers.map(({ name }) => name)).toEqual(['Authorization', 'X-Off', 'accept', 'X-New']);
  });

  it('is left to planning, which judges it against what is saved', () => {
    const taking: AgentOverrides = { query: { api_key: 'mine' }, headers: { authorization: null } };
    const { template, read } = change(
      WHOLE,
      ({ url, headers }) => ({
        url: { ...url, query: [...url.query, { name: 'more', value: '1', enabled: true }] },
        headers: [...headers, { name: 'AUTHORIZATION', value: 'x', enabled: true }],
      }),
      taking,
    );
    const made = read.ok ? read.value.template : template;
    expect(made.url.query.find(({ name }) => name && templateText(name) === 'api_key')).toBe(template.url.query[4]);
    expect(made.headers.filter(({ name }) => /authorization/i.test(templateText(name)))).toEqual([template.headers[1]]);
    expect(asText(made.url.query).at(-1)).toBe('more=1');
  });

  const text = (live: LiveText) => live.show([{ kind: 'captured', name: 'a_1' }]);
  it.each<[string, BodyTemplate, string, (live: LiveText) => ScriptRequest['body']]>([
    [
      'raw',
      { kind: 'raw', text: [], language: 'xml' },
      `<a>${capturedReference('captured:a_1')}</a>`,
      (live) => ({ kind: 'raw', text: `<a>${text(live)}</a>`, language: 'xml' }),
    ],
    ['none', { kind: 'none' }, ' {"a":1}', () => ({ kind: 'raw', text: ' {"a":1}', language: 'json' })],
    ['file', FILE, 'a=1', () => ({ kind: 'raw', text: 'a=1' })],
    [
      'form',
      { kind: 'urlencoded', fields: [] },
      'a=1+2&b%20=%&c',
      () => ({
        kind: 'urlencoded',
        fields: [
          { name: 'a', value: '1 2', enabled: true },
          { name: 'b ', value: '%', enabled: true },
          { name: 'c', value: '', enabled: true },
        ],
      }),
    ],
    [
      'GraphQL',
      GRAPHQL,
      '{"query":"{ a }","variables":{"b":"{{captured:a_1}}"}}',
      (live) => ({ kind: 'graphql', query: '{ a }', variables: `{"b":"${text(live)}"}` }),
    ],
    ['GraphQL that is none', GRAPHQL, '[1]', () => ({ kind: 'raw', text: '[1]', language: 'json' })],
  ])('a body is shown in the terms of the saved one: %s', (_, body, given, expected) => {
    const { shown, live, read } = change({ method: 'POST', body }, () => ({}), { body: given });
    expect(shown.body).toEqual(expected(live));
    expect(read).toMatchObject({ value: { bodyChanged: false, template: { body } } });
  });

  it('a body that a script changed takes its place', () => {
    const body: BodyTemplate = { kind: 'raw', text: lexTemplate('saved') };
    const made = readOf(
      { body },
      ({ body: shown }) => ({ body: { ...shown, text: '{{vault:KEY}} and more' } as ScriptRequest['body'] }),
      { body: '{{vault:KEY}}' },
    );
    expect(made).toMatchObject({
      bodyChanged: true,
      template: { body: { text: plainTemplate('{{vault:KEY}} and more') } },
    });
  });
});

describe('a request that a script makes itself', () => {
  it('has nothing of the saved one', () => {
    const live = open();
    const made = readRequest(
      {
        method: 'POST',
        url: { address: 'https://a.test/b?c=d', query: [], pathVariables: [] },
        headers: [{ name: 'X-Key', value: live.source('{{vault:K}}'), enabled: true }],
        body: { kind: 'raw', text: '{}', language: 'json' },
        auth: { type: 'none', fields: {} },
        timeoutMs: 3,
      },
      live,
    );
    expect(made).toMatchObject({
      ok: true,
      value: {
        template: {
          method: 'POST',
          url: { address: plainTemplate('https://a.test/b'), query: [{ enabled: true }] },
          headers: [{ value: [{ kind: 'reference', name: plainTemplate('vault:K') }] }],
          auth: { type: 'none', fields: {} },
          settings: { timeoutMs: 3 },
          scripts: [],
        },
      },
    });
  });
});

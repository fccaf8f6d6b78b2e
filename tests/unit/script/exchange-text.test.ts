// P1: the request as sent and the answer, as scripts see them.
import { describe, expect, it } from 'vitest';
import type { BodyTemplate, RequestTemplate } from '../../../shared/collection/model.ts';
import { limits } from '../../../shared/limits.ts';
import { type SentFrom, showResponse, showSent } from '../../../shared/script/exchange-text.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { markSafe, type SafeFields } from '../../../shared/stages/stages.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { planOf, type RequestSketch } from '../request/plan-support.ts';

const exchange = (changes: Partial<SafeFields> = {}) =>
  markSafe({
    request: {
      method: 'POST',
      url: 'https://a.test/x?a=1&flag&b=%20#c=d',
      headers: [{ name: 'X-Api-Key', value: '[redacted: header]' }],
    },
    status: 201,
    statusText: 'Created',
    headers: [{ name: 'Set-Cookie', value: 'sid={{captured:sid_1}}; Path=/' }],
    body: { kind: 'json', contentType: 'application/json', bytes: 9, text: '{"a":"{{captured:a_1}}"}' },
    timing: { totalMs: 12, firstByteMs: 3 },
    redirects: [],
    redactions: { count: 0, reasons: [] },
    captured: [],
    ...changes,
  });

const live = createLiveText('0123456789abcdef0123456789abcdef');
const TEMPLATE: RequestTemplate = {
  method: 'POST',
  url: {
    address: lexTemplate('https://a.test/:id/:own'),
    query: [],
    pathVariables: [
      { name: lexTemplate('id'), value: lexTemplate('{{order}}'), enabled: true },
      { name: lexTemplate('own'), value: lexTemplate('saved'), enabled: true },
    ],
  },
  headers: [
    { name: lexTemplate('X-On'), value: lexTemplate('1'), enabled: true },
    { name: lexTemplate('X-Off'), value: lexTemplate('{{off}}'), enabled: false },
    { name: lexTemplate('Authorization'), value: lexSealed('hunter-2-hunter-2'), enabled: false },
  ],
  body: { kind: 'none' },
  auth: { type: 'none', fields: {}, from: 'none' },
  folderVariables: [],
  scripts: [],
  settings: {},
  examples: [],
};

function sentOf(sketch: RequestSketch, from: Partial<SentFrom> = {}) {
  const plan = planOf({ method: 'POST', ...sketch });
  if (!plan.ok) throw new Error(plan.failure.code);
  const template = { ...TEMPLATE, headers: [], url: { ...TEMPLATE.url, pathVariables: [] } };
  return showSent(plan.value, exchange(), { template, overrides: {}, api: 'postman', ...from }, live);
}

const fields = (rows: readonly (readonly [string, string])[]) =>
  rows.map(([name, value]) => ({ name: lexTemplate(name), value: lexTemplate(value), enabled: true }));

describe('P1: the request as sent', () => {
  it('has the redacted URL and headers', () => {
    expect(sentOf({})).toMatchObject({
      method: 'POST',
      url: {
        address: 'https://a.test/x',
        query: [
          { name: 'a', value: '1', enabled: true },
          { name: 'flag', value: null, enabled: true },
          { name: 'b', value: '%20', enabled: true },
        ],
        fragment: 'c=d',
      },
      headers: [{ name: 'X-Api-Key', value: '[redacted: header]', enabled: true }],
      body: { kind: 'none' },
    });
  });

  it.each([
    ['bruno', ['{{order}}', 'mine']],
    ['postman', []],
    ['insomnia', []],
  ] as const)('has what was not sent of it, and for Bruno what its path was filled in with: %s', (api, filledIn) => {
    const from = { template: TEMPLATE, overrides: { variables: { own: 'mine' } }, api };
    const { headers, url } = sentOf({}, from);
    expect(headers.map(({ name, value, enabled }) => [name, live.plain(value), enabled])).toEqual([
      ['X-Off', '{{off}}', false],
      ['Authorization', expect.stringMatching(/^\{\{secret:\d+\}\}$/), false],
      ['X-Api-Key', '[redacted: header]', true],
    ]);
    expect(url.pathVariables.map(({ value }) => live.plain(value))).toEqual(filledIn);
  });

  const PASSWORD = 'hunter-2-hunter-2';
  it.each<[string, BodyTemplate, object]>([
    [
      'raw',
      { kind: 'raw', text: lexTemplate('{"a":1}'), language: 'json' },
      { kind: 'raw', text: '{"a":1}', language: 'json' },
    ],
    ['a secret in it', { kind: 'raw', text: lexSealed(PASSWORD) }, { kind: 'raw', text: '[secret]' }],
    [
      'a field',
      { kind: 'urlencoded', fields: fields([['a&b', 'x=1&y']]) },
      { kind: 'urlencoded', fields: [{ name: 'a&b', value: 'x=1&y', enabled: true }] },
    ],
  ])('has its body: %s', (_, body, expected) => {
    expect(sentOf({ body }).body).toEqual(expected);
  });

  it.each<[string, BodyTemplate]>([
    ['a field', { kind: 'urlencoded', fields: fields([['password', PASSWORD]]) }],
    [
      'a part',
      {
        kind: 'multipart',
        parts: fields([['password', PASSWORD]]).map((each) => ({ ...each, kind: 'text' as const })),
      },
    ],
    ['a member', { kind: 'raw', text: lexTemplate(`{"password":"${PASSWORD}"}`), language: 'json' }],
  ])('hides what stands under a sensitive name: %s', (_, body) => {
    expect(JSON.stringify(sentOf({ body }))).not.toContain(PASSWORD);
  });

  it('has the body that its method does not send', () => {
    const name = lexTemplate('name');
    const parts = ['{{a}}', 'b'].map((text) => ({
      name,
      value: lexTemplate(text),
      enabled: true,
      kind: 'text' as const,
    }));
    const body: BodyTemplate = { kind: 'multipart', parts };
    const shown = sentOf({ method: 'GET', body }, { template: { ...TEMPLATE, method: 'GET', body } }).body;
    expect(JSON.parse(live.plain(JSON.stringify(shown)))).toEqual({
      kind: 'multipart',
      parts: ['{{a}}', 'b'].map((value) => ({ kind: 'text', name: 'name', value, enabled: true })),
    });
  });

  it('has the public half of its auth', () => {
    const { auth } = sentOf({
      auth: {
        type: 'basic',
        fields: { username: lexTemplate('me'), password: lexTemplate(PASSWORD) },
        from: 'request',
      },
    });
    expect(auth).toEqual({ type: 'basic', fields: { username: 'me', password: '[secret]' } });
  });
});

describe('the answer', () => {
  const opened = () => createLiveText('0123456789abcdef0123456789abcdef');

  it('has what was captured as references that can be used', () => {
    const open = opened();
    const shown = showResponse(exchange(), open, (name) => name === 'sid_1');
    if (!shown.ok) throw new Error(shown.failure.code);
    const { headers, body, ...rest } = shown.value;
    expect(headers.map(({ value }) => open.read(value)?.map(({ kind }) => kind))).toEqual([
      ['text', 'captured', 'text'],
    ]);
    expect(body).toBe('{"a":"{{captured:a_1}}"}');
    expect(rest).toEqual({
      status: 201,
      statusText: 'Created',
      kind: 'json',
      bytes: 9,
      totalMs: 12,
      url: 'https://a.test/x?a=1&flag&b=%20#c=d',
    });
  });

  it.each([
    [limits.scriptBodyChars, true],
    [limits.scriptBodyChars + 1, false],
  ])('of %i characters', (chars, expected) => {
    const body = { kind: 'text', contentType: 'text/plain', bytes: chars, text: 'x'.repeat(chars) } as const;
    const shown = showResponse(exchange({ body }), opened(), () => false);
    expect(shown.ok).toBe(expected);
    if (!shown.ok)
      expect(shown.failure).toMatchObject({ code: 'SCRIPT/TOO_LARGE', facts: { limit: limits.scriptBodyChars } });
  });

  it('without a text has an empty body', () => {
    const body = { kind: 'binary', contentType: 'image/png', bytes: 3 } as const;
    expect(showResponse(exchange({ body }), opened(), () => true)).toMatchObject({
      value: { body: '', kind: 'binary', bytes: 3 },
    });
  });
});

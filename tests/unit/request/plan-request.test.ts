import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { displayRendered, renderedText } from '../../../shared/template/render.ts';
import { handle, shown } from '../template/scope-of.ts';
import { failureOf, planned, planOf, type RequestSketch } from './plan-support.ts';

const headersOf = (sketch: RequestSketch) =>
  planned(sketch).headers.map(({ name, value }) => `${name}: ${shown(value)}`);

describe('methods', () => {
  it.each([
    ['get', 'GET'],
    ['', 'GET'],
    ['M-SEARCH', 'M-SEARCH'],
    ['{{m}}', 'PURGE'],
  ])('%j is sent as %s', (method, expected) => {
    expect(planned({ method, environment: [['m', 'purge']] }).method).toBe(expected);
  });

  it.each(['   ', 'GET /', 'GE\nT', 'GÉT', 'A:B', '"'])('%j is refused', (method) => {
    expect(failureOf(planOf({ method }))).toBe('REQUEST/METHOD_INVALID');
  });
});

describe('headers', () => {
  it('keeps order, case and repetitions; leaves out what is disabled or has no name', () => {
    const headers = [
      ['X-B', '1'],
      ['x-a', '{{v}}'],
      ['X-Off', '1', 'off'],
      ['', 'nameless'],
      ['{{v}}', 'n'],
      ['X-B', '2'],
    ] as const;
    expect(headersOf({ headers, environment: [['v', 'w']] })).toEqual(['X-B: 1', 'x-a: w', 'w: n', 'X-B: 2']);
  });

  it.each([
    'Host',
    'host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Upgrade',
    'Expect',
    'Proxy-Authorization',
    'Proxy-Connection',
    'proxy-anything',
    'HTTP2-Settings',
    'A B',
    'A:',
    'Ä',
    'A\r\nB',
  ])('the header %j of a collection is refused', (name) => {
    expect(failureOf(planOf({ headers: [[name, '1']] }))).toBe('REQUEST/HEADER_INVALID');
  });

  it.each(['a\rb', 'a\nb', 'a\0b', 'a\x7fb', 'snow ☃'])(
    'the value %j is refused, and is not in the failure',
    (value) => {
      const plan = planOf({ headers: [['X-A', '{{v}}']], environment: [['v', value]] });
      expect(failureOf(plan)).toBe('REQUEST/HEADER_INVALID');
      expect(JSON.stringify(plan)).not.toContain(JSON.stringify(value).slice(1, -1));
    },
  );

  it.each([
    [0, 'no failure'],
    [1, 'REQUEST/HEADER_INVALID'],
  ])('%i more than the limits', (more, code) => {
    const many = Array.from({ length: limits.requestHeaders + more }, (_, index) => [`X-${index}`, '1'] as const);
    expect(failureOf(planOf({ headers: many }))).toBe(code);
    expect(failureOf(planOf({ headers: [['X-A', 'v'.repeat(limits.headerValueChars + more)]] }))).toBe(code);
  });

  it('a secret in a name is refused', () => {
    expect(failureOf(planOf({ headers: [['X-{{s}}', '1']], environment: [['s', 'x', 'sealed']] }))).toBe(
      'SECRET/PLACE_NOT_ALLOWED',
    );
  });

  const own = [
    ['X-A', '1'],
    ['x-a', '2'],
    ['X-B', '3'],
  ] as const;
  it.each([
    [{ 'X-A': 'new' }, ['X-B: 3', 'X-A: new']],
    [{ 'x-b': null }, ['X-A: 1', 'x-a: 2']],
    [{ 'X-C': '{{vault:k}}{{$guid}}' }, ['X-A: 1', 'x-a: 2', 'X-B: 3', 'X-C: {{vault:k}}{{$guid}}']],
    [{ 'X-D': null }, ['X-A: 1', 'x-a: 2', 'X-B: 3']],
  ])('the agent changes them with %j', (headers: Record<string, string | null>, expected) => {
    expect(headersOf({ headers: own, overrides: { headers }, handles: [handle('k')] })).toEqual(expected);
  });

  it.each([
    ['Authorization', 'x'],
    ['authorization', null],
    ['Cookie', 'a=1'],
    ['Host', 'x'],
    ['Content-Length', '0'],
    ['Connection', 'close'],
    ['Transfer-Encoding', 'chunked'],
    ['Proxy-Authorization', 'x'],
    ['X-Original-URL', '/admin'],
    ['x_rewrite_url', '/admin'],
    ['X.Original.URI', '/admin'],
    ['X-Forwarded-Prefix', '/admin'],
    ['X-Forwarded-Host', 'other.test'],
    ['Forwarded', 'host=other.test'],
    ['X-HTTP-Host-Override', 'other.test'],
    ['X-Original-URL', null],
    ['X-A', 'a\r\nB: c'],
    ['X A', 'x'],
    ['X-Secret', 'mine'],
    ['x-secret', null],
    ['X-Handle', 'mine'],
  ])('P8: the agent cannot set %s to %j', (name, value) => {
    const headers = [
      ['X-Secret', 'hush', 'sealed'],
      ['X-Handle', '{{vault:k}}'],
    ] as const;
    const plan = planOf({ headers, overrides: { headers: { [name]: value } }, handles: [handle('k')] });
    expect(failureOf(plan)).toBe('REQUEST/HEADER_INVALID');
  });
});

describe('P8: the name that an agent’s variable gives a header', () => {
  const named = (name: string, fromFile = false) => {
    const row = [['n', name]] as const;
    return {
      headers: [['{{n}}', 'x']] as const,
      ...(fromFile ? { environment: row } : { overrides: { variables: Object.fromEntries(row) } }),
    };
  };

  it.each(['Cookie', 'Authorization', 'X-Original-URL', 'Host'])('is not %s', (name) =>
    expect(failureOf(planOf(named(name)))).toBe('REQUEST/HEADER_INVALID'),
  );

  it.each(['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-Name', 'X-Request-Id'])('may be %s', (name) =>
    expect(failureOf(planOf(named(name)))).toBe('no failure'),
  );

  it('is the files’ own word where they give it', () =>
    expect(failureOf(planOf(named('X-Original-URL', true)))).toBe('no failure'));
});

describe('the key of an apikey auth', () => {
  const keyed = (place: string, name: string): RequestSketch => ({
    auth: {
      type: 'apikey',
      fields: { key: lexTemplate('{{n}}'), value: lexTemplate('{{vault:k}}'), in: lexTemplate(place) },
      from: 'request',
    },
    handles: [handle('k')],
    overrides: { variables: { n: name } },
  });

  it.each([
    ['cookie', 'sid', 'no failure'],
    ['cookie', 'a=b; admin', 'REQUEST/AUTH_INVALID'],
    ['cookie', 'a b', 'REQUEST/AUTH_INVALID'],
    ['cookie', 'a;', 'REQUEST/AUTH_INVALID'],
    ['cookie', 'kéy', 'REQUEST/AUTH_INVALID'],
    ['header', 'X-Key', 'no failure'],
    ['header', 'Cookie', 'REQUEST/HEADER_INVALID'],
    ['header', 'X-Rewrite-URL', 'REQUEST/HEADER_INVALID'],
    ['query', 'a b', 'no failure'],
  ])('P8: in a %s may an agent call it %j: %s', (place, name, code) =>
    expect(failureOf(planOf(keyed(place, name)))).toBe(code),
  );
});

const FORM = 'application/x-www-form-urlencoded';

describe('P8: what was captured stands in no name', () => {
  const reference = '{{captured:token_1}}';
  const held = { ...handle('captured:token_1'), id: 'cap_1' };
  const captured = (name: string) => (name === 'token_1' ? held : undefined);
  const pair = { name: lexTemplate('{{v}}'), value: lexTemplate('x'), enabled: true };
  const raw = (text: string, language?: string) =>
    ({ kind: 'raw', text: lexTemplate(text), ...(language && { language }) }) as const;
  const v = { variables: { v: reference } };

  it.each<readonly [string, RequestSketch]>([
    ['of a query parameter', { address: 'https://h.test/?{{v}}=1', overrides: v }],
    [
      'of a parameter that a value adds',
      { address: 'https://h.test/?q={{v}}', overrides: { variables: { v: `1&${reference}` } } },
    ],
    ['of a form field', { body: { kind: 'urlencoded', fields: [pair] }, overrides: v }],
    ['of a part', { body: { kind: 'multipart', parts: [{ kind: 'text', ...pair }] }, overrides: v }],
    [
      'of a file',
      {
        body: { kind: 'multipart', parts: [{ kind: 'file', name: pair.name, paths: [], enabled: true }] },
        overrides: v,
      },
    ],
    [
      'of a field of a form that is a text',
      { body: { kind: 'urlencoded', fields: [] }, overrides: { body: `a=1&b${reference}=2` } },
    ],
    [
      'of a field of such a form, by a header',
      { body: raw('x'), headers: [['Content-Type', FORM]], overrides: { body: reference } },
    ],
    ['of a JSON member', { body: raw('{}'), overrides: { body: `{"a":[{"x${reference}" : 1}]}` } }],
    ['of a saved JSON member', { body: raw('{"{{v}}":1}', 'json'), overrides: v }],
    [
      'of a part in a text',
      { body: raw('x'), overrides: { body: `--b\r\nContent-Disposition: form-data; name="${reference}"\r\n\r\nx` } },
    ],
  ])('%s', (_, sketch) =>
    expect(failureOf(planOf({ method: 'POST', captured, ...sketch }))).toBe('SECRET/PLACE_NOT_ALLOWED'),
  );

  it.each<readonly [string, RequestSketch]>([
    ['of a query parameter', { address: 'https://h.test/?q=1&a={{v}}', overrides: v }],
    ['of an added query parameter', { overrides: { query: { a: reference } } }],
    [
      'of a form field',
      { body: { kind: 'urlencoded', fields: [{ ...pair, name: pair.value, value: pair.name }] }, overrides: v },
    ],
    [
      'of a form that is a text',
      { body: { kind: 'urlencoded', fields: [] }, overrides: { body: `a=1&b=${reference}` } },
    ],
    [
      'of a JSON member',
      { body: raw('{}'), overrides: { body: `{"a":"${reference}","b":[" ${reference} =x: "],"c=d":1}` } },
    ],
    ['of XML', { body: raw('<a/>', 'xml'), overrides: { body: `<a name="${reference}"/>` } }],
  ])('but in the value %s', (_, sketch) =>
    expect(failureOf(planOf({ method: 'POST', captured, ...sketch }))).toBe('no failure'),
  );
});

describe('auth', () => {
  it.each([
    ['apikey', 'key', '{{vault:k}}', 'SECRET/PLACE_NOT_ALLOWED'],
    ['apikey', 'key', 'X-{{s}}', 'SECRET/PLACE_NOT_ALLOWED'],
    ['apikey', 'key', 'X-Key', 'no failure'],
    ['apikey', 'value', '{{vault:k}}', 'no failure'],
    ['awsv4', 'key', '{{vault:k}}', 'no failure'],
  ])('P1: in %s the field %s of %s: %s', (type, name, value, code) => {
    const auth = { type, fields: { [name]: lexTemplate(value) }, from: 'request' } as const;
    const environment = [['s', 'TOP-SECRET', 'sealed']] as const;
    expect(failureOf(planOf({ auth, environment, handles: [handle('k')] }))).toBe(code);
  });

  it.each([
    ['jwt', 'payload'],
    ['jwt', 'header'],
    ['asap', 'claims'],
  ])('P8: what an agent puts into the %s field %s adds no claim to what is signed', (type, name) => {
    const auth = { type, fields: { [name]: lexTemplate('{"sub":"{{user}}"}') }, from: 'request' } as const;
    const { fields } = planned({ auth, overrides: { variables: { user: 'me","admin":"\\u0022yes' } } }).auth;
    expect(JSON.parse(shown(fields[name] ?? []))).toEqual({ sub: 'me","admin":"\\u0022yes' });
  });

  it.each(['none', 'noauth'])('%s is none', (type) => {
    const auth = { type, fields: { token: lexTemplate('{{gone}}') }, from: 'request' } as const;
    expect(planned({ auth }).auth).toEqual({ type: 'none', fields: {} });
  });

  it('renders every field', () => {
    const fields = { token: lexTemplate('{{vault:k}}'), password: lexSealed('hush'), in: lexTemplate('{{v}}') };
    const auth = { type: 'oauth9', fields, from: 'request' } as const;
    const { type, fields: rendered } = planned({ auth, handles: [handle('k')], environment: [['v', 'header']] }).auth;
    expect([type, ...Object.entries(rendered).map(([name, value]) => `${name}=${shown(value)}`)]).toEqual([
      'oauth9',
      'token=[handle k]',
      'password=[secret]',
      'in=header',
    ]);
  });

  it.each([
    ['{{gone}}', 'TEMPLATE/VARIABLE_MISSING'],
    ['{{vault:gone}}', 'SECRET/NOT_FOUND'],
  ])('P7: %s stops the plan', (token, code) => {
    const auth = { type: 'bearer', fields: { token: lexTemplate(token) }, from: 'request' } as const;
    expect(failureOf(planOf({ auth }))).toBe(code);
  });
});

describe('what a plan knows', () => {
  it('names request, collection and environment', () => {
    const { requestId, requestName, collectionId, collectionName, environmentId, environmentName } = planned({});
    expect([requestId, requestName, collectionId, collectionName, environmentId, environmentName]).toEqual([
      'req_1',
      'Request',
      'col_1',
      'Collection',
      'env_1',
      'Environment',
    ]);
  });

  it('P1: holds every secret in scope, used or not, enabled or not, each once', () => {
    const plan = planned({
      address: 'https://api.example.com/{{s}}',
      query: [['q', 'a', 'sealed off']],
      headers: [['h', 'b', 'sealed']],
      body: { kind: 'urlencoded', fields: [{ name: lexTemplate('f'), value: lexSealed('c'), enabled: false }] },
      auth: { type: 'bearer', fields: { token: lexSealed('d') }, from: 'request' },
      environment: [
        ['s', 'e', 'sealed'],
        ['t', 'f', 'sealed off'],
      ],
      collection: [['u', 'g', 'sealed']],
    });
    expect(plan.scopeSecrets).toHaveLength(7);
    expect(new Set(plan.scopeSecrets).size).toBe(7);
    expect(JSON.stringify(plan.scopeSecrets)).toBe(JSON.stringify(Array(7).fill({ kind: 'inline' })));
  });
});

describe('agent overrides', () => {
  const data = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('{{', '}}', 'vault:', 'k', '$guid', 'e', ':id', '&', '#', '/'), { maxLength: 8 })
      .map((bits) => bits.join('')),
  );

  it('P8: what the agent supplies is never rendered, wherever it goes', () => {
    fc.assert(
      fc.property(data, (value) => {
        const plan = planOf({
          method: 'POST',
          address: 'https://api.example.com/:id?x={{x}}',
          pathVariables: [['id', '1']],
          body: { kind: 'raw', text: lexTemplate('{}') },
          environment: [['e', 'ENV']],
          handles: [handle('k')],
          overrides: {
            variables: { id: value, x: value },
            query: { q: value },
            headers: { 'X-A': value },
            body: value,
          },
        });
        if (!plan.ok) return;
        const { url, headers, body } = plan.value;
        const rendered = [
          url.path,
          ...url.query.flatMap((each) => [each.name ?? [], each.value ?? []]),
          headers[0]?.value ?? [],
        ];
        const all = [...rendered, ...(body.kind === 'text' ? [body.text] : [])];
        expect(all.every((each) => renderedText(each) !== undefined)).toBe(true);
        expect(all.map(displayRendered).filter((text) => /ENV|GUID/.test(text))).toEqual([]);
        expect(displayRendered(headers[0]?.value ?? [])).toBe(value);
        if (body.kind === 'text') expect(displayRendered(body.text)).toBe(value);
      }),
    );
  });
});

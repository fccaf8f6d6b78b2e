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

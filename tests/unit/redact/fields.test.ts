import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { redactHeader, redactText, redactUrl, redactValue } from '../../../shared/redact/redact-fields.ts';
import names from '../../vectors/field-names.json' with { type: 'json' };

const R = '[redacted]';

// [given, expected]
const urls: readonly (readonly [string, string])[] = [
  ['{{base}}/x?api_key=SECRET', `{{base}}/x?api_key=${R}`],
  ['/x?token=SECRET', `/x?token=${R}`],
  [
    'https://h/?X-Amz-Signature=S&access_key=S&client_secret=S&pwd=S&X-Amz-Date=1',
    `https://h/?X-Amz-Signature=${R}&access_key=${R}&client_secret=${R}&pwd=${R}&X-Amz-Date=1`,
  ],
  [
    'https://h/?X-Amz-Credential=AKIA&X-Amz-Security-Token=t&AWSAccessKeyId=a&Signature=s',
    `https://h/?X-Amz-Credential=${R}&X-Amz-Security-Token=${R}&AWSAccessKeyId=${R}&Signature=${R}`,
  ],
  ['https://h/b?sv=2020&sp=r&sig=abc%3D', `https://h/b?sv=2020&sp=r&sig=${R}`],
  ['https://h/#access_token=SECRET&token_type=bearer', `https://h/#access_token=${R}&token_type=bearer`],
  ['https://h/#/route?token=SECRET', `https://h/#/route?token=${R}`],
  ['https://user:SECRET@{{host}}/x', `https://${R}@{{host}}/x`],
  ['https://SECRET@h/x', `https://${R}@h/x`],
  ['user:SECRET@h.example/x', `${R}@h.example/x`],
  ['https://{{user}}:{{pass}}@h/x', 'https://{{user}}:{{pass}}@h/x'],
  ['mailto:me@example.com', 'mailto:me@example.com'],
  ['https://h/users/{{id}}?page={{page}}&token={{token}}', 'https://h/users/{{id}}?page={{page}}&token={{token}}'],
  ['https://h/x?token={{vault:API}}&api_key=', 'https://h/x?token={{vault:API}}&api_key='],
  ['https://h/cb?code=abcd&state=xyz1', `https://h/cb?code=${R}&state=${R}`],
  ['https://h/x?code=USD', 'https://h/x?code=USD'],
  ['https://h/maps?key=abc', `https://h/maps?key=${R}`],
  ['https://h/x?a%70i_key=SECRET', `https://h/x?a%70i_key=${R}`],
  [
    'https://h/x?redirect_uri=https%3A%2F%2Fx%2F%3Ftoken%3DSECRET',
    'https://h/x?redirect_uri=https%3A%2F%2Fx%2F%3Ftoken%3D%5Bredacted%5D',
  ],
  ['/a;jsessionid=ABC?x=1', `/a;jsessionid=${R}?x=1`],
  ['/reset-password/abcDEF1234567890xyz', `/reset-password/${R}`],
  ['/oauth/token/introspect', '/oauth/token/introspect'],
  [
    'https://h/x?page_token=abc&max_tokens=5&author=me&primary_key=1',
    'https://h/x?page_token=abc&max_tokens=5&author=me&primary_key=1',
  ],
  ['https://h/%zz?q=%zz', 'https://h/%zz?q=%zz'],
  ['', ''],
];

// [name, given, expected]
const headers: readonly (readonly [string, string, string])[] = [
  ['Authorization', 'Bearer abc', `Bearer ${R}`],
  ['Authorization', 'Bearer {{token}}', 'Bearer {{token}}'],
  ['authorization', 'AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=abc', `AWS4-HMAC-SHA256 ${R}`],
  ['Proxy-Authorization', 'secretonly', R],
  ['Cookie', 'a=b; c=d', `a=${R}; c=${R}`],
  ['Set-Cookie', 'sid=abc; Path=/; HttpOnly', `sid=${R}; Path=/; HttpOnly`],
  ['X-Api-Key', 'k', R],
  ['X-Amz-Security-Token', 'k', R],
  ['Ocp-Apim-Subscription-Key', 'k', R],
  ['X-RateLimit-Remaining-Tokens', '123', '123'],
  ['WWW-Authenticate', 'Bearer realm="x", error="invalid_token"', 'Bearer realm="x", error="invalid_token"'],
  ['Location', 'https://h/cb?access_token=zzz#id_token=y', `https://h/cb?access_token=${R}#id_token=${R}`],
  ['Link', '<https://h/?page=2&api_key=zzz>; rel="next"', `<https://h/?page=2&api_key=${R}>; rel="next"`],
  ['ETag', '"abc"', '"abc"'],
  ['X-Request-Id', '1b4e28ba-2fa1-11d2-883f-0016d3cca427', '1b4e28ba-2fa1-11d2-883f-0016d3cca427'],
];

const texts: readonly (readonly [string, string])[] = [
  ['key AKIAIOSFODNN7EXAMPLE here', `key ${R} here`],
  [`ghp_${'a1B2'.repeat(9)}`, R],
  [`github_pat_${'a1B2_'.repeat(9)}`, R],
  ['glpat-abcdefghij0123456789', R],
  ['sk_live_abcdefghij0123', R],
  ['rk_live_abcdefghij0123', R],
  ['xoxb-1234567890-abcdef', R],
  [`AIza${'a'.repeat(35)}`, R],
  ['sk-ant-api03-abcdefghijklmnop', R],
  [`sk-${'a1'.repeat(20)}`, R],
  [`npm_${'a1'.repeat(18)}`, R],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def', R],
  ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nok', `${R}\nok`],
  ['-----BEGIN PRIVATE KEY-----\nabc', R],
  ['-----BEGIN PUBLIC KEY-----\nabc', '-----BEGIN PUBLIC KEY-----\nabc'],
  ['Bearer abcdef1234567890', `Bearer ${R}`],
  ['bearer token required here', 'bearer token required here'],
  ['Basic authentication is used', 'Basic authentication is used'],
  ['see https://u:p@h/x?token=abc&b=1.', `see https://${R}@h/x?token=${R}&b=1.`],
  ['a risk-free task-based disk-1 plan', 'a risk-free task-based disk-1 plan'],
  ['https://hooks.slack.com/services/T000/B000/abcdefghijkl', `https://hooks.slack.com/${R}`],
];

describe('redaction by place and look', () => {
  it.each(urls)('P1: url %s', (given, expected) => {
    expect(redactUrl(given).text).toBe(expected);
    expect(redactUrl(expected)).toEqual({ text: expected, count: 0 });
    expect(redactUrl(given).count > 0).toBe(given !== expected);
  });

  it.each(headers)('P1: header %s: %s', (name, given, expected) => {
    expect(redactHeader(name, given).text).toBe(expected);
    expect(redactHeader(name, expected)).toEqual({ text: expected, count: 0 });
  });

  it.each(texts)('P1: text %s', (given, expected) => {
    expect(redactText(given).text).toBe(expected);
    expect(redactText(expected)).toEqual({ text: expected, count: 0 });
  });

  it('P12: stays linear on hostile text', () => {
    for (const piece of [
      'eyJ',
      'eyJ.',
      'bearer ',
      'a://',
      '?a=',
      '-----BEGIN PRIVATE KEY-----',
      'sk-',
      'github_pat_',
      'a',
      '&amp;',
      '<a ',
    ]) {
      expect(redactText(piece.repeat(300_000 / piece.length)).text.length).toBeGreaterThan(0);
      expect(redactUrl(piece.repeat(300_000 / piece.length)).text.length).toBeGreaterThan(0);
    }
  });
});

const ref = { kind: 'handle', id: 'h_1', label: 'Stripe key' };

// [given, expected]
const values: readonly (readonly [unknown, unknown])[] = [
  [
    { password: 'x', user: 'bob' },
    { password: R, user: 'bob' },
  ],
  [
    { name: 'API_KEY', enabled: true, value: 'x' },
    { name: 'API_KEY', enabled: true, value: R },
  ],
  [
    { value: 'x', key: 'x-api-key' },
    { value: R, key: 'x-api-key' },
  ],
  [
    { header: 'Authorization', val: 'Bearer x' },
    { header: 'Authorization', val: `Bearer ${R}` },
  ],
  [
    { name: 'region', value: 'eu' },
    { name: 'region', value: 'eu' },
  ],
  [
    [
      ['Cookie', 'a=b'],
      ['Accept', 'x'],
    ],
    [
      ['Cookie', `a=${R}`],
      ['Accept', 'x'],
    ],
  ],
  [
    { token: ref, secret: { kind: 'inline' } },
    { token: ref, secret: { kind: 'inline' } },
  ],
  [{ token: { ...ref, value: 'x' } }, { token: R }],
  [{ token: { kind: 'inline', value: 'x' } }, { token: R }],
  [
    { token: '{{captured:login_1}}', api_key: '{{vault:API}}', authorization: 'Bearer {{t}}' },
    { token: '{{captured:login_1}}', api_key: '{{vault:API}}', authorization: 'Bearer {{t}}' },
  ],
  [{ token: '{{a}} and more' }, { token: R }],
  [{ credentials: { user: 'a', list: ['b'] } }, { credentials: R }],
  [
    { password: 1234, token: 5, otp: true, secret: null, session: false },
    { password: R, token: 5, otp: true, secret: null, session: false },
  ],
  [
    { tokens: [1, 2, 3], account_number: { iso: 'x' }, accountNumber: 12 },
    { tokens: [1, 2, 3], account_number: { iso: 'x' }, accountNumber: R },
  ],
  [{ auth: { type: 'apikey', value: 'x', in: 'header' } }, { auth: { type: 'apikey', value: R, in: 'header' } }],
  [
    { key: 'PROJ-1', code: 'USD', state: 'open', auth: 'none' },
    { key: 'PROJ-1', code: 'USD', state: 'open', auth: 'none' },
  ],
  [{ key: 'a1B2c3D4e5F6g7H8i9' }, { key: R }],
  [
    { code: 'abcd1234', grant_type: 'authorization_code' },
    { code: R, grant_type: 'authorization_code' },
  ],
  [
    { url: 'https://h/?token=x', env: 'DB=postgres://u:p@h/d' },
    { url: `https://h/?token=${R}`, env: `DB=postgres://${R}@h/d` },
  ],
  [{ body: '{"password": "x",  "n": 1.0}' }, { body: `{"password": "${R}",  "n": 1.0}` }],
  [{ sk_live_abcdefghij0123: 1 }, { [R]: 1 }],
  [
    { password: '', secret: R },
    { password: '', secret: R },
  ],
  ['plain', 'plain'],
  [undefined, undefined],
];

describe('redactValue', () => {
  it.each(values)('P1: %j', (given, expected) => {
    const before = JSON.stringify(given);
    expect(redactValue(given).value).toEqual(expected);
    expect(redactValue(expected)).toEqual({ value: expected, count: 0 });
    expect(JSON.stringify(given)).toBe(before);
  });

  it('P1: redacts every sensitive name and keeps every benign one', () => {
    const secret = Object.fromEntries([...names.secret, ...names.evasions].map((name) => [name, 'hunter2-value']));
    expect(JSON.stringify(redactValue(secret).value)).not.toContain('hunter2');
    const benign = Object.fromEntries([...names.benign, ...names.context].map((name) => [name, 'some value']));
    expect(redactValue(benign)).toEqual({ value: benign, count: 0 });
  });

  it('spares our own keys by name only; what is below them is tested', () => {
    const answer = { secrets: [{ id: 'a', name: 'API_KEY', token: 'x' }] };
    expect(redactValue(answer).value).toEqual({ secrets: R });
    expect(redactValue(answer, { own: (path) => path.join('.') === 'secrets' }).value).toEqual({
      secrets: [{ id: 'a', name: 'API_KEY', token: R }],
    });
  });

  it('keeps an own __proto__ as data, without touching any prototype', () => {
    const given: unknown = JSON.parse(
      '{"__proto__":{"password":"x","polluted":true},"constructor":{"prototype":{"a":1}}}',
    );
    const { value } = redactValue(given);
    expect(JSON.stringify(value)).toBe(
      `{"__proto__":{"password":"${R}","polluted":true},"constructor":{"prototype":{"a":1}}}`,
    );
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('keeps references shared by two places', () => {
    const shared = { value: 'x', type: 'apikey' };
    expect(redactValue({ a: shared, auth: shared, b: shared }).value).toEqual({
      a: shared,
      auth: { ...shared, value: R },
      b: shared,
    });
  });

  it('P7: withholds what is over its limits: depth, cycles', () => {
    const nest = (levels: number) => Array.from({ length: levels }).reduce<object>((inner) => ({ a: inner }), {});
    expect(redactValue(nest(limits.redactDepth)).failure).toBeUndefined();
    expect(redactValue(nest(limits.redactDepth + 1))).toMatchObject({
      value: '[withheld]',
      failure: { code: 'INTERNAL/WITHHELD' },
    });
    expect(redactValue(nest(200_000)).failure?.code).toBe('INTERNAL/WITHHELD');
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(redactValue(cycle).failure?.code).toBe('INTERNAL/WITHHELD');
  });

  it('shows errors, bytes and dates as what they are', () => {
    const error = Object.assign(new Error('failed at https://u:p@h/'), { code: 'ECONNREFUSED' });
    expect(redactValue({ error, bytes: new Uint8Array(3), at: new Date(0), run: () => 1, big: 10n }).value).toEqual({
      error: { name: 'Error', message: `failed at https://${R}@h/`, code: 'ECONNREFUSED' },
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
      run: undefined,
      big: '10',
    });
  });

  it('is idempotent', () => {
    const keys = fc.oneof(
      fc.constantFrom(...names.secret, ...names.benign, 'name', 'value', 'key', 'auth'),
      fc.string(),
    );
    const leaves = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'password',
        'token',
        'https://u:p@h/?key=1&code=2#token=3',
        'Bearer abcdef123456',
        '{"token":"x"}',
        '[1,2',
      ),
      fc.integer(),
      fc.constant(null),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaves,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (given) => {
        const once = redactValue(given).value;
        expect(redactValue(once)).toEqual({ value: once, count: 0 });
      }),
      { numRuns: 1_000 },
    );
  });
});

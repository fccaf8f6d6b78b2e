import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { encodeComponent, encodePath, encodeQuery } from '../../../shared/request/percent-encode.ts';
import { writeTarget } from '../../../shared/request/write-request.ts';
import { handle } from '../template/scope-of.ts';
import { failureOf, opener, planned, planOf, type RequestSketch } from './plan-support.ts';

const oracle = createRequire(import.meta.url)('postman-url-encoder/encoder') as {
  encodePath(path: string): string;
  encodeQueryParam(query: string): string;
};

/** As UTF-8 carries it: lone surrogates become U+FFFD. */
const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

const target = (sketch: RequestSketch, values = {}): string => {
  const plan = planned(sketch);
  return plan.url.origin + writeTarget(plan.url, plan.settings, opener(values));
};

describe('addresses', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/'],
    ['api.example.com/a', 'http://api.example.com/a'],
    ['localhost:3000/a', 'http://localhost:3000/a'],
    ['HTTPS://API.Example.COM:443/A', 'https://api.example.com/A'],
    ['http://example.com:80/', 'http://example.com/'],
    ['http://example.com:/a', 'http://example.com/a'],
    ['http://[::1]:8080/a', 'http://[::1]:8080/a'],
    ['http://bücher.example/ü', 'http://xn--bcher-kva.example/%C3%BC'],
    ['http://0x7f.1/a', 'http://127.0.0.1/a'],
    ['http:////example.com//a', 'http://example.com//a'],
    ['  http://example.com/a b', 'http://example.com/a%20b'],
    ['http://example.com/a?b=c#d', 'http://example.com/a?b=c'],
    ['http://example.com/a#b?c', 'http://example.com/a'],
    ['http://example.com/x@y:z', 'http://example.com/x@y:z'],
    ['http://example.com/../a/./%2e%2E', 'http://example.com/../a/./%2e%2E'],
    ['http://example.com/a\nb?c\td=\u0000', 'http://example.com/a%0Ab?c%09d=%00'],
  ])('%j is %s', (address, expected) => {
    expect(target({ address })).toBe(expected);
  });

  it.each([
    ['', 'REQUEST/URL_INVALID'],
    ['http://', 'REQUEST/URL_INVALID'],
    ['/a/b', 'REQUEST/URL_INVALID'],
    ['http://user@example.com/', 'REQUEST/URL_INVALID'],
    ['http://user:pass@example.com/', 'REQUEST/URL_INVALID'],
    ['http://example.com@evil.example/', 'REQUEST/URL_INVALID'],
    ['http://example.com\\@evil.example/', 'REQUEST/URL_INVALID'],
    ['http://example.com\\.evil.example/', 'REQUEST/URL_INVALID'],
    ['http:\\\\example.com/', 'REQUEST/URL_INVALID'],
    ['http://exa mple.com/', 'REQUEST/URL_INVALID'],
    ['http://exa\nmple.com/', 'REQUEST/URL_INVALID'],
    ['http://example\t.com/', 'REQUEST/URL_INVALID'],
    ['http://example.com\u0000.evil.example/', 'REQUEST/URL_INVALID'],
    ['http://exa%6dple.com/', 'REQUEST/URL_INVALID'],
    ['http://{{}}/', 'REQUEST/URL_INVALID'],
    ['http://example.com:99999/', 'REQUEST/URL_INVALID'],
    ['http://example.com:80a/', 'REQUEST/URL_INVALID'],
    ['http://[::1/', 'REQUEST/URL_INVALID'],
    ['http://1.2.3.256/', 'REQUEST/URL_INVALID'],
    ['ftp://example.com/', 'NETWORK/SCHEME_DENIED'],
    ['file:///etc/passwd', 'NETWORK/SCHEME_DENIED'],
    ['javascript://example.com/', 'NETWORK/SCHEME_DENIED'],
    ['ws://example.com/', 'NETWORK/SCHEME_DENIED'],
    ['ht\ntp://example.com/', 'NETWORK/SCHEME_DENIED'],
    ['{{gone}}/a', 'TEMPLATE/VARIABLE_MISSING'],
  ])('%j is refused', (address, code) => {
    expect(failureOf(planOf({ address }))).toBe(code);
  });

  it.each([
    [0, 'no failure'],
    [1, 'REQUEST/URL_INVALID'],
  ])('a URL of the limit and %i characters more', (more, code) => {
    const start = 'https://api.example.com/';
    const address = start + 'a'.repeat(limits.urlChars - start.length + more);
    expect(failureOf(planOf({ address }))).toBe(code);
  });
});

describe('path variables', () => {
  const address = 'http://h/:id/:file.json/:none/x:id/:gone/:id';
  const pathVariables = [
    ['id', '1 2'],
    ['file', 'name'],
    ['none', ''],
    ['ref', '{{v}}'],
  ] as const;

  it.each([
    [address, 'http://h/1%202/name.json/:none/x:id/:gone/1%202'],
    ['http://h/:ref', 'http://h/a/b?c=d'],
    ['http://h/:id{{v}}', 'http://h/:ida/b?c=d'],
    ['http://h{{p}}/:id', 'http://h/:id/1%202'],
  ])('%s', (given, expected) => {
    const environment = [
      ['v', 'a/b?c=d'],
      ['p', '/:id'],
    ] as const;
    expect(target({ address: given, pathVariables, environment })).toBe(expected);
  });

  it("the agent's variable of the name is one segment, whatever it holds", () => {
    const overrides = { variables: { id: 'a/a?b#c%2f' } };
    expect(target({ address: 'http://h/:id/z', pathVariables, overrides })).toBe('http://h/a%2Fa%3Fb%23c%252f/z');
    expect(target({ address: 'http://h/:id/z', overrides })).toBe('http://h/a%2Fa%3Fb%23c%252f/z');
    expect(target({ address: 'http://h/:other/z', overrides })).toBe('http://h/:other/z');
  });
});

describe('a value with "#"', () => {
  const query = [['api_key', '{{s}}']] as const;
  const environment = [['s', 'TOP-SECRET', 'sealed']] as const;
  it.each([
    ['x#', true, 'INPUT/INVALID'],
    ['x?y#z', true, 'INPUT/INVALID'],
    ['x', true, 'no failure'],
    ['x#', false, 'no failure'],
  ])('P8: %j cannot drop a parameter with a secret (there is one: %j): %s', (id, isSecret, code) => {
    const overrides = { variables: { id } };
    const saved = isSecret ? query : ([['page', '1']] as const);
    expect(failureOf(planOf({ address: 'http://h/{{id}}', query: saved, environment, overrides }))).toBe(code);
  });

  it('may stand where the files have it', () => {
    expect(failureOf(planOf({ address: 'http://h/a#', query, environment }))).toBe('no failure');
  });
});

describe('dot segments', () => {
  it.each([
    ['http://h/a/:id', '..', 'REQUEST/URL_INVALID'],
    ['http://h/a/:id', '.', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', '1/../../b', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', '%2e%2E', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', '.%2e/b', 'REQUEST/URL_INVALID'],
    ['http://h/a/.{{id}}', '.', 'REQUEST/URL_INVALID'],
    ['http://h/a/:id', '../b', 'REQUEST/URL_INVALID'],
    ['http://h/a/:id', '..\\b', 'REQUEST/URL_INVALID'],
    ['http://h/a/:id', '..;v=1', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', 'x%2f..%2Fb', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', 'x%5c%2e%2e', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', '..;/b', 'REQUEST/URL_INVALID'],
    ['http://h/a/{{id}}', 'x%2f...%2fb', 'no failure'],
    ['http://h/a/:id', 'x/y', 'no failure'],
    ['http://h/a/:id', '%2e', 'no failure'],
    ['http://h/a/{{id}}', '...', 'no failure'],
    ['http://h/a/{{id}}', '1.2', 'no failure'],
    ['http://h/a?x={{id}}', '/../', 'no failure'],
  ])('P8: %s with the value %s: %s', (address, id, code) => {
    expect(failureOf(planOf({ address, pathVariables: [['id', '1']], overrides: { variables: { id } } }))).toBe(code);
  });

  it('stay where the collection has them', () => {
    expect(target({ address: 'http://h/a/../b' })).toBe('http://h/a/../b');
  });
});

describe('queries', () => {
  it.each([
    [
      [
        ['a', '1'],
        ['b', '2', 'off'],
        ['c', null],
        [null, null],
        ['', ''],
      ],
      '?a=1&c&&=',
    ],
    [[['a', 'x&y=z#w']], '?a=x%26y=z%23w'],
    [[['a=b', '1']], '?a%3Db=1'],
    [[['a', '{{v}}']], '?a=1&b=2'],
    [[['a', '1', 'off']], ''],
    [[[null, 'v']], '?=v'],
  ] as const)('%j is written as %s', (query, expected) => {
    expect(target({ address: 'http://h/p', query, environment: [['v', '1&b=2#c']] })).toBe(`http://h/p${expected}`);
  });

  it.each([
    [{ a: 'x' }, '?a=x&b=2'],
    [{ b: 'x&y=z #%41+' }, '?a=1&b=x%26y%3Dz%20%23%2541%2B&a=3'],
    [{ a: null }, '?b=2'],
    [{ a: null, b: null }, ''],
    [{ 'n&w': '' }, '?a=1&b=2&a=3&n%26w='],
    [{ a: '{{vault:k}}' }, '?a=%7B%7Bvault%3Ak%7D%7D&b=2'],
    [{ nothing: null }, '?a=1&b=2&a=3'],
  ])('the agent changes it with %j', (query, expected) => {
    const own = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const;
    expect(target({ address: 'http://h/', query: own, overrides: { query } })).toBe(`http://h/${expected}`);
  });

  it.each([['x'], [null]])('the agent cannot set a parameter that carries a secret to %j', (value) => {
    const query = [['a b', 'hush', 'sealed']] as const;
    expect(failureOf(planOf({ query, overrides: { query: { 'a b': value } } }))).toBe('INPUT/INVALID');
  });

  it('finds a parameter under its encoded name', () => {
    expect(target({ address: 'http://h/?a%20b=1', overrides: { query: { 'a b': '2' } } })).toBe('http://h/?a%20b=2');
  });
});

describe('secrets in a URL', () => {
  const handles = [handle('k'), handle('p', [], true)];

  it.each([
    ['{{vault:k}}'],
    ['{{vault:k}}://h/a'],
    ['http://{{vault:k}}/a'],
    ['http://{{vault:p}}/a'],
    ['http://{{vault:k}}.example.com'],
    ['http://h:{{vault:k}}/a'],
    ['http:///{{vault:k}}/a'],
    ['http://h{{s}}/a'],
    ['http://h{{s}}'],
    ['http://h{{s}}?a'],
    ['{{s}}/a'],
    ['http://u:{{s}}@h/a'],
    ['http://h/{{vault:k}}'],
  ])('P2: %s is refused', (address) => {
    expect(failureOf(planOf({ address, handles, environment: [['s', 'x', 'sealed']] }))).toBe(
      'SECRET/PLACE_NOT_ALLOWED',
    );
  });

  it.each([
    ['http://h/{{vault:p}}/x', 'http://h/a%2Fb%3Fc%23d%25e%26%2B/x'],
    ['http://h/{{s}}/x', 'http://h/s/t%3Fu%23v%41&+/x'],
    ['http://h/x?k={{vault:k}}', 'http://h/x?k=a%2Fb%3Fc%23d%25e%26%2B'],
    ['http://h/x?k={{s}}&y', 'http://h/x?k=s/t?u%23v%41%26+&y'],
    ['http://h/x?{{s}}=1', 'http://h/x?s/t?u%23v%41%26+=1'],
    ['http://h/x#{{s}}', 'http://h/x'],
  ])('%s is encoded for its place', (address, expected) => {
    const values = { k: 'a/b?c#d%e&+', p: 'a/b?c#d%e&+' };
    expect(target({ address, handles, environment: [['s', 's/t?u#v%41&+', 'sealed']] }, values)).toBe(expected);
  });

  it('P2: planRequest never puts a secret piece in scheme, host or port', () => {
    const bit = fc.constantFrom(
      'http',
      'https',
      '://',
      ':',
      '/',
      '//',
      '.',
      '@',
      '?',
      '#',
      '\\',
      'h',
      '80',
      '[',
      ']',
      '{{s}}',
      '{{vault:k}}',
      '{{vault:p}}',
      '{{h}}',
      ' ',
    );
    const secret = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 10 }), secret, secret, (bits, inline, opened) => {
        const address = `http://h${bits.join('')}`;
        const plan = planOf({
          address,
          handles,
          environment: [
            ['s', inline, 'sealed'],
            ['h', 'example.com'],
          ],
        });
        if (!plan.ok) return;
        const { origin } = plan.value.url;
        const sent = new URL(origin + writeTarget(plan.value.url, {}, opener({ k: opened, p: opened })));
        expect(sent.origin).toBe(origin);
        expect(sent.username + sent.password).toBe('');
      }),
      { numRuns: 1_000 },
    );
  });

  it('P2: no value of a handle changes how many segments and parameters there are', () => {
    const sketch = { address: 'http://h/a/{{vault:p}}/b?x={{vault:k}}&y={{vault:k}}', handles };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        const { pathname, searchParams } = new URL(target(sketch, { k: value, p: value }));
        const sent = wellFormed(value);
        // A segment that is dots only is one that URL parsers fold.
        if (!/^\.\.?$/.test(value)) expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', sent, 'b']);
        expect([...searchParams]).toEqual([
          ['x', sent],
          ['y', sent],
        ]);
      }),
    );
  });
});

describe('the stated origin', () => {
  const base = [
    ['base', 'https://api.example.com/v1'],
    ['host', 'api.example.com'],
  ] as const;

  it.each([
    ['{{base}}/a', {}, 'https://api.example.com'],
    ['{{base}}/a', { base: 'https://evil.example' }, 'https://api.example.com'],
    ['https://{{host}}/a', { host: 'evil.example' }, 'https://api.example.com'],
    ['https://{{host}}{{suffix}}/a', { suffix: '.evil.example' }, undefined],
    ['{{base}}/{{id}}?x={{y}}', { id: '1', y: '2' }, 'https://api.example.com'],
    ['{{unknown}}/a', { unknown: 'https://evil.example' }, undefined],
    ['https://{{$guid}}.example.com/{{id}}', { id: '1' }, 'https://guid.example.com'],
  ])('P2: %s with %j', (address, agent: Record<string, string>, expected) => {
    expect(planned({ address, environment: base, overrides: { variables: agent } }).statedOrigin).toBe(expected);
  });

  it('P2: nothing that an agent supplies changes it, other than to absent', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('https://evil.example', '.evil.example', '@evil.example', '/', '#', '?', ':8080', ''),
    );
    const agent = fc.dictionary(fc.constantFrom('base', 'host', 'port', 'id', 'x'), text);
    fc.assert(
      fc.property(
        agent,
        fc.constantFrom('{{base}}/a', '{{base}}{{x}}/a', 'https://{{host}}{{port}}/{{id}}'),
        (variables, address) => {
          const plan = planOf({
            address,
            environment: base,
            overrides: { variables, query: { q: '1' }, headers: { 'X-A': '1' } },
          });
          if (plan.ok) expect(['https://api.example.com', undefined]).toContain(plan.value.statedOrigin);
        },
      ),
    );
  });
});

describe('percent-encoding', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('%', '4', '1', 'f', 'G', ' ', '"', '&', '/', 'é') }),
  );

  it("is postman-url-encoder's in paths and queries", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(encodePath(each)).toBe(oracle.encodePath(each));
        expect(encodeQuery(each)).toBe(oracle.encodeQueryParam(each));
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a component decodes to exactly the text', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(encodeComponent(each)).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encodeComponent(each))).toBe(wellFormed(each));
      }),
    );
  });

  it('switched off, it leaves everything that can stand in a request line', () => {
    const plan = planned({ address: 'http://h/a{b}"c d?e=<f> é', settings: { disableUrlEncoding: true } });
    expect(writeTarget(plan.url, plan.settings, opener())).toBe('/a{b}"c%20d?e=<f>%20%C3%A9');
  });
});

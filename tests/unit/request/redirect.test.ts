import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyTemplate } from '../../../shared/collection/model.ts';
import { isRedirect, nextHop } from '../../../shared/request/redirect.ts';
import { writeBody, writeHeaders, writeTarget } from '../../../shared/request/write-request.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { lexTemplate } from '../../../shared/template/lex.ts';
import { handle } from '../template/scope-of.ts';
import { failureOf, opener, planned, type RequestSketch } from './plan-support.ts';

const SECRET = 'TOP-SECRET';
const sketch = {
  method: 'POST',
  address: 'https://api.example.com/v1/items?key={{vault:k}}',
  headers: [
    ['X-Api-Key', '{{vault:k}}'],
    ['X-Inline', SECRET, 'sealed'],
    ['Cookie', 'a=1'],
    ['Authorization', 'mine'],
    ['X-Plain', '1'],
    ['Content-Type', 'text/x'],
    ['Referer', 'r'],
  ],
  auth: { type: 'bearer', fields: { token: lexTemplate('{{vault:k}}') }, from: 'request' },
  handles: [handle('k')],
} as const satisfies RequestSketch;

const bodies: Readonly<Record<string, BodyTemplate>> = {
  none: { kind: 'none' },
  plain: { kind: 'raw', text: lexTemplate('plain') },
  secret: { kind: 'raw', text: lexTemplate('{{vault:k}}') },
  form: { kind: 'urlencoded', fields: [{ name: lexTemplate('a'), value: lexTemplate('{{vault:k}}'), enabled: true }] },
  parts: {
    kind: 'multipart',
    parts: [{ kind: 'text', name: lexTemplate('{{vault:k}}'), value: lexTemplate('v'), enabled: true }],
  },
};

const same = 'https://api.example.com/next?a=1';
const other = 'https://api.example.com:8443/next?a=1';

/** All text of a hop, its secrets opened. */
function wire(plan: Plan): string {
  const open = opener({ k: SECRET });
  const headers = writeHeaders(plan.headers, open);
  const body = writeBody(plan.body, open, 'B').bytes;
  const fields = Object.values(plan.auth.fields)
    .flat()
    .map((piece) => (piece.kind === 'text' ? piece.text : open(piece)));
  return [
    writeTarget(plan.url, plan.settings, open),
    JSON.stringify(headers),
    body && new TextDecoder().decode(body),
    ...fields,
  ].join('\n');
}

const names = (plan: Plan) => plan.headers.map(({ name }) => name);
const everything = ['X-Api-Key', 'X-Inline', 'Cookie', 'Authorization', 'X-Plain', 'Content-Type'];

describe('redirects', () => {
  it.each([
    [301, same, 'plain', 'GET', 'none', everything.slice(0, -1)],
    [302, same, 'plain', 'GET', 'none', everything.slice(0, -1)],
    [303, same, 'plain', 'GET', 'none', everything.slice(0, -1)],
    [307, same, 'plain', 'POST', 'text', everything],
    [308, same, 'plain', 'POST', 'text', everything],
    [307, same, 'secret', 'POST', 'text', everything],
    [308, same, 'form', 'POST', 'urlencoded', everything.slice(0, -1)],
    [301, other, 'secret', 'GET', 'none', ['X-Plain']],
    [302, other, 'secret', 'GET', 'none', ['X-Plain']],
    [303, other, 'form', 'GET', 'none', ['X-Plain']],
  ])('%i to %s with the body %s goes on as %s %s', (status, location, body, method, kind, kept) => {
    const next = nextHop(planned({ ...sketch, body: bodies[body] ?? { kind: 'none' } }), status, location);
    if (!next.ok) throw new Error(next.failure.code);
    const { url, auth } = next.value;
    expect([next.value.method, next.value.body.kind, names(next.value)]).toEqual([method, kind, kept]);
    expect(url.origin + writeTarget(url, {}, opener())).toBe(location);
    expect(auth.type).toBe(location === same ? 'bearer' : 'none');
    if (location === other) expect(wire(next.value)).not.toContain(SECRET);
  });

  it.each([
    [307, 'secret'],
    [308, 'secret'],
    [307, 'form'],
    [308, 'parts'],
  ])('P2: %i to another origin with the body %s is refused', (status, body) => {
    expect(failureOf(nextHop(planned({ ...sketch, body: bodies[body] ?? { kind: 'none' } }), status, other))).toBe(
      'NETWORK/REDIRECT_DENIED',
    );
  });

  const kept = { followOriginalHttpMethod: true };
  it.each([
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].flatMap((method) => [
      [method, 307, {}, 'NETWORK/REDIRECT_DENIED'] as const,
      [method, 308, {}, 'NETWORK/REDIRECT_DENIED'] as const,
      [method, 302, kept, 'NETWORK/REDIRECT_DENIED'] as const,
      [method, 302, {}, 'no failure'] as const,
    ]),
    ...['GET', 'HEAD', 'OPTIONS', 'QUERY'].map((method) => [method, 307, {}, 'no failure'] as const),
  ])('P2: %s with %i and %j to another origin: %s', (method, status, settings, code) => {
    const plan = planned({ ...sketch, method, settings, body: { kind: 'none' } });
    expect(failureOf(nextHop(plan, status, other))).toBe(code);
    expect(failureOf(nextHop(plan, status, same))).toBe('no failure');
  });

  it('a method that only reads goes on to another origin with its body', () => {
    const next = nextHop(planned({ ...sketch, method: 'QUERY', body: bodies.plain ?? { kind: 'none' } }), 307, other);
    if (!next.ok) throw new Error(next.failure.code);
    expect([next.value.method, next.value.body.kind, names(next.value)]).toEqual([
      'QUERY',
      'text',
      ['X-Plain', 'Content-Type'],
    ]);
    expect(wire(next.value)).not.toContain(SECRET);
  });

  it.each([
    ['GET', 302, {}, 'GET'],
    ['HEAD', 301, {}, 'HEAD'],
    ['HEAD', 303, {}, 'HEAD'],
    ['PUT', 302, { followOriginalHttpMethod: true }, 'PUT'],
    ['PUT', 303, { followOriginalHttpMethod: true }, 'PUT'],
    ['DELETE', 302, { followOriginalHttpMethod: false }, 'GET'],
    ['DELETE', 308, {}, 'DELETE'],
  ])('%s, %i, %j goes on as %s', (method, status, settings, expected) => {
    const next = nextHop(planned({ ...sketch, method, settings }), status, same);
    expect(next.ok && next.value.method).toBe(expected);
  });

  it('P2: followAuthorizationHeader does not take a credential to another origin', () => {
    const next = nextHop(planned({ ...sketch, settings: { followAuthorizationHeader: true } }), 302, other);
    expect(next.ok && [next.value.auth.type, ...names(next.value)]).toEqual(['none', 'X-Plain']);
  });

  it('P2: what was dropped stays dropped on the way back', () => {
    const away = nextHop(planned(sketch), 302, other);
    const back = away.ok ? nextHop(away.value, 302, same) : away;
    expect(back.ok && [back.value.auth.type, ...names(back.value)]).toEqual(['none', 'X-Plain']);
    expect(back.ok && wire(back.value)).not.toContain(SECRET);
  });

  it.each([
    ['https://evil.example/', 'https://evil.example/'],
    ['//evil.example/x', 'https://evil.example/x'],
    ['/rooted', 'https://api.example.com/rooted'],
    ['sibling', 'https://api.example.com/v1/sibling'],
    ['../up', 'https://api.example.com/up'],
    ['?only=query', 'https://api.example.com/v1/items?only=query'],
    ['', 'https://api.example.com/v1/items'],
    ['/a#fragment', 'https://api.example.com/a'],
    ['/ü b', 'https://api.example.com/%C3%BC%20b'],
    ['HTTPS://API.EXAMPLE.COM:443/a', 'https://api.example.com/a'],
    ['/{{vault:k}}?{{s}}', 'https://api.example.com/%7B%7Bvault:k%7D%7D?{{s}}'],
  ])('the target %j is %s', (location, expected) => {
    const next = nextHop(planned(sketch), 302, location);
    expect(next.ok && next.value.url.origin + writeTarget(next.value.url, {}, opener({ k: SECRET }))).toBe(expected);
  });

  it.each([
    'http://api.example.com/',
    'http://evil.example/',
    'ftp://api.example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    'https://u@api.example.com/',
    'https://u:p@api.example.com/',
    'https://exa mple/',
    '/a\r\nb',
    '/a\tb',
    '\\\\evil.example',
    '/\\evil.example',
    'https://api.example.com:99999/',
    `/${'a'.repeat(70_000)}`,
  ])('the target %j is refused', (location) => {
    expect(failureOf(nextHop(planned(sketch), 302, location))).toBe('NETWORK/REDIRECT_DENIED');
  });

  it('a target relative to a path with a secret is refused, a rooted one is not', () => {
    const plan = planned({ address: 'https://api.example.com/{{s}}/a', environment: [['s', SECRET, 'sealed']] });
    expect(failureOf(nextHop(plan, 302, 'b'))).toBe('NETWORK/REDIRECT_DENIED');
    expect(failureOf(nextHop(plan, 302, '/b'))).toBe('no failure');
  });

  it('http to https of the same host is another origin', () => {
    const next = nextHop(planned({ ...sketch, address: 'http://api.example.com/' }), 301, 'https://api.example.com/');
    expect(next.ok && [next.value.auth.type, ...names(next.value)]).toEqual(['none', 'X-Plain']);
  });

  it('P2: the stated origin and the known secrets stay those of the first hop', () => {
    const plan = planned(sketch);
    const next = nextHop(plan, 302, 'https://evil.example/');
    expect(next.ok && [next.value.statedOrigin, next.value.scopeSecrets]).toEqual([
      'https://api.example.com',
      plan.scopeSecrets,
    ]);
  });

  it('P2: to whatever place a redirect leads, no secret goes to another origin', () => {
    const location = fc.oneof(
      fc.webUrl({ withQueryParameters: true }),
      fc.string(),
      fc.constantFrom(same, other, '//api.example.com./', '/', '//'),
    );
    fc.assert(
      fc.property(
        fc.array(location, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(301, 302, 303, 307, 308),
        fc.constantFrom(...Object.values(bodies)),
        (hops, status, body) => {
          let plan = planned({ ...sketch, body });
          for (const hop of hops) {
            const next = nextHop(plan, status, hop);
            if (!next.ok) return;
            plan = next.value;
            if (plan.url.origin !== 'https://api.example.com') expect(wire(plan)).not.toContain(SECRET);
            expect(new URL(plan.url.origin + writeTarget(plan.url, {}, opener())).origin).toBe(plan.url.origin);
          }
        },
      ),
    );
  });

  it.each([300, 304, 305, 306, 309, 200])('%i is none', (status) => expect(isRedirect(status)).toBe(false));
  it.each([301, 302, 303, 307, 308])('%i is one', (status) => expect(isRedirect(status)).toBe(true));
});

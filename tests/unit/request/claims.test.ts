import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { encodeComponent } from '../../../shared/request/percent-encode.ts';
import { nextHop } from '../../../shared/request/redirect.ts';
import { writeTarget } from '../../../shared/request/write-request.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { handle, variables } from '../template/scope-of.ts';
import { opener, planned, planOf, type RequestSketch } from './plan-support.ts';

const claims = { tenant: 'acme' };
const urlOf = ({ url, settings }: Plan): string => url.origin + writeTarget(url, settings, opener());
const target = (sketch: RequestSketch): string => urlOf(planned({ claims, ...sketch }));
const problemOf = (plan: Result<Plan>): string =>
  plan.ok ? urlOf(plan.value) : `${plan.failure.code} ${plan.failure.facts.problem ?? ''}`.trim();
const refusal = (sketch: RequestSketch): string => problemOf(planOf({ claims, ...sketch }));

const ORGS = 'https://api.example.com/orgs/{{tenant}}/users';

describe('a claim in a URL', () => {
  const rows: [what: string, sketch: RequestSketch, url: string][] = [
    ['in the path', { address: ORGS }, 'https://api.example.com/orgs/acme/users'],
    ['in the query', { query: [['org', '{{tenant}}']] }, 'https://api.example.com/a?org=acme'],
    ['beside text', { query: [['q', 'org:{{tenant}}*']] }, 'https://api.example.com/a?q=org:acme*'],
    ['in the name of a parameter', { query: [['{{tenant}}', '1']] }, 'https://api.example.com/a?acme=1'],
    ['as a path variable', { address: 'https://api.example.com/:tenant/x' }, 'https://api.example.com/acme/x'],
    [
      'in a path variable',
      { address: 'https://api.example.com/:org/x', pathVariables: [['org', 'o-{{tenant}}']] },
      'https://api.example.com/o-acme/x',
    ],
    [
      'in another variable',
      { address: '{{base}}/users', environment: [['base', 'https://api.example.com/{{tenant}}']] },
      'https://api.example.com/acme/users',
    ],
    [
      'instead of a path variable of the file',
      { address: 'https://api.example.com/:tenant/x', pathVariables: [['tenant', 'other']] },
      'https://api.example.com/acme/x',
    ],
    [
      'stronger than every file',
      { address: ORGS, environment: [['tenant', 'other']], collection: [['tenant', 'other']] },
      'https://api.example.com/orgs/acme/users',
    ],
    [
      'stronger than what scripts wrote',
      {
        address: ORGS,
        written: {
          local: variables([['tenant', 'other']]),
          environment: variables([['tenant', 'other']]),
          collection: [],
          globals: [],
        },
      },
      'https://api.example.com/orgs/acme/users',
    ],
    [
      'in a sensitive parameter',
      { query: [['api_key', '{{tenant}}', 'sealed']] },
      'https://api.example.com/a?api_key=acme',
    ],
    [
      'beside a secret',
      { address: `${ORGS}?k={{vault:K}}`, handles: [handle('K', ['https://api.example.com'])] },
      'https://api.example.com/orgs/acme/users?k=value%20of%20K',
    ],
    [
      'beside a value of the agent, which is data of one part',
      {
        address: `${ORGS}/{{user}}`,
        query: [['q', '{{q}}']],
        overrides: { variables: { user: 'a/b?c#d', q: '1&org=other;x=%20' } },
      },
      'https://api.example.com/orgs/acme/users/a%2Fb%3Fc%23d?q=1%26org%3Dother%3Bx%3D%2520',
    ],
    [
      'beside another parameter of the agent',
      { query: [['org', '{{tenant}}']], overrides: { query: { page: '2' } } },
      'https://api.example.com/a?org=acme&page=2',
    ],
    [
      'with the encoding of the request switched off',
      { address: ORGS, claims: { tenant: 'a/b ?' }, settings: { disableUrlEncoding: true } },
      'https://api.example.com/orgs/a%2Fb%20%3F/users',
    ],
  ];
  it.each(rows)('%s', (_, sketch, url) => {
    expect(target(sketch)).toBe(url);
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['a?b', 'a%3Fb'],
    ['a#b', 'a%23b'],
    ['a&b=c;d', 'a%26b%3Dc%3Bd'],
    ['a\\b', 'a%5Cb'],
    ['%2e%2e', '%252e%252e'],
    ['{{vault:K}}', '%7B%7Bvault%3AK%7D%7D'],
    ['{{other}}', '%7B%7Bother%7D%7D'],
    ['ü', '%C3%BC'],
    ['...', '...'],
    ['.a', '.a'],
  ])('%j is %s', (tenant, encoded) => {
    const sketch = { claims: { tenant }, handles: [handle('K', ['https://api.example.com'])] };
    expect(target({ ...sketch, address: ORGS })).toBe(`https://api.example.com/orgs/${encoded}/users`);
    expect(target({ ...sketch, query: [['org', '{{tenant}}']] })).toBe(`https://api.example.com/a?org=${encoded}`);
  });

  it('without claims the name is one like any other', () => {
    const free = planOf({ address: ORGS, overrides: { variables: { tenant: 'other' } } });
    expect(problemOf(free)).toBe('https://api.example.com/orgs/other/users');
  });
});

describe('P10: a claim where it may not stand', () => {
  const notInUrl = 'TEMPLATE/CLAIM_MISPLACED it does not stand in the URL';
  const inOrigin = 'TEMPLATE/CLAIM_MISPLACED it is a part of the scheme, the host or the port';
  const field = lexTemplate('{{tenant}}');
  const rows: [what: string, sketch: RequestSketch, expected: string][] = [
    ['a header', { headers: [['X-Org', '{{tenant}}']] }, notInUrl],
    ['the name of a header', { headers: [['X-{{tenant}}', 'a']] }, notInUrl],
    [
      'a body',
      { method: 'POST', body: { kind: 'raw', text: lexTemplate('{"org":"{{tenant}}"}'), language: 'json' } },
      notInUrl,
    ],
    [
      'a form',
      { method: 'POST', body: { kind: 'urlencoded', fields: [{ name: field, value: [], enabled: true }] } },
      notInUrl,
    ],
    ['the method', { method: '{{tenant}}' }, notInUrl],
    ['a field of the auth', { auth: { type: 'bearer', fields: { token: field }, from: 'request' } }, notInUrl],
    [
      'a sealed field',
      { auth: { type: 'bearer', fields: { token: lexSealed('{{tenant}}') }, from: 'request' } },
      notInUrl,
    ],
    ['through another variable', { headers: [['X', '{{a}}']], environment: [['a', '{{tenant}}']] }, notInUrl],
    ['the host', { address: 'https://{{tenant}}.example.com/' }, inOrigin],
    ['the whole host', { address: 'https://{{tenant}}/' }, inOrigin],
    ['the port', { address: 'https://api.example.com:{{tenant}}/', claims: { tenant: '8443' } }, inOrigin],
    ['the scheme', { address: '{{tenant}}://api.example.com/', claims: { tenant: 'https' } }, inOrigin],
    ['before a host', { address: '{{tenant}}', claims: { tenant: 'https://evil.example/' } }, inOrigin],
    ['http', { address: 'http://api.example.com/{{tenant}}' }, 'TEMPLATE/CLAIM_MISPLACED the URL is not https'],
    [
      'http on loopback',
      { address: 'http://127.0.0.1:3000/{{tenant}}' },
      'TEMPLATE/CLAIM_MISPLACED the URL is not https',
    ],
    ['no scheme', { address: 'api.example.com/{{tenant}}' }, 'TEMPLATE/CLAIM_MISPLACED the URL is not https'],
    [
      'a fragment',
      { address: 'https://api.example.com/a#{{tenant}}' },
      'TEMPLATE/CLAIM_MISPLACED it stands behind a "#"',
    ],
    [
      'behind a fragment of a file',
      { address: 'https://api.example.com/{{a}}/{{tenant}}', environment: [['a', '#']] },
      'TEMPLATE/CLAIM_MISPLACED it stands behind a "#"',
    ],
    [
      'the name of a variable',
      { address: 'https://api.example.com/{{a_{{tenant}}}}', environment: [['a_acme', 'x']] },
      'TEMPLATE/CLAIM_MISPLACED it takes part in the name of a variable',
    ],
    [
      'an origin that the agent chose',
      {
        address: 'https://{{host}}/{{tenant}}',
        environment: [['host', 'api.example.com']],
        overrides: { variables: { host: 'evil.example' } },
      },
      'TEMPLATE/CLAIM_MISPLACED the files alone do not name the origin that the URL has',
    ],
    [
      'an origin that a script chose',
      { address: ORGS, statedOrigins: () => false },
      'TEMPLATE/CLAIM_MISPLACED the files alone do not name the origin that the URL has',
    ],
    [
      'a claim that this caller does not have',
      { address: ORGS, claims: { tenant: undefined } },
      'TEMPLATE/CLAIM_MISSING',
    ],
    [
      'a claim that this caller does not have and a file does',
      { address: ORGS, claims: { tenant: undefined }, environment: [['tenant', 'other']] },
      'TEMPLATE/CLAIM_MISSING',
    ],
    [
      'a variable of the agent',
      { overrides: { variables: { tenant: 'other' } } },
      'INPUT/INVALID the variable "tenant" comes from a claim of the caller',
    ],
    [
      'a variable of the agent for a claim that is missing',
      { claims: { tenant: undefined }, overrides: { variables: { tenant: 'other' } } },
      'INPUT/INVALID the variable "tenant" comes from a claim of the caller',
    ],
    ['one dot', { address: ORGS, claims: { tenant: '.' } }, 'REQUEST/URL_INVALID its path has a "." or ".." segment'],
    ['two dots', { address: ORGS, claims: { tenant: '..' } }, 'REQUEST/URL_INVALID its path has a "." or ".." segment'],
    [
      'a way up',
      { address: ORGS, claims: { tenant: 'a/../b' } },
      'REQUEST/URL_INVALID its path has a "." or ".." segment',
    ],
    [
      'half of a way up',
      { address: 'https://api.example.com/.{{tenant}}/x', claims: { tenant: '.' } },
      'REQUEST/URL_INVALID its path has a "." or ".." segment',
    ],
  ];
  it.each(rows)('%s', (_, sketch, expected) => {
    expect(refusal(sketch)).toBe(expected);
  });

  // What PHP, Rack and qs, and frameworks that look at no case, take for one.
  const alike: readonly (readonly [saved: string, agent: string])[] = [
    ...['org', 'ORG', 'Org[]', 'org[0]', ' org ', '[org]', '[org', ']org', 'org]', 'org[', '%6Frg', 'or%47'].map(
      (name) => ['org', name] as const,
    ),
    ...['org_id', 'org.id', 'org id', 'org[id', 'org[id]', 'Org[ID', 'org%5Bid', '_org_id', 'org+id'].map(
      (name) => ['org_id', name] as const,
    ),
    ...['org', 'org_id', 'org.id', 'org[other]', 'org[id][]'].map((name) => ['org[id]', name] as const),
    ...['org\0', 'org_id\0', 'other\0x', 'or\tg', '\x7f', 'org%00', '%00'].map((name) => ['org', name] as const),
  ];
  it.each(alike)('beside the query parameter %j a %j of the agent', (saved, name) => {
    const sketch: RequestSketch = { query: [[saved, '{{tenant}}']] };
    for (const value of ['other', null]) {
      expect(refusal({ ...sketch, overrides: { query: { [name]: value } } })).toMatch(
        /^INPUT\/INVALID (?:.* carries a claim|beside a claim no)/,
      );
    }
    // In a variable it is a text that is encoded once more.
    if (/[%+]/.test(name)) return;
    const variables = { field: name, value: 'other' };
    const query: RequestSketch['query'] = [
      [saved, '{{tenant}}'],
      ['{{field}}', '{{value}}'],
    ];
    expect(refusal({ query, overrides: { variables } })).toContain('INPUT/INVALID');
    const fields = { key: lexTemplate('{{field}}'), in: lexTemplate('query') };
    const auth = { type: 'apikey', fields, from: 'request' } as const;
    expect(refusal({ ...sketch, auth, overrides: { variables } })).toContain('INPUT/INVALID');
  });

  it('the name of its parameter as the agent has it', () => {
    const sketch: RequestSketch = { query: [['{{field}}', '{{tenant}}']], overrides: { variables: { field: 'a' } } };
    expect(refusal(sketch)).toContain('INPUT/INVALID');
  });

  it.each([
    ['org', 'organisation'],
    ['org', 'or'],
    ['org_id', 'org'],
    ['filter[org]', 'page[size]'],
  ])('beside %j a %j of the agent is another one', (saved, name) => {
    const query = [
      [saved, '{{tenant}}'],
      ['{{field}}', '1'],
    ] as const;
    expect(refusal({ query: [query[0]], overrides: { query: { [name]: '1' } } })).toMatch(/^https/);
    expect(refusal({ query, overrides: { variables: { field: name } } })).toMatch(/^https/);
  });

  it('what the files alone call alike stays, also beside variables of the agent', () => {
    const query = [
      ['filter[org]', '{{tenant}}'],
      ['filter[state]', '{{state}}'],
    ] as const;
    const sketch: RequestSketch = { query, overrides: { variables: { state: 'open' } } };
    expect(refusal(sketch)).toBe('https://api.example.com/a?filter[org]=acme&filter[state]=open');
  });

  it('a redirect to another origin takes nothing of it along', () => {
    const plan = planned({ address: ORGS, claims });
    const hop = nextHop(plan, 302, 'https://other.example/next');
    expect(hop.ok && urlOf(hop.value)).toBe('https://other.example/next');
  });
});

/** What an agent, a script or a file may hold: words, delimiters and references. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'other',
      '/',
      '//',
      '..',
      '.',
      '?',
      '#',
      '&',
      '=',
      'org',
      '%2f',
      '%',
      ';',
      '\\',
      '@',
      ':',
      '{{tenant}}',
      '{{b}}',
      ' ',
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));
const claim = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  text.filter((value) => value !== ''),
);
const byName = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), text, { noNullPrototype: true });

it('P10: whatever the agent, scripts and files say, the URL holds the claim of the caller where it was put, or nothing is sent', () => {
  const names = ['a', 'b', 'tenant', 'host'];
  let sent = 0;
  fc.assert(
    fc.property(
      claim,
      byName(['a', 'b', 'host']),
      fc.dictionary(fc.constantFrom('org', 'ORG', 'org[]', 'a'), fc.option(text), { noNullPrototype: true }),
      byName(names),
      byName(names),
      fc.boolean(),
      (tenant, agent, query, files, scripts, inPath) => {
        const address = inPath
          ? 'https://api.example.com/{{a}}/orgs/{{tenant}}/{{b}}'
          : 'https://api.example.com/{{a}}/x';
        const plan = planOf({
          claims: { tenant },
          address,
          query: [['b', '{{b}}'], ...(inPath ? [] : [['org', '{{tenant}}'] as const])],
          environment: [['a', 'one'], ['b', 'two'], ...Object.entries(files).filter(([name]) => name === 'tenant')],
          written: {
            local: variables(Object.entries(scripts).filter(([name]) => name === 'tenant')),
            environment: variables([
              ['a', 'one'],
              ['b', 'two'],
            ]),
            collection: [],
            globals: [],
          },
          overrides: { variables: agent, query },
        });
        if (!plan.ok) return;
        sent += 1;
        const url = new URL(urlOf(plan.value));
        expect(url.origin).toBe('https://api.example.com');
        const encoded = encodeComponent(tenant);
        if (inPath) {
          const segments = url.pathname.split('/');
          expect([segments.length, segments[2], segments[3]]).toEqual([5, 'orgs', encoded]);
        } else {
          const alike = [...url.searchParams].filter(([name]) => /^org(?:\[|$)/i.test(name));
          expect(url.search.split(/[?&]/).filter((each) => each.startsWith('org='))).toEqual([`org=${encoded}`]);
          expect(alike).toHaveLength(1);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(sent).toBeGreaterThan(50);
});

it('P10: nor do files and scripts alone put anything in its place', () => {
  fc.assert(
    fc.property(claim, byName(['a', 'b', 'tenant']), byName(['a', 'b', 'tenant']), (tenant, files, scripts) => {
      const written = { local: variables(Object.entries(scripts)), environment: [], collection: [], globals: [] };
      const address = 'https://api.example.com/x/{{a}}/{{tenant}}/{{b}}';
      const collection = [...Object.entries({ a: '1', b: '2', ...files })] as [string, string][];
      const plan = planOf({
        claims: { tenant },
        address,
        collection,
        ...(Object.keys(scripts).length > 0 && { written }),
      });
      if (plan.ok) expect(urlOf(plan.value)).toContain(encodeComponent(tenant));
    }),
    { numRuns: 300 },
  );
});

// What an agent's variables may change of the POST that an OAuth 2 auth makes for a token.
import { afterEach, describe, expect, it } from 'vitest';
import { collection, contentOf, createStand, failureOf, item, type Stand } from '../tools/stand.ts';

const KINDS = { Get: 'GET', Query: 'POST' } as const;

const ATTACK = '/transfer?amount=5&token&x=';

let stand: Stand;
afterEach(() => stand.close());

async function open(unsafe: 'ask' | 'allow' | 'deny' = 'ask'): Promise<void> {
  const oauth2 = Object.entries({
    grant_type: 'client_credentials',
    accessTokenUrl: '{{base}}/oauth/token',
    refreshTokenUrl: '{{base}}/oauth/{{leaf}}',
    clientId: '{{client}}',
    clientSecret: '{{vault:API_KEY}}',
    scope: '{{scope}}',
    'tokenRequestParams.0.body.tenant': '{{tenant}}',
    addTokenTo: 'header',
    headerPrefix: '{{prefix}}',
  }).map(([key, value]) => ({ key, value, type: 'string' }));
  const body = { mode: 'graphql', graphql: { query: '{ a }', variables: '' } };
  stand = await createStand({
    policy: { approvals: { unsafe } },
    answer: ({ url = '' }, response) => {
      response.setHeader('content-type', 'application/json');
      const token = { access_token: 'Tok3n.aB9aB9aB9aB9', token_type: 'bearer', expires_in: 60 };
      response.end(JSON.stringify(url.startsWith('/oauth') ? token : { ok: true }));
    },
    files: (origin) => ({
      'c.postman_collection.json': collection(
        'API',
        Object.entries(KINDS).map(([name, method]) =>
          item(name, method, `${origin}/items`, name === 'Get' ? {} : { body }),
        ),
        {
          auth: { type: 'oauth2', oauth2 },
          variable: Object.entries({
            base: origin,
            leaf: 'refresh',
            client: 'c1',
            scope: 'read',
            tenant: 't1',
            prefix: 'Bearer',
          }).map(([key, value]) => ({ key, value })),
        },
      ),
    }),
  });
}

type Variables = (origin: string) => Readonly<Record<string, string>>;

const rows: readonly (readonly [what: string, variables: Variables, read: string | number, other: string | number])[] =
  [
    ['nothing', () => ({}), 200, 200],
    ['what is not used', () => ({ unused: 'x' }), 200, 200],
    ['the same address', (origin) => ({ base: origin }), 200, 200],
    ['how the token goes along', () => ({ prefix: 'Token' }), 200, 200],
    ['the path of the endpoint', (origin) => ({ base: `${origin}${ATTACK}` }), 'INPUT/INVALID', 'INPUT/INVALID'],
    ['its origin', () => ({ base: 'https://other.example' }), 'INPUT/INVALID', 'INPUT/INVALID'],
    ['the address of refreshing', () => ({ leaf: 'x' }), 'INPUT/INVALID', 'INPUT/INVALID'],
    ['the scope', () => ({ scope: 'admin' }), 'REQUEST/NOT_READ_ONLY', 'question'],
    ['the client', () => ({ client: 'c2' }), 'REQUEST/NOT_READ_ONLY', 'question'],
    ['a parameter', () => ({ tenant: 't2' }), 'REQUEST/NOT_READ_ONLY', 'question'],
  ];

describe('an agent that sets', () => {
  it.each(rows)('P7 P8: %s', async (_, variables, read, other) => {
    await open();
    const outcome = async (tool: string, request_id: string) => {
      const called = await stand.call(tool, { request_id, variables: variables(stand.origin) });
      if (called.kind === 'question') return 'question';
      return called.isError ? failureOf(called).code : contentOf(called).status;
    };
    expect(await outcome('execute_read_request', 'Get')).toBe(read);
    expect(await outcome('execute_request', 'Get')).toBe(other);
    expect(await outcome('execute_read_request', 'Query')).toBe(read === 200 ? 'question' : read);
    expect(new Set(stand.arrived)).toEqual(new Set(read === 200 ? ['POST /oauth/token', 'GET /items'] : []));
  });

  it('P8: the scope is refused where nothing may change data, and needs nobody where anything may', async () => {
    const called = (variables: object) => stand.call('execute_request', { request_id: 'Get', variables });
    await open('deny');
    expect(failureOf(await called({ scope: 'admin' })).code).toBe('POLICY/DENIED');
    expect(contentOf(await called({})).status).toBe(200);
    await stand.close();
    await open('allow');
    expect(contentOf(await called({ scope: 'admin' })).status).toBe(200);
  });
});

describe('the token endpoint', () => {
  it('P8: stands in the question, with the fields that the agent set', async () => {
    await open();
    const asked = await stand.call('execute_request', { request_id: 'Get', variables: { scope: 'admin' } });
    const { origin } = stand;
    expect(asked.text).toContain(
      `Asks for a token first: POST ${origin}/oauth/token or ${origin}/oauth/refresh, with values of the agent for "scope"\n`,
    );
    expect(asked.text).toContain('GET with another scope for its token may change data');
  });

  it('stands in a dry run and in the description, where every field that is no secret is readable', async () => {
    await open();
    const endpoints = [`${stand.origin}/oauth/token`, `${stand.origin}/oauth/refresh`];
    const dry = contentOf(await stand.call('execute_request', { request_id: 'Get', dry_run: true }));
    expect(dry.request.token_endpoints).toEqual(endpoints);
    const { auth } = contentOf(await stand.call('describe_request', { request_id: 'Get' }));
    expect(auth.token_endpoints).toEqual(endpoints);
    expect(auth.fields).toContainEqual({ name: 'addTokenTo', text: 'header' });
    expect(auth.fields).toContainEqual({ name: 'accessTokenUrl', text: '{{base}}/oauth/token' });
  });
});

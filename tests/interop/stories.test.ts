// Whole logins, as an agent goes through them: the built command over stdio, a real client, an API that mints what it gives out. The
// agent has names only; at the end every byte that it got is searched for every value.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, createDesk, type Desk } from '../cli/run-keyward.ts';
import { leaksIn, leaksOfAny } from '../leaks/spellings.ts';
import { type AnyClient, clients } from '../unit/server/clients.ts';
import { type Content, collection, environment, item } from '../unit/tools/stand.ts';
import { CLIENT_SECRET, type LoginApi, PASSWORD, startLoginApi } from './login-api.ts';

const API_KEY = 'Vault/Own+Key==52_rTq';

let desk: Desk;
let api: LoginApi;
let other: LoginApi;
let client: AnyClient;
let streams: string;

const raw = (text: string) => ({ body: { mode: 'raw', raw: text, options: { raw: { language: 'json' } } } });
const fields = (values: Record<string, string>) => ({
  body: { mode: 'urlencoded', urlencoded: Object.entries(values).map(([key, value]) => ({ key, value })) },
});
const authorised = { header: [{ key: 'Authorization', value: 'Bearer {{token}}' }] };
const keyed = { header: [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }] };
const oauth2 = (values: Record<string, string>) => ({
  auth: {
    type: 'oauth2',
    oauth2: Object.entries({
      accessTokenUrl: '{{base}}/oauth/token',
      authUrl: '{{base}}/oauth/authorize',
      clientId: 'story',
      clientSecret: '{{vault:CLIENT}}',
      client_authentication: 'header',
      ...values,
    }).map(([key, value]) => ({ key, value })),
  },
});
const byClient = oauth2({ grant_type: 'client_credentials', scope: 'read' });
const byPerson = oauth2({ grant_type: 'authorization_code_with_pkce', redirect_uri: 'http://127.0.0.1:0/callback' });
const login = fields({ user: 'ann', password: '{{vault:PASSWORD}}' });

const items = [
  item('Log in', 'POST', '{{base}}/token/login', raw('{"user":"ann","password":"{{vault:PASSWORD}}"}')),
  item('Me', 'GET', '{{base}}/token/me', authorised),
  item('Me, plain', 'GET', '{{base}}/token/me'),
  item('Me, by auth', 'GET', '{{base}}/token/me', {
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
  }),
  item('Refresh', 'POST', '{{base}}/token/refresh', raw('{"refresh_token":"{{refresh}}"}')),
  item('Refresh by form', 'POST', '{{base}}/token/refresh-form', fields({ refresh_token: '{{refresh}}' })),
  item('Log out', 'POST', '{{base}}/token/logout', authorised),
  ...['same', 'nested', 'header', 'oauth1', 'xml'].map((way) => item(`Token ${way}`, 'POST', `{{base}}/token/${way}`)),
  item('Open session', 'POST', '{{base}}/session/login', login),
  item('Home', 'GET', '{{base}}/session/home'),
  {
    ...item('Home without cookies', 'GET', '{{base}}/session/home'),
    protocolProfileBehavior: { disableCookies: true },
  },
  item('Close session', 'POST', '{{base}}/session/logout'),
  item('Elsewhere', 'GET', '{{base}}/elsewhere'),
  item('Client', 'GET', '{{base}}/oauth/me', byClient),
  item('Client revokes', 'POST', '{{base}}/oauth/revoke', byClient),
  item('Person', 'GET', '{{base}}/oauth/me', byPerson),
  item('Page', 'GET', '{{base}}/form/page'),
  item('Pay', 'POST', '{{base}}/form/page', fields({ csrf_token: '{{csrf}}', amount: '5' })),
  item('Many', 'POST', '{{base}}/hostile/many'),
  item('Fake', 'GET', '{{base}}/hostile/fake'),
  item('Mirror', 'GET', '{{base}}/hostile/mirror', keyed),
  item('Echo', 'GET', '{{base}}/hostile/echo', { header: [{ key: 'X-Note', value: '{{note}}' }] }),
  item('Echo a body', 'POST', '{{base}}/hostile/echo', raw('{"note":"{{note}}"}')),
  item('Echo by path', 'GET', '{{base}}/hostile/:id'),
  item('Echo by variable path', 'GET', '{{base}}/hostile/{{note}}'),
  item('Echo by host', 'GET', 'http://{{note}}/hostile/echo'),
  item('Echo elsewhere', 'GET', '{{other}}/hostile/echo', { header: [{ key: 'X-Note', value: '{{note}}' }] }),
  item('Post elsewhere', 'POST', '{{other}}/hostile/echo', raw('{"note":"{{note}}"}')),
];

const bruno = {
  'bruno/bruno.json': { version: '1', name: 'Tokens in Bruno', type: 'collection' },
  'bruno/environments/Bruno.bru': 'vars {\n  base: BASE\n}\n',
  'bruno/login.bru':
    'meta {\n  name: Bru log in\n  type: http\n  seq: 1\n}\n\npost {\n  url: {{base}}/token/login\n  body: json\n  auth: none\n}\n\n' +
    'body:json {\n  {\n    "user": "ann",\n    "password": "{{vault:PASSWORD}}"\n  }\n}\n',
  'bruno/me.bru':
    'meta {\n  name: Bru me\n  type: http\n  seq: 2\n}\n\nget {\n  url: {{base}}/token/me\n  body: none\n  auth: bearer\n}\n\n' +
    'auth:bearer {\n  token: {{token}}\n}\n',
  'bruno/logout.bru':
    'meta {\n  name: Bru log out\n  type: http\n  seq: 3\n}\n\npost {\n  url: {{base}}/token/logout\n  body: none\n  auth: bearer\n}\n\n' +
    'auth:bearer {\n  token: {{token}}\n}\n',
};

beforeAll(async () => {
  [api, other] = await Promise.all([startLoginApi(), startLoginApi()]);
  desk = createDesk();
  desk.save('stories.postman_collection.json', collection('Stories', items));
  const bases = { base: api.origin, other: other.origin };
  const values = Object.entries(bases).map(([key, value]) => ({ key, value, enabled: true }));
  for (const name of ['Local', 'Twin']) desk.save(`${name}.postman_environment.json`, environment(name, values));
  for (const [name, content] of Object.entries(bruno))
    desk.save(name, typeof content === 'string' ? content.replace('BASE', api.origin) : content);
  desk.save('keyward.yaml', JSON.stringify({ version: 1, network: { allow: [api.origin, other.origin] } }));
  for (const [name, value] of Object.entries({ PASSWORD, API_KEY, CLIENT: CLIENT_SECRET })) {
    const stored = await desk.keyward(['secrets', 'set', name, '--origin', api.origin, '--stdin'], value);
    expect(stored, stored.errors).toMatchObject({ code: 0 });
  }
  expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
  streams = join(desk.home, '..', 'streams');
  mkdirSync(streams);
  const tee = join(import.meta.dirname, '..', 'leaks', 'fixtures', 'tee.js');
  const env = {
    PATH: process.env.PATH ?? '',
    KEYWARD_HOME: desk.home,
    KEYWARD_KEY_SOURCE: 'key-file',
    KEYWARD_LOG_LEVEL: 'debug',
  };
  const args = [tee, streams, command, 'serve', desk.workspace];
  const [, connect] = clients[0] ?? [];
  if (!connect) throw new Error('no client');
  client = await connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }), {
    elicit: () => ({ action: 'accept', content: { approve: true } }),
  });
});

afterAll(async () => {
  desk.clear();
  await Promise.all([api.close(), other.close()]);
});

type Overrides = Readonly<Record<string, unknown>>;

/** The structured answer of an execution, or the failure. */
async function run(request: string, overrides: Overrides = {}): Promise<Content> {
  const { content, structuredContent, isError } = await client.callTool('execute_request', {
    request_id: request,
    environment_id: request.startsWith('Bru') ? 'Bruno' : 'Local',
    ...overrides,
  });
  return isError ? JSON.parse(content[0].text) : structuredContent;
}

/** `keyward login`, with this test for the browser; gives its exit code. */
async function logInAsOperator(request: string): Promise<number> {
  const args = [command, 'login', request, '--env', 'Local', '--no-browser', '--workspace', desk.workspace];
  const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: desk.home, KEYWARD_KEY_SOURCE: 'key-file' };
  const child = spawn(process.execPath, args, { env, stdio: 'pipe' });
  let shown = '';
  let opened: Promise<Response> | undefined;
  const look = (chunk: Buffer) => {
    shown += chunk.toString();
    const address = /http:\/\/\S+(?=\s)/.exec(shown)?.[0];
    if (address !== undefined) opened ??= fetch(address);
  };
  child.stdout.on('data', look);
  child.stderr.on('data', look);
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
  await opened;
  for (const value of [CLIENT_SECRET, ...api.minted]) expect(leaksIn(Buffer.from(shown), value)).toEqual([]);
  return code;
}

const last = () => api.arrived.at(-1);
const all = () => api.arrived.length + other.arrived.length;

describe('P1: a login', () => {
  it('is found by its name, and says what its requests want', async () => {
    const listed = await client.callTool('list_requests', { query: 'me' });
    const { requests } = listed.structuredContent as Content;
    const me = requests.find(({ name }: Content) => name === 'Me');
    const described = await client.callTool('describe_request', { request_id: me.id, environment_id: 'Local' });
    const { variables } = described.structuredContent as Content;
    expect(variables).toContainEqual(expect.objectContaining({ name: 'token', status: 'missing' }));
  });

  it('with a token in JSON: logs in, uses it, refreshes it, logs out', async () => {
    const opened = await run('Log in');
    expect(opened.body.value.data).toMatchObject({
      access_token: '{{captured:access_token_1}}',
      refresh_token: '{{captured:refresh_token_1}}',
      user: { name: 'Ann' },
    });
    expect(opened.captured).toEqual({
      access_token: '{{captured:access_token_1}}',
      refresh_token: '{{captured:refresh_token_1}}',
    });
    const token = opened.captured.access_token;
    const me = await run('Me', { variables: { token } });
    expect(me, JSON.stringify(me)).toMatchObject({ status: 200, body: { value: { name: 'Ann' } } });
    expect(me.request.headers).toContainEqual({ name: 'Authorization', value: 'Bearer [redacted]' });
    expect(await run('Me, by auth', { variables: { token } })).toMatchObject({ status: 200 });
    const byHeader = { headers: { Authorization: `Bearer ${token}` } };
    expect(await run('Me, plain', byHeader)).toMatchObject({ status: 200 });
    expect(await run('Me, plain', { query: { note: token }, ...byHeader })).toMatchObject({ status: 200 });

    const refreshed = await run('Refresh', { variables: { refresh: opened.captured.refresh_token } });
    expect(refreshed.captured).toEqual({
      access_token: '{{captured:access_token_2}}',
      refresh_token: '{{captured:refresh_token_2}}',
    });
    const again = await run('Refresh', { variables: { refresh: opened.captured.refresh_token } });
    expect(again).toMatchObject({ status: 401 });
    const byBody = await run('Refresh', { body: { refresh_token: refreshed.captured.refresh_token } });
    expect(byBody, JSON.stringify(byBody)).toMatchObject({ status: 200 });
    const byForm = await run('Refresh by form', { variables: { refresh: byBody.captured.refresh_token } });
    expect(byForm).toMatchObject({ status: 200, captured: { access_token: '{{captured:access_token_4}}' } });
    const byFormBody = await run('Refresh by form', { body: `refresh_token=${byForm.captured.refresh_token}&x=1` });
    expect(byFormBody).toMatchObject({ status: 200 });

    const newest = { variables: { token: byFormBody.captured.access_token } };
    expect(await run('Me', newest)).toMatchObject({ status: 200 });
    expect(await run('Log out', newest)).toMatchObject({ status: 204 });
    expect(await run('Me', newest)).toMatchObject({ status: 401 });
  });

  it('from a Bruno collection', async () => {
    const opened = await run('Bru log in');
    expect(opened, JSON.stringify(opened)).toMatchObject({ status: 200 });
    const variables = { token: opened.captured.access_token };
    expect(await run('Bru me', { variables })).toMatchObject({ status: 200, body: { value: { name: 'Ann' } } });
    expect(await run('Bru log out', { variables })).toMatchObject({ status: 204 });
    expect(await run('Bru me', { variables })).toMatchObject({ status: 401 });
  });

  it('with a token in a header, in XML, in a form, in objects and lists', async () => {
    const header = await run('Token header');
    expect(header.headers).toContainEqual({ name: 'X-Auth-Token', value: '{{captured:X-Auth-Token_1}}' });
    const xml = await run('Token xml');
    expect(xml.captured).toEqual({ access_token: expect.stringMatching(/^\{\{captured:access_token_\d+\}\}$/) });
    const form = await run('Token oauth1');
    expect(form.captured).toEqual({
      oauth_token: '{{captured:oauth_token_1}}',
      oauth_token_secret: '{{captured:oauth_token_secret_1}}',
    });
    const nested = await run('Token nested');
    expect(nested.body.value.tokens).toMatchObject({
      access: { token: '{{captured:token_1}}', expires: '[redacted]' },
      list: ['{{captured:tokens_list_1}}'],
    });
  });

  it('that gives the same token each time: under the same name', async () => {
    const first = await run('Token same');
    expect(first.body.value).toEqual({ api_token: '{{captured:api_token_1}}' });
    const second = await run('Token same');
    expect(second.body.value).toEqual({ api_token: '{{captured:api_token_1}}' });
    expect(second.captured).toEqual({ api_token: '{{captured:api_token_1}}' });
  });

  it('with a session cookie: through its redirect, a page, the logout', async () => {
    const opened = await run('Open session');
    expect(opened, JSON.stringify(opened)).toMatchObject({
      status: 200,
      body: { value: { hello: 'Ann', lang: 'en' } },
    });
    expect(opened.redirects).toMatchObject([{ status: 303 }]);
    expect(opened.request.headers).toContainEqual({ name: 'Cookie', value: 'sid=[redacted]; lang=[redacted]' });
    expect(await run('Home')).toMatchObject({ status: 200, body: { value: { hello: 'Ann', lang: 'en' } } });
    expect(await run('Home without cookies')).toMatchObject({ status: 401 });
    expect(last()?.headers.cookie).toBeUndefined();
    expect(await run('Home', { environment_id: 'Twin' })).toMatchObject({ status: 401 });
    expect(last()?.headers.cookie).toBeUndefined();
    expect(await run('Elsewhere')).toMatchObject({ status: 200 });
    expect(last()?.headers.cookie).toBe('lang=en');
    expect(await run('Close session')).toMatchObject({ status: 204 });
    expect(await run('Home')).toMatchObject({ status: 401 });
    expect(last()?.headers.cookie).toBe('lang=en');
  });

  it('with OAuth 2 client credentials: one token for all calls, a new one once it is refused', async () => {
    const first = await run('Client');
    expect(first, JSON.stringify(first)).toMatchObject({ status: 200, body: { value: { name: 'Ann' } } });
    expect(await run('Client')).toMatchObject({ status: 200 });
    const grants = () => api.arrived.filter(({ line }) => line === 'POST /oauth/token').length;
    expect(grants()).toBe(1);
    expect(await run('Client revokes')).toMatchObject({ status: 204 });
    expect(await run('Client')).toMatchObject({ status: 200 });
    expect(grants()).toBe(2);
  });

  it('with an authorization code that the operator fetched', async () => {
    expect(await run('Person')).toMatchObject({
      code: 'REQUEST/LOGIN_REQUIRED',
      fix: expect.stringContaining('login'),
    });
    expect(await logInAsOperator('Person')).toBe(0);
    const me = await run('Person');
    expect(me, JSON.stringify(me)).toMatchObject({ status: 200, body: { value: { name: 'Ann' } } });
  });

  it('with a CSRF token in a page, in a field and a meta element', async () => {
    expect(await run('Pay', { variables: { csrf: 'guess' } })).toMatchObject({ status: 403 });
    const page = await run('Page');
    expect(page, JSON.stringify(page)).toMatchObject({ status: 200, body: { text: expect.stringContaining('Pay') } });
    expect(page.captured).toMatchObject({
      csrf_token: '{{captured:csrf_token_1}}',
      'csrf-token': '{{captured:csrf-token_1}}',
    });
    const paid = await run('Pay', { variables: { csrf: page.captured.csrf_token } });
    expect(paid.body.text).toContain('Paid 5');
    const byBody = await run('Pay', { body: `csrf_token=${page.captured.csrf_token}&amount=6` });
    expect(byBody.body.text).toContain('Paid 6');
    const byHeader = await run('Pay', {
      variables: { csrf: 'none' },
      headers: { 'X-CSRF-Token': page.captured['csrf-token'] },
    });
    expect(byHeader.body.text).toContain('Paid 5');
    const again = await run('Page', { response_format: 'source' });
    expect(again.body.text).toContain('name="csrf_token" value="{{captured:csrf_token_1}}"');
  });
});

describe('P2: a captured handle', () => {
  it('goes to no other origin and into no other place; nothing is sent', async () => {
    const { captured } = await run('Log in');
    const note = captured.access_token;
    const before = all();
    const cases: readonly (readonly [string, Overrides, string])[] = [
      ['Echo elsewhere', { variables: { note } }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['Echo elsewhere', { variables: { note: 'x' }, headers: { 'X-Other': note } }, 'SECRET/ORIGIN_NOT_BOUND'],
      [
        'Echo elsewhere',
        { variables: { note: 'x' }, headers: { Authorization: `Bearer ${note}` } },
        'SECRET/ORIGIN_NOT_BOUND',
      ],
      ['Echo elsewhere', { variables: { note: 'x' }, query: { note } }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['Post elsewhere', { body: { note } }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['Post elsewhere', { body: note }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['Echo', { variables: { note, base: other.origin } }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['Echo by path', { variables: { id: note } }, 'SECRET/PLACE_NOT_ALLOWED'],
      ['Echo by variable path', { variables: { note } }, 'SECRET/PLACE_NOT_ALLOWED'],
      ['Echo by host', { variables: { note } }, 'SECRET/PLACE_NOT_ALLOWED'],
      ['Echo', { variables: { note: 'x', base: note } }, 'SECRET/PLACE_NOT_ALLOWED'],
      ['Echo', { variables: { note: 'x' }, headers: { [note]: 'x' } }, 'REQUEST/HEADER_INVALID'],
      ['Echo', { variables: { note: 'x' }, headers: { Cookie: `a=${note}` } }, 'REQUEST/HEADER_INVALID'],
      ['Echo', { variables: { note: '{{captured:nothing_1}}' } }, 'SECRET/CAPTURED_GONE'],
    ];
    for (const [request, overrides, code] of cases) {
      const refused = await run(request, overrides);
      expect(refused, `${request} ${JSON.stringify(overrides)} ${JSON.stringify(refused)}`).toMatchObject({
        code,
        fix: expect.any(String),
      });
    }
    expect(all()).toBe(before);
  });

  it('under the name of a variable or a query parameter is a name', async () => {
    const { captured } = await run('Log in');
    const note = captured.access_token;
    await run('Echo', { variables: { note: 'x', [note]: 'y' }, query: { [note]: 'z' } });
    expect(last()?.line).toBe(`GET /hostile/echo?${encodeURIComponent(note)}=z`);
  });

  it('that many others have displaced is gone, with the way out', async () => {
    const { captured } = await run('Log in');
    for (let times = 0; times < 9; times += 1) expect(await run('Many')).toMatchObject({ status: 200 });
    const gone = await run('Me', { variables: { token: captured.access_token } });
    expect(gone).toMatchObject({ code: 'SECRET/CAPTURED_GONE', fix: expect.stringMatching(/log|again/i) });
  });
});

describe('P1: a hostile answer', () => {
  it('with a reference of its own stays text, and is none when it is sent back', async () => {
    const fake = await run('Fake');
    expect(fake.body.value).toEqual({ access_token: '{{captured:evil_1}}', note: '{{vault:API_KEY}}' });
    expect(fake.captured).toBeUndefined();
    const back = await run('Echo', { variables: { note: '{{vault:API_KEY}}' } });
    expect(back.body.value.note).toBe('{{vault:API_KEY}}');
    expect(await run('Echo', { variables: { note: fake.body.value.access_token } })).toMatchObject({
      code: 'SECRET/CAPTURED_GONE',
    });
  });

  it('with the secret that it was sent gets no handle for it, however often', async () => {
    for (let times = 0; times < 3; times += 1) {
      const mirrored = await run('Mirror');
      expect(mirrored.body.value).toEqual({ token: '[redacted]', access_token: 'Bearer [redacted]' });
      expect(mirrored.captured).toBeUndefined();
    }
  });
});

it('P1: of all that, no value is in any byte that the agent got', async () => {
  await client.close();
  const bytes = Buffer.concat(['stdout', 'stderr'].map((name) => readFileSync(join(streams, name))));
  expect(bytes.length).toBeGreaterThan(10_000);
  const values = [PASSWORD, API_KEY, CLIENT_SECRET, ...api.minted, ...other.minted];
  expect(values.length).toBeGreaterThan(100);
  expect(leaksOfAny(bytes, values)).toEqual([]);
  const [planted = ''] = api.minted;
  const seen = Buffer.concat([bytes, Buffer.from(planted, 'utf16le')]);
  expect(leaksOfAny(seen, values)).toContain(`${planted}: ${planted} in UTF-16`);
});

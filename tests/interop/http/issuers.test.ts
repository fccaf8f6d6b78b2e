// The built command behind a proxy, and callers that somebody else vouches for. The clients are ones that nobody here wrote.
import {
  Client,
  ClientCredentialsProvider,
  type OAuthClientProvider,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKey, type SigningKey, signToken, startIssuer } from '../../unit/access/oauth/issuer.ts';
import { type AuthorizationServer, CLIENT, startProvider } from '../../unit/access/oauth/provider.ts';
import { browse } from '../../unit/oauth/authorization-server.ts';
import { createShop, type Shop } from '../shop.ts';
import { type Relay, startRelay } from './relay.ts';
import { createKey, type Served, serveOverHttp } from './served.ts';

/** As a proxy has it: what the client wrote itself stands on the left, and the header that the proxy does not know comes through. */
const FORWARDED = { 'X-Forwarded-For': '198.51.100.4, 203.0.113.9', Forwarded: '!' };

interface Gate {
  readonly url: string;
  readonly relay: Relay;
  readonly served: Served;
}

let shop: Shop;
let provider: AuthorizationServer;
let team: Awaited<ReturnType<typeof startIssuer>>;
let signer: SigningKey;
/** One that takes tokens, and one behind Cloudflare Access, over the same data folder. */
let gate: Gate;
let cloudflare: Gate;

async function serve(name: string, relay: Relay, settings: object): Promise<Gate> {
  const url = `${relay.origin}/mcp`;
  shop.desk.save(`../home/${name}`, JSON.stringify({ publicUrl: url, trustedProxies: ['127.0.0.1'], ...settings }));
  const served = await serveOverHttp(shop.desk, '0', { KEYWARD_HTTP_CONFIG: `${shop.desk.home}/${name}` });
  relay.forwardTo(served.origin, FORWARDED);
  return { url, relay, served };
}

beforeAll(async () => {
  const relays = [await startRelay(), await startRelay()] as const;
  [shop, provider, signer] = await Promise.all([
    createShop(),
    startProvider(`${relays[0].origin}/mcp`, ['kw:read', 'kw:execute', 'kw:history']),
    makeKey('k1', 'RS256'),
  ]);
  team = await startIssuer([signer]);
  const granted = ['read', 'execute'];
  [gate, cloudflare] = await Promise.all([
    serve('oauth.yaml', relays[0], { oauth: [{ issuer: provider.origin, scopePrefix: 'kw:' }] }),
    serve('access.yaml', relays[1], { cloudflareAccess: { team: team.origin, audience: 'tag', granted } }),
  ]);
});

afterAll(async () => {
  for (const { served } of [gate, cloudflare]) expect(await served.stop(), served.errors()).toBe(0);
  await Promise.all([gate.relay.close(), cloudflare.relay.close(), shop.close(), provider.close(), team.close()]);
});

async function connect({ url }: Gate, options: object = {}): Promise<Client> {
  const client = new Client({ name: 'says', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  return client;
}

const read = (client: Client) => client.callTool({ name: 'execute_read_request', arguments: { request_id: 'Read' } });

/** Whom the journal names of the callers with this name, and all that was written so far. */
async function told(name: string, { served }: Gate) {
  const { out } = await shop.desk.keyward(['journal', 'export']);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  return { caller: events.find(({ caller }) => caller?.name === name)?.caller, written: out + served.errors() };
}

it.concurrent('OAuth: from the address alone a client finds the authorization server, gets a token, and more scopes when a call needs them', async () => {
  const authProvider = new ClientCredentialsProvider({ ...CLIENT, expectedIssuer: provider.origin });
  const client = await connect(gate, { authProvider });
  expect((await read(client)).structuredContent).toMatchObject({ status: 200 });
  expect(provider.asked).toEqual(['kw:read kw:execute']);
  const history = await client.callTool({ name: 'get_history', arguments: {} });
  expect(history.structuredContent).toMatchObject({ entries: [{ status: 200 }] });
  expect(provider.asked).toEqual(['kw:read kw:execute', 'kw:read kw:execute kw:history']);
  await client.close();
  const { caller, written } = await told(CLIENT.clientId, gate);
  expect(caller).toEqual({ name: CLIENT.clientId, client: CLIENT.clientId, address: '203.0.113.9' });
  expect(written).not.toContain(String(authProvider.tokens()?.access_token).split('.')[1]);
});

/** A client of a person that nobody registered: it keeps what it is given, and has a browser opened. */
class PersonsClient implements OAuthClientProvider {
  readonly opened: URL[] = [];
  readonly redirectUrl = provider.callback;
  readonly clientMetadata = {
    client_name: 'Desk agent',
    redirect_uris: [provider.callback],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native' as const,
  };
  client: StoredOAuthClientInformation | undefined;
  held: StoredOAuthTokens | undefined;
  verifier = '';
  readonly state = () => 'state-of-this-login';
  readonly clientInformation = () => this.client;
  readonly tokens = () => this.held;
  readonly codeVerifier = () => this.verifier;
  saveClientInformation(client: StoredOAuthClientInformation) {
    this.client = client;
  }
  saveTokens(tokens: StoredOAuthTokens) {
    this.held = tokens;
  }
  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }
  redirectToAuthorization(url: URL) {
    this.opened.push(url);
  }
}

it.concurrent('OAuth: a person logs in with a browser to a client that registers itself, whose token is for this server, and is refreshed', async () => {
  const authProvider = new PersonsClient();
  const transport = new StreamableHTTPClientTransport(new URL(gate.url), { authProvider });
  const early = new Client({ name: 'says', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await expect(early.connect(transport)).rejects.toThrow(UnauthorizedError);
  const [page] = authProvider.opened;
  expect(Object.fromEntries(page?.searchParams ?? [])).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    resource: gate.url,
    scope: 'kw:read kw:execute',
    state: 'state-of-this-login',
  });
  const visited = await browse(String(page), { login: 'ada', password: 'pw' });
  const back = new URL(visited.at(-1)?.url ?? '');
  expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([
    provider.callback,
    'state-of-this-login',
  ]);
  await transport.finishAuth(back.searchParams);
  expect(decodeJwt(authProvider.held?.access_token ?? '')).toMatchObject({ aud: gate.url, sub: 'ada' });

  const client = await connect(gate, { authProvider });
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('execute_read_request');
  expect((await read(client)).structuredContent).toMatchObject({ status: 200 });

  // An hour later: what it holds has expired.
  provider.ageS = 3_600;
  const { refresh_token = '', access_token: first } = authProvider.held ?? {};
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token,
    client_id: authProvider.client?.client_id ?? '',
    resource: gate.url,
  });
  const late = await fetch(`${provider.origin}/token`, { method: 'POST', body });
  authProvider.saveTokens({ ...authProvider.held, ...((await late.json()) as StoredOAuthTokens) });
  provider.ageS = 0;
  const expired = authProvider.held?.access_token;
  expect((await read(client)).structuredContent).toMatchObject({ status: 200 });
  const refreshed = authProvider.held?.access_token;
  expect(new Set([first, expired, refreshed]).size).toBe(3);
  expect(authProvider.opened).toHaveLength(1);
  expect(provider.granted).toEqual([
    ['authorization_code', gate.url],
    ['refresh_token', gate.url],
    ['refresh_token', gate.url],
  ]);
  await client.close();
  const { caller, written } = await told('ada', gate);
  expect(caller).toEqual({ name: 'ada', client: authProvider.client?.client_id, address: '203.0.113.9' });
  for (const token of [first, expired, refreshed]) expect(written).not.toContain(String(token).split('.')[1]);
});

it.concurrent('Cloudflare Access: an assertion of the team is the caller, or lets a key through; without a good one nobody comes in', async () => {
  const [stranger, elsewhere, key] = await Promise.all([
    makeKey('k1', 'RS256'),
    makeKey('k2'),
    createKey(shop.desk, 'bot'),
  ]);
  const { relay, served, url } = cloudflare;
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = { aud: ['tag'], email: 'ada@example.com', sub: 'user-1', iat: seconds, exp: seconds + 600 };
  const assertion = (by: SigningKey, more: object = {}) =>
    signToken(team.origin, by, { claims: { ...claims, ...more }, header: { typ: 'JWT' } });
  const through = (text: string) => relay.forwardTo(served.origin, { ...FORWARDED, 'Cf-Access-Jwt-Assertion': text });

  through(await assertion(signer));
  const ada = await connect(cloudflare);
  expect((await read(ada)).structuredContent).toMatchObject({ status: 200 });
  const refused = await ada.callTool({ name: 'get_history', arguments: {} });
  expect(JSON.stringify(refused)).toContain('ACCESS/DENIED');
  await ada.close();
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  const bot = await connect(cloudflare, { requestInit });
  expect((await bot.listTools()).tools.length).toBeGreaterThan(0);
  await bot.close();
  for (const bad of [
    await assertion(stranger),
    await assertion(elsewhere),
    await assertion(signer, { aud: ['other'] }),
  ]) {
    through(bad);
    expect((await fetch(url, { method: 'POST', ...requestInit })).status).toBe(401);
  }
  expect((await fetch(served.url, { method: 'POST', ...requestInit })).status).toBe(401);
  const { caller, written } = await told('ada@example.com', cloudflare);
  expect(caller).toEqual({ name: 'ada@example.com', client: 'says/1', address: '203.0.113.9' });
  expect(written).not.toContain((await assertion(signer)).split('.')[1]);
});

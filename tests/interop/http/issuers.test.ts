// The built command behind a proxy, and callers that somebody else vouches for. The client is one that nobody here wrote.
import { Client, ClientCredentialsProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeKey, signToken, startIssuer } from '../../unit/access/oauth/issuer.ts';
import { CLIENT, startProvider } from '../../unit/access/oauth/provider.ts';
import { createShop, type Shop } from '../shop.ts';
import { type Relay, startRelay } from './relay.ts';
import { createKey, type Served, serveOverHttp } from './served.ts';

/** As a proxy has it: what the client wrote itself stands on the left, and the header that the proxy does not know comes through. */
const FORWARDED = { 'X-Forwarded-For': '198.51.100.4, 203.0.113.9', Forwarded: '!' };

let shop: Shop;
let relay: Relay;
let url: string;

beforeEach(async () => {
  [shop, relay] = await Promise.all([createShop(), startRelay()]);
  url = `${relay.origin}/mcp`;
});
afterEach(async () => {
  await Promise.all([relay.close(), shop.close()]);
});

function serve(settings: object): Promise<Served> {
  const http = { publicUrl: url, trustedProxies: ['127.0.0.1'], ...settings };
  shop.desk.save('../home/http.yaml', JSON.stringify(http));
  return serveOverHttp(shop.desk);
}

async function connect(options: object = {}): Promise<Client> {
  const client = new Client({ name: 'says', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  return client;
}

const read = (client: Client) => client.callTool({ name: 'execute_read_request', arguments: { request_id: 'Read' } });

/** Ends the server; gives whom the journal names, and all that was written. */
async function ended(served: Served) {
  expect(await served.stop(), served.errors()).toBe(0);
  const { out } = await shop.desk.keyward(['journal', 'export']);
  const [first = '{}'] = out.split('\n');
  return { caller: JSON.parse(first).event.caller, written: out + served.errors() };
}

it('OAuth: from the address alone a client finds the authorization server, gets a token, and more scopes when a call needs them', async () => {
  const provider = await startProvider(url, ['kw:read', 'kw:execute', 'kw:history']);
  const served = await serve({ oauth: [{ issuer: provider.origin, scopePrefix: 'kw:' }] });
  relay.forwardTo(served.origin, FORWARDED);
  const authProvider = new ClientCredentialsProvider({ ...CLIENT, expectedIssuer: provider.origin });
  const client = await connect({ authProvider });
  expect((await read(client)).structuredContent).toMatchObject({ status: 200 });
  expect(provider.asked).toEqual(['kw:read kw:execute']);
  const history = await client.callTool({ name: 'get_history', arguments: {} });
  expect(history.structuredContent).toMatchObject({ entries: [{ status: 200 }] });
  expect(provider.asked).toEqual(['kw:read kw:execute', 'kw:read kw:execute kw:history']);
  await client.close();
  const { caller, written } = await ended(served);
  expect(caller).toEqual({ name: CLIENT.clientId, client: CLIENT.clientId, address: '203.0.113.9' });
  expect(written).not.toContain(String(authProvider.tokens()?.access_token).split('.')[1]);
  await provider.close();
});

it('Cloudflare Access: an assertion of the team is the caller, or lets a key through; without a good one nobody comes in', async () => {
  const [signer, stranger, elsewhere] = await Promise.all([
    makeKey('k1', 'RS256'),
    makeKey('k1', 'RS256'),
    makeKey('k2'),
  ]);
  const team = await startIssuer([signer]);
  const key = await createKey(shop.desk, 'bot');
  const granted = ['read', 'execute'];
  const served = await serve({ cloudflareAccess: { team: team.origin, audience: 'tag', granted } });
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = { aud: ['tag'], email: 'ada@example.com', sub: 'user-1', iat: seconds, exp: seconds + 600 };
  const assertion = (by: typeof signer, more: object = {}) =>
    signToken(team.origin, by, { claims: { ...claims, ...more }, header: { typ: 'JWT' } });
  const through = (text: string) => relay.forwardTo(served.origin, { ...FORWARDED, 'Cf-Access-Jwt-Assertion': text });

  through(await assertion(signer));
  const ada = await connect();
  expect((await read(ada)).structuredContent).toMatchObject({ status: 200 });
  const refused = await ada.callTool({ name: 'get_history', arguments: {} });
  expect(JSON.stringify(refused)).toContain('ACCESS/DENIED');
  await ada.close();
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  const bot = await connect({ requestInit });
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
  const { caller, written } = await ended(served);
  expect(caller).toEqual({ name: 'ada@example.com', client: 'says/1', address: '203.0.113.9' });
  expect(written).not.toContain((await assertion(signer)).split('.')[1]);
  await team.close();
});

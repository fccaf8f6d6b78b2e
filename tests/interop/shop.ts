// What real clients are shown, over stdio and over HTTP alike: a workspace of two requests with one secret, in front of an API that
// hands the secret back.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { createDesk, type Desk } from '../cli/run-keyward.ts';
import type { AnyClient } from '../unit/server/clients.ts';
import { type Content, collection, environment, item } from '../unit/tools/stand.ts';

export const SECRET = 'sk-live-0011223344556677889900aabb';
const KEYED = { header: [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }] };

export interface Shop {
  readonly desk: Desk;
  /** Requests that came, oldest first. */
  readonly arrived: string[];
  /** The request to /wait that comes next; it is answered by whoever asked for it. */
  waiting(): Promise<ServerResponse>;
  close(): Promise<void>;
}

export async function createShop(): Promise<Shop> {
  const arrived: string[] = [];
  const waiters: ((response: ServerResponse) => void)[] = [];
  const upstream = createServer((request, response) => {
    arrived.push(`${request.method} ${request.headers['x-api-key'] === SECRET ? 'with the secret' : 'without it'}`);
    if (request.url === '/wait') waiters.shift()?.(response);
    else reflect(request, response);
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const desk = createDesk();
  const items = [
    item('Read', 'GET', `${origin}/read`, KEYED),
    item('Write', 'DELETE', `${origin}/write`, KEYED),
    item('Wait', 'GET', `${origin}/wait`, KEYED),
  ];
  desk.save('shop.postman_collection.json', collection('Shop', items));
  desk.save('local.postman_environment.json', environment('Local', [{ key: 'base', value: origin, enabled: true }]));
  desk.save('keyward.yaml', `version: 1\nnetwork:\n  allow: ["${origin}"]\n`);
  const stored = await desk.keyward(['secrets', 'set', 'API_KEY', '--origin', origin, '--stdin'], SECRET);
  expect(stored, stored.errors).toMatchObject({ code: 0 });
  const trusted = await desk.keyward(['trust', '--yes']);
  expect(trusted, trusted.errors).toMatchObject({ code: 0 });
  return {
    desk,
    arrived,
    waiting: () => new Promise((resolve) => waiters.push(resolve)),
    async close() {
      desk.clear();
      upstream.closeAllConnections();
      await new Promise((resolve) => upstream.close(resolve));
    },
  };
}

function reflect({ headers }: IncomingMessage, response: ServerResponse): void {
  const seen = String(headers['x-api-key']);
  response.setHeader('x-reflected', seen);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ seen, in: { text: `key=${seen}` }, more: Array.from({ length: 50 }, (_, id) => ({ id })) }),
  );
}

/** Every tool once, as an agent goes about it; gives all that the client was given. `write` makes the call that must be approved. */
export async function visitShop(
  client: AnyClient,
  write = (request_id: string) => client.callTool('execute_request', { request_id }),
): Promise<readonly Content[]> {
  const seen = [await client.listTools(), await client.callTool('list_collections', {})];
  const listed = await client.callTool('list_requests', {});
  const ids = listed.structuredContent.requests.map(({ id }: { id: string }) => id);
  const described = await client.callTool('describe_request', { request_id: ids[0] });
  expect(described.structuredContent).toMatchObject({ name: 'Read', source: { line: expect.any(Number) } });
  const environments = await client.callTool('list_environments', {});
  expect(environments.structuredContent.environments).toMatchObject([{ name: 'Local' }]);
  const variables = await client.callTool('get_environment', { environment_id: 'Local' });
  expect(variables.structuredContent.variables).toMatchObject([{ name: 'base', enabled: true }]);
  const read = await client.callTool('execute_read_request', { request_id: ids[0], max_body_chars: 100 });
  expect(read.structuredContent, JSON.stringify(read)).toMatchObject({ status: 200, handles: ['API_KEY'] });
  const kept = await client.callTool('read_response', { response_id: read.structuredContent.body.response_id });
  expect(kept.structuredContent, JSON.stringify(kept)).toMatchObject({ kind: 'json' });
  const written = await write(ids[1]);
  expect(written.structuredContent, JSON.stringify(written)).toMatchObject({ status: 200 });
  const history = await client.callTool('get_history', { limit: 3 });
  // Between the two may stand that a client was asked.
  expect(history.structuredContent.entries.filter(({ status }: Content) => status !== undefined)).toMatchObject([
    { method: 'DELETE', status: 200 },
    { method: 'GET', status: 200 },
  ]);
  const secrets = await client.callTool('list_secrets', {});
  expect(secrets.structuredContent.secrets).toMatchObject([{ name: 'API_KEY' }]);
  const all = [listed, described, environments, variables, read, kept, written, history, secrets];
  expect(all.filter(({ isError }) => isError)).toEqual([]);
  return [...seen, ...all];
}

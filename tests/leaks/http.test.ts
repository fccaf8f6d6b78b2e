// The built command served over HTTP, against servers that reflect what they are sent: then every byte that came out anywhere is
// searched, for the vault's secrets and for the callers' own keys.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../cli/run-keyward.ts';
import { createKey, type Served, serveOverHttp } from '../interop/http/served.ts';
import { type HttpChannel, httpChannels } from './channels.ts';
import { type Mirror, mirrorPaths, startMirror } from './mirror.ts';
import { leaksIn } from './spellings.ts';

const secret = 'Qx7/live+Key==94_zTw?&1';
const inline = 'Inline/File+Secret==31_pLq';
const SCOPES = ['read', 'execute:unsafe', 'history', 'secrets'];

const outputs = new Map<HttpChannel, Buffer>();
const add = (channel: HttpChannel, text: string | Buffer) => {
  outputs.set(channel, Buffer.concat([outputs.get(channel) ?? Buffer.alloc(0), Buffer.from(text)]));
};

let desk: Desk;
let mirrors: readonly Mirror[] = [];
let served: Served;
let key = '';
const statuses = new Set<number>();
const codes = new Set<string>();

async function freePort(): Promise<number> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return port;
}

async function post(body: string | object, headers: Readonly<Record<string, string>> = {}, query = '') {
  const answer = await fetch(served.url + query, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${key}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
  });
  const text = await answer.text();
  statuses.add(answer.status);
  add('HTTP: heads and bodies of answers', `${JSON.stringify([...answer.headers])}\n${text}\n`);
  const [code] = /[A-Z]{5,10}\/[A-Z_]+/.exec(text) ?? [];
  if (code !== undefined) codes.add(code);
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text).result?.structuredContent ?? {};
}

const call = (name: string, args: object = {}) => post({ method: 'tools/call', params: { name, arguments: args } });

async function run(channel: HttpChannel, args: readonly string[]): Promise<string> {
  const { out, errors } = await desk.keyward(args);
  add(channel, out + errors);
  return out;
}

const bearerOf = (value: string) => ({ auth: { type: 'bearer', bearer: [{ key: 'token', value }] } });

beforeAll(async () => {
  const [mirror, own] = await Promise.all([startMirror(secret), startMirror(inline)]);
  mirrors = [mirror, own];
  desk = createDesk();
  const reads = mirrorPaths.flatMap((path) => [
    { name: `vault ${path}`, request: { method: 'GET', url: mirror.origin + path, ...bearerOf('{{vault:MIRROR}}') } },
    { name: `inline ${path}`, request: { method: 'GET', url: own.origin + path, ...bearerOf(inline) } },
  ]);
  const body = {
    mode: 'raw',
    raw: `{"note":"{{vault:MIRROR}}","password":"x"}`,
    options: { raw: { language: 'json' } },
  };
  const url = `${mirror.origin}/json?note={{vault:MIRROR}}`;
  const write = { name: 'write', request: { method: 'POST', url, body, ...bearerOf('{{vault:MIRROR}}') } };
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  desk.save('mirror.postman_collection.json', { info: { name: 'Mirror', schema }, item: [...reads, write] });
  desk.save('keyward.yaml', JSON.stringify({ version: 1, network: { allow: [mirror.origin, own.origin] } }));
  expect((await desk.keyward(['secrets', 'set', 'MIRROR', '--origin', mirror.origin, '--stdin'], secret)).code).toBe(0);
  expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
  key = await createKey(desk, 'agent', SCOPES);
  const monitor = `127.0.0.1:${await freePort()}`;
  served = await serveOverHttp(desk, '0', { KEYWARD_LOG_LEVEL: 'debug', KEYWARD_HTTP_MONITOR: monitor });
  await talk();
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    add('HTTP: health and metrics', await (await fetch(`http://${monitor}${path}`)).text());
  }
  await type();
  expect(await served.stop()).toBe(0);
  add('HTTP: stderr of the server', served.errors());
  for (const bytes of filesUnder(desk.home)) add('HTTP: files of the data folder', bytes);
}, 120_000);

afterAll(async () => {
  await served?.stop();
  desk.clear();
  await Promise.all(mirrors.map((mirror) => mirror.close()));
});

async function talk(): Promise<void> {
  for (const method of ['tools/list', 'resources/list', 'prompts/list']) await post({ method });
  for (const tool of ['list_collections', 'list_environments', 'list_secrets']) await call(tool);
  const { requests } = (await call('list_requests', { limit: 100 })) as { requests: { id: string; name: string }[] };
  for (const { id, name } of requests) {
    await call('describe_request', { request_id: id });
    if (name === 'write') continue;
    const { body } = (await call('execute_read_request', { request_id: id })) as { body?: { response_id?: string } };
    if (body?.response_id) await call('read_response', { response_id: body.response_id });
  }
  await writeWithTheOperator();
  await call('get_history', { limit: 50 });
  await refusals();
}

/** The client cannot ask anybody, so the call waits until the operator has answered. */
async function writeWithTheOperator(): Promise<void> {
  const written = call('execute_request', { request_id: 'write' });
  let asked = { approvals: [] as { id: string }[] };
  while (asked.approvals.length === 0)
    asked = JSON.parse(await run('command line: approvals', ['approvals', 'list', '--json']));
  await run('command line: approvals', ['approvals', 'list']);
  await run('command line: approvals', ['approvals', 'allow', asked.approvals[0]?.id ?? '']);
  expect((await written).status).toBe(200);
}

/** Whatever a client gets wrong, with its key in the wrong place, is not repeated to it or to the log. */
async function refusals(): Promise<void> {
  const list = { method: 'tools/list' };
  await post(list, { authorization: `Bearer ${key}x` });
  await post(list, { authorization: key });
  await post(list, { authorization: `Basic ${Buffer.from(`agent:${key}`).toString('base64')}` });
  await post(list, { origin: `https://${key.toLowerCase().replaceAll('_', '-')}.example` });
  await post(list, {}, `?access_token=${key}`);
  await post(list, { 'content-type': `text/${key.slice(0, 30)}` });
  await post(`{"jsonrpc":"2.0","id":1,"method":"${key}`);
  await post({ method: key });
  await call(key);
  await call('describe_request', { request_id: key, [key]: key });
}

async function type(): Promise<void> {
  for (const args of [['list'], ['list', '--json'], ['matrix'], ['matrix', '--json']]) {
    await run('command line: access', ['access', ...args]);
  }
  const archive = join(desk.workspace, '..', 'archive.ndjson');
  add('checkpoints and archives', await run('command line: journal', ['journal', 'checkpoint']));
  for (const args of [['show', '--wide'], ['show', '--json'], ['export'], ['key'], ['verify', '--json']]) {
    await run('command line: journal', ['journal', ...args]);
  }
  await run('command line: journal', ['journal', 'prune', '--keep', '4', '--archive', archive, '--yes']);
  add('checkpoints and archives', readFileSync(archive));
  writeFileSync(archive, '');
}

function filesUnder(folder: string): readonly Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

describe('over HTTP', () => {
  it('the servers got the credentials, and the gate refused what it should', () => {
    for (const mirror of mirrors) expect(mirror.accepted()).toBeGreaterThan(5);
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 400, 401, 403, 415]));
    expect(codes.size).toBeGreaterThan(4);
  });

  it('every line of the log about a call carries its correlation id', () => {
    const lines = served
      .errors()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    const calls = lines.filter(({ msg }) => msg !== 'health and metrics are served');
    expect(new Set(calls.map(({ msg }) => msg))).toContain('a call waits for the operator: keyward approvals');
    expect(calls.filter(({ fields }) => !/^[\w-]{36}$/.test(fields.correlationId))).toEqual([]);
  });

  it.each(httpChannels)('P1: no spelling of a secret, and no key of a caller, in: %s', (channel) => {
    const bytes = outputs.get(channel) ?? Buffer.alloc(0);
    expect(bytes.length).toBeGreaterThan(0);
    for (const value of [secret, inline]) expect(leaksIn(bytes, value)).toEqual([]);
    expect(bytes.includes(key.slice(22))).toBe(false);
    expect(bytes.includes('mintedCookieValue77')).toBe(false);
    expect(bytes.includes('unknown-to-us-1')).toBe(false);
  });
});

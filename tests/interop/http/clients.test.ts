// The built command over HTTP, through clients that nobody here wrote. They are told an address and one header, and nothing else.
import { StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clients } from '../../unit/server/clients.ts';
import type { Content } from '../../unit/tools/stand.ts';
import { createShop, SECRET, type Shop, visitShop } from '../shop.ts';
import { createKey, type Served, serveOverHttp } from './served.ts';

const SCOPES = ['read', 'execute', 'execute:unsafe', 'history', 'secrets'];
/** Only clients of this era can be asked while each request stands alone. */
const ASKED = 'client 2.x, 2026-07-28';

let shop: Shop;
let served: Served;
let inProgress: Promise<Progress>;

beforeAll(async () => {
  shop = await createShop();
  served = await serveOverHttp(shop.desk);
  // The first word of progress takes seconds: the other tests go on meanwhile.
  const { arrived, ended } = startCalls();
  inProgress = ended;
  await Promise.race([arrived, ended]);
});

afterAll(async () => {
  expect(await served.stop(), served.errors()).toBe(0);
  expect(served.errors()).not.toContain(SECRET);
  await shop.close();
});

function transportFor(name: string, key: string) {
  const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
  return new Transport(new URL(served.url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
}

/** Answers, as the operator, the one call that waits. */
async function allowWaiting(): Promise<Content> {
  for (;;) {
    const listed = await shop.desk.keyward(['approvals', 'list', '--json']);
    const waiting = JSON.parse(listed.out).approvals.find(({ state }: Content) => state === 'pending');
    if (waiting === undefined) continue;
    const allowed = await shop.desk.keyward(['approvals', 'allow', waiting.id]);
    expect(allowed, allowed.errors).toMatchObject({ code: 0 });
    return waiting;
  }
}

const keyFor = (name: string, purpose: string) => createKey(shop.desk, `${purpose}, ${name}`, SCOPES);

type Progress = readonly (readonly number[])[];

/** A call of each client, which the API answers once all of them were told of its progress; ends with what each was told. */
function startCalls(): { readonly arrived: Promise<unknown>; readonly ended: Promise<Progress> } {
  const upstream = clients.map(() => shop.waiting());
  let told = 0;
  const tell = async () => {
    told += 1;
    if (told < clients.length) return;
    for (const response of upstream) (await response).end('done');
  };
  const watch = async ([name, connect]: (typeof clients)[number]) => {
    const client = await connect(transportFor(name, await keyFor(name, 'progress')));
    const progress: number[] = [];
    const onprogress = (each: { progress: number }) => {
      progress.push(each.progress);
      if (each.progress === 1) void tell();
    };
    const result = await client.callTool('execute_read_request', { request_id: 'Wait' }, { onprogress });
    expect(result.structuredContent).toMatchObject({ status: 200 });
    await client.close();
    return progress;
  };
  return { arrived: Promise.all(upstream), ended: Promise.all(clients.map(watch)) };
}

describe.each(clients)('%s', (name, connect) => {
  it('P1: uses every tool; the secret reaches the API and nothing else', async () => {
    const key = await keyFor(name, 'visit');
    const asked: string[] = [];
    const elicit = (message: string) => {
      asked.push(message);
      return { action: 'accept', content: { approve: true } } as const;
    };
    const client = await connect(transportFor(name, key), { elicit });
    shop.arrived.length = 0;
    const byOperator = async (request_id: string) => {
      const call = client.callTool('execute_request', { request_id });
      asked.push((await allowWaiting()).question);
      return call;
    };
    const seen = await visitShop(client, name === ASKED ? undefined : byOperator);
    expect(shop.arrived).toEqual(['GET with the secret', 'DELETE with the secret']);
    expect(asked).toEqual([expect.stringContaining('DELETE')]);
    const listed = await client.listResources();
    expect(listed.resources).toMatchObject([{ name: 'Shop' }]);
    const read = await client.readResource(listed.resources[0].uri);
    const prompts = await client.listPrompts();
    const prompt = await client.getPrompt('explain_request', { request_id: 'Read' });
    expect(JSON.stringify(prompt)).toContain('/read');
    const all = JSON.stringify([seen, asked, listed, read, prompts, prompt]);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(key.split('_')[2]);
    await client.close();
  });

  it('ends a call that the client gives up, and the request that it had sent', async () => {
    const client = await connect(transportFor(name, await keyFor(name, 'cancel')));
    const upstream = shop.waiting();
    const stop = new AbortController();
    const call = client.callTool('execute_read_request', { request_id: 'Wait' }, { signal: stop.signal });
    const failed = call.catch(() => 'given up');
    const response = await upstream;
    const closed = new Promise((resolve) => response.once('close', resolve));
    stop.abort();
    expect(await failed).toBe('given up');
    // In the older era giving up a call does not close its connection, and nothing else can reach it.
    if (name !== ASKED) await client.close();
    await closed;
    expect(response.writableFinished).toBe(false);
    await client.close();
  });
});

it('tells every client of the progress of a call', async () => {
  const progress = await inProgress;
  expect(progress.map(([first]) => first)).toEqual(clients.map(() => 1));
});

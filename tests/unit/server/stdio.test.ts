import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { limits } from '../../../shared/limits.ts';

import { createShop } from '../tools/shop.ts';
import { SECRET, type Stand } from '../tools/stand.ts';
import { type ClientOptions, type Connect, clients } from './clients.ts';
import { serveOnWire, type Wire } from './wire.ts';

const READ = { request_id: 'List items', environment_id: 'dev' };
const WRITE = { request_id: 'Create item', environment_id: 'dev' };

describe.each(clients)('%s', (_, connect: Connect) => {
  let stand: Stand;
  let wire: Wire;

  beforeEach(async () => {
    stand = await createShop();
    wire = serveOnWire(stand);
  });
  afterEach(async () => {
    wire.stdin.end();
    await wire.served;
    await stand.close();
  });

  const open = (options?: ClientOptions) => connect(wire.transport, options);

  it('lists the tools of the contracts, in order, without opening the workspace', async () => {
    const client = await open();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(contracts.map(({ name }) => name));
    for (const tool of tools) {
      expect(tool.annotations, tool.name).toEqual({
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
      expect(tool.inputSchema.additionalProperties, tool.name).toBe(false);
      expect(tool.outputSchema.type, tool.name).toBe('object');
      expect(tool.title, tool.name).toMatch(/\w/);
    }
  });

  it('goes from list over describe to execute', async () => {
    const client = await open();
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(10);
    const listed = await client.callTool('list_requests', { query: 'list items' });
    const [{ id }] = listed.structuredContent.requests;
    const described = await client.callTool('describe_request', { request_id: id, environment_id: 'dev' });
    expect(described.structuredContent.name).toBe('List items');
    const executed = await client.callTool('execute_read_request', { request_id: id, environment_id: 'dev' });
    expect(executed.structuredContent.status).toBe(200);
    expect(JSON.parse(executed.content[0].text)).toEqual(executed.structuredContent);
    expect(JSON.stringify(executed)).not.toContain(SECRET);
    expect(stand.arrived).toHaveLength(1);
    expect(wire.opened()).toBe(1);
  });

  it('P9: a bad argument is a coded failure, an unknown tool a protocol error', async () => {
    const client = await open();
    const refused = await client.callTool('list_requests', { nope: 1 });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.parse(refused.content[0].text)).toMatchObject({ code: 'INPUT/INVALID', fix: expect.any(String) });
    await expect(client.callTool('no_such_tool', {})).rejects.toMatchObject({ code: -32602 });
  });

  it('P7: sends an unsafe request once the person accepts', async () => {
    const asked: string[] = [];
    const client = await open({
      elicit: (message) => {
        asked.push(message);
        return { action: 'accept', content: { approve: true } };
      },
    });
    const executed = await client.callTool('execute_request', WRITE);
    expect(executed.structuredContent.status).toBe(200);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(`POST ${stand.origin}/items/7`);
    expect(stand.arrived).toEqual(['POST /items/7']);
  });

  it.each([
    ['decline', { action: 'decline' }],
    ['cancel', { action: 'cancel' }],
    ['accept without saying yes', { action: 'accept', content: { approve: false } }],
  ] as const)('P7: %s sends nothing', async (_name, answer) => {
    const client = await open({ elicit: () => answer });
    const refused = await client.callTool('execute_request', WRITE);
    expect(refused.isError).toBe(true);
    expect(JSON.parse(refused.content[0].text).code).toBe('POLICY/APPROVAL_DECLINED');
    expect(stand.arrived).toEqual([]);
    expect(stand.journal.at(-1)).toMatchObject({ type: 'denied', failure: 'POLICY/APPROVAL_DECLINED' });
    expect(stand.journal.filter(({ type }) => type !== 'denied')).toEqual([]);
  });

  it('P7: a client that cannot ask gets POLICY/APPROVAL_REQUIRED', async () => {
    const client = await open();
    const refused = await client.callTool('execute_request', WRITE);
    expect(JSON.parse(refused.content[0].text)).toMatchObject({ code: 'POLICY/APPROVAL_REQUIRED' });
    expect(stand.arrived).toEqual([]);
  });
});

describe.each(clients)('%s, slow upstream', (_, connect: Connect) => {
  it('cancelling the call stops the upstream request and is recorded', async () => {
    const stop = new AbortController();
    let closed: Promise<void> | undefined;
    const stand = await createShop({
      answer: (request) => {
        closed = new Promise((resolve) => request.socket.once('close', () => resolve()));
        stop.abort();
      },
    });
    const wire = serveOnWire(stand);
    const client = await connect(wire.transport);
    await expect(client.callTool('execute_read_request', READ, { signal: stop.signal })).rejects.toThrow();
    await closed;
    wire.stdin.end();
    await wire.served;
    expect(stand.journal.at(-1)).toMatchObject({ type: 'end', failure: 'NETWORK/CANCELLED' });
    await stand.close();
  });

  it('P11: the end of input ends the server, aborts what runs and records how it ended', async () => {
    let arrived: (() => void) | undefined;
    const sent = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const stand = await createShop({ answer: () => arrived?.() });
    const wire = serveOnWire(stand);
    const client = await connect(wire.transport);
    const call = client.callTool('execute_read_request', READ).catch(() => 'stopped');
    await sent;
    wire.stdin.end();
    await wire.served;
    expect(stand.journal.map(({ type }) => type)).toEqual(['begin', 'end']);
    expect(stand.journal.at(-1)).toMatchObject({ failure: 'NETWORK/CANCELLED' });
    await client.close();
    expect(await call).toBe('stopped');
    await stand.close();
  });
});

it.each(clients)('sends progress that grows while a call runs, to %s', async (_, connect) => {
  const progress: number[] = [];
  const stand = await createShop({
    answer: (_request, response) => {
      answer = () => response.end('done');
      vi.advanceTimersByTime(limits.progressEveryMs - 1);
      before = [...progress];
      vi.advanceTimersByTime(limits.progressEveryMs + 1);
    },
  });
  let answer: (() => void) | undefined;
  let before: readonly number[] | undefined;
  const wire = serveOnWire(stand);
  const client = await connect(wire.transport);
  // The clock that progress is sent by, and no other: what is sent goes the way that it goes.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const result = await client.callTool('execute_read_request', READ, {
    onprogress: (each) => {
      progress.push(each.progress);
      if (progress.length === 2) answer?.();
    },
  });
  vi.useRealTimers();
  expect(result.structuredContent.status).toBe(200);
  expect([before, progress]).toEqual([[], [1, 2]]);
  wire.stdin.end();
  await wire.served;
  await stand.close();
});

describe('the wire', () => {
  it('P12: ends on a frame over the limit instead of taking it in', async () => {
    const stand = await createShop();
    const wire = serveOnWire(stand);
    wire.stdin.write('x'.repeat(limits.frameBytes + 1));
    await wire.served;
    await stand.close();
  });

  it('ends when it is told to, and when nobody reads any more', async () => {
    const stand = await createShop();
    const stop = new AbortController();
    const told = serveOnWire(stand, stop.signal);
    stop.abort();
    await told.served;
    const unread = serveOnWire(stand);
    unread.stdout.destroy(new Error('EPIPE'));
    await unread.served;
    await stand.close();
  });

  it('P9: survives frames that are no MCP, and writes nothing but MCP', async () => {
    const stand = await createShop();
    const wire = serveOnWire(stand);
    let written = '';
    wire.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    for (const frame of [
      '',
      '{',
      'null',
      '[]',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":1,"method":"nope"}',
      '\u0000\ufffd',
    ]) {
      wire.stdin.write(`${frame}\n`);
    }
    const [, connect] = clients[0] ?? [];
    if (connect === undefined) throw new Error('no client');
    const client = await connect(wire.transport);
    expect((await client.listTools()).tools).toHaveLength(10);
    for (const line of written.split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    wire.stdin.end();
    await wire.served;
    await stand.close();
  });
});

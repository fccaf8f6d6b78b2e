// The built command, over stdio, through clients that nobody here wrote: both SDK lines, both protocol eras.
import { spawn } from 'node:child_process';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, createDesk } from '../cli/run-keyward.ts';
import { clients } from '../unit/server/clients.ts';
import { collection, item } from '../unit/tools/stand.ts';
import { createShop, SECRET, type Shop, visitShop } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await createShop();
});

afterAll(() => shop.close());

function transportFor(name: string) {
  const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
  const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: shop.desk.home, KEYWARD_KEY_SOURCE: 'key-file' };
  return new Transport({
    command: process.execPath,
    args: [command, 'serve', shop.desk.workspace],
    env,
    stderr: 'pipe',
  });
}

describe.each(clients)('%s', (name, connect) => {
  it('P1: lists, describes and executes; the secret reaches the API and nothing else', async () => {
    const transport = transportFor(name);
    let errors = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const asked: string[] = [];
    const client = await connect(transport, {
      elicit: (message) => {
        asked.push(message);
        return { action: 'accept', content: { approve: true } };
      },
    });
    shop.arrived.length = 0;
    const seen = await visitShop(client);
    expect(shop.arrived).toEqual(['GET with the secret', 'DELETE with the secret']);
    expect(asked).toEqual([expect.stringContaining('DELETE')]);
    expect(JSON.stringify([seen, asked]) + errors).not.toContain(SECRET);
    await client.close();
  });
});

describe.each(clients)('%s, while files change', (name, connect) => {
  it('P10: is told of collections that come, change and are hidden, at once', async () => {
    const live = createDesk();
    live.save('first.postman_collection.json', collection('First', [item('One', 'GET', 'https://h/one')]));
    const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
    const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: live.home, KEYWARD_KEY_SOURCE: 'key-file' };
    const client = await connect(
      new Transport({ command: process.execPath, args: [command, 'serve', live.workspace], env, stderr: 'ignore' }),
    );
    const names = async () => (await client.listResources()).resources.map((each: { name: string }) => each.name);
    let wake: () => void = () => undefined;
    const told = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    expect(await names()).toEqual(['First']);
    await client.onResourcesChanged(() => wake());
    const came = told();
    live.save('second.json', collection('Second', [item('Two', 'GET', 'https://h/two')]));
    await came;
    expect(await names()).toEqual(['First', 'Second']);
    const edited = told();
    live.save('second.json', collection('Second', [item('Three', 'GET', 'https://h/three')]));
    await edited;
    const listed = await client.callTool('list_requests', { collection_id: 'Second' });
    expect(listed.structuredContent.requests).toMatchObject([{ name: 'Three' }]);
    const hidden = told();
    live.save('keyward.yaml', 'version: 1\naccess:\n  collections: { Second: hidden }\n');
    const refused = await client.callTool('list_requests', { collection_id: 'Second' });
    expect(JSON.parse(refused.content[0].text).code).toBe('COLLECTION/NOT_FOUND');
    await hidden;
    expect(await names()).toEqual(['First']);
    await client.close();
    live.clear();
  });

  it('P8: what a configuration loosens counts once it is trusted, without a restart', async () => {
    const live = createDesk();
    live.save('a.json', collection('A', [item('One', 'GET', 'http://127.0.0.1:9/one')]));
    const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
    const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: live.home, KEYWARD_KEY_SOURCE: 'key-file' };
    const client = await connect(
      new Transport({ command: process.execPath, args: [command, 'serve', live.workspace], env, stderr: 'ignore' }),
    );
    const code = async () => {
      const { content } = await client.callTool('execute_read_request', { request_id: 'One' });
      return JSON.parse(content[0].text).code;
    };
    expect(await code()).toBe('NETWORK/ADDRESS_DENIED');
    live.save('keyward.yaml', 'version: 1\nnetwork:\n  allow: ["http://127.0.0.1:9"]\n');
    expect(await code()).toBe('NETWORK/ADDRESS_DENIED');
    expect((await live.keyward(['trust', '--yes'])).code).toBe(0);
    expect(await code()).toBe('NETWORK/CONNECT_FAILED');
    live.save('keyward.yaml', 'version: 1\naccess: { default: read-only }\n');
    expect(await code()).toBe('POLICY/DENIED');
    await client.close();
    live.clear();
  });
});

describe('the command', () => {
  it('exits with 0 at the end of input and writes nothing but MCP', async () => {
    const env = { PATH: process.env.PATH, KEYWARD_HOME: shop.desk.home, KEYWARD_KEY_SOURCE: 'key-file' };
    const child = spawn(process.execPath, [command, 'serve', shop.desk.workspace], { env, stdio: 'pipe' });
    let written = '';
    child.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    for (const line of written.split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('P9: starts with a configuration that is broken, and says so at the call', async () => {
    const broken = createDesk();
    broken.save('keyward.yaml', 'version: 1\nacess: {}\n');
    const child = spawn(process.execPath, [command, 'serve', broken.workspace], {
      env: { PATH: process.env.PATH, KEYWARD_HOME: broken.home, KEYWARD_KEY_SOURCE: 'key-file' },
      stdio: 'pipe',
    });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const call = { name: 'list_collections', arguments: {}, _meta: meta };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })}\n`);
    const answer = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(answer).toContain('CONFIG/INVALID');
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    broken.clear();
  });
});

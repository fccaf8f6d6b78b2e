// The built command, over stdio, through clients that nobody here wrote: both SDK lines, both protocol eras.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, createDesk, type Desk } from '../cli/run-keyward.ts';
import { type AnyClient, clients } from '../unit/server/clients.ts';
import { collection, item } from '../unit/tools/stand.ts';
import { createShop, SECRET, type Shop, visitShop } from './shop.ts';

const environmentOf = (desk: Desk) => ({
  PATH: process.env.PATH ?? '',
  KEYWARD_HOME: desk.home,
  KEYWARD_KEY_SOURCE: 'key-file',
});

describe.each(clients)('%s', (name, connect) => {
  let shop: Shop;
  let client: AnyClient;
  let errors = '';
  const asked: string[] = [];

  beforeAll(async () => {
    shop = await createShop();
    const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
    const transport = new Transport({
      command: process.execPath,
      args: [command, 'serve', shop.desk.workspace],
      env: environmentOf(shop.desk),
      stderr: 'pipe',
    });
    transport.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    client = await connect(transport, {
      elicit: (message) => {
        asked.push(message);
        return { action: 'accept', content: { approve: true } };
      },
    });
  });

  afterAll(async () => {
    await client.close();
    await shop.close();
  });

  it('P1: lists, describes and executes; the secret reaches the API and nothing else', async () => {
    const seen = await visitShop(client);
    expect(shop.arrived).toEqual(['GET with the secret', 'DELETE with the secret']);
    expect(asked).toEqual([expect.stringContaining('DELETE')]);
    expect(JSON.stringify([seen, asked]) + errors).not.toContain(SECRET);
  });

  it('P10: is told of collections that come, change and are hidden, at once', async () => {
    const { desk } = shop;
    const trusted = readFileSync(join(desk.workspace, 'keyward.yaml'), 'utf8');
    const names = async () => (await client.listResources()).resources.map((each: { name: string }) => each.name);
    let wake: () => void = () => undefined;
    const told = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    expect(await names()).toEqual(['Shop']);
    await client.onResourcesChanged(() => wake());
    const came = told();
    desk.save('second.json', collection('Second', [item('Two', 'GET', 'https://h/two')]));
    await came;
    expect(await names()).toEqual(['Second', 'Shop']);
    const edited = told();
    desk.save('second.json', collection('Second', [item('One', 'GET', 'http://127.0.0.1:9/one')]));
    await edited;
    const listed = await client.callTool('list_requests', { collection_id: 'Second' });
    expect(listed.structuredContent.requests).toMatchObject([{ name: 'One' }]);
    const hidden = told();
    desk.save('keyward.yaml', `${trusted}access:\n  collections: { Second: hidden }\n`);
    const refused = await client.callTool('list_requests', { collection_id: 'Second' });
    expect(JSON.parse(refused.content[0].text).code).toBe('COLLECTION/NOT_FOUND');
    await hidden;
    expect(await names()).toEqual(['Shop']);
  });

  it('P8: what a configuration loosens counts once it is trusted, without a restart', async () => {
    const { desk } = shop;
    desk.save('keyward.yaml', 'version: 1\n');
    const code = async () => {
      const { content } = await client.callTool('execute_read_request', { request_id: 'One' });
      return JSON.parse(content[0].text).code;
    };
    expect(await code()).toBe('NETWORK/ADDRESS_DENIED');
    desk.save('keyward.yaml', 'version: 1\nnetwork:\n  allow: ["http://127.0.0.1:9"]\n');
    expect(await code()).toBe('NETWORK/ADDRESS_DENIED');
    expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
    expect(await code()).toBe('NETWORK/CONNECT_FAILED');
    desk.save('keyward.yaml', 'version: 1\naccess: { default: read-only }\n');
    expect(await code()).toBe('POLICY/DENIED');
  });
});

describe('the command', () => {
  it('P9: starts with a configuration that is broken and says so at the call; at the end of input it exits with 0, and wrote nothing but MCP', async () => {
    const broken = createDesk();
    broken.save('keyward.yaml', 'version: 1\nacess: {}\n');
    const child = spawn(process.execPath, [command, 'serve', broken.workspace], {
      env: environmentOf(broken),
      stdio: 'pipe',
    });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const call = { name: 'list_collections', arguments: {}, _meta: meta };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })}\n`);
    let written = '';
    child.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(written).toContain('CONFIG/INVALID');
    for (const line of written.split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    broken.clear();
  });
});

// The MCP Inspector's command line against the built command over HTTP. It needs a newer Node than this project allows, so that it is
// no dependency: KEYWARD_INSPECTOR names the launcher of an installed one
// (npm install --prefix DIR @modelcontextprotocol/inspector@2.12; DIR/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js).
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Content } from '../../unit/tools/stand.ts';
import { createShop, SECRET, type Shop } from '../shop.ts';
import { createKey, type Served, serveOverHttp } from './served.ts';

const launcher =
  process.env.KEYWARD_INSPECTOR ?? resolvable('@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const TOOL_FAILED = 5;
const NOT_LET_IN = 3;

function resolvable(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

describe.skipIf(launcher === undefined)('the Inspector (skipped without KEYWARD_INSPECTOR)', () => {
  let shop: Shop;
  let served: Served;
  let key: string;

  beforeAll(async () => {
    shop = await createShop();
    key = await createKey(shop.desk, 'inspector');
    served = await serveOverHttp(shop.desk);
  });

  afterAll(async () => {
    await served.stop();
    await shop.close();
  });

  async function inspect(args: readonly string[]): Promise<{ code: number; out: string }> {
    const all = [launcher ?? '', '--cli', ...args, '--format', 'json'];
    const env = { PATH: process.env.PATH, HOME: shop.desk.home };
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'ignore'], env });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? -1)));
    return { code, out };
  }

  const eras = [
    ['legacy', '2025-11-25'],
    ['modern', '2026-07-28'],
  ] as const;

  it.each(eras)('P1: lists and calls tools in the %s era', async (era, version) => {
    const headers = { Authorization: `Bearer ${key}` };
    const server = { type: 'streamable-http', url: served.url, headers, protocolEra: era };
    shop.desk.save('../inspector.json', { mcpServers: { keyward: server } });
    const place = ['--config', `${shop.desk.workspace}/../inspector.json`, '--server', 'keyward'];
    const ask = async (method: string, ...rest: string[]): Promise<Content> => {
      const { code, out } = await inspect([...place, '--method', method, ...rest]);
      expect(out).not.toContain(SECRET);
      return { code, ...JSON.parse(out) };
    };
    const call = (name: string, args: object) =>
      ask('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args));
    expect(await ask('initialize')).toMatchObject({ code: 0, result: { protocolVersion: version } });
    const { result } = await ask('tools/list');
    expect(result.tools.map(({ name }: Content) => name)).toContain('execute_read_request');
    const variables = await call('get_environment', { environment_id: 'Local' });
    expect(variables).toMatchObject({ code: 0, result: { structuredContent: { name: 'Local' } } });
    const read = await call('execute_read_request', { request_id: 'Read' });
    expect(read).toMatchObject({ code: 0, result: { structuredContent: { status: 200 } } });
    const none = await call('execute_read_request', { request_id: 'none' });
    expect(none).toMatchObject({ code: TOOL_FAILED, result: { isError: true } });
  });

  it('is not let in with another key', async () => {
    const header = ['--header', `Authorization: Bearer ${key.slice(0, -1)}_`];
    const { code } = await inspect([served.url, '--transport', 'http', ...header, '--method', 'tools/list']);
    expect(code).toBe(NOT_LET_IN);
  });
});

import { afterAll, beforeAll, describe, it } from 'vitest';
import { connect } from '../../src/demo/mcp-client.ts';
import { harbour } from './harbour.ts';
import { command, createDesk, type Desk } from './run-keyward.ts';

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} };
const lines = (...messages: object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');

describe.concurrent('keyward serve', () => {
  let desk: Desk;

  beforeAll(() => {
    desk = createDesk();
    desk.save('harbour.json', harbour('http://127.0.0.1:9'));
  });
  afterAll(() => desk.clear());

  for (const [what, args] of [
    ['by name', ['serve']],
    ['as the default', []],
    ['with a workspace and no command', ['./harbour.json']],
    ['through the full parser', ['serve', '--', 'harbour.json']],
  ] as const) {
    it(`starts ${what}, writes nothing but MCP to stdout, and ends with its input`, async ({ expect }) => {
      const { code, out } = await desk.spawned(args, lines(HELLO, LIST));
      expect(code).toBe(0);
      const answers = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { jsonrpc: string; id: number });
      expect(answers.map(({ jsonrpc, id }) => [jsonrpc, id])).toEqual([
        ['2.0', 1],
        ['2.0', 2],
      ]);
    });
  }

  it('P9: survives what is no MCP and still writes nothing else to stdout', async ({ expect }) => {
    const { code, out } = await desk.spawned(['serve'], `not json\n${'\u0000'.repeat(9)}\n${lines(HELLO, LIST)}`);
    expect(code).toBe(0);
    for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('P9: tells of a workspace that does not exist, at the start and at each call', async ({ expect }) => {
    const agent = await connect({
      command: process.execPath,
      args: [command, 'serve', './nowhere', '--home', desk.home],
      approve: () => false,
    });
    const listed = await agent.callTool('list_requests', {});
    expect(listed.isError).toBe(true);
    expect(JSON.parse(listed.text)).toMatchObject({ code: 'COLLECTION/UNREADABLE' });
    expect(await agent.close()).toBe(0);
    expect(agent.received().toString()).toContain('the workspace ./nowhere does not exist');
  });
});

// What one caller may send, what belongs to it alone, and what each group of a reach opens.
import { afterAll, describe, expect, it } from 'vitest';
import { parseScopes } from '../../shared/access/reach.ts';
import { contracts } from '../../shared/contracts/contracts.ts';
import { prompts } from '../../shared/contracts/prompts.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import { caller, openReachStand } from './reach-stand.ts';
import { type Asked, createWorld, type World } from './reach-world.ts';

const { api, whole, stored, secrets, parts, close } = await openReachStand();
afterAll(close);

function scoped(...scopes: readonly string[]): Principal {
  const parsed = parseScopes(scopes);
  return caller('key:one', parsed.ok ? parsed.value : expect.unreachable());
}

describe('a credential that no request names', () => {
  it('P10: a login of the operator is there for a caller who reaches it, and as good as missing for another', async () => {
    const asked: Asked = { tool: 'execute_request', args: { request_id: 'Logged in', environment_id: 'dev' } };
    const world = createWorld(parts());
    expect(await world.ask(asked, scoped('execute'))).toContain('"status":200');
    const login = secrets.handles.find(({ name }) => name.startsWith('login-'))?.id;
    expect(await world.ask(asked, scoped('execute', `handle:${login}`))).toContain('"status":200');
    api.arrived.length = 0;
    expect(await world.ask(asked, scoped('execute', 'handle:KEY_A'))).toContain('REQUEST/LOGIN_REQUIRED');
    expect(api.arrived).toEqual([]);
  });
});

describe('what a caller may not send', () => {
  const asked = (request_id: string, tool = 'execute_request'): Asked => ({
    tool,
    args: { request_id, environment_id: 'dev', variables: { name: 'x' } },
  });

  it('P10: is refused without a question, with the rule, and recorded', async () => {
    const world = createWorld({
      ...parts(),
      policy: { access: { default: 'full', collections: {}, environments: {} } },
    });
    api.arrived.length = 0;
    const text = await world.ask(asked('Create'), scoped('execute', 'read'));
    expect(JSON.parse(JSON.parse(text).text)).toMatchObject({
      code: 'POLICY/DENIED',
      message: expect.stringContaining('POST may change data'),
      fix: expect.stringContaining('scope'),
    });
    expect(world.journal).toMatchObject([
      { type: 'denied', failure: 'POLICY/DENIED', decision: { rule: 'scope', reason: 'POST may change data' } },
    ]);
    expect(api.arrived).toEqual([]);
    expect(await world.ask(asked('List'), scoped('execute'))).toContain('REQUEST/AMBIGUOUS');
    expect(await world.ask(asked('Long', 'execute_read_request'), scoped('execute'))).toContain('"status":200');
    expect(await world.ask(asked('Create'), scoped('execute:unsafe'))).toContain('"status":200');
  });

  it.each([
    ['execute:unsafe', 'full'],
    ['execute', 'safe'],
    ['read', 'read-only'],
  ])('P10: with %s beside read, listings say %s where the policy says full', async (scope, level) => {
    const world = createWorld({
      ...parts(),
      policy: { access: { default: 'full', collections: {}, environments: {} } },
    });
    for (const tool of ['list_collections', 'list_environments']) {
      const text = await world.ask({ tool, args: {} }, scoped('read', scope));
      expect(new Set(Array.from(text.matchAll(/"access":"([a-z-]+)"/g), ([, access]) => access))).toEqual(
        new Set([level]),
      );
    }
  });

  it('P10: who executed is told by name, and nothing else of a caller', async () => {
    const world = createWorld(parts());
    const about = { name: 'Build bot', keyId: 'AbCdEf123456', client: 'an agent 1.0', address: '192.0.2.7' };
    const bot: Principal = { ...caller('key:bot'), about };
    await world.ask(asked('Long'), bot);
    const text = await world.ask({ tool: 'get_history', args: {} }, bot);
    expect(text).toContain('"who":"Build bot"');
    for (const hidden of ['key:bot', about.keyId, about.client, about.address]) expect(text).not.toContain(hidden);
    expect(world.journal[0]).toMatchObject({ principal: 'key:bot', caller: about });
  });
});

describe('what belongs to one caller', () => {
  /** Everything that a caller leaves: a captured token, a cookie, kept responses, session variables, history, a question, cursors. */
  async function leave(world: World): Promise<Readonly<Record<string, string>>> {
    const one = caller('key:one');
    const ask = (asked: Asked) => world.ask(asked, one);
    const dev = { environment_id: 'dev' };
    await ask({ tool: 'execute_request', args: { request_id: 'Log in', ...dev } });
    await ask({ tool: 'execute_request', args: { request_id: 'Scripted', ...dev } });
    const long = await ask({ tool: 'execute_request', args: { request_id: 'Long', ...dev, max_body_chars: 500 } });
    const question = await ask({
      tool: 'execute_request',
      args: { request_id: 'Create', ...dev, variables: { name: 'x' } },
    });
    const page = await ask({ tool: 'list_requests', args: { limit: 1 } });
    const history = await ask({ tool: 'get_history', args: { limit: 1 } });
    const found = (text: string, pattern: RegExp) =>
      pattern.exec(text)?.[1] ?? expect.unreachable(`${pattern} in ${text}`);
    return {
      response: found(long, /response_id\\*":\\*"([^"\\]+)/),
      digest: found(question, /"digest":"([^"]+)/),
      cursor: found(page, /next_cursor\\*":\\*"([^"\\]+)/),
      older: found(history, /next_cursor\\*":\\*"([^"\\]+)/),
      correlation: found(long, /correlation_id\\*":\\*"([^"\\]+)/),
    };
  }

  it('P10: is nothing to another', async () => {
    const [used, fresh] = [createWorld(parts()), createWorld(parts())];
    const left = await leave(used);
    for (const world of [used, fresh]) world.count(1_000);
    const dev = { environment_id: 'dev' };
    const calls: readonly Asked[] = [
      { tool: 'read_response', args: { response_id: left.response } },
      { tool: 'get_history', args: {} },
      { tool: 'get_history', args: { cursor: left.older, limit: 1 } },
      { tool: 'list_requests', args: { cursor: left.cursor, limit: 1 } },
      { tool: 'list_secrets', args: {} },
      { tool: 'get_environment', args: dev },
      { tool: 'get_environment', args: { environment_id: 'Globals' } },
      { tool: 'describe_request', args: { request_id: 'Create', ...dev } },
      { prompt: 'debug_execution', args: { request_id: 'Long', correlation_id: left.correlation } },
      {
        tool: 'execute_request',
        args: { request_id: 'Create', ...dev, headers: { 'X-Note': '{{captured:access_token_1}}' } },
      },
      // Its cookies.
      { tool: 'execute_request', args: { request_id: 'Scripted', ...dev } },
      { tool: 'execute_request', args: { request_id: 'Log in', ...dev } },
      { tool: 'list_secrets', args: {} },
      { tool: 'get_history', args: {} },
    ];
    for (const asked of calls) {
      const seen = async (world: World) => {
        api.arrived.length = 0;
        const approval = { digest: left.digest ?? '', outcome: 'approved' as const };
        const text = await world.ask(asked, caller('key:two'), approval);
        return { text, arrived: [...api.arrived] };
      };
      const theirs = await seen(used);
      expect(theirs, JSON.stringify(asked)).toEqual(await seen(fresh));
      if ('args' in asked && 'cursor' in asked.args) expect(theirs.text).toContain('INPUT/CURSOR_INVALID');
    }
  });

  it('P10: does not show in the uses of a secret that both reach, and whoever runs Keyward is told', async () => {
    const copies = [stored.open(), stored.open()];
    const [used, fresh] = copies.map(({ vault }) => createWorld({ ...parts(), vault }));
    if (!used || !fresh) return expect.unreachable();
    const list = whole.workspace
      .collections()
      .find(({ file }) => file === 'shop.postman_collection.json')
      ?.requests.find(({ name }) => name === 'List');
    const own: Principal = { id: 'shell', kind: 'shell' };
    await used.ask({ tool: 'execute_request', args: { request_id: list?.id, environment_id: 'dev' } }, own);
    for (const world of [used, fresh]) world.count(1_000);
    const listed = (world: World, principal: Principal) => world.ask({ tool: 'list_secrets', args: {} }, principal);
    expect(await listed(used, caller('key:two'))).toBe(await listed(fresh, caller('key:two')));
    expect(await listed(used, own)).toMatch(/last_used.*use_count/);
    for (const { remove } of copies) remove();
  });

  it('P10: is there for the one who made it', async () => {
    const world = createWorld(parts());
    const left = await leave(world);
    const own = await world.ask({ tool: 'read_response', args: { response_id: left.response } }, caller('key:one'));
    expect(own).toContain('item 0');
    expect(await world.ask({ tool: 'list_secrets', args: {} }, caller('key:one'))).toContain('captured:access_token_1');
    expect(await world.ask({ tool: 'get_history', args: {} }, caller('key:one'))).toContain(left.correlation);
  });
});

describe('the groups of a reach', () => {
  const groups = { read: ['read'], execute: ['execute'], history: ['history'], secrets: ['secrets'] } as const;
  const open: Readonly<Record<keyof typeof groups, readonly string[]>> = {
    read: ['list_collections', 'list_requests', 'describe_request', 'list_environments', 'get_environment'],
    execute: ['execute_request', 'execute_read_request', 'read_response'],
    history: ['get_history'],
    secrets: ['list_secrets'],
  };

  it.each(Object.keys(groups) as (keyof typeof groups)[])(
    'P10: %s opens its own tools and nothing else',
    async (group) => {
      const parsed = parseScopes(groups[group]);
      const world = createWorld(parts());
      const principal = caller('key:one', parsed.ok ? parsed.value : expect.unreachable());
      for (const { name } of contracts) {
        const text = await world.ask(
          { tool: name, args: { request_id: 'x', environment_id: 'x', response_id: 'x' } },
          principal,
        );
        expect([name, text.includes('ACCESS/DENIED')]).toEqual([name, !open[group].includes(name)]);
      }
      for (const { name } of prompts) {
        const text = await world.ask({ prompt: name, args: { request_id: 'Long' } }, principal);
        expect(text.includes('ACCESS/DENIED')).toBe(group !== 'read' || name === 'debug_execution');
      }
      expect((await world.ask({ list: 'resources' }, principal)).includes('ACCESS/DENIED')).toBe(group !== 'read');
      expect(world.journal).toEqual([]);
    },
  );
});

// Whatever is logged while a call is served carries the id that its client got, whichever part tells it.
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ok } from '../../../../shared/failure/result.ts';
import type { Log, LogFields } from '../../../../src/log/log.ts';
import { createTeller } from '../../../../src/log/teller.ts';
import { createDesk, createWaiting } from '../../approvals/desk.ts';
import { createScriptStand, sending } from '../../execute/script-stand.ts';
import { builtSandbox as scripts } from '../../sandbox/built-sandbox.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import { caller, KEY, META, message, messageIn, type Post, serveStand, toolCall } from './http-stand.ts';

const lines: { readonly message: string; readonly fields: LogFields }[] = [];
const write = (fields: LogFields, told: string) => void lines.push({ message: told, fields });
const log: Log = { error: write, warn: write, info: write, debug: write };
const { tell, inCall } = createTeller(async () => log);

beforeEach(() => void lines.splice(0));

const BOB = 'Bearer bob';

async function serve(make: () => Promise<Stand> = createShop) {
  const stand = await make();
  const desk = createDesk();
  const waiting = createWaiting(desk, { onAsked: (approval) => tell('warn', { approval }, 'waits') });
  const { courier } = stand.context;
  const deliver: typeof courier.deliver = (...given) => {
    tell('warn', { origin: stand.origin }, 'not checked');
    return courier.deliver(...given);
  };
  const http = await serveStand(stand, {
    inCall,
    open: async () => ok({ ...stand.context, courier: { deliver } }),
    callers: {
      [KEY]: caller('key', 'ann', ['execute:unsafe']),
      [BOB]: caller('key', 'bob', ['execute:unsafe']),
    },
    operator: waiting.operator,
    onProtocolError: (error) => tell('info', { error }, 'not handled'),
  });
  onTestFinished(async () => {
    await http.stop();
    await stand.close();
  });
  const call = async (post: Post) => {
    const answer = await fetch(http.url, post);
    return { id: answer.headers.get('x-correlation-id'), result: messageIn(await answer.text()).result };
  };
  return {
    desk,
    waiting,
    async idOf(post: Post): Promise<string | null> {
      return (await call(post)).id;
    },
    call,
  };
}

const seen = () => lines.map(({ message: told, fields }) => [told, fields.correlationId]);

it('a call that waits for the operator, and one under way beside it', async () => {
  const { desk, waiting, idOf } = await serve();
  const write = idOf(toolCall('2026-07-28', 'execute_request', { request_id: 'Create item', environment_id: 'dev' }));
  let pending = desk.pending();
  for (; pending.length === 0; pending = desk.pending()) await turn();
  const other = await idOf(
    toolCall('initialize', 'execute_request', { request_id: 'List items', environment_id: 'dev' }),
  );
  expect(desk.desk.answer(pending[0] ?? '', { kind: 'once' })).toMatchObject({ ok: true });
  await waiting.look();
  const id = await write;
  expect(id).toMatch(/^[\w-]{36}$/);
  expect(seen()).toEqual([
    ['waits', id],
    ['not checked', other],
    ['not checked', id],
  ]);
});

it('what scripts of two callers send from one thread, also once a person was asked', async () => {
  const { call } = await serve(() =>
    createScriptStand({
      scripts,
      items: () => [
        { name: 'Reads', before: sending('{{base}}/one') },
        { name: 'Writes', before: sending({ url: '{{base}}/two', method: 'POST' }) + sending('{{base}}/three') },
      ],
    }),
  );
  const execute = (name: string, key: string, params: object = {}) => {
    const _meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };
    const args = { name: 'execute_request', arguments: { request_id: name, environment_id: 'dev' }, _meta, ...params };
    const post = message('2026-07-28', 'tools/call', args);
    return call({ ...post, headers: { ...post.headers, Authorization: key } });
  };
  const ids: (string | null)[] = [];
  for (const key of [KEY, BOB, KEY]) ids.push((await execute('Reads', key)).id);
  const { result } = await execute('Writes', BOB);
  const inputResponses = { approval: { action: 'accept', content: { approve: true } } };
  const { id } = await execute('Writes', BOB, { requestState: result.requestState, inputResponses });
  expect(lines.map(({ fields }) => fields.correlationId)).toEqual([...ids.flatMap((each) => [each, each]), id, id, id]);
});

it('a message that the protocol refuses', async () => {
  const { idOf } = await serve();
  const post = message('2026-07-28', 'tools/list');
  const id = await idOf({ ...post, headers: { ...post.headers, 'Mcp-Method': 'prompts/list' } });
  expect(seen()).toEqual([['not handled', id]]);
});

it('nothing else carries one, and what a line says itself counts', async () => {
  inCall('a', () => {
    tell('info', {}, 'inside');
    tell('info', { correlationId: 'b' }, 'said');
    inCall(undefined, () => tell('info', {}, 'for all'));
  });
  tell('info', {}, 'outside');
  await turn();
  expect(seen()).toEqual([
    ['inside', 'a'],
    ['said', 'b'],
    ['for all', undefined],
    ['outside', undefined],
  ]);
});

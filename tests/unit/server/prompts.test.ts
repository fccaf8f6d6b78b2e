import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promptFields } from '../../leaks/channels.ts';
import { createShop, INLINE } from '../tools/shop.ts';
import { type Content, SECRET, type Stand } from '../tools/stand.ts';
import { type AnyClient, type Connect, clients } from './clients.ts';
import { serveOnWire, type Wire } from './wire.ts';

const SECRETS = [SECRET, INLINE, 'literal-key-123456'];

/** The task and the context of a prompt's one message. */
function parts({ messages }: Content): { task: string; context: Content } {
  expect(messages).toMatchObject([{ role: 'user', content: { type: 'text' } }]);
  const text: string = messages[0].content.text;
  const at = text.indexOf('\n\n');
  return { task: text.slice(0, at), context: JSON.parse(text.slice(at + 2)) as Content };
}

describe.each(clients)('prompts: %s', (_, connect: Connect) => {
  let stand: Stand;
  let wire: Wire;
  let client: AnyClient;

  beforeAll(async () => {
    stand = await createShop();
    wire = serveOnWire(stand);
    client = await connect(wire.transport);
    await client.callTool('execute_read_request', { request_id: 'List items', environment_id: 'dev' });
  });
  afterAll(async () => {
    wire.stdin.end();
    await wire.served;
    await stand.close();
  });

  it('are three, with their arguments', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }: Content) => name)).toEqual(['explain_request', 'debug_execution', 'write_tests']);
    expect(prompts[0].arguments).toEqual([
      { name: 'request_id', description: expect.any(String), required: true },
      { name: 'environment_id', description: expect.any(String), required: false },
    ]);
  });

  it.each([
    ['explain_request', { request_id: 'List items', environment_id: 'dev' }],
    ['debug_execution', { request_id: 'List items', problem: `password=${INLINE} is refused` }],
    ['write_tests', { request_id: 'Basic', framework: 'vitest' }],
  ])('P1: %s shows the request and no secret', async (name, args) => {
    const { task, context } = parts(await client.getPrompt(name, args));
    expect(task).toMatch(/^[A-Z].*values are not available\.$/);
    expect(context.request).toMatchObject({ name: args.request_id, collection: 'Shop' });
    expect(promptFields[name]).toEqual(expect.arrayContaining(Object.keys(context)));
    for (const secret of SECRETS) expect(JSON.stringify(context)).not.toContain(secret);
  });

  it('tells what became of the latest executions, or of one', async () => {
    const { context } = parts(await client.getPrompt('debug_execution', { request_id: 'List items' }));
    expect(context.executions).toMatchObject([{ outcome: 'answered', status: 200 }]);
    const [{ correlation_id }] = context.executions;
    const one = parts(await client.getPrompt('debug_execution', { request_id: 'List items', correlation_id }));
    expect(one.context.executions).toHaveLength(1);
  });

  it.each([
    ['a prompt that does not exist', 'explain', {}],
    ['no request', 'explain_request', {}],
    ['an unknown argument', 'explain_request', { request_id: 'List items', reveal: 'yes' }],
    ['a request that does not exist', 'explain_request', { request_id: 'Nope' }],
    ['an execution that does not exist', 'debug_execution', { request_id: 'List items', correlation_id: 'x' }],
  ])('P9: refuses %s as invalid parameters', async (__, name, args) => {
    await expect(client.getPrompt(name, args)).rejects.toMatchObject({ code: -32602 });
  });

  it('P10: a hidden request and one that does not exist are the same', async () => {
    const problem = async (request_id: string) =>
      client.getPrompt('explain_request', { request_id }).catch(({ code, message }) => ({ code, message }));
    const hidden = await problem('Salaries');
    expect(hidden).toMatchObject({ code: -32602 });
    expect(hidden).toEqual(
      await problem('Salarien').then((p) => JSON.parse(JSON.stringify(p).replaceAll('Salarien', 'Salaries'))),
    );
  });
});

describe('hosts in prompts', () => {
  it('P1: are hidden where the operator wants it; scheme, path and query stay', async () => {
    const stand = await createShop({ policy: { prompts: { redactHosts: true } } });
    const call = { principal: { id: 'test', kind: 'stdio' }, signal: new AbortController().signal } as const;
    const ask = async (request_id: string) => {
      const made = await stand.toolbox.prompt(
        { name: 'explain_request', arguments: { request_id, environment_id: 'dev' } },
        call,
      );
      return made && 'prompt' in made ? made.context.text : '';
    };
    expect(await ask('Static')).toContain('"url":"https://[REDACTED_HOST]/x"');
    expect(await ask('Static')).not.toContain('static.example.com');
    const listed = await ask('List items');
    expect(listed).toContain('{{base}}/items?limit=2');
    expect(listed).not.toContain(new URL(stand.origin).host);
    await stand.close();
  });
});

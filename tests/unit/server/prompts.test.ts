import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_NOTE } from '../../../shared/contracts/contract.ts';
import { promptFields } from '../../leaks/channels.ts';
import { createShop, INLINE } from '../tools/shop.ts';
import { type Content, collection, createStand, item, SECRET, type Stand } from '../tools/stand.ts';
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

  it('names the credentials that a request uses', async () => {
    const { context } = parts(await client.getPrompt('explain_request', { request_id: 'Bearer' }));
    expect(context.request.auth.fields).toMatchObject([
      { name: 'token', secrets: [{ kind: 'handle', label: 'Test key' }] },
    ]);
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
  const call = { principal: { id: 'test', kind: 'stdio' }, signal: new AbortController().signal } as const;
  const ask = async (stand: Stand, request_id: string) => {
    const made = await stand.toolbox.prompt({ name: 'explain_request', arguments: { request_id } }, call);
    return made && 'prompt' in made ? made.context.text : '';
  };

  it('P1: are hidden where the operator wants it; scheme, path and query stay', async () => {
    const stand = await createShop({ policy: { prompts: { redactHosts: true } } });
    expect(await ask(stand, 'Static')).toContain('"url":"https://[REDACTED_HOST]/x"');
    expect(await ask(stand, 'Static')).not.toContain('static.example.com');
    expect(await ask(stand, 'List items')).toContain('{{base}}/items?limit=2');
    await stand.close();
  });

  it('P1: are hidden without a scheme, in a variable and in a header, and nobody can take our own words for one', async () => {
    const url = 'api.schemeless.corp/v1';
    const header = [{ key: 'Host', value: 'vhost.corp.example' }];
    const stand = await createStand({
      policy: { prompts: { redactHosts: true } },
      files: () => ({
        'c.postman_collection.json': collection(
          'C',
          [
            item('Bare', 'GET', url, { header, description: 'See http://./ and https://others./ for more.' }),
            item('Variable', 'GET', 'https://{{baseHost}}/v1'),
          ],
          { variable: [{ key: 'baseHost', value: 'base.host.corp' }] },
        ),
      }),
    });
    const texts = [await ask(stand, 'Bare'), await ask(stand, 'Variable')];
    for (const host of [url.split('/')[0] ?? '', 'vhost.corp.example', 'base.host.corp'])
      expect(texts.join()).not.toContain(host);
    for (const text of texts) {
      expect(JSON.parse(text)).toMatchObject({
        content_note: expect.stringContaining(CONTENT_NOTE),
        content_end: expect.stringMatching(/^kw-/),
      });
    }
    await stand.close();
  });
});

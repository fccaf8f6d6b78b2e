import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectionUri, resourceContent, resourceList } from '../../../shared/contracts/resources.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { type LiveWorkspace, watchWorkspace } from '../../../src/workspace/watch-workspace.ts';
import { createShop } from '../tools/shop.ts';
import { type Content, collection, item, type Stand } from '../tools/stand.ts';
import { type AnyClient, type Connect, clients } from './clients.ts';
import { serveOnWire, type Wire } from './wire.ts';

const names = ({ resources }: Content): string[] => resources.map(({ name }: Content) => name);

describe.each(clients)('resources: %s', (_, connect: Connect) => {
  let stand: Stand;
  let live: LiveWorkspace;
  let wire: Wire;
  let client: AnyClient;
  let changes = 0;
  let wake: () => void = () => undefined;

  beforeEach(async () => {
    stand = await createShop();
    const watched = await watchWorkspace({ roots: [stand.folder], forbidden: [] });
    if (!watched.ok) throw new Error(watched.failure.code);
    live = watched.value;
    const context = { ...stand.context, workspace: live };
    wire = serveOnWire(stand, undefined, {
      open: async () => ok(context),
      onChange: (listener) => void live.onChange(listener),
    });
    client = await connect(wire.transport);
    changes = 0;
  });
  afterEach(async () => {
    wire.stdin.end();
    await wire.served;
    live.close();
    await stand.close();
  });

  const save = (name: string, content: unknown) => writeFileSync(join(stand.folder, name), JSON.stringify(content));
  /** Resolves at the next notification. */
  const told = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const follow = () =>
    client.onResourcesChanged(() => {
      changes += 1;
      wake();
    });

  it('are the visible collections', async () => {
    const listed = await client.listResources();
    expect(resourceList.output.parse({ resources: listed.resources })).toEqual({
      resources: [
        {
          uri: expect.stringMatching(/^keyward:\/\/collection\/\S+$/),
          name: 'Shop',
          description: 'postman-2.1, 11 requests',
          mimeType: 'application/json',
        },
      ],
    });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'keyward://collection/{id}' }]);
  });

  it('hold the requests exactly as list_requests shows them', async () => {
    const [{ uri }] = (await client.listResources()).resources;
    const { contents } = await client.readResource(uri);
    expect(contents).toMatchObject([{ uri, mimeType: 'application/json' }]);
    const content = resourceContent.output.parse(JSON.parse(contents[0].text));
    const { structuredContent } = await client.callTool('list_requests', { collection_id: content.id, limit: 200 });
    expect(content.requests).toEqual(structuredContent.requests);
    expect(content).toMatchObject({ name: 'Shop', request_count: 11 });
    expect(contents[0].text).not.toContain('literal-key-123456');
  });

  it('P10: that are hidden answer as those that do not exist', async () => {
    const hidden = live.collections().find(({ name }) => name === 'Payroll');
    const answerTo = async (uri: string) => {
      const error = await client.readResource(uri).catch((problem: Content) => problem);
      return JSON.stringify([error.code, error.message, error.data]).replaceAll(uri, 'URI');
    };
    const answers = await Promise.all(
      [collectionUri(hidden?.id ?? ''), collectionUri('none'), 'file:///etc/passwd'].map(answerTo),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('-32602');
    expect(answers[0]).not.toContain('Payroll');
  });

  it('P10: are told of when they change, and of hidden ones is nothing said', async () => {
    await client.listTools();
    expect(names(await client.listResources())).toEqual(['Shop']);
    await follow();
    save('payroll.postman_collection.json', collection('Payroll', [item('Wages', 'GET', 'https://h')]));
    save('more.json', collection('More', [item('One', 'GET', 'https://h/one')]));
    await told();
    expect(names(await client.listResources())).toEqual(['More', 'Shop']);
    const rewritten = told();
    save('more.json', collection('More', [item('Two', 'GET', 'https://h/two')]));
    await rewritten;
    const [{ uri }] = (await client.listResources()).resources;
    expect((await client.readResource(uri)).contents[0].text).toContain('https://h/two');
    const deleted = told();
    renameSync(join(stand.folder, 'more.json'), join(stand.folder, 'more.txt'));
    await deleted;
    expect(names(await client.listResources())).toEqual(['Shop']);
    expect(changes).toBe(3);
  });

  it('P10: a change of what is hidden is told to nobody', async () => {
    await client.listResources();
    await follow();
    const before = live.revision();
    const noticed = new Promise<void>((resolve) => live.onChange(() => resolve()));
    unlinkSync(join(stand.folder, 'payroll.postman_collection.json'));
    await noticed;
    expect(live.revision()).toBeGreaterThan(before);
    const next = told();
    save('more.json', collection('More', []));
    await next;
    expect(changes).toBe(1);
  });

  it('P10: a change of what is hidden is told to nobody, though something visible stands in the same file', async () => {
    const space = (name: string, id: string, url: string) => [
      { _id: `wrk_${id}`, _type: 'workspace', name, scope: 'collection' },
      { _id: `req_${id}`, _type: 'request', parentId: `wrk_${id}`, name: `R${id}`, method: 'GET', url },
    ];
    const both = (shown: string, hidden: string) => ({
      _type: 'export',
      __export_format: 4,
      resources: [...space('Shown', '1', shown), ...space('Payroll', '2', hidden)],
    });
    const noticed = () => new Promise<void>((resolve) => live.onChange(() => resolve()));
    const added = noticed();
    save('both.json', both('https://h/1', 'https://h/2'));
    await added;
    expect(names(await client.listResources())).toEqual(['Shop', 'Shown']);
    await follow();
    const edited = noticed();
    save('both.json', both('https://h/1', 'https://h/3'));
    await edited;
    await client.listResources();
    expect(changes).toBe(0);
    const next = told();
    save('both.json', both('https://h/4', 'https://h/3'));
    await next;
    expect(changes).toBe(1);
  });

  it('P9: asked for without a name answer with a failure of this product', async () => {
    await expect(client.readResource(5 as never)).rejects.toMatchObject({
      code: -32602,
      data: { code: 'INPUT/INVALID', message: 'The arguments are not valid: uri must be a text.' },
    });
  });

  it('come in pages, and one that is large says how to go on', async () => {
    const many = Array.from({ length: 400 }, (_each, at) =>
      item(`Request ${at}`, 'GET', `https://h/${at}/${'x'.repeat(60)}`),
    );
    const noticed = new Promise<void>((resolve) => live.onChange(() => resolve()));
    save('a-large.json', collection('Large', many));
    await noticed;
    const [{ uri, name }] = (await client.listResources()).resources;
    expect(name).toBe('Large');
    const { contents } = await client.readResource(uri);
    expect(contents[0].text.length).toBeLessThanOrEqual(limits.resultChars);
    const { id, requests, next_cursor: cursor, request_count: count } = JSON.parse(contents[0].text);
    expect(count).toBe(400);
    const rest = await client.callTool('list_requests', { collection_id: id, cursor, limit: 200 });
    expect(rest.structuredContent.requests[0].name).toBe(`Request ${requests.length}`);
    await expect(client.listResources('nonsense')).rejects.toMatchObject({ code: -32602 });
  });
});

describe.each(clients)('resources that cannot be had: %s', (_, connect: Connect) => {
  it('P9: are a protocol error with the code of the failure', async () => {
    const stand = await createShop();
    const problem = failure('CONFIG/INVALID', { file: 'keyward.yaml', problem: 'it is broken' });
    const wire = serveOnWire(stand, undefined, { open: async () => err(problem) });
    const client = await connect(wire.transport);
    await expect(client.listResources()).rejects.toMatchObject({ code: -32603, data: { code: 'CONFIG/INVALID' } });
    wire.stdin.end();
    await wire.served;
    await stand.close();
  });
});

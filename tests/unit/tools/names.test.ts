// Names and descriptions are other people's text, and hold secrets: Postman names an unsaved request after its URL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collection, contentOf, createStand, environment, item, type Stand } from './stand.ts';

const TOKEN = 'Tok4Kd93hfKDh38dhHHD';
const PASSWORD = 'Pw8Password55Lit';
const named = (name: string) => `${name} ?token=${TOKEN}`;
const PROSE = `Use password=${PASSWORD} or the header "Authorization: Bearer ${TOKEN}", then read the docs.`;

let stand: Stand;

beforeAll(async () => {
  const described = { description: PROSE };
  const request = {
    method: 'GET',
    description: PROSE,
    url: { raw: '{{base}}/:id?q=1', query: [{ key: 'q', value: '1', ...described }] },
    header: [{ key: 'X-Plain', value: 'x', ...described }],
  };
  const examples = [{ name: `example password=${PASSWORD}`, code: 200 }];
  stand = await createStand({
    files: (origin) => ({
      [`c token=${TOKEN}.postman_collection.json`]: collection(
        named('Main'),
        [
          { name: named('Folder'), item: [item(named('GET x.io/'), 'GET', `${origin}/reset/token/${TOKEN}`)] },
          item(named('Unsafe'), 'POST', `${origin}/x`),
          { name: 'Described', request, response: examples },
        ],
        { info: { name: named('Main'), schema: SCHEMA, description: PROSE } },
      ),
      'e.postman_environment.json': environment(named('dev'), []),
    }),
  });
});

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

afterAll(() => stand.close());

const leaks = (text: string) => [TOKEN, PASSWORD].filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));

async function listed(tool: string, args: object = {}) {
  const content = contentOf(await stand.call(tool, args));
  const [key] = ['collections', 'requests', 'environments'].filter((name) => name in content);
  return content[key ?? ''] as { id: string; name: string }[];
}

describe('P1: a secret in a name', () => {
  it('is shown nowhere: names, paths, ids, descriptions, examples, history, failures', async () => {
    const [main] = await listed('list_collections');
    const [unsaved, unsafe, described] = await listed('list_requests');
    const [dev] = await listed('list_environments');
    const approval = { digest: '', outcome: 'approved' } as const;
    const calls: readonly [string, object][] = [
      ['list_collections', {}],
      ['list_requests', {}],
      ['list_requests', { collection_id: main?.id }],
      ['list_environments', {}],
      ['get_environment', { environment_id: dev?.id }],
      ['describe_request', { request_id: unsaved?.id, environment_id: dev?.id }],
      ['describe_request', { request_id: described?.id }],
      ['execute_request', { request_id: unsaved?.id, environment_id: dev?.id }],
      ['execute_request', { request_id: unsafe?.id, environment_id: dev?.id }],
      ['get_history', {}],
      ['describe_request', { request_id: 'GET x.io' }],
      ['get_environment', { environment_id: 'dev' }],
      ['list_requests', { collection_id: 'Main' }],
    ];
    for (const [tool, args] of calls) {
      const result = await stand.call(tool, args, { approval });
      expect(leaks(result.text), `${tool} ${JSON.stringify(args)}`).toEqual([]);
    }
    expect(unsaved).toMatchObject({
      name: 'GET x.io/ ?token=[redacted]',
      id: expect.stringMatching(/^get-x-io-token-/),
    });
    expect(leaks(JSON.stringify(stand.journal))).toEqual([]);
  });

  it('keeps the sentence around it', async () => {
    const { docs, params } = contentOf(await stand.call('describe_request', { request_id: 'Described' }));
    expect(docs).toMatch(/^Use password=\[redacted\] or the header .* then read the docs\.$/);
    expect(params[0].description).toBe(docs);
  });

  it.each([
    ['list_collections', 'main'],
    ['list_requests', 'x.io'],
  ])('cannot be searched for letter by letter: %s', async (tool, shown) => {
    expect((await listed(tool, { query: `${shown} token=` })).length).toBe(1);
    for (let chars = 1; chars <= TOKEN.length; chars += 1) {
      const begun = TOKEN.slice(0, chars);
      // The first letters are those of the word "token", which is shown.
      const found = 'token'.startsWith(begun.toLowerCase()) ? 1 : 0;
      expect((await listed(tool, { query: `${shown} token=${begun}` })).length, begun).toBe(found);
    }
  });

  it('of a folder is asked for as it is shown', async () => {
    expect(await listed('list_requests', { folder: 'Folder ?token=[redacted]' })).toHaveLength(1);
    expect(await listed('list_requests', { folder: named('Folder') })).toEqual([]);
  });
});

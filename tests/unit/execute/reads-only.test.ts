import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { ok } from '../../../shared/failure/result.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { collection, contentOf, createStand, environment, failureOf, item, type Stand } from '../tools/stand.ts';

const HANDLE = { id: 'h-1', name: 'API_KEY', pathAllowed: false, createdAt: 0, useCount: 0 };

let stand: Stand;
afterEach(() => stand.close());

interface Row {
  readonly name: string;
  readonly query?: string;
  readonly variables?: string;
  readonly request?: object;
  readonly input?: object;
  /** What the secret variable holds. */
  readonly secret?: string;
  readonly reads: boolean;
}

const MUTATION = '} mutation B { deleteAll';
const JSON_HEADER = (value: string) => ({ header: [{ key: 'Content-Type', value }] });
const KEY = (key: string, value: string, place = 'header') => ({
  auth: {
    type: 'apikey',
    apikey: Object.entries({ key, value, in: place }).map(([name, text]) => ({ key: name, value: text })),
  },
});

const rows: readonly Row[] = [
  { name: 'a plain query', query: '{ a }', reads: true },
  { name: 'a mutation', query: 'mutation { a }', reads: false },
  { name: 'an inline secret in the query', query: 'query A { a(x: "{{s}}") }', secret: MUTATION, reads: false },
  { name: 'a harmless secret in the query', query: 'query A { a(x: "{{s}}") }', secret: 'harmless-1', reads: false },
  { name: 'a handle in the query', query: 'query A { a(x: "{{vault:API_KEY}}") }', reads: false },
  {
    name: 'an inline secret in a variable',
    query: '{ a }',
    variables: '{"x":"{{s}}"}',
    secret: 'harmless-1',
    reads: false,
  },
  {
    name: 'an inline secret that adds a query',
    query: '{ a }',
    variables: '{"x":"{{s}}"}',
    secret: '"},"query":"mutation{deleteAll}","variables":{"x":"',
    reads: false,
  },
  { name: 'a handle in a string of a variable', query: '{ a }', variables: '{"x":"{{vault:API_KEY}}"}', reads: true },
  { name: 'a handle outside a string', query: '{ a }', variables: '{"x":{{vault:API_KEY}}}', reads: false },
  { name: 'variables', query: '{ a }', variables: '{"x":[1,{"y":"}"}]}', reads: true },
  {
    name: 'a value that adds a second query',
    query: '{ a }',
    variables: '{"x":"{{v}}"}',
    input: { variables: { v: '"},"query":"mutation{deleteAll}","z":{"x":"' } },
    reads: false,
  },
  {
    name: 'a value that adds the same query after another',
    query: '{ a }',
    variables: '{"x":"{{v}}"}',
    input: { variables: { v: '"},"query":"mutation{b}","query":"{ a }","z":{"x":"' } },
    reads: false,
  },
  { name: 'a value inside', query: '{ a }', variables: '{"x":"{{v}}"}', input: { variables: { v: '1' } }, reads: true },
  {
    name: 'a form',
    query: '{ a }',
    input: { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    reads: false,
  },
  { name: 'a JSON type', query: '{ a }', request: JSON_HEADER('application/json; charset=utf-8'), reads: true },
  { name: 'another JSON type', query: '{ a }', request: JSON_HEADER('application/graphql+json'), reads: true },
  { name: 'another charset', query: '{ a }', request: JSON_HEADER('application/json; charset=utf-7'), reads: false },
  { name: 'a query in the URL', query: '{ a }', input: { query: { query: 'mutation{deleteAll}' } }, reads: false },
  { name: 'an encoded one', query: '{ a }', input: { query: { ' Query': 'mutation{deleteAll}' } }, reads: false },
  { name: 'one that ends at a NUL', query: '{ a }', input: { query: { 'query\0x': 'mutation{a}' } }, reads: false },
  { name: 'one in brackets', query: '{ a }', input: { query: { '[query]': 'mutation{a}' } }, reads: false },
  { name: 'a parameter', query: '{ a }', input: { query: { page: '1' } }, reads: true },
  { name: 'a query by apikey', query: '{ a }', request: KEY('query', 'mutation{deleteAll}', 'query'), reads: false },
  { name: 'a key', query: '{ a }', request: KEY('X-Key', '{{vault:API_KEY}}'), reads: true },
  { name: 'GET with an override by apikey', request: KEY('X-HTTP-Method-Override', 'DELETE'), reads: false },
  { name: 'GET with a secret override by apikey', request: KEY('x-http-method', '{{vault:API_KEY}}'), reads: false },
  { name: 'GET with an override by apikey from a variable', request: KEY('X-Method-Override', '{{m}}'), reads: false },
  { name: 'GET with that as a parameter', request: KEY('X-Method-Override', 'DELETE', 'query'), reads: false },
  { name: 'GET with _method', input: { query: { _method: 'DELETE' } }, reads: false },
  { name: 'GET with $httpMethod', input: { query: { $httpMethod: 'PUT' } }, reads: false },
  { name: 'GET with .method', input: { query: { '.method': 'DELETE' } }, reads: false },
  { name: 'GET with _method and a NUL', input: { query: { '_method\0x': 'DELETE' } }, reads: false },
  { name: 'GET with a header of Catalyst', input: { headers: { 'X-Tunneled-Method': 'DELETE' } }, reads: false },
  { name: 'GET with a safe _method', input: { query: { _method: 'head' } }, reads: true },
  { name: 'GET with an ordinary method', input: { query: { method: 'card' } }, reads: true },
  {
    name: 'GET with a header of an underscore',
    request: { header: [{ key: 'X_HTTP_METHOD_OVERRIDE', value: 'DELETE' }] },
    reads: false,
  },
  {
    name: 'GET with a secret override',
    request: { header: [{ key: 'X-HTTP-Method-Override', value: '{{s}}' }] },
    secret: 'DELETE',
    reads: false,
  },
];

describe('execute_read_request', () => {
  it.each(rows)('P8: $name reads: $reads', async ({ query, variables, request = {}, input = {}, secret, reads }) => {
    const body =
      query === undefined ? {} : { body: { mode: 'graphql', graphql: { query, variables: variables ?? '' } } };
    stand = await createStand({
      files: (origin) => ({
        'api.postman_collection.json': collection('API', [
          item('It', query === undefined ? 'GET' : 'POST', `${origin}/graphql`, { ...body, ...request }),
        ]),
        'dev.postman_environment.json': environment('dev', [
          { key: 's', value: secret ?? 'unused-1', type: 'secret', enabled: true },
          { key: 'm', value: 'get', enabled: true },
        ]),
      }),
    });
    const args = { request_id: 'It', environment_id: 'dev', ...input };
    let result = await stand.call('execute_read_request', args);
    // A GraphQL query is taken by the read-only tool, but over POST a person still has the word.
    expect(result.kind === 'question').toBe(reads && query !== undefined);
    if (result.kind === 'question') {
      const approval = { digest: result.digest, outcome: 'approved' } as const;
      result = await stand.call('execute_read_request', args, { approval });
    }
    if (reads) expect(contentOf(result).status).toBe(200);
    else expect(failureOf(result).code).toBe('REQUEST/NOT_READ_ONLY');
    expect(stand.arrived).toHaveLength(reads ? 1 : 0);
  });

  it('P11: names in the journal are bounded', async () => {
    const long = `${'n'.repeat(198)}😀${'m'.repeat(1_000)}`;
    stand = await createStand({
      files: (origin) => ({ 'api.postman_collection.json': collection(long, [item(long, 'GET', `${origin}/`)]) }),
    });
    const request_id = stand.context.workspace.collections()[0]?.requests[0]?.id;
    expect(contentOf(await stand.call('execute_read_request', { request_id })).status).toBe(200);
    expect(stand.journal[0]).toMatchObject({ type: 'begin', requestName: `${'n'.repeat(198)}…` });
  });
});

describe('an approval', () => {
  const keyed = (origin: string, variable: string, literal: string) =>
    collection(
      'API',
      [
        item('It', 'POST', `${origin}/up`, {
          header: [{ key: 'X-Api-Key', value: '{{key}}' }],
          body: { mode: 'raw', raw: `{"password":"${literal}"}` },
        }),
      ],
      { variable: [{ key: 'key', value: variable, type: 'secret' }] },
    );

  it.each([
    ['nothing', 'variable-1', 'literal-1', 'result'],
    ['the value of a secret variable', 'variable-2', 'literal-1', 'question'],
    ['a literal secret', 'variable-1', 'literal-2', 'question'],
  ] as const)('P7 P8: once %s was changed, an answer comes to a %s', async (_, variable, literal, kind) => {
    const name = 'api.postman_collection.json';
    stand = await createStand({ files: (origin) => ({ [name]: keyed(origin, 'variable-1', 'literal-1') }) });
    const asked = await stand.call('execute_request', { request_id: 'It' });
    if (asked.kind !== 'question') throw new Error(asked.text);
    writeFileSync(join(stand.folder, name), JSON.stringify(keyed(stand.origin, variable, literal)));
    const workspace = await openWorkspace({ roots: [stand.folder], forbidden: [] });
    if (!workspace.ok) throw new Error(workspace.failure.code);
    const context = { ...stand.context, workspace: workspace.value };
    const toolbox = createToolbox({ open: async () => ok(context), now: Date.now, randomId: () => 'id' });
    const contract = contracts.find((each) => each.name === 'execute_request');
    if (!contract) throw new Error('no tool');
    const again = await toolbox.run(
      contract,
      { request_id: 'It' },
      {
        principal: { id: 'test', kind: 'stdio' },
        signal: new AbortController().signal,
        approval: { digest: asked.digest, outcome: 'approved' },
      },
    );
    expect(again.kind).toBe(kind);
    expect(stand.arrived).toHaveLength(kind === 'result' ? 1 : 0);
  });

  it('P7 P8: is worth nothing once a handle that it sends was set anew', async () => {
    const header = [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }];
    stand = await createStand({
      files: (origin) => ({ 'api.json': collection('API', [item('It', 'POST', `${origin}/up`, { header })]) }),
    });
    const { handles } = stand.context;
    let setAt = 0;
    handles.find = () => ok({ ...HANDLE, origins: [stand.origin], updatedAt: setAt });
    const asked = await stand.call('execute_request', { request_id: 'It' });
    if (asked.kind !== 'question') throw new Error(asked.text);
    const approval = { digest: asked.digest, outcome: 'approved' } as const;
    setAt = 1;
    expect((await stand.call('execute_request', { request_id: 'It' }, { approval })).kind).toBe('question');
    setAt = 0;
    expect((await stand.call('execute_request', { request_id: 'It' }, { approval })).kind).toBe('result');
  });

  it('P8: names the credential that is used, and is worth nothing for another tier of its name', async () => {
    const header = [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }];
    stand = await createStand({
      files: (origin) => ({
        'api.json': collection('API', [
          item('It', 'POST', `${origin}/up`, { header }),
          item('Read', 'GET', `${origin}/up`, { header }),
        ]),
      }),
    });
    const { handles } = stand.context;
    const reading = { ...HANDLE, origins: [stand.origin], updatedAt: 0 };
    const writing = { ...reading, id: 'h-2', tier: 'writing' as const };
    const onlyReading = await stand.call('execute_request', { request_id: 'It' });
    handles.find = (ref) => ok(ref === 'h-2' ? writing : { ...reading, writingId: 'h-2' });
    const both = await stand.call('execute_request', { request_id: 'It' });
    if (onlyReading.kind !== 'question' || both.kind !== 'question') throw new Error('nobody was asked');
    expect([onlyReading.text.includes('"API_KEY"'), both.text.includes('"API_KEY (writing)"')]).toEqual([true, true]);
    expect(both.digest).not.toBe(onlyReading.digest);
    const planned = async (request_id: string) => {
      const called = await stand.call('execute_request', { request_id, dry_run: true });
      return called.kind === 'result' ? called.structured?.handles : called.kind;
    };
    expect([await planned('It'), await planned('Read')]).toEqual([['API_KEY (writing)'], ['API_KEY']]);
  });

  const file = (src: string) => ({ body: { mode: 'file', file: { src } } });
  const form = (src: string) => ({ body: { mode: 'formdata', formdata: [{ key: 'f', type: 'file', src }] } });

  it.each([
    ['a file', file],
    ['a part', form],
  ])('P7 P8: is worth nothing once %s that it sends was changed', async (_, body) => {
    stand = await createStand({
      files: (origin) => ({
        'api.postman_collection.json': collection('API', [item('It', 'POST', `${origin}/up`, body('data.txt'))]),
        'data.txt': 'one',
      }),
    });
    const asked = await stand.call('execute_request', { request_id: 'It' });
    if (asked.kind !== 'question') throw new Error(asked.text);
    const approval = { digest: asked.digest, outcome: 'approved' } as const;
    writeFileSync(join(stand.folder, 'data.txt'), 'two');
    expect((await stand.call('execute_request', { request_id: 'It' }, { approval })).kind).toBe('question');
    expect(stand.arrived).toEqual([]);
    writeFileSync(join(stand.folder, 'data.txt'), 'one');
    expect(contentOf(await stand.call('execute_request', { request_id: 'It' }, { approval })).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { limits } from '../../../shared/limits.ts';
import { createShop, INLINE } from './shop.ts';
import { contentOf, failureOf, SECRET, type Stand } from './stand.ts';

let stand: Stand;

beforeAll(async () => {
  stand = await createShop();
});

afterAll(() => stand.close());

describe('list_collections', () => {
  it('lists visible collections with visible environments only', async () => {
    const listed = contentOf(await stand.call('list_collections', {}));
    expect(listed.collections).toMatchObject([
      { name: 'Shop', format: 'postman-2.1', request_count: 11, access: 'safe', environments: ['dev'] },
    ]);
    expect(JSON.stringify(listed)).not.toMatch(/Payroll|payroll|prod/);
  });

  it('searches by words', async () => {
    expect(contentOf(await stand.call('list_collections', { query: 'sho' })).collections).toHaveLength(1);
    expect(contentOf(await stand.call('list_collections', { query: 'shop nothing' })).collections).toHaveLength(0);
  });
});

describe('list_requests', () => {
  const names = async (args: object) =>
    contentOf(await stand.call('list_requests', args)).requests.map(({ name }: { name: string }) => name);

  const rows: readonly [object, readonly string[]][] = [
    [{ query: 'list' }, ['List items']],
    [{ query: 'ITEMS get' }, ['List items', 'Sneaky read']],
    [{ query: 'limit=2' }, ['List items']],
    [{ method: 'get', folder: 'Items' }, ['List items']],
    [{ folder: '/items/' }, ['List items']],
    [{ folder: 'Item' }, []],
    [{ collection_id: 'Shop', method: 'POST' }, ['Create item', 'Query items', 'Drop items']],
  ];
  it.each(rows)('%j gives %j', async (args, expected) => {
    expect(await names(args)).toEqual(expected);
  });

  it('P1: never matches on, nor shows, a secret of the URL or of a header', async () => {
    for (const query of ['literal-key-123456', 'literal', INLINE, SECRET]) expect(await names({ query })).toEqual([]);
    const listed = contentOf(await stand.call('list_requests', {}));
    expect(JSON.stringify(listed)).not.toMatch(/literal-key|inline-secret|sk-live/);
    expect(listed.requests[0]).toMatchObject({ path: 'Items', auth_type: 'none', handles: ['API_KEY'] });
  });

  it('pages with an opaque cursor and refuses a foreign one', async () => {
    const first = contentOf(await stand.call('list_requests', { limit: 6 }));
    const second = contentOf(await stand.call('list_requests', { limit: 6, cursor: first.next_cursor }));
    expect([...first.requests, ...second.requests].map(({ name }) => name)).toEqual(await names({}));
    expect(second.next_cursor).toBeUndefined();
    for (const [tool, args] of [
      ['list_requests', { limit: 6, cursor: 'broken' }],
      ['list_requests', { query: 'other', cursor: first.next_cursor }],
      ['list_collections', { cursor: first.next_cursor }],
      ['get_history', { cursor: Buffer.from('["get_history",-1,"x"]').toString('base64url') }],
    ] as const) {
      expect(failureOf(await stand.call(tool, args))).toMatchObject({ code: 'INPUT/CURSOR_INVALID' });
    }
  });
});

describe('describe_request', () => {
  it('tells variables apart and gives the place in the file', async () => {
    const args = { request_id: 'Needs a variable', environment_id: 'dev' };
    const described = contentOf(await stand.call('describe_request', args));
    expect(described.variables).toEqual([
      { name: 'base', status: 'set', source: 'environment', value: stand.origin },
      { name: 'absent', status: 'missing' },
      { name: '$guid', status: 'dynamic' },
      { name: 'apiToken', status: 'secret', source: 'environment' },
    ]);
    expect(described.source).toMatchObject({ file: 'shop.postman_collection.json', line: expect.any(Number) });
    expect(described.access).toBe('allow: GET only reads here');
  });

  it('P1: shows auth with SecretRefs', async () => {
    const bearer = contentOf(await stand.call('describe_request', { request_id: 'Bearer' }));
    expect(bearer.auth).toEqual({
      type: 'bearer',
      from: 'request',
      fields: [{ name: 'token', secrets: [{ kind: 'handle', id: 'h-1', label: 'Test key' }] }],
    });
    const basic = contentOf(await stand.call('describe_request', { request_id: 'Basic' }));
    expect(basic.auth.fields).toEqual([
      { name: 'username', text: 'ann' },
      { name: 'password', secrets: [{ kind: 'inline' }] },
    ]);
  });

  it('shows scripts, body and path variables, and no secret', async () => {
    const scripted = contentOf(await stand.call('describe_request', { request_id: 'Scripted' }));
    expect(scripted.scripts).toEqual([{ phase: 'after', from: 'request', language: 'text/javascript', size: 9 }]);
    const created = contentOf(await stand.call('describe_request', { request_id: 'Create item' }));
    expect(created.body).toMatchObject({ kind: 'raw', text: '{"name":"{{itemName}}"}' });
    expect(created.path_variables).toMatchObject([{ name: 'id', value: '{{itemId}}' }]);
    expect(created.headers).toMatchObject([{ name: 'X-Api-Key', value: expect.any(String) }]);
    expect(created.access).toBe('ask: POST may change data');
  });
});

describe('environments', () => {
  it('P1: shows secrets as SecretRefs', async () => {
    const read = contentOf(await stand.call('get_environment', { environment_id: 'dev' }));
    expect(read.variables).toEqual([
      { name: 'base', enabled: true, value: stand.origin },
      { name: 'apiToken', enabled: true, secret: { kind: 'inline' } },
      { name: 'handle', enabled: true, secret: { kind: 'handle', id: 'h-1', label: 'Test key' } },
      { name: 'plain', enabled: false, value: 'hello' },
    ]);
  });

  it('lists visible ones', async () => {
    const listed = contentOf(await stand.call('list_environments', { collection_id: 'Shop' }));
    expect(listed.environments).toMatchObject([
      { name: 'dev', kind: 'environment', variable_count: 4, access: 'safe' },
    ]);
  });
});

describe('list_secrets', () => {
  it('shows handles without values, and names the vault when it is locked', async () => {
    const listed = contentOf(await stand.call('list_secrets', { query: 'test' }));
    expect(listed.secrets).toEqual([
      {
        id: 'h-1',
        name: 'API_KEY',
        tier: 'reading',
        label: 'Test key',
        origins: [stand.origin],
        places: ['auth', 'header', 'query', 'body', 'cookie'],
        source: 'value',
        created: '1970-01-01T00:00:00.000Z',
        use_count: 0,
      },
    ]);
    stand.lockVault(failure('VAULT/KEY_UNAVAILABLE', { reason: 'locked', recovery: 'Unlock it.' }));
    expect(failureOf(await stand.call('list_secrets', {}))).toMatchObject({ code: 'VAULT/KEY_UNAVAILABLE' });
    stand.lockVault(failure('VAULT/ABSENT'));
    expect(contentOf(await stand.call('list_secrets', {})).secrets).toEqual([]);
    stand.lockVault(undefined);
  });
});

describe('get_history', () => {
  it('P11: shows what is kept with less detail, and nothing of what is hidden', async () => {
    const less = await createShop({
      policy: {
        access: { default: 'safe', collections: { Shop: 'full', Payroll: 'hidden' }, environments: { prod: 'hidden' } },
        journal: { detail: 'minimal', collections: {} },
      },
    });
    expect((await less.call('execute_request', { request_id: 'Bearer', environment_id: 'dev' })).text).toContain('200');
    const [begin] = less.journal;
    expect(JSON.stringify(begin)).not.toMatch(/shop|bearer|dev\b/i);
    const { entries } = contentOf(await less.call('get_history', {}));
    expect(entries).toMatchObject([{ status: 200, request_id: expect.stringMatching(/^[a-z\d]{10}$/) }]);
    const [payroll] = less.context.workspace.collections().filter(({ name }) => name === 'Payroll');
    if (begin?.type !== 'begin' || !payroll) return expect.unreachable();
    for (const collectionId of [payroll.id, payroll.id.slice(-10)]) less.journal.push({ ...begin, collectionId });
    expect(contentOf(await less.call('get_history', {})).entries).toHaveLength(1);
    await less.close();
  });
});

describe('hidden and missing', () => {
  const withoutIds = (text: string, ref: string) => text.replaceAll(ref, 'REF').replace(/"correlation_id":"[^"]*"/, '');

  it('P10: give the same bytes, whatever is asked and however it is named', async () => {
    const payroll = stand.context.workspace.collections().find(({ name }) => name === 'Payroll');
    const prod = stand.context.workspace.environments().find(({ name }) => name === 'prod');
    const salaries = payroll?.requests[0];
    const pairs: readonly [string, (ref: string) => object, readonly (string | undefined)[]][] = [
      ['list_requests', (ref) => ({ collection_id: ref }), ['Payroll', payroll?.id]],
      ['list_environments', (ref) => ({ collection_id: ref }), ['Payroll', payroll?.id]],
      ['describe_request', (ref) => ({ request_id: ref }), ['Salaries', salaries?.id, 'Payroll / Salaries']],
      ['execute_request', (ref) => ({ request_id: ref }), ['Salaries', salaries?.id]],
      ['execute_read_request', (ref) => ({ request_id: ref }), ['Salaries', salaries?.id]],
      ['get_history', (ref) => ({ request_id: ref }), ['Salaries', salaries?.id]],
      ['get_environment', (ref) => ({ environment_id: ref }), ['prod', prod?.id]],
      ['execute_read_request', (ref) => ({ request_id: 'Static', environment_id: ref }), ['prod', prod?.id]],
    ];
    for (const [tool, args, hidden] of pairs) {
      for (const ref of hidden) {
        if (ref === undefined) throw new Error('the hidden thing is not there');
        const missing = ref.replace(/[A-Za-z0-9]/g, 'q');
        const one = await stand.call(tool, args(ref));
        const other = await stand.call(tool, args(missing));
        expect(one.text).toMatch(/NOT_FOUND/);
        expect(withoutIds(one.text, ref), `${tool} ${ref}`).toBe(withoutIds(other.text, missing));
      }
    }
  });
});

describe('arguments', () => {
  const rows: readonly [string, unknown, string][] = [
    ['list_collections', { nope: 1 }, 'there is no argument "nope"'],
    ['list_collections', { limit: 0 }, 'limit must be at least 1'],
    ['list_collections', { limit: limits.maxPageSize + 1 }, `limit must be at most ${limits.maxPageSize}`],
    ['list_collections', { limit: 1.5 }, 'limit must be of type int'],
    ['describe_request', {}, 'request_id must be of type string'],
    ['describe_request', { request_id: '' }, 'request_id must be at least 1 characters long'],
    ['describe_request', null, 'request_id must be of type string'],
    ['describe_request', [], 'must be of type object'],
    [
      'execute_request',
      { request_id: 'x', response_format: 'xml' },
      'response_format must be one of full, text, source, shape, bytes',
    ],
    ['execute_request', { request_id: 'x', variables: { a: 1 } }, 'variables must be of type string'],
    ['execute_request', { request_id: 'x', approve: true }, 'there is no argument "approve"'],
    ['execute_request', { request_id: 'x', max_body_chars: 99 }, 'max_body_chars must be at least 100'],
    [
      'execute_request',
      { request_id: 'x', timeout_ms: limits.maxTimeoutMs + 1 },
      `timeout_ms must be at most ${limits.maxTimeoutMs}`,
    ],
  ];
  it.each(rows)('P9: %s refuses %j: %s', async (tool, args, problem) => {
    const refused = failureOf(await stand.call(tool, args));
    expect(refused).toMatchObject({ code: 'INPUT/INVALID', retryable: false, correlation_id: expect.any(String) });
    expect(refused.message).toBe(`The arguments are not valid: ${problem}.`);
  });

  const nested = (levels: number): unknown => {
    let value: unknown = 'end';
    for (let level = 1; level < levels; level += 1) value = [value];
    return value;
  };

  it.each(['body', 'variables', 'select', 'nope'])('P9: %s may not nest deeper than the limit', async (argument) => {
    for (const levels of [limits.valueDepth + 1, 100_000]) {
      const args = { request_id: 'Static', [argument]: nested(levels), dry_run: true };
      const refused = failureOf(await stand.call('execute_request', args));
      expect(refused.message).toBe(`The arguments are not valid: they nest deeper than ${limits.valueDepth} levels.`);
    }
    expect(stand.bugs).toEqual([]);
  });

  it('P9: a body may nest up to the limit', async () => {
    const args = { request_id: 'Create item', environment_id: 'dev', body: nested(limits.valueDepth), dry_run: true };
    const { request } = contentOf(await stand.call('execute_request', args));
    expect(request.body).toContain('["end"]');
  });

  it('P9: an argument’s value is never repeated', async () => {
    const refused = await stand.call('list_collections', {
      limit: 'my-secret-value',
      cursor: { a: 'my-secret-value' },
    });
    expect(refused.text).not.toContain('my-secret-value');
  });
});

describe('every result', () => {
  it('has structured content that its output schema accepts, and the same as text', async () => {
    const calls: readonly [string, object][] = [
      ['list_collections', {}],
      ['list_requests', {}],
      ['describe_request', { request_id: 'Create item', environment_id: 'dev' }],
      ['describe_request', { request_id: 'Bearer' }],
      ['describe_request', { request_id: 'Basic' }],
      ['execute_read_request', { request_id: 'Basic', environment_id: 'dev', dry_run: true }],
      ['list_environments', {}],
      ['get_environment', { environment_id: 'dev' }],
      ['execute_request', { request_id: 'Create item', environment_id: 'dev', dry_run: true }],
      ['execute_read_request', { request_id: 'List items', environment_id: 'dev' }],
      ['get_history', {}],
      ['list_secrets', {}],
    ];
    for (const [name, args] of calls) {
      const result = await stand.call(name, args);
      const content = contentOf(result);
      expect(JSON.parse(result.text)).toEqual(content);
      const contract = contracts.find((each) => each.name === name);
      expect(contract?.output.safeParse(content).error?.message, name).toBeUndefined();
      expect(result.text).not.toMatch(new RegExp(`${SECRET}|${INLINE}|literal-key-123456`));
    }
    expect(stand.bugs).toEqual([]);
  });
});

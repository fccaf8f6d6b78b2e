import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { limits } from '../../../shared/limits.ts';
import { createShop, INLINE } from '../tools/shop.ts';
import { contentOf, failureOf, SECRET, type Stand, type StandOptions } from '../tools/stand.ts';

let stand: Stand;

afterEach(() => stand.close());

async function open(options: Omit<StandOptions, 'files'> = {}): Promise<Stand> {
  stand = await createShop(options);
  return stand;
}

const json = (value: unknown) => (_: unknown, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

const READ = { request_id: 'List items', environment_id: 'dev' };
const WRITE = { request_id: 'Create item', environment_id: 'dev' };

describe('an execution', () => {
  it('P1: sends the secret and shows the answer without it', async () => {
    let seen: unknown;
    const { call } = await open({
      answer: (request, response) => {
        seen = request.headers['x-api-key'];
        response.setHeader('x-reflected', String(seen));
        response.end(`you sent ${String(seen)}`);
      },
    });
    const result = await call('execute_read_request', READ);
    expect(seen).toBe(SECRET);
    expect(result.text).not.toContain(SECRET);
    expect(contentOf(result)).toMatchObject({
      request: { method: 'GET' },
      status: 200,
      body: { kind: 'text', truncated: false },
      handles: ['API_KEY'],
      tests: [],
      correlation_id: expect.any(String),
    });
  });

  it('P11: is in the journal before and after it is sent, with what was decided', async () => {
    const { call, journal } = await open();
    const { correlation_id } = contentOf(await call('execute_read_request', { ...READ, environment_id: 'dev' }));
    expect(journal).toMatchObject([
      {
        type: 'begin',
        correlationId: correlation_id,
        principal: 'test',
        requestName: 'List items',
        method: 'GET',
        path: '/items',
        handles: ['h-1'],
        decision: { verdict: 'allow', rule: 'access.default' },
      },
      { type: 'end', correlationId: correlation_id, status: 200, redirects: [] },
    ]);
    const history = contentOf(await call('get_history', {}));
    expect(history.entries).toMatchObject([{ correlation_id, who: 'test', outcome: 'answered', status: 200 }]);
  });

  it('P7 P11: sends nothing when the journal cannot be written', async () => {
    const { call, arrived, breakJournal } = await open();
    breakJournal(failure('JOURNAL/NOT_WRITABLE', { reason: 'ENOSPC' }));
    expect(failureOf(await call('execute_read_request', READ))).toMatchObject({
      code: 'JOURNAL/NOT_WRITABLE',
      retryable: true,
    });
    expect(arrived).toEqual([]);
  });

  it('P7: sends nothing when the vault is locked, and says so instead of "no such secret"', async () => {
    const { call, arrived, lockVault } = await open();
    lockVault(failure('VAULT/KEY_UNAVAILABLE', { reason: 'locked', recovery: 'Unlock it.' }));
    expect(failureOf(await call('execute_read_request', READ))).toMatchObject({ code: 'VAULT/KEY_UNAVAILABLE' });
    expect(arrived).toEqual([]);
  });

  it('names the nearest secret where one is unknown', async () => {
    const { call } = await open();
    const refused = failureOf(
      await call('execute_read_request', { request_id: 'Unknown secret', environment_id: 'dev' }),
    );
    expect(refused).toMatchObject({ code: 'SECRET/NOT_FOUND', fix: expect.stringContaining('API_KEY') });
  });

  it('runs its scripts and gives what came of their tests', async () => {
    const { call } = await open();
    const result = contentOf(await call('execute_read_request', { request_id: 'Scripted', environment_id: 'dev' }));
    expect(result).toMatchObject({ status: 200, tests: [{ status: 'passed' }] });
  });

  it('stops the upstream request when the caller does', async () => {
    let closed: Promise<void> | undefined;
    const stop = new AbortController();
    const { call, journal } = await open({
      answer: (request) => {
        closed = new Promise((resolve) => request.socket.once('close', () => resolve()));
        stop.abort();
      },
    });
    const refused = failureOf(await call('execute_read_request', READ, { signal: stop.signal }));
    expect(refused.code).toBe('NETWORK/CANCELLED');
    await closed;
    expect(journal.at(-1)).toMatchObject({ type: 'end', failure: 'NETWORK/CANCELLED' });
  });

  it('keeps to timeout_ms', async () => {
    const { call } = await open({ answer: () => undefined });
    expect(failureOf(await call('execute_read_request', { ...READ, timeout_ms: 20 })).code).toBe('NETWORK/TIMEOUT');
  });
});

describe('dry_run', () => {
  it('shows the request and the decision, sends and records nothing', async () => {
    const { call, arrived, journal, origin } = await open();
    const shown = contentOf(
      await call('execute_request', { ...WRITE, dry_run: true, variables: { itemName: 'Desk' } }),
    );
    expect(shown).toMatchObject({
      dry_run: true,
      request: { method: 'POST', url: `${origin}/items/7`, body: '{"name":"Desk"}' },
      decision: { verdict: 'ask', rule: 'approvals.unsafe' },
      handles: ['API_KEY'],
    });
    expect(JSON.stringify(shown)).not.toMatch(new RegExp(`${SECRET}|${INLINE}`));
    expect([...arrived, ...journal]).toEqual([]);
  });
});

describe('approval', () => {
  it('P7: asks first, sends once approved, and once only what was approved', async () => {
    const { call, arrived, journal } = await open();
    const asked = await call('execute_request', WRITE);
    if (asked.kind !== 'question') throw new Error(asked.text);
    expect(arrived).toEqual([]);
    expect(asked.text.split('\n')).toEqual([
      'An AI agent asks to send this request:',
      `POST ${stand.origin}/items/7`,
      expect.stringMatching(/^Body: /),
      'Request: "Create item" of the collection "Shop"',
      'Environment: "dev"',
      'Secrets used: "API_KEY"',
      'Set by the agent: nothing',
      'Why you are asked: POST may change data',
    ]);
    const approval = { digest: asked.digest, outcome: 'approved' } as const;
    expect(contentOf(await call('execute_request', WRITE, { approval }))).toMatchObject({ status: 200 });
    expect(arrived).toEqual(['POST /items/7']);
    expect(journal.map(({ type }) => type)).toEqual(['begin', 'end']);
  });

  it.each([
    ['variables', { variables: { itemId: '8' } }],
    ['query', { query: { all: 'true' } }],
    ['headers', { headers: { 'X-Other': '1' } }],
    ['body', { body: { name: 'other' } }],
    ['request', { request_id: 'Drop items' }],
  ])('P7 P8: an approval is worth nothing for other %s', async (_, change) => {
    const { call, arrived } = await open();
    const asked = await call('execute_request', WRITE);
    if (asked.kind !== 'question') throw new Error(asked.text);
    const approval = { digest: asked.digest, outcome: 'approved' } as const;
    const again = await call('execute_request', { ...WRITE, ...change }, { approval });
    expect(again.kind).toBe('question');
    expect(arrived).toEqual([]);
  });

  it.each([
    ['declined', 'POLICY/APPROVAL_DECLINED'],
    ['unavailable', 'POLICY/APPROVAL_REQUIRED'],
  ] as const)('P7 P11: %s is %s, recorded as denied', async (outcome, code) => {
    const { call, arrived, journal } = await open();
    const asked = await call('execute_request', WRITE);
    if (asked.kind !== 'question') throw new Error(asked.text);
    const refused = failureOf(await call('execute_request', WRITE, { approval: { digest: asked.digest, outcome } }));
    expect(refused.code).toBe(code);
    expect(journal).toMatchObject([{ type: 'denied', failure: code, method: 'POST' }]);
    expect(arrived).toEqual([]);
  });

  it('P8: shows the query, the headers that the agent set and both ends of a long body', async () => {
    const { call } = await open();
    const body = `first${'x'.repeat(2_000)}last`;
    const asked = await call('execute_request', {
      ...WRITE,
      query: { force: 'all-tenants' },
      headers: { 'X-Mode': 'wipe', 'X-Note': 'password=hunter22' },
      body,
    });
    expect(asked.text).toContain('force=all-tenants');
    expect(asked.text).toContain('header X-Mode: wipe');
    expect(asked.text).toMatch(/Body: firstx+ … \d+ characters … x+last/);
    expect(asked.text).not.toContain('hunter22');
  });

  it('shows all that the agent set with its value, and names on one line', async () => {
    const { call } = await open();
    const headers = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`X-H${n}`, `${n}`]));
    const asked = await call('execute_request', {
      ...WRITE,
      body: 'x',
      headers: { ...headers, Accept: null },
      query: { q: '1' },
      variables: { 'itemId\n"Approved': '1', long: `first${'x'.repeat(300)}last` },
    });
    const lines = asked.text.split('\n');
    expect(lines.slice(lines.indexOf('Set by the agent:') + 1, -1)).toEqual([
      ...Object.keys(headers).map((name, n) => `- "header ${name}: ${n}"`),
      '- "header Accept left out"',
      `- "variable itemId 'Approved: 1"`,
      expect.stringMatching(/^- "variable long: firstx+ … 109 characters … x+last"$/),
      '- "query q: 1"',
      '- "body"',
    ]);
  });

  it('P7 P8: asks nobody about more than can be shown, and says so', async () => {
    const { call, arrived, journal } = await open();
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`v${n}`, 'x']));
    expect((await call('execute_request', { ...WRITE, variables: many(limits.askedEntries) })).kind).toBe('question');
    const over = await call('execute_request', { ...WRITE, variables: many(limits.askedEntries - 1), query: many(2) });
    expect(failureOf(over)).toMatchObject({
      code: 'INPUT/INVALID',
      message: expect.stringContaining('can be shown 50'),
    });
    expect(journal).toMatchObject([{ type: 'denied', failure: 'INPUT/INVALID' }]);
    expect(arrived).toEqual([]);
  });

  it('P8: refuses two names of one header, whichever would have been sent', async () => {
    const { call } = await open();
    const refused = failureOf(await call('execute_request', { ...WRITE, headers: { 'X-Mode': 'a', 'x-mode': 'b' } }));
    expect(refused).toMatchObject({ code: 'REQUEST/HEADER_INVALID', message: expect.stringContaining('given twice') });
  });

  it.each(['expired', 'approved'] as const)(
    'P11: what the client left is on record, its question %s',
    async (outcome) => {
      const { call, arrived, journal } = await open();
      const asked = await call('execute_request', WRITE);
      if (asked.kind !== 'question') throw new Error(asked.text);
      const approval = { digest: asked.digest, outcome };
      const gone = await call('execute_request', WRITE, { approval, signal: AbortSignal.abort() });
      expect(failureOf(gone).code).toBe('NETWORK/CANCELLED');
      expect(journal).toMatchObject([{ type: 'denied', failure: 'NETWORK/CANCELLED', method: 'POST' }]);
      expect(arrived).toEqual([]);
    },
  );
});

describe('policy', () => {
  const decided: readonly [string, string, object, string | undefined][] = [
    ['execute_read_request', 'Create item', {}, 'REQUEST/NOT_READ_ONLY'],
    ['execute_read_request', 'Drop items', {}, 'REQUEST/NOT_READ_ONLY'],
    ['execute_read_request', 'Sneaky read', {}, 'REQUEST/NOT_READ_ONLY'],
    ['execute_read_request', 'Query items', {}, undefined],
    ['execute_read_request', 'Query items', { body: '{"query":"query { a }"}' }, 'REQUEST/NOT_READ_ONLY'],
  ];
  it.each(decided)('%s of %s with %j: %s', async (tool, request_id, change, code) => {
    const { call, arrived } = await open({ policy: { approvals: { unsafe: 'allow' } } });
    const result = await call(tool, { request_id, environment_id: 'dev', ...change });
    if (code === undefined) expect(contentOf(result).status).toBe(200);
    else expect(failureOf(result).code).toBe(code);
    expect(arrived).toHaveLength(code === undefined ? 1 : 0);
  });

  it('P11: a denied call is recorded and not sent', async () => {
    const { call, arrived, journal } = await open({
      policy: { access: { default: 'read-only', collections: {}, environments: {} } },
    });
    expect(failureOf(await call('execute_request', READ))).toMatchObject({
      code: 'POLICY/DENIED',
      fix: 'Rule: access.default. The operator decides this, in keyward.yaml or by the scopes of the caller.',
    });
    expect(journal).toMatchObject([{ type: 'denied', failure: 'POLICY/DENIED' }]);
    expect(arrived).toEqual([]);
  });
});

describe('bodies', () => {
  const items = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `item ${id}`, tags: ['a', 'b'] }));

  it('P12: a long one is cut, says so, and can be read on to its end', async () => {
    const { call } = await open({ answer: json(items) });
    const result = await call('execute_read_request', READ);
    expect(result.text.length).toBeLessThan(32_000);
    const { body } = contentOf(result);
    expect(body).toMatchObject({ kind: 'json', truncated: true, response_id: expect.any(String) });
    let text = '';
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const slice: { text: string; next_offset?: number } = contentOf(
        await call('read_response', { response_id: body.response_id, offset, limit: 40_000 }),
      );
      text += slice.text;
      offset = slice.next_offset;
    }
    expect(JSON.parse(text)).toEqual(items);
    const args = { response_id: body.response_id, select: '[-1].name' };
    expect(contentOf(await call('read_response', args)).value).toBe('item 1999');
    const other = await call('read_response', args, { principal: 'someone else' });
    expect(failureOf(other).code).toBe('INPUT/RESPONSE_EXPIRED');
  });

  it('P12: text of nothing but escapes stays within the limit', async () => {
    const { call } = await open({
      answer: (_, response) => {
        response.setHeader('content-type', 'text/plain');
        response.end('\n"'.repeat(40_000));
      },
    });
    const result = await call('execute_read_request', READ);
    expect(result.text.length).toBeLessThan(32_000);
    expect(contentOf(result).body.truncated).toBe(true);
  });

  it('P12: many and long headers stay within the limit', async () => {
    const { call } = await open({
      answer: (_, response) => {
        for (let n = 0; n < 300; n += 1) response.setHeader(`x-header-${n}`, 'v'.repeat(300));
        response.end('x'.repeat(30_000));
      },
    });
    const result = await call('execute_read_request', READ);
    expect(result.text.length).toBeLessThan(32_000);
    expect(contentOf(result)).toMatchObject({ truncated: true, body: { truncated: true } });
  });

  it('select and shape take a part', async () => {
    const { call } = await open({ answer: json(items) });
    const selected = contentOf(await call('execute_read_request', { ...READ, select: '[?id<`2`].name' }));
    expect(selected.body).toMatchObject({
      value: ['item 0', 'item 1'],
      truncated: false,
      response_id: expect.any(String),
    });
    const shaped = contentOf(await call('execute_read_request', { ...READ, response_format: 'shape' }));
    expect(shaped.body.shape).toEqual({
      type: 'array',
      count: 2_000,
      items: {
        type: 'object',
        keys: {
          id: { type: 'number', example: 0 },
          name: { type: 'string', example: 'item 0' },
          tags: { type: 'array', count: 2, items: { type: 'string', example: 'a' } },
        },
      },
    });
    expect(shaped.body.value).toBeUndefined();
  });
});

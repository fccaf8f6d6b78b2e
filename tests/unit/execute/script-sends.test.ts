// Requests that scripts send, through the whole pipeline, to real servers.
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { limits } from '../../../shared/limits.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { contentOf, SECRET } from '../tools/stand.ts';
import { createScriptStand, logged, type ScriptStand, type ScriptStandOptions, sending } from './script-stand.ts';

let stand: ScriptStand;
afterEach(() => stand.close());

async function open(options: Omit<ScriptStandOptions, 'scripts'>): Promise<ScriptStand> {
  stand = await createScriptStand({ ...options, scripts });
  return stand;
}

const json = (response: ServerResponse, value: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

const SECRET_BOUND = /failed SECRET\/ORIGIN_NOT_BOUND/;

describe('what a script sends', () => {
  it('P11: is an execution of its own in the journal, and in the history with the one whose script it was', async () => {
    const { run, call, journal, arrived } = await open({
      items: () => [{ name: 'List', before: sending('{{base}}/login'), after: sending('{{base}}/after') }],
    });
    const lines = logged(await run({ requestId: 'List' }));
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['status 200', 'status 200']);
    expect(arrived).toEqual(['GET /login', 'GET /items', 'GET /after']);
    const [id] = journal.flatMap((event) => (event.type === 'begin' && event.path === '/login' ? [event] : []));
    expect(journal).toMatchObject([
      { type: 'begin', parent: 'parent-1', principal: 'test', requestName: 'a script of List', path: '/login' },
      { type: 'end', correlationId: id?.correlationId, status: 200 },
      { type: 'begin', correlationId: 'parent-1', path: '/items' },
      { type: 'end', correlationId: 'parent-1' },
      { type: 'begin', parent: 'parent-1', path: '/after', environmentId: expect.any(String) },
      { type: 'end', status: 200 },
    ]);
    expect(journal[0]).toMatchObject({ requestId: `${(journal[2] as { requestId: string }).requestId}#script` });
    expect(journal[2]).not.toHaveProperty('parent');
    const { entries } = contentOf(await call('get_history', {}));
    expect(entries).toMatchObject([
      { path: '/after', parent: 'parent-1' },
      { path: '/items', correlation_id: 'parent-1' },
      { path: '/login', parent: 'parent-1' },
    ]);
  });

  it('inherits no auth, header, body, query or variable of the agent', async () => {
    const seen: unknown[] = [];
    const { run } = await open({
      items: () => [
        {
          name: 'List',
          before: `${sending({ url: '{{base}}/s?v={{plain}}', method: 'GET' })}\n${sending('{{base}}/{{agentOnly}}')}`,
        },
      ],
      variables: () => ({ plain: 'files' }),
      collection: { auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:API_KEY}}' }] } },
      answer: (request, response) => {
        seen.push([request.url, request.headers.authorization, request.headers['x-agent'], request.headers.cookie]);
        json(response, {});
      },
    });
    const lines = logged(
      await run({
        requestId: 'List',
        overrides: {
          variables: { plain: 'agent', agentOnly: 'x' },
          headers: { 'X-Agent': '1' },
          query: { q: '1' },
        },
      }),
    );
    expect(lines[1]).toContain('TEMPLATE/VARIABLE_MISSING');
    expect(seen).toEqual([
      ['/s?v=files', undefined, undefined, undefined],
      ['/items?q=1', `Bearer ${SECRET}`, '1', undefined],
    ]);
  });

  it('P2: takes a handle to its own origin and nowhere else', async () => {
    const header = { 'X-Api-Key': '{{vault:API_KEY}}' };
    let seen: unknown;
    const { run, arrivedThere, journal } = await open({
      policy: { approvals: { unsafe: 'allow' } },
      items: (origin, other) => [
        {
          name: 'List',
          before: [
            sending({ url: `${origin}/own`, header }),
            sending({ url: `${other}/steal`, header }),
            sending({ url: `${other}/steal?k={{vault:API_KEY}}` }),
            sending({ url: `${other}/steal`, method: 'POST', body: { mode: 'raw', raw: '{{vault:API_KEY}}' } }),
          ].join('\n'),
        },
      ],
      answer: (request, response) => {
        seen ??= request.headers['x-api-key'];
        json(response, { echo: request.headers['x-api-key'] ?? null });
      },
    });
    const lines = logged(await run({ requestId: 'List' }));
    expect(seen).toBe(SECRET);
    expect(lines[0]).toMatch(/^status 200/);
    expect(lines.join('\n')).not.toContain(SECRET);
    for (const line of lines.slice(1)) expect(line).toMatch(SECRET_BOUND);
    expect(arrivedThere).toEqual([]);
    expect(journal.filter(({ type }) => type === 'end')).toHaveLength(5);
  });

  const DENIED = [
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.1/',
    'http://192.168.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://0x7f000001/',
    'http://localhost/',
  ];

  it('P3: reaches no denied address, however it is spelled', async () => {
    const { run, other, arrivedThere } = await open({
      guarded: true,
      items: (_, there) => [{ name: 'List', before: [...DENIED, there].map((url) => sending(url)).join('\n') }],
    });
    expect(other).toMatch(/^http:\/\/127/);
    const lines = logged(await run({ requestId: 'List' }));
    expect(lines).toHaveLength(DENIED.length + 1);
    for (const line of lines) expect(line).toMatch(/^failed NETWORK\/ADDRESS_DENIED/);
    expect(arrivedThere).toEqual([]);
  });

  it('P3: follows no redirect to a denied address', async () => {
    const { run } = await open({
      guarded: true,
      items: () => [{ name: 'List', before: sending('{{base}}/away') }],
      answer: (request, response) => {
        if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/' });
        response.end();
      },
    });
    expect(logged(await run({ requestId: 'List' }))[0]).toMatch(/^failed NETWORK\//);
  });

  it('P7: does not leave where the journal cannot be written', async () => {
    const { run, arrived, breakJournal } = await open({
      items: () => [{ name: 'List', before: sending('{{base}}/login') }],
    });
    breakJournal(failure('JOURNAL/NOT_WRITABLE', { reason: 'ENOSPC' }));
    expect(await run({ requestId: 'List' })).toMatchObject({ failure: { code: 'JOURNAL/NOT_WRITABLE' } });
    expect(arrived).toEqual([]);
  });

  it('P7: does not leave where the vault is locked', async () => {
    const { run, arrived, lockVault } = await open({
      items: () => [{ name: 'List', before: sending({ url: '{{base}}/x', header: { A: '{{vault:API_KEY}}' } }) }],
    });
    lockVault(failure('VAULT/KEY_UNAVAILABLE', { reason: 'locked', recovery: 'Unlock it.' }));
    expect(await run({ requestId: 'List' })).toMatchObject({ failure: { code: 'VAULT/KEY_UNAVAILABLE' } });
    expect(arrived).not.toContain('GET /x');
  });

  const TRAP = '{{vault:API_KEY}} {{base}} {{captured:access_token_1}}';

  it('keeps a reference in an answer dead text, and one that was captured alive', async () => {
    const bodies: string[] = [];
    const { run } = await open({
      policy: { approvals: { unsafe: 'allow' } },
      items: () => [
        {
          name: 'List',
          before: `const login = await pm.sendRequest('{{base}}/login');
const { access_token } = login.json();
const { trap } = (await pm.sendRequest('{{base}}/trap')).json();
await pm.sendRequest({ url: '{{base}}/use', method: 'POST', header: { Authorization: 'Bearer ' + access_token }, body: { mode: 'raw', raw: trap } });
console.log(access_token);`,
        },
      ],
      answer: (request, response, body) => {
        if (request.url === '/use') bodies.push(`${request.headers.authorization} ${body}`);
        json(response, request.url === '/login' ? { access_token: 'T0ken.minted-92837465' } : { trap: TRAP });
      },
    });
    const [line] = logged(await run({ requestId: 'List' }));
    expect(line).toBe('{{captured:access_token_1}}');
    expect(bodies).toEqual([`Bearer T0ken.minted-92837465 ${TRAP}`]);
  });

  it('P10: uses what was captured for its own caller only', async () => {
    const seen: unknown[] = [];
    const { run } = await open({
      items: () => [
        { name: 'Login', path: '/login' },
        {
          name: 'Use',
          before: sending({ url: '{{base}}/use', header: { Authorization: 'Bearer {{captured:access_token_1}}' } }),
        },
      ],
      answer: (request, response) => {
        if (request.url === '/use') seen.push(request.headers.authorization);
        json(response, request.url === '/login' ? { access_token: 'T0ken.minted-92837465' } : {});
      },
    });
    await run({ requestId: 'Login' });
    expect(logged(await run({ requestId: 'Use' }, { caller: 'another' }))[0]).toMatch(/^failed SECRET\/CAPTURED_GONE/);
    await run({ requestId: 'Use' });
    expect(seen).toEqual(['Bearer T0ken.minted-92837465']);
  });
});

describe('the limits of what scripts send', () => {
  const times = (count: number) => `for (let i = 0; i < ${count}; i += 1) ${sending('{{base}}/n')}`;

  it('counts: so many requests and no more', async () => {
    const { run, arrived } = await open({
      items: () => [
        { name: 'Most', before: times(limits.scriptSends) },
        { name: 'More', before: times(limits.scriptSends + 1) },
      ],
    });
    expect(logged(await run({ requestId: 'Most' }))).toHaveLength(limits.scriptSends);
    expect(arrived.splice(0)).toHaveLength(limits.scriptSends + 1);
    expect(await run({ requestId: 'More' })).toMatchObject({ failure: { code: 'SCRIPT/TOO_MANY_SENDS' } });
    expect(arrived).toHaveLength(limits.scriptSends);
  });

  it('counts before, after and those of requests that are run together', async () => {
    const half = limits.scriptSends / 2;
    const { run, arrived } = await open({
      items: () => [
        { name: 'List', before: `await pm.execution.runRequest('Inner');`, after: times(half) },
        { name: 'Inner', path: '/inner', before: times(half) },
      ],
    });
    const lines = logged(await run({ requestId: 'List' }));
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      ...Array<string>(half - 1).fill('200'),
      'SCRIPT/TOO_MANY_SENDS',
    ]);
    expect(arrived).toHaveLength(limits.scriptSends + 1);
  });

  it('lets requests run each other so deep and no deeper', async () => {
    const { run, arrived, journal } = await open({
      items: () => [
        {
          name: 'Again',
          before: `await pm.execution.runRequest('Again').then((r) => console.log(r.code), (e) => console.log(e.code));`,
        },
      ],
    });
    expect(logged(await run({ requestId: 'Again' }))).toEqual(['200']);
    expect(arrived).toHaveLength(limits.scriptDepth + 1);
    const parents = journal.flatMap((event) => (event.type === 'begin' ? [event] : []));
    for (const [index, { parent }] of parents.entries()) expect(parent).toBe(parents[index + 1]?.correlationId);
  });

  it('lets so many be under way at once', async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    let left: number = limits.scriptSends;
    const { run } = await open({
      items: () => [
        {
          name: 'List',
          before: `await Promise.all(Array.from({ length: ${limits.scriptSends} }, () => pm.sendRequest('{{base}}/n')));`,
        },
      ],
      answer: (request, response) => {
        if (request.url !== '/n') return response.end();
        held.push(response);
        most = Math.max(most, held.length);
        if (held.length < Math.min(limits.scriptSendsAtOnce, left)) return undefined;
        left -= held.length;
        for (const each of held.splice(0)) each.end();
        return undefined;
      },
    });
    logged(await run({ requestId: 'List' }));
    expect(most).toBe(limits.scriptSendsAtOnce);
  });

  it('ends them with the time of the call', async () => {
    const { run } = await open({
      items: () => [{ name: 'List', before: `${sending('{{base}}/slow')}\n${sending('{{base}}/late')}` }],
      answer: (request, response) => (request.url === '/slow' ? undefined : response.end()),
    });
    const lines = logged(await run({ requestId: 'List', timeoutMs: 200 }));
    for (const line of lines) expect(line).toMatch(/^failed NETWORK\/TIMEOUT/);
    expect(lines).toHaveLength(2);
    expect(stand.arrived).toEqual(['GET /slow', 'GET /items']);
  });

  it('stops them with the call, each with its end in the journal', async () => {
    const stop = new AbortController();
    const { run, journal } = await open({
      items: () => [
        { name: 'List', before: `void pm.sendRequest('{{base}}/slow').catch(() => 0);\n${sending('{{base}}/slow')}` },
      ],
      answer: () => stop.abort(),
    });
    expect(await run({ requestId: 'List' }, { signal: stop.signal })).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
    const begun = journal.filter(({ type }) => type === 'begin').map(({ correlationId }) => correlationId);
    const ended = journal.filter(({ type }) => type === 'end').map(({ correlationId }) => correlationId);
    expect(begun.length).toBeGreaterThan(0);
    expect(ended.sort()).toEqual(begun.sort());
  });

  it('sends nothing in a dry run', async () => {
    const { run, arrived, journal } = await open({ items: () => [{ name: 'List', before: sending('{{base}}/x') }] });
    expect(logged(await run({ requestId: 'List', dryRun: true }))[0]).toMatch(/^failed SCRIPT\/DRY_RUN/);
    expect([arrived, journal]).toEqual([[], []]);
  });

  it('sends nothing but what reads where the call only reads', async () => {
    const { run, arrived } = await open({
      policy: { approvals: { unsafe: 'allow' } },
      items: () => [
        { name: 'List', before: `${sending({ url: '{{base}}/x', method: 'POST' })}\n${sending('{{base}}/y')}` },
      ],
    });
    const lines = logged(await run({ requestId: 'List', readOnly: true }));
    expect(lines[0]).toMatch(/^failed REQUEST\/NOT_READ_ONLY/);
    expect(arrived).toEqual(['GET /y', 'GET /items']);
  });
});

describe('a saved request that a script runs', () => {
  it('has its own auth and scripts', async () => {
    const seen: unknown[] = [];
    const { run } = await open({
      items: () => [
        {
          name: 'List',
          before: `const r = await pm.execution.runRequest('Keyed');\nconsole.log(r.code, JSON.stringify(r.json()));`,
        },
        { name: 'Keyed', path: '/keyed', before: sending('{{base}}/inner') },
      ],
      collection: { auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:API_KEY}}' }] } },
      answer: (request, response) => {
        seen.push([request.url, request.headers.authorization]);
        json(response, { echo: request.headers.authorization ?? null });
      },
    });
    const [line] = logged(await run({ requestId: 'List' }));
    expect(line).toMatch(/^200/);
    expect(line).not.toContain(SECRET);
    expect(seen).toEqual([
      ['/inner', undefined],
      ['/keyed', `Bearer ${SECRET}`],
      ['/items', `Bearer ${SECRET}`],
    ]);
  });

  it('P10: is of the same collection: another one, hidden or not, looks as if there were none', async () => {
    const runs = (name: string) =>
      `await pm.execution.runRequest('${name}').catch((e) => console.log(e.code, e.message.replace('${name}', '-')));`;
    const names = ['Salaries', 'Payroll/Salaries', 'Nothing'];
    const { run, arrived } = await open({
      policy: { access: { default: 'safe', collections: { Payroll: 'hidden' }, environments: {} } },
      items: () => [{ name: 'List', before: names.map(runs).join('\n') }],
    });
    const lines = logged(await run({ requestId: 'List' }));
    expect(lines).toEqual(Array(3).fill('REQUEST/NOT_FOUND No request matches "-".'));
    expect(arrived).toEqual(['GET /items']);
  });
});

// What the monitor says while a server serves: health, readiness and counts, and no name of anything.
import { randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpSchema } from '../../../shared/config/http-schema.ts';
import { statedHttp } from '../../../shared/config/stated-http.ts';
import { catalogue } from '../../../shared/failure/catalogue.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { DeniedEvent } from '../../../shared/journal/event.ts';
import { createKeyStore } from '../../../src/access/key-store.ts';
import type { ExecutionContext } from '../../../src/execute/ports.ts';
import { serveOverHttp } from '../../../src/http-half.ts';
import { createJournalHealth } from '../../../src/journal/journal-health.ts';
import { openJournal } from '../../../src/journal/open-journal.ts';
import { OUTCOMES, TOOLS, VAULT_STATES } from '../../../src/server/http/metric-labels.ts';
import { createReadiness, type HealthParts } from '../../../src/server/http/readiness.ts';
import { must, tamper, temporaryState } from '../state/temporary-home.ts';
import { collection, createStand, environment, item } from '../tools/stand.ts';

/** Each of these must not be seen in any label, line or answer of the monitor. */
const EVIL = 'evil"} 1 evil{x="é';

interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

async function serve(open?: (context: ExecutionContext) => Promise<Result<ExecutionContext>>) {
  const stand = await createStand({
    files: (origin) => ({
      'a.json': collection(EVIL, [item(EVIL, 'GET', `${origin}/evil`)]),
      'b.json': collection('Shop', [
        item('keyed', 'GET', `${origin}/k`, { header: [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }] }),
      ]),
      'e.json': environment(EVIL, [{ key: EVIL, value: EVIL }]),
    }),
    policy: { access: { default: 'safe', collections: { [EVIL]: 'read-only' }, environments: {} } },
  });
  const state = temporaryState();
  const now = Date.now;
  const { key } = must(createKeyStore({ state, now }).create({ name: EVIL, scopes: ['read', 'execute'] }));
  const lines: Line[] = [];
  const bugs: unknown[] = [];
  const end = new AbortController();
  const settings = statedHttp(httpSchema.parse({ listen: 0, monitor: 0, hosts: ['kw.example'] }), undefined);
  let listening: (url: string) => void = () => undefined;
  const listens = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const served = serveOverHttp({
    settings,
    state,
    journal: openJournal({ state, now }),
    network: async () => ok(stand.context.policy.network),
    tell: (level, fields, message) => lines.push({ level, fields, message }),
    onListening: (url) => listening(url),
    app: {
      version: '0.0.0',
      sealingKey: randomBytes(32),
      open: () => open?.(stand.context) ?? Promise.resolve(ok(stand.context)),
      isStale: () => false,
      onChange: () => undefined,
      now,
      randomId: randomUUID,
      onBug: (error, correlationId) => bugs.push({ error, correlationId }),
      onProtocolError: () => undefined,
      inCall: (_, run) => run(),
      signal: end.signal,
    },
  });
  onTestFinished(async () => {
    end.abort();
    must(await served);
    await stand.close();
  });
  const endpoint = await listens;
  const monitor = String(lines.find(({ message }) => message.startsWith('health'))?.fields.url);
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  const call = (name: string, args: object, headers?: Readonly<Record<string, string>>) =>
    post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }, headers);
  return { stand, state, monitor, endpoint, post, call, lines, bugs, end, served };
}

/** Node's own client may send any Host. */
function ask(url: string, options: { method?: string; host?: string | string[]; body?: string } = {}) {
  const { method = 'GET', host, body } = options;
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const headers = host === undefined ? {} : [host].flat().flatMap((each) => ['Host', each]);
    const asked = httpRequest(url, { method, headers, setHost: host === undefined, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the monitor', () => {
  it('answers three paths to GET and HEAD, and takes no body', async () => {
    const { monitor } = await serve();
    const table: [method: string, path: string, status: number, body: RegExp][] = [
      ['GET', '/healthz', 200, /^ok\n$/],
      ['HEAD', '/healthz', 200, /^$/],
      ['GET', '/readyz', 200, /^ready\n$/],
      ['GET', '/metrics', 200, /^# HELP keyward_calls_total/],
      ['GET', '/metrics?x=1', 200, /^# HELP keyward_calls_total/],
      ['POST', '/healthz', 405, /GET or HEAD/],
      ['DELETE', '/metrics', 405, /GET or HEAD/],
      ['OPTIONS', '/readyz', 405, /GET or HEAD/],
      ['GET', '/', 404, /not found/],
      ['GET', '/mcp', 404, /not found/],
      ['GET', '/metrics/', 404, /not found/],
      ['GET', '/%6detrics', 404, /not found/],
    ];
    for (const [method, path, status, body] of table) {
      const answer = await ask(`${monitor}${path}`, { method });
      expect([method, path, answer.status]).toEqual([method, path, status]);
      expect(answer.body).toMatch(body);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    }
    const bodied = await ask(`${monitor}/healthz`, { method: 'POST', body: 'x'.repeat(1_000) });
    expect([bodied.status, bodied.headers.connection, bodied.headers.allow]).toEqual([405, 'close', 'GET, HEAD']);
  });

  const hosts: [host: string | string[], status: number][] = [
    ['127.0.0.1', 200],
    ['10.1.2.3:9090', 200],
    ['[::1]:9090', 200],
    ['localhost:1', 200],
    ['kw.example', 200],
    ['KW.example:80', 200],
    ['evil.example', 403],
    ['kw.example.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['127.0.0.256', 403],
    ['0x7f.1', 403],
    ['', 403],
    [['127.0.0.1', 'evil.example'], 403],
  ];

  it('P10: is not reached under the name of a page, however it is spelled', async () => {
    const { monitor } = await serve();
    for (const [host, status] of hosts) {
      const answer = await ask(`${monitor}/metrics`, { host });
      expect([host, answer.status]).toEqual([host, status]);
      if (status === 403) expect(answer.body).not.toContain('keyward');
    }
  });

  it('is ready once a server serves, until it ends', async () => {
    const { monitor, end, served } = await serve();
    expect(await ask(`${monitor}/readyz`)).toMatchObject({ status: 200, body: 'ready\n' });
    end.abort();
    const asked = ask(`${monitor}/readyz`).catch(() => undefined);
    const last = await asked;
    if (last) expect(last).toMatchObject({ status: 503, body: 'stopping\n' });
    must(await served);
    await expect(ask(`${monitor}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('readiness', () => {
  const broken = err(failure('COLLECTION/UNREADABLE', { file: EVIL }));
  const cases: [parts: Partial<HealthParts>, found: string][] = [
    [{}, 'ready'],
    [{ vault: async () => 'absent' }, 'ready'],
    [{ workspace: () => undefined }, 'starting'],
    [{ workspace: async () => broken }, 'workspace'],
    [{ vault: async () => 'locked' }, 'vault'],
    [{ vault: async () => 'damaged' }, 'vault'],
    [{ journal: () => broken }, 'journal'],
    [{ signal: AbortSignal.abort() }, 'stopping'],
  ];
  const parts: HealthParts = {
    workspace: async () => ok(undefined),
    vault: async () => 'usable',
    journal: () => ok(undefined),
    signal: new AbortController().signal,
    now: () => 0,
  };

  it('is what is missing first, in one word', async () => {
    for (const [changed, found] of cases) expect(await createReadiness({ ...parts, ...changed })()).toBe(found);
  });

  it('is looked for at most once a second, and once for all who ask', async () => {
    let [looks, at] = [0, 0];
    const count = async () => {
      looks += 1;
      return ok(undefined);
    };
    const readiness = createReadiness({ ...parts, workspace: count, now: () => at });
    await Promise.all([readiness(), readiness(), readiness()]);
    at = 999;
    await readiness();
    expect(looks).toBe(1);
    at = 1_000;
    await readiness();
    expect(looks).toBe(2);
  });

  it('is looked for every half minute where the vault does not open, since each look may cost a second', async () => {
    let [looks, at] = [0, 0];
    const vault = async () => {
      looks += 1;
      return 'locked' as const;
    };
    const readiness = createReadiness({ ...parts, vault, now: () => at });
    for (at of [0, 1_000, 29_999, 30_000]) expect(await readiness()).toBe('vault');
    expect(looks).toBe(2);
  });

  it('of the journal is that an entry could be written now', () => {
    const state = temporaryState();
    const health = createJournalHealth({ state, now: Date.now });
    expect([health.check().ok, health.facts()]).toEqual([true, { entries: 0 }]);
    must(openJournal({ state, now: Date.now }).denied(DENIED));
    expect([health.check().ok, health.facts()]).toEqual([true, { entries: 1 }]);
    tamper(state.home, (sql) => sql.run("UPDATE journal_head SET mac = 'x' WHERE one = 1"));
    expect(health.check()).toMatchObject({ failure: { code: 'JOURNAL/BROKEN' } });
    expect(createJournalHealth({ state, now: Date.now }).facts()).toEqual({ entries: 1 });
    state.close();
  });
});

describe('the counts', () => {
  it('P1: tell what happened, and no name of a collection, secret, caller, client or host', async () => {
    const { monitor, endpoint, call, post, lines } = await serve();
    const evil = encodeURIComponent(EVIL);
    const done = await call('execute_request', { request_id: 'keyed' }, { 'user-agent': 'evil' });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('[redacted]');
    await call('execute_request', { request_id: EVIL });
    await call('execute_request', { request_id: 'no-such-evil' });
    await call('get_history', {});
    await call(EVIL, { evil: EVIL });
    await post({ jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri: `keyward://collection/${evil}` } });
    await post({ jsonrpc: '2.0', id: 3, method: 'prompts/get', params: { name: EVIL } });
    await post({ jsonrpc: '2.0', id: 4, method: EVIL, params: { clientInfo: { name: EVIL } } });
    await call('list_requests', {}, { authorization: `Bearer ${evil}` });
    await ask(endpoint, { method: 'POST', host: 'evil.example' });
    await ask(`${endpoint}/${evil}`, { method: 'PURGE' });
    const { body } = await ask(`${monitor}/metrics`);
    expect(body).not.toMatch(/evil|keyed|Shop|API_KEY|127\.0\.0\.1|kw\.example|key:/i);
    expect(seriesOf(body)).toMatchObject({
      'keyward_calls_total{tool="execute_request",outcome="ok"}': 1,
      'keyward_calls_total{tool="execute_request",outcome="failed"}': 2,
      'keyward_calls_total{tool="get_history",outcome="failed"}': 1,
      'keyward_denials_total{rule="access.collections"}': 1,
      'keyward_denials_total{rule="scope"}': 1,
      'keyward_failures_total{code="POLICY/DENIED"}': 1,
      'keyward_failures_total{code="ACCESS/HOST_DENIED"}': 1,
      'keyward_authentication_failures_total{kind="unauthenticated"}': 1,
      'keyward_http_responses_total{status="401"}': 1,
      'keyward_http_responses_total{status="403"}': 1,
      keyward_redactions_total: 1,
      keyward_calls_in_flight: 0,
      'keyward_vault_state{state="absent"}': 1,
      keyward_journal_entries: 0,
      keyward_script_runs_waiting: 0,
    });
    // A label is out of a closed set, so that the number of series has a bound.
    for (const [name, value] of labelsOf(body)) expect(CLOSED[name], `${name}=${value}`).toContain(value);
    const told = JSON.stringify(lines);
    expect(told).not.toMatch(/evil|keyed|Shop|API_KEY/i);
    expect(lines.filter(({ message }) => message === 'a call').length).toBeGreaterThan(8);
  });
});

describe('a bug', () => {
  it('has one correlation id in its line, its failure, its answer and the line of its call', async () => {
    const thrown = new Error('sk-live-1');
    let isBroken = false;
    const { call, bugs, lines } = await serve(async (context) => {
      if (isBroken) throw thrown;
      return ok({ ...context, isCurrent: () => !isBroken });
    });
    isBroken = true;
    const answer = await call('list_collections', {});
    const id = answer.headers.get('x-correlation-id');
    expect(await answer.text()).toContain(`\\"correlation_id\\":\\"${id}\\"`);
    expect(bugs).toEqual([{ error: thrown, correlationId: id }]);
    const line = lines.find(({ message }) => message === 'a call');
    expect(line?.fields).toMatchObject({ correlationId: id, tool: 'list_collections' });
    expect(JSON.stringify(lines)).not.toContain('sk-live-1');
  });
});

const DENIED: DeniedEvent = {
  type: 'denied',
  correlationId: 'c',
  principal: 'p',
  requestId: 'r',
  collectionId: 'k',
  method: 'GET',
  origin: 'https://a.example',
  handles: [],
  decision: { verdict: 'deny', rule: 'r', reason: 'r' },
  failure: 'POLICY/DENIED',
};

const CLOSED: Readonly<Record<string, readonly string[]>> = {
  tool: TOOLS,
  outcome: OUTCOMES,
  code: Object.keys(catalogue),
  rule: ['scope', 'access.collections'],
  status: ['200', '202', '400', '401', '403', '404'],
  scope: ['call', 'origin', 'authentication'],
  kind: ['unauthenticated', 'scope', 'blocked', 'unavailable'],
  state: VAULT_STATES,
  quantile: ['0.5', '0.99', '1'],
  le: ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '30', '60', '120', '+Inf'],
};

const SERIES = /^([a-z_]+(?:\{[^}]*\})?) ([0-9.e+-]+|NaN)$/;

function seriesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = SERIES.exec(line) ?? [];
      if (name === undefined) throw new Error(`no series: ${line}`);
      return [name, Number(value)];
    }),
  );
}

function labelsOf(text: string): (readonly [name: string, value: string])[] {
  return Object.keys(seriesOf(text)).flatMap((series) =>
    [...series.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const),
  );
}

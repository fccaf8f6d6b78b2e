// The operator answers calls over HTTP whose clients cannot ask a person: the real server, toolbox and database.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { ok } from '../../../shared/failure/result.ts';
import type { Principal } from '../../../shared/policy/policy.ts';
import type { OperatorAnswer } from '../../../src/approvals/approval-store.ts';
import type { ExecutionContext } from '../../../src/execute/ports.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import { ANN, BOB, createDesk, createWaiting, WAIT_MS } from '../approvals/desk.ts';
import { createScriptStand, type ScriptedItem, sending } from '../execute/script-stand.ts';
import { builtSandbox } from '../sandbox/built-sandbox.ts';
import { must } from '../state/temporary-home.ts';
import { createShop } from '../tools/shop.ts';
import type { Content, Stand } from '../tools/stand.ts';
import { clients } from './clients.ts';
import { type Era, type FetchCall, serveFetch } from './fetch-wire.ts';

const WRITE = { request_id: 'Create item', environment_id: 'dev' };
const ONCE: OperatorAnswer = { kind: 'once' };
const ALWAYS: OperatorAnswer = { kind: 'always' };
const YES = { approval: { action: 'accept', content: { approve: true } } };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Served extends ReturnType<typeof serve> {
  readonly stand: Stand;
}

async function open(make: () => Promise<Stand> = createShop, change: Partial<ExecutionContext> = {}): Promise<Served> {
  const stand = await make();
  closers.push(() => stand.close());
  return { ...serve(stand, change), stand };
}

function serve(stand: Stand, change: Partial<ExecutionContext>, desk = createDesk()) {
  let context = { ...stand.context, ...change };
  let opened = context;
  const open = async () => {
    opened = context;
    return ok(opened);
  };
  const isStale = () => opened !== context;
  const toolbox = createToolbox({ open, isStale, now: Date.now, randomId: randomUUID });
  const waiting = createWaiting(desk);
  const wire = serveFetch(toolbox, waiting.operator);
  closers.push(() => wire.close());
  const call = (args: object = WRITE, more: Partial<FetchCall> & { readonly params?: object } = {}): Promise<Content> =>
    wire.call({
      era: 'initialize',
      caller: ANN,
      ...more,
      params: { name: 'execute_request', arguments: args, ...more.params },
    });
  const waitingFor = async (count = 1): Promise<readonly string[]> => {
    while (desk.pending().length < count) await new Promise((next) => setImmediate(next));
    return desk.pending();
  };
  return {
    ...desk,
    ...waiting,
    wire,
    call,
    /** For what is not waited for: it ends with the test. */
    begin: (...given: Parameters<typeof call>) => void call(...given).catch(() => undefined),
    turn(more: Partial<ExecutionContext>): void {
      context = { ...context, ...more };
    },
    again: () => serve(stand, change, desk),
    waitingFor,
    async answerNext(answer: OperatorAnswer): Promise<void> {
      const [id = ''] = await waitingFor();
      must(desk.desk.answer(id, answer));
      await waiting.look();
    },
  };
}

const codeOf = ({ result }: Content): string | number =>
  result.isError ? JSON.parse(result.content[0].text).code : (result.structuredContent?.status ?? result.resultType);

const eras: readonly Era[] = ['initialize', '2026-07-28'];

describe.each(eras)('over HTTP, %s', (era) => {
  it('P7: a call that changes data waits, is sent once the operator allows it, and the journal says who did', async () => {
    const { call, answerNext, stand, waitingFor, desk } = await open();
    const calling = call(WRITE, { era });
    await waitingFor();
    expect(stand.arrived).toEqual([]);
    expect(must(desk.list()).approvals[0]?.question).toMatch(/^An AI agent asks to send this request:\nPOST http/);
    await answerNext(ONCE);
    expect(codeOf(await calling)).toBe(200);
    expect(stand.arrived).toEqual(['POST /items/7']);
    expect(stand.journal[0]).toMatchObject({ type: 'begin', principal: 'key:ann', approvedBy: 'operator' });
  });

  it('P7: is not sent when the operator denies it, or nobody answers', async () => {
    const { call, answerNext, clock, look, stand, waitingFor } = await open();
    const denied = call(WRITE, { era });
    await answerNext({ kind: 'denied' });
    expect(codeOf(await denied)).toBe('POLICY/APPROVAL_DECLINED');
    const late = call({ ...WRITE, body: 'x' }, { era });
    await waitingFor();
    clock.now += WAIT_MS;
    await look();
    expect(codeOf(await late)).toBe('POLICY/APPROVAL_EXPIRED');
    expect(stand.arrived).toEqual([]);
    expect(stand.journal).toMatchObject([
      { type: 'denied', failure: 'POLICY/APPROVAL_DECLINED' },
      { type: 'denied', failure: 'POLICY/APPROVAL_EXPIRED' },
    ]);
  });

  it('a client that went away leaves its question, and its next call finds the answer, after a restart as well', async () => {
    const { call, desk, again, stand, waitingFor } = await open();
    const gone = new AbortController();
    const calling = call(WRITE, { era, signal: gone.signal }).catch(() => undefined);
    const [id = ''] = await waitingFor();
    gone.abort();
    await calling;
    while (stand.journal.length === 0) await new Promise((next) => setImmediate(next));
    expect(stand.journal).toMatchObject([{ type: 'denied', failure: 'NETWORK/CANCELLED', principal: 'key:ann' }]);
    must(desk.answer(id, ONCE));
    expect(codeOf(await again().call(WRITE, { era }))).toBe(200);
    expect(stand.arrived).toEqual(['POST /items/7']);
    expect(stand.journal.find(({ type }) => type === 'begin')).toMatchObject({ approvedBy: 'operator' });
  });

  it('P8: an answer for always is for this request of this caller', async () => {
    const { call, begin, answerNext, stand, waitingFor } = await open();
    const first = call(WRITE, { era });
    await answerNext(ALWAYS);
    await first;
    expect(codeOf(await call(WRITE, { era }))).toBe(200);
    expect(stand.journal.filter(({ type }) => type === 'begin')).toMatchObject([
      { approvedBy: 'operator' },
      { approvedBy: 'standing' },
    ]);
    begin({ ...WRITE, body: 'x' }, { era });
    begin(WRITE, { era, caller: BOB });
    await waitingFor(2);
    expect(stand.arrived).toHaveLength(2);
  });
});

describe('P8: what was allowed for always is asked about again', () => {
  const FILE = 'sent.bin';

  const changes: readonly (readonly [what: string, args: object, caller?: Principal])[] = [
    ['another body', { ...WRITE, body: { name: 'other' } }],
    ['a variable', { ...WRITE, variables: { itemId: '8' } }],
    ['a header', { ...WRITE, headers: { 'X-Mode': '1' } }],
    ['a query', { ...WRITE, query: { q: '1' } }],
    ['another caller', WRITE, BOB],
    ['another claim of the caller', WRITE, { ...ANN, claims: { tenant: 'two' } }],
  ];
  for (const [what, args, caller = ANN] of changes) {
    it(what, async () => {
      const { call, begin, answerNext, waitingFor, stand } = await open();
      const first = call();
      await answerNext(ALWAYS);
      await first;
      begin(args, { caller });
      expect(await waitingFor()).toHaveLength(1);
      expect(stand.arrived).toHaveLength(1);
    });
  }

  it('another value of its secret', async () => {
    const shop = await createShop();
    closers.push(() => shop.close());
    let updatedAt = 1;
    const { handles } = shop.context;
    const find: typeof handles.find = (ref) => {
      const found = handles.find(ref);
      return found.ok && found.value ? ok({ ...found.value, updatedAt }) : found;
    };
    const { call, begin, answerNext, waitingFor } = serve(shop, { handles: { ...handles, find } });
    const first = call();
    await answerNext(ALWAYS);
    expect(codeOf(await first)).toBe(200);
    expect(codeOf(await call())).toBe(200);
    updatedAt = 2;
    begin();
    expect(await waitingFor()).toHaveLength(1);
  });

  it('another content of a file that it sends', async () => {
    const upload = { body: { mode: 'file', file: { src: FILE } } };
    const { call, begin, answerNext, waitingFor, stand } = await open(() =>
      createScriptStand({ items: () => [{ name: 'Upload', method: 'POST', rest: upload }] }),
    );
    writeFileSync(join(stand.folder, FILE), 'one');
    const args = { request_id: 'Upload', environment_id: 'dev' };
    const first = call(args);
    await answerNext(ALWAYS);
    expect(codeOf(await first)).toBe(200);
    writeFileSync(join(stand.folder, FILE), 'two');
    begin(args);
    expect(await waitingFor()).toHaveLength(1);
  });
});

describe('a client of 2026-07-28 that can ask', () => {
  const asking = { era: '2026-07-28', canAsk: true } as const;

  it('asks its own person, and not the operator', async () => {
    const { call, pending, stand } = await open();
    const { result } = await call(WRITE, asking);
    expect([result.resultType, pending()]).toEqual(['input_required', []]);
    const params = { requestState: result.requestState, inputResponses: YES };
    expect(codeOf(await call(WRITE, { ...asking, params }))).toBe(200);
    expect(stand.journal[1]).toMatchObject({ type: 'begin', approvedBy: 'client' });
  });

  it('P11: a question is in the journal before it leaves, and stays there alone where no answer comes', async () => {
    const { call, stand } = await open();
    await call(WRITE, asking);
    expect(stand.journal).toMatchObject([
      {
        type: 'denied',
        failure: 'POLICY/APPROVAL_REQUIRED',
        asked: 'client',
        principal: 'key:ann',
        caller: { name: 'ann', keyId: 'K1' },
        method: 'POST',
        origin: stand.origin,
        path: '/items/7',
        handles: ['h-1'],
        decision: { verdict: 'ask' },
      },
    ]);
  });

  it.each([
    ['a yes', YES, { type: 'begin', approvedBy: 'client' }],
    ['a no', {}, { type: 'denied', failure: 'POLICY/APPROVAL_DECLINED' }],
  ])('P11: the entry of %s names that of the question', async (_, inputResponses, expected) => {
    const { call, stand } = await open();
    const { result } = await call(WRITE, asking);
    await call(WRITE, { ...asking, params: { requestState: result.requestState, inputResponses } });
    const [question, answer] = stand.journal;
    expect(answer).toMatchObject({
      ...expected,
      askedIn: question && 'correlationId' in question && question.correlationId,
    });
    expect(stand.journal.filter((event) => 'asked' in event)).toHaveLength(1);
  });

  it.each([
    ['to another call', 'safe', { query: { q: '1' } }, { type: 'denied', asked: 'client' }],
    ['that the policy does not ask for any more', 'full', {}, { type: 'begin', decision: { verdict: 'allow' } }],
    ['to what the policy denies by now', 'read-only', {}, { type: 'denied', failure: 'POLICY/DENIED' }],
  ] as const)('P11: an answer %s is in the journal, as one in vain', async (_, access, change, expected) => {
    const { call, turn, stand } = await open();
    const { result } = await call(WRITE, asking);
    const { policy } = stand.context;
    turn({ policy: { ...policy, access: { ...policy.access, default: access } } });
    const params = { requestState: result.requestState, inputResponses: YES };
    await call({ ...WRITE, ...change }, { ...asking, params });
    const [question, later] = stand.journal;
    const askedIn = question && 'correlationId' in question && question.correlationId;
    expect(later).toMatchObject({ ...expected, askedIn, askedInVain: true });
    const shown = await call({}, { params: { name: 'get_history' } });
    const outcomes = { begin: 'answered', denied: 'asked' in expected ? 'asked' : 'denied' };
    expect(shown.result.structuredContent?.entries).toMatchObject([
      { outcome: outcomes[expected.type] },
      { outcome: 'asked' },
    ]);
  });

  it('P11: its agent finds a question that nobody answered as such, and no more once it is answered', async () => {
    const { call } = await open();
    const history = async () => (await call({}, { params: { name: 'get_history' } })).result.structuredContent?.entries;
    const { result } = await call(WRITE, asking);
    const [question, ...others] = await history();
    expect([question.outcome, question.failure, others]).toEqual(['asked', undefined, []]);
    await call(WRITE, { ...asking, params: { requestState: result.requestState, inputResponses: YES } });
    expect(await history()).toMatchObject([{ outcome: 'answered', status: 200 }]);
  });

  it('P7 P11: nobody is asked where the journal cannot be written', async () => {
    const { call, stand } = await open();
    stand.breakJournal(failure('JOURNAL/NOT_WRITABLE', { reason: 'SQLITE_FULL' }));
    expect(codeOf(await call(WRITE, asking))).toBe('JOURNAL/NOT_WRITABLE');
  });

  it('P11: what a script is about to send is told of as such, with the call that it belongs to', async () => {
    const items = (): ScriptedItem[] => [
      { name: 'List', method: 'GET', before: sending({ url: '{{base}}/orders', method: 'POST' }) },
    ];
    const { call, stand } = await open(() => createScriptStand({ scripts: builtSandbox, items }));
    const args = { request_id: 'List', environment_id: 'dev' };
    const { result } = await call(args, asking);
    const [question] = stand.journal;
    expect(question).toMatchObject({ asked: 'client', path: '/orders', parent: expect.any(String) });
    await call(args, { ...asking, params: { requestState: result.requestState, inputResponses: YES } });
    const { correlationId } = question as { correlationId: string };
    const [sent] = stand.journal.filter(({ type }) => type === 'begin');
    expect(sent).toMatchObject({ path: '/orders', askedIn: correlationId, approvedBy: 'client' });
    expect(sent).not.toMatchObject({ correlationId });
    expect(sent).not.toMatchObject({ askedInVain: true });
  });

  it('P7 P8: what one caller was asked is worth nothing for another, nor is its answer', async () => {
    const { call, stand } = await open();
    const { result } = await call(WRITE, asking);
    const params = { requestState: result.requestState, inputResponses: YES };
    expect(codeOf(await call(WRITE, { ...asking, caller: BOB, params }))).toBe('input_required');
    expect(codeOf(await call(WRITE, { ...asking, caller: { ...ANN, id: 'key:Ann' }, params }))).toBe('input_required');
    expect(stand.arrived).toEqual([]);
    expect(codeOf(await call(WRITE, { ...asking, params }))).toBe(200);
  });

  it('asks nobody where the operator allowed it earlier', async () => {
    const { call, answerNext, stand } = await open();
    const first = call();
    await answerNext(ALWAYS);
    await first;
    expect(codeOf(await call(WRITE, asking))).toBe(200);
    expect(codeOf(await call(WRITE, { ...asking, caller: BOB }))).toBe('input_required');
    expect(stand.arrived).toHaveLength(2);
  });
});

describe('what scripts send', () => {
  const post = (path: string) => sending({ url: `{{base}}${path}`, method: 'POST' });
  const items: readonly ScriptedItem[] = [
    { name: 'Create', method: 'POST', before: `${post('/one')}\n${post('/two')}` },
  ];
  const args = { request_id: 'Create', environment_id: 'dev' };
  const opened = () => open(() => createScriptStand({ scripts: builtSandbox, items: () => items }));

  it('P8: is put to the operator one by one, and the request after it', async () => {
    const { call, answerNext, stand, waitingFor } = await opened();
    const calling = call(args);
    for (const sent of [[], ['POST /one'], ['POST /one', 'POST /two']]) {
      await waitingFor();
      expect(stand.arrived).toEqual(sent);
      await answerNext(ONCE);
    }
    expect(codeOf(await calling)).toBe(200);
    expect(stand.arrived).toEqual(['POST /one', 'POST /two', 'POST /items']);
    const begun = stand.journal.filter(({ type }) => type === 'begin');
    expect(begun.map((event) => ('approvedBy' in event ? event.approvedBy : ''))).toEqual(Array(3).fill('operator'));
  });

  it('P7: sends nothing more when one of them is not answered', async () => {
    const { call, answerNext, clock, look, stand, waitingFor } = await opened();
    const calling = call(args);
    await answerNext(ONCE);
    await waitingFor();
    clock.now += WAIT_MS;
    await look();
    expect(codeOf(await calling)).toBe('POLICY/APPROVAL_EXPIRED');
    expect(stand.arrived).toEqual(['POST /one']);
  });
});

describe.each(clients)('%s', (name, connect) => {
  it('waits for the operator and gets the answer, in the same call', async () => {
    const { wire, answerNext } = await open();
    const Transport = name.startsWith('sdk 1') ? LegacyTransport : ModernTransport;
    const transport = new Transport(new URL('http://127.0.0.1/mcp'), {
      fetch: (url: string | URL, init?: RequestInit) => wire.fetchAs(ANN, new Request(url, init)),
    });
    const client = await connect(transport);
    const calling = client.callTool('execute_request', WRITE);
    await answerNext(ONCE);
    expect((await calling).structuredContent.status).toBe(200);
    await client.close();
  });
});

// Sixteen callers at once, as fast as they are answered, against an API that hands their credentials back in every spelling. Two
// seconds of it belong to every run of the tests; SOAK=60 makes them a minute, and then the memory that the server holds is judged too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../cli/run-keyward.ts';
import { type Mirror, mirrorPaths, startMirror } from '../../leaks/mirror.ts';
import { spellings } from '../../leaks/spellings.ts';
import { collection, environment, item } from '../../unit/tools/stand.ts';
import { createKey, residentBytes, type Served, serveOverHttp } from '../http/served.ts';
import { type Answer, type Caller, createCaller, type Era } from './caller.ts';
import { INSPECTED, readHeap } from './heap.ts';
import { createSearch, indexTexts, type Search } from './search.ts';

const SECONDS = Number(process.env.SOAK ?? 2);
const CALLERS = 16;
const SAMPLE_MS = 250;
/** Collecting garbage stops the server for as long as it takes. */
const HELD_MS = 5_000;
const MEGABYTE = 1_000_000;
/** A run that is shorter ends before the server has loaded what it needs. */
const JUDGED_SECONDS = 30;
const JUDGED = SECONDS >= JUDGED_SECONDS;
const WANTED_BYTES = 100 * MEGABYTE;
/** On a slow machine a long run goes on until it has seen enough. */
const MOST_SECONDS = JUDGED ? SECONDS * 5 : SECONDS;
const SECRETS = { FIRST: 'Qx7/live+Key==94_zTw?&1', SECOND: 'Inline/File+Secret==31_pLq' } as const;

interface Step {
  readonly method: string;
  readonly params: Record<string, unknown>;
  /** Code of the failure that is meant to come; absent: none. */
  readonly fails?: RegExp;
}

let desk: Desk;
let served: Served;
let mirrors: readonly Mirror[];
let keys: readonly string[];

const auths = {
  bearer: (name: string) => ({ auth: { type: 'bearer', bearer: [{ key: 'token', value: `{{vault:${name}}}` }] } }),
  query: (name: string) => ({
    auth: {
      type: 'apikey',
      apikey: Object.entries({ key: 'q', value: `{{vault:${name}}}`, in: 'query' }).map(([key, value]) => ({
        key,
        value,
      })),
    },
  }),
};

beforeAll(async () => {
  mirrors = await Promise.all(Object.values(SECRETS).map(startMirror));
  desk = createDesk();
  const names = Object.keys(SECRETS);
  const items = mirrors.flatMap(({ origin }, at) =>
    Object.entries(auths).flatMap(([kind, auth]) =>
      mirrorPaths.map((path) => item(`${kind} ${at} ${path}`, 'GET', `${origin}${path}`, auth(names[at] ?? ''))),
    ),
  );
  const write = item('write', 'DELETE', `${mirrors[0]?.origin}/json`, auths.bearer('FIRST'));
  desk.save('mirror.postman_collection.json', collection('Mirror', [...items, write]));
  desk.save('local.postman_environment.json', environment('Local', [{ key: 'plain', value: '1' }]));
  desk.save('keyward.yaml', JSON.stringify({ version: 1, network: { allow: mirrors.map(({ origin }) => origin) } }));
  for (const [at, [name, value]] of Object.entries(SECRETS).entries()) {
    const stored = await desk.keyward(
      ['secrets', 'set', name, '--origin', mirrors[at]?.origin ?? '', '--stdin'],
      value,
    );
    expect(stored, stored.errors).toMatchObject({ code: 0 });
  }
  const trusted = await desk.keyward(['trust', '--yes']);
  expect(trusted, trusted.errors).toMatchObject({ code: 0 });
  const made: string[] = [];
  for (let at = 0; at < CALLERS; at += 1) {
    made.push(await createKey(desk, `caller-${at}`, ['read', 'execute', 'execute:unsafe', 'history', 'secrets']));
  }
  keys = made;
  const rate = { perMinute: 1_000_000, bytesPerMinute: 1_000_000_000_000, concurrent: 64 };
  const limits = { perKey: rate, perCaller: rate, global: rate, perOrigin: { perMinute: 1_000_000 } };
  desk.save('../home/http.yaml', JSON.stringify({ limits, approvals: { waitMs: 0 } }));
  served = await serveOverHttp(desk, '0', JUDGED ? INSPECTED : {});
});

afterAll(async () => {
  await Promise.all(mirrors.map((mirror) => mirror.close()));
  desk.clear();
});

const tool = (name: string, args: Record<string, unknown>, fails?: RegExp): Step => ({
  method: 'tools/call',
  params: { name, arguments: args },
  ...(fails && { fails }),
});

const BROKEN = /^NETWORK\//;
/** Stands for the response that the caller was last told of. */
const LAST = 'last';
const PAGES = 6;
const PAGE_CHARS = 20_000;

const pages = Array.from({ length: PAGES }, (_, page) =>
  tool('read_response', { response_id: LAST, offset: page * PAGE_CHARS, limit: PAGE_CHARS }),
);

function stepsOf(caller: number): readonly Step[] {
  const at = caller % mirrors.length;
  const execute = Object.keys(auths).flatMap((kind) =>
    mirrorPaths.map((path) => {
      const fails = path === '/away' || path === '/broken' ? BROKEN : undefined;
      return tool('execute_read_request', { request_id: `${kind} ${at} ${path}` }, fails);
    }),
  );
  const read = [
    { method: 'tools/list', params: {} },
    { method: 'resources/list', params: {} },
    tool('list_requests', { limit: 10 }),
    tool('describe_request', { request_id: `bearer ${at} /json` }),
    tool('get_environment', { environment_id: 'Local' }),
    tool('get_history', { limit: 5 }),
    tool('list_secrets', {}),
    tool('describe_request', { request_id: 'no such request' }, /^REQUEST\/NOT_FOUND$/),
    tool('execute_request', { request_id: 'write' }, /^POLICY\/APPROVAL_/),
  ];
  return execute.flatMap((step, index) => [
    step,
    ...(isBig(step) ? pages : []),
    read[(index + caller) % read.length] ?? step,
  ]);
}

function isBig({ params }: Step): boolean {
  return JSON.stringify(params).includes('/big');
}

interface Recorded {
  calls: number;
  bytes: number;
  seconds: number;
  readonly problems: string[];
  readonly leaks: Set<string>;
  /** Resident, in bytes. */
  readonly memory: number[];
  /** What garbage collection left, in bytes. */
  readonly held: number[];
}

async function run(caller: Caller, at: number, goesOn: () => boolean, record: Recorded): Promise<void> {
  const steps = stepsOf(at);
  let last = '';
  for (let index = 0; goesOn(); index += 1) {
    const step = steps[index % steps.length];
    if (!step) return;
    const params = JSON.parse(JSON.stringify(step.params).replace(`"${LAST}"`, `"${last}"`));
    const answer = await caller.send(step.method, params);
    last = answer.result?.structuredContent?.body?.response_id ?? last;
    const problem = problemOf(answer, step);
    record.calls += 1;
    if (problem !== undefined) record.problems.push(`${JSON.stringify(params)}: ${problem}`);
  }
}

function problemOf(answer: Answer, { fails }: Step): string | undefined {
  const code = answer.result?.isError ? JSON.parse(answer.result.content[0].text).code : undefined;
  const expected = fails === undefined ? code === undefined : fails.test(String(code));
  return answer.result !== undefined && expected ? undefined : JSON.stringify(answer).slice(0, 400);
}

/** What nobody must be sent: the values of the vault, and the secret part of every key. */
function wanted(): Map<string, Buffer> {
  const values = [
    ...Object.entries(SECRETS),
    ...keys.map((key, at) => [`key ${at}`, key.split('_')[2] ?? ''] as const),
  ];
  const texts = new Map<string, Buffer>();
  for (const [name, value] of values) {
    for (const spelling of spellings(value)) {
      texts.set(`${name}: ${spelling}`, Buffer.from(spelling));
      texts.set(`${name}, UTF-16: ${spelling}`, Buffer.from(spelling, 'utf16le'));
    }
  }
  return texts;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

describe('sixteen callers', () => {
  it(
    `P1: get no secret and no error in ${SECONDS} s; the server does not grow, its journal verifies`,
    async () => {
      const record: Recorded = { calls: 0, bytes: 0, seconds: 0, problems: [], leaks: new Set(), memory: [], held: [] };
      const texts = indexTexts(wanted());
      const searches = keys.map((): Search => createSearch(texts, (name) => record.leaks.add(name)));
      const callers = keys.map((key, at) => {
        const era: Era = at % 2 === 0 ? 'modern' : 'legacy';
        const received = (piece: Buffer | undefined) => {
          if (!piece) return searches[at]?.end();
          record.bytes += piece.length;
          searches[at]?.feed(piece);
        };
        return createCaller({ url: served.url, key, era, received });
      });
      const timer = setInterval(() => record.memory.push(residentBytes(served.pid) ?? 0), SAMPLE_MS);
      const heap = JUDGED ? await readHeap(served) : undefined;
      const heldTimer = heap && setInterval(() => void heap.held().then((bytes) => record.held.push(bytes)), HELD_MS);
      const startedAt = performance.now();
      const seconds = () => (performance.now() - startedAt) / 1_000;
      const goesOn = () => seconds() < SECONDS || (record.bytes < WANTED_BYTES && seconds() < MOST_SECONDS);
      await Promise.all(callers.map((caller, at) => run(caller, at, goesOn, record)));
      record.seconds = seconds();
      clearInterval(timer);
      clearInterval(heldTimer);
      heap?.close();
      for (const caller of callers) caller.close();
      expect(await served.stop(), served.errors()).toBe(0);
      const verified = await desk.keyward(['journal', 'verify']);
      if (process.env.SOAK !== undefined) report(record, verified.out + verified.errors);
      expect(Array.from(record.leaks)).toEqual([]);
      expect(record.problems.slice(0, 5)).toEqual([]);
      expect(verified, verified.errors).toMatchObject({ code: 0 });
      expect(mirrors.map((mirror) => mirror.accepted() > 0)).toEqual(mirrors.map(() => true));
      if (JUDGED) judge(record);
    },
    MOST_SECONDS * 1_000 + 60_000,
  );
});

function quarters(memory: readonly number[]): readonly number[] {
  const length = Math.floor(memory.length / 4);
  return [0, 1, 2, 3].map((at) => mean(memory.slice(at * length, (at + 1) * length)) / MEGABYTE);
}

/** The heap is given more room for as long as there is some, so that only what is left after a collection tells of growth. */
function judge({ bytes, held }: Recorded): void {
  expect(bytes).toBeGreaterThan(WANTED_BYTES);
  const [, second = 0, , last = 0] = quarters(held);
  expect(second).toBeGreaterThan(0);
  expect(last).toBeLessThan(second * 1.1);
}

function report({ calls, bytes, seconds, memory, held }: Recorded, journal: string): void {
  const [resident, kept] = [memory, held].map((each) =>
    quarters(each)
      .map((mean) => mean.toFixed(0))
      .join(', '),
  );
  process.stdout.write(
    `${calls} calls in ${seconds.toFixed(0)} s, ${(calls / seconds).toFixed(0)} a second; ${(bytes / MEGABYTE).toFixed(0)} MB searched; ` +
      `RSS by quarters ${resident} MB, held after collection ${kept} MB; ${journal}\n`,
  );
}

// A collection with its scripts, moved to a server on loopback, and what its tests say in newman and in Keyward.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { createStand, type Stand } from '../unit/tools/stand.ts';
import type { Answer } from './postman-scripts-answers.ts';
import { deriveCollection, UPLOAD } from './wire-derive.ts';
import type { Collection, Item } from './wire-postman.ts';

export interface RunCollection {
  readonly collection: Collection;
  readonly environment: object;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Test names with their status, by request. */
export type TestsByRequest = ReadonlyMap<string, readonly string[]>;

/** Every request of the collection under a name of its own, with the scripts that it has. */
export function runnable(original: Collection, server: string): RunCollection {
  const requests = leaves(original.item);
  const drawn = new Map(requests.map((item, index) => [item, `${index + 1} ${item.name ?? ''}`.trim()]));
  const { collection, environment } = deriveCollection(original, drawn, server);
  const answers = requests.flatMap((item): [string, Answer][] => {
    const answer = savedAnswer(item);
    return answer ? [[drawn.get(item) ?? '', answer]] : [];
  });
  const item = withEvents(collection.item, original.item);
  return { collection: { ...collection, event: original.event, item }, environment, answers: new Map(answers) };
}

export function leaves(items: readonly Item[] | undefined): readonly Item[] {
  return (items ?? []).flatMap((item): readonly Item[] => {
    if (Array.isArray(item?.item)) return leaves(item.item);
    return item?.request ? [item] : [];
  });
}

// The moved items stand in the order of the original ones, without those that held no request.
function withEvents(moved: readonly Item[], originals: readonly Item[]): Item[] {
  const kept = originals.filter((item) => leaves([item]).length > 0);
  return moved.map((item, index) => {
    const { event, item: inner } = kept[index] ?? {};
    return { ...item, event, ...(item.item && { item: withEvents(item.item, inner ?? []) }) };
  });
}

interface SavedAnswer {
  readonly code?: number;
  readonly header?: readonly { readonly key: string; readonly value: string }[] | string | null;
  readonly body?: string | null;
}

// Headers of the transfer would not fit the body as it is sent here.
const TRANSFER = /^(?:content-(?:length|encoding)|transfer-encoding|connection|set-cookie|location)$/i;

function savedAnswer({ response }: Item): Answer | undefined {
  const [saved] = (Array.isArray(response) ? response : []) as readonly SavedAnswer[];
  if (typeof saved?.body !== 'string') return undefined;
  const headers = Array.isArray(saved.header) ? saved.header : [];
  return {
    status: saved.code ?? 200,
    headers: headers.filter(({ key }) => !TRANSFER.test(key)).map(({ key, value }) => ({ name: key, value })),
    body: saved.body,
  };
}

/** Answers the request that is under way as its example says, and everything else with what it was sent. */
export function createAnswers() {
  let next: Answer | undefined;
  let target: string | undefined;
  return {
    /** `only`: the method and target that the answer is for; absent: whatever comes next. */
    expect(answer: Answer | undefined, only?: string) {
      next = answer;
      target = only;
    },
    answer(request: IncomingMessage, response: ServerResponse, body: string) {
      const mine = target === undefined || target === `${request.method} ${request.url}`;
      const answer = mine ? next : undefined;
      if (mine) next = undefined;
      const { status, headers, body: text } = answer ?? echo(request, body);
      response.statusCode = status;
      for (const { name, value } of headers) response.setHeader(name, value);
      response.end(text);
    },
  };
}

function echo({ method, url = '', headers }: IncomingMessage, data: string): Answer {
  const args = Object.fromEntries(new URL(url, 'http://127.0.0.1').searchParams);
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const form = isForm ? Object.fromEntries(new URLSearchParams(data)) : {};
  const text = JSON.stringify({ args, data, form, json: isForm ? form : null, method, url });
  return { status: 200, headers: [{ name: 'Content-Type', value: 'application/json' }], body: text };
}

interface Newman {
  run(options: object, done: (error: unknown) => void): Events;
}
interface Events {
  on(event: string, listener: (error: unknown, told: Told) => void): Events;
}
interface Told {
  /** Without a name: a request that a script sends. */
  readonly item: { readonly name?: string };
  readonly assertion: string;
  readonly error?: unknown;
  readonly skipped?: boolean;
}

/** Runs the collection with newman; `begin` is told of each request before it is sent. */
export async function testsOfNewman(
  { collection, environment }: RunCollection,
  workingDir: string,
  begin: (name: string) => void,
): Promise<TestsByRequest> {
  const newman = createRequire(import.meta.url)('newman') as Newman;
  const tests = new Map<string, string[]>();
  await new Promise<void>((done, fail) => {
    newman
      .run({ collection, environment, reporters: [], workingDir, timeoutRequest: 5_000 }, (error) =>
        error ? fail(error) : done(),
      )
      .on('beforeRequest', (_, { item: { name } }) => name !== undefined && begin(name))
      .on('request', (error, { item: { name } }) => {
        // Without an answer its tests do not run.
        if (!error && name !== undefined && !tests.has(name)) tests.set(name, []);
      })
      .on('assertion', (error, { item: { name = '' }, assertion, skipped }) => {
        const status = skipped ? 'skipped' : error ? 'failed' : 'passed';
        tests.set(name, [...(tests.get(name) ?? []), `${status}: ${assertion}`]);
      });
  });
  return tests;
}

/** Calls execute_request for each of the requests, in their order; a request that was not answered is told by its failure. */
export async function testsOfKeyward(
  stand: Stand,
  names: readonly string[],
  begin: (name: string) => void,
): Promise<ReadonlyMap<string, readonly string[] | string>> {
  const [environment] = stand.context.workspace.environments();
  const entries = stand.context.workspace.collections().flatMap(({ requests }) => requests);
  const tests = new Map<string, readonly string[] | string>();
  for (const name of names) {
    const entry = entries.find((each) => each.name === name);
    if (!entry || !environment) throw new Error(`no ${name}`);
    begin(name);
    const args = { request_id: entry.id, environment_id: environment.id };
    const presented = await stand.call('execute_request', args);
    tests.set(name, toTests(presented));
  }
  return tests;
}

function toTests(presented: unknown): readonly string[] | string {
  const { structured: result } = presented as { structured?: Executed };
  if (result?.status === undefined) return JSON.stringify(presented).slice(0, 400);
  return (result.tests ?? []).map(({ name, status }) => `${status}: ${name}`);
}

interface Executed {
  readonly status?: number;
  readonly tests?: readonly { readonly name: string; readonly status: string }[];
}

/** A stand that serves the collection. */
export function openRun(original: Collection, answers: ReturnType<typeof createAnswers>): Promise<Stand> {
  return createStand({
    files: (origin) => {
      const { collection, environment } = runnable(original, origin);
      return {
        'run.postman_collection.json': collection,
        'run.postman_environment.json': environment,
        [UPLOAD]: 'the file that is uploaded\n',
      };
    },
    policy: { access: { default: 'full', collections: {}, environments: {} }, approvals: { unsafe: 'allow' } },
    answer: (request, response, body) => answers.answer(request, response, body),
  });
}

// Jobs of Bruno's and Insomnia's scripts for the built sandbox: one request and one answer, of which a test states what matters to it.
import { fileURLToPath } from 'node:url';
import type { ScriptCall, ScriptJob, ScriptOutcome, ScriptReply } from '../../../shared/script/job.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';

export const live = createLiveText('abcdefghijklmnop');

const built = (file: string): string => fileURLToPath(new URL(`../../../dist/src/sandbox/${file}`, import.meta.url));

export function openSandbox(): Sandbox {
  return createSandbox({
    workers: 1,
    files: { worker: built('worker.js'), image: built('image.bin') },
  });
}

/** Text under `text`; references that stand in it are live. */
export function variables(text: Readonly<Record<string, string>>): readonly { name: string; value: string }[] {
  return Object.entries(text).map(([name, value]) => ({ name, value: live.source(value) }));
}

const JOB: Omit<ScriptJob, 'phase' | 'scripts' | 'api'> = {
  assertions: [],
  nonce: live.nonce,
  info: {
    requestId: 'r1',
    requestName: 'Orders',
    collectionName: 'Shop',
    environmentName: 'Prod',
    folders: ['All'],
    tags: ['smoke'],
  },
  variables: {
    environment: variables({
      host: 'http://shop.test',
      user: '{"name":"Ann","tags":["a","b"]}',
      token: '{{vault:TOKEN}}',
    }),
    folder: variables({ area: 'north' }),
    collection: variables({ shared: 'all' }),
  },
  precedence: ['agent', 'local', 'runtime', 'data', 'folder', 'environment', 'collection', 'globals'],
  request: {
    method: 'POST',
    url: {
      address: live.source('{{host}}/orders/:id'),
      query: [
        { name: 'page', value: '1', enabled: true },
        { name: 'off', value: 'x', enabled: false },
      ],
      pathVariables: [{ name: 'id', value: '7', enabled: true }],
    },
    headers: [
      { name: 'Content-Type', value: 'application/json', enabled: true },
      { name: 'X-Off', value: '1', enabled: false },
    ],
    body: { kind: 'raw', text: '{"a":1}', language: 'json' },
    auth: { type: 'bearer', fields: { token: live.source('{{vault:TOKEN}}') } },
  },
  sends: 5,
};

export const RESPONSE = {
  status: 200,
  statusText: 'OK',
  headers: [
    { name: 'Content-Type', value: 'application/json' },
    { name: 'Set-Cookie', value: 'sid=abc; Path=/; HttpOnly' },
  ],
  body: '{"hello":"bruno"}',
  kind: 'json',
  bytes: 17,
  totalMs: 12,
  url: 'http://shop.test/orders/7?page=1',
} as const;

export interface Scripted {
  readonly before?: string;
  /** Bruno's scripts after the answer. */
  readonly response?: string;
  /** Bruno's tests; of other APIs what runs after the answer. */
  readonly tests?: string;
  readonly change?: Partial<ScriptJob>;
  /** Answers of requests that scripts send; absent: none may be sent. */
  readonly reply?: (call: ScriptCall) => ScriptReply;
}

/** Runs them in one job; throws where the sandbox failed. */
export async function runScripts(sandbox: Sandbox, api: ScriptJob['api'], scripted: Scripted): Promise<ScriptOutcome> {
  const { before, response, tests, change, reply } = scripted;
  const source = (text: string) => ({ source: live.source(text), label: 'script of the request' });
  const after = [
    ...(response === undefined ? [] : [{ ...source(response), stage: 'response' as const }]),
    ...(tests === undefined ? [] : [{ ...source(tests), stage: 'tests' as const }]),
  ];
  const phase =
    before === undefined
      ? { phase: 'after' as const, scripts: after, response: RESPONSE }
      : { phase: 'before' as const, scripts: [source(before)] };
  const ran = await sandbox.run(
    { ...JOB, api, ...phase, ...change },
    {
      timeMs: 5_000,
      host: async (call) => reply?.(call) ?? { ok: false, code: 'NETWORK/REFUSED', message: 'refused' },
      signal: new AbortController().signal,
    },
  );
  if (!ran.ok) throw new Error(ran.failure.code);
  return ran.value;
}

/** What the scripts printed, without the marks of references. */
export function printed({ console }: ScriptOutcome): readonly string[] {
  return console.map(({ text }) => text);
}

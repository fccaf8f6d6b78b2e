// The two clients that are compared: each sends every request of a derived collection to the recorder, one after another.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { planRequest } from '../../shared/request/plan-request.ts';
import { createCourier } from '../../src/courier/deliver.ts';
import { createDynamicValues } from '../../src/execute/dynamic-values.ts';
import { createNetwork } from '../../src/network/network.ts';
import { createSigner } from '../../src/signer/sign.ts';
import type { SecretSource } from '../../src/vault/resolve.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { keepsNothing } from '../unit/courier/stand.ts';
import type { DerivedCollection } from './wire-draw.ts';
import type { Recorded, Recorder } from './wire-recorder.ts';

/** What arrived for a request, or why nothing did. */
export type Sent = { readonly recorded: Recorded } | { readonly failed: string };

export type SentById = ReadonlyMap<string, Sent>;

/** As much of newman as is used; it has no types of its own. */
interface Newman {
  run(options: object, done: (error: unknown) => void): NewmanRun;
}

interface Sandboxes {
  createContext(options: object, done: SandboxDone): void;
}

type SandboxDone = (error: unknown, context?: SandboxContext) => void;

interface SandboxContext {
  removeAllListeners(event: string): void;
}

interface NewmanRun {
  on(
    event: 'request',
    listener: (error: { code?: string; message?: string } | null, sent: { item: { name: string } }) => void,
  ): void;
}

const load = createRequire(import.meta.url);
const newman: Newman = load('newman');
// newman's own copy, not the one that stands at the top.
const sandboxes: Sandboxes = createRequire(createRequire(load.resolve('newman')).resolve('postman-runtime'))(
  'postman-sandbox',
);
const ownCreate = sandboxes.createContext;
let shared: Promise<SandboxContext> | undefined;
let runs = 0;

/**
 * newman makes a sandbox for scripts at the start of every run, which takes longer than the requests; these have no scripts, so that
 * one serves all runs. `runs` says how many are under way: without any, whoever else asks for a sandbox gets one of its own.
 */
async function withSharedSandbox(run: () => Promise<void>): Promise<void> {
  sandboxes.createContext = lendSandbox;
  runs += 1;
  try {
    await run();
  } finally {
    runs -= 1;
    if (runs === 0) sandboxes.createContext = ownCreate;
  }
}

function lendSandbox(options: object, done: SandboxDone): void {
  shared ??= new Promise((made, fail) => {
    ownCreate.call(sandboxes, options, (error, context) => (context ? made(context) : fail(error)));
  });
  shared.then((context) => {
    // What an earlier run still listens for.
    for (const event of ['console', 'error', 'execution.error', 'execution.assertion'])
      context.removeAllListeners(event);
    done(null, context);
  }, done);
}

/** Runs a collection without scripts with newman. */
export async function sendWithNewman(
  { collection, environment }: Pick<DerivedCollection, 'collection' | 'environment'>,
  folder: string,
  recorder: Recorder,
): Promise<SentById> {
  const sent = new Map<string, Sent>();
  recorder.take();
  const options = { collection, environment, reporters: [], ignoreRedirects: true, workingDir: folder };
  const run = () =>
    new Promise<void>((done, fail) => {
      newman
        .run({ ...options, timeoutRequest: 10_000 }, (error: unknown) => (error ? fail(error) : done()))
        .on('request', (error, { item }) => {
          const [recorded] = recorder.take();
          sent.set(
            item.name,
            recorded ? { recorded } : { failed: String(error?.code ?? error?.message ?? 'nothing sent') },
          );
        });
    });
  await withSharedSandbox(run);
  return sent;
}

/** Runs the collection with Keyward's own pipeline, from the files in `folder` to the network; signed at a time given, or now. */
export async function sendWithKeyward(folder: string, recorder: Recorder, signedAt?: number): Promise<SentById> {
  const opened = await openWorkspace({ roots: [folder], forbidden: [] });
  if (!opened.ok) throw new Error(opened.failure.code);
  const workspace = opened.value;
  const [collection] = workspace.collections();
  const [environment] = workspace.environments();
  if (!collection || !environment) throw new Error(`nothing loaded: ${JSON.stringify(workspace.problems())}`);
  const now = () => Date.now();
  const network = createNetwork({ policy: { allow: [recorder.origin], ca: [] }, now });
  const courier = createCourier({
    signer: createSigner({ secrets: noSecrets, now: () => signedAt ?? now() }),
    network,
    captured: keepsNothing,
    now,
  });
  const dynamic = createDynamicValues({ now, random: Math.random, randomId: () => crypto.randomUUID() });
  const sent = new Map<string, Sent>();
  recorder.take();
  for (const entry of collection.requests) {
    const plan = planRequest({
      found: { collection, entry, template: entry.open() },
      environment,
      globals: [],
      handles: () => undefined,
      overrides: {},
      dynamic,
      readAttachment: (path) => ok({ fileName: path, bytes: readFileSync(join(folder, path)) }),
    });
    const delivery = { timeoutMs: 10_000, responseBytes: limits.responseBodyBytes, redirects: 0, caller: 'test' };
    const delivered = plan.ok ? await courier.deliver(plan.value, delivery, new AbortController().signal) : plan;
    const [recorded] = recorder.take();
    const failed = delivered.ok
      ? 'nothing sent'
      : `${delivered.failure.code} ${JSON.stringify(delivered.failure.facts)}`;
    sent.set(entry.name, recorded ? { recorded } : { failed });
  }
  await network.close();
  return sent;
}

const noSecrets: SecretSource = {
  describe: (name) => err(failure('SECRET/NOT_FOUND', { name })),
  resolve: (name) => Promise.resolve(err(failure('SECRET/NOT_FOUND', { name }))),
  boundTo: () => ok([]),
  revision: () => 0,
};

// A whole Keyward in one process: files in a temporary folder, a server on loopback, the real workspace, courier, signer and
// network. Only the vault and the journal are held in memory, so that a test can lock or break them.
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addsOrdinary } from '../../../shared/config/stated-agent.ts';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { type Failure, failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { Policy } from '../../../shared/policy/policy.ts';
import { noProviders } from '../../../shared/policy/provider-policy.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import type { ApprovalAnswer } from '../../../src/execute/approval.ts';
import type { ExecutionContext } from '../../../src/execute/ports.ts';
import { createNetwork } from '../../../src/network/network.ts';
import { createSealedDigest } from '../../../src/signer/sealed-digest.ts';
import { scrubSealed } from '../../../src/signer/sealed-scrub.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import type { Presented, PresentedQuestion } from '../../../src/tools/present.ts';
import { createToolbox, type Toolbox } from '../../../src/tools/toolbox.ts';
import { createCapturedTokens, isCapturedId } from '../../../src/vault/captured.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { scriptParts } from '../execute/script-parts.ts';
import { memoryJournal, type Written } from './memory-journal.ts';

export const SECRET = 'sk-live-9f8e7d6c5b4a39281706';

export interface Stand {
  readonly origin: string;
  readonly folder: string;
  /** Requests that arrived, oldest first. */
  readonly arrived: string[];
  readonly journal: Written[];
  readonly bugs: unknown[];
  readonly context: ExecutionContext;
  readonly toolbox: Toolbox;
  /** What the next call of the journal's begin and denied answer. */
  breakJournal(problem: Failure | undefined): void;
  lockVault(problem: Failure | undefined): void;
  call(name: string, args: unknown, options?: CallOptions): Promise<Presented | PresentedQuestion>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly approval?: ApprovalAnswer;
  readonly signal?: AbortSignal;
  readonly principal?: string;
}

export interface StandOptions {
  readonly files: (origin: string) => Readonly<Record<string, unknown>>;
  /** Folders to serve instead of the temporary one. */
  readonly roots?: readonly string[];
  readonly policy?: Partial<Policy>;
  readonly answer?: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  /** The value of the one handle. */
  readonly secret?: string;
}

export async function createStand({
  files,
  roots,
  policy,
  answer = reflect,
  secret = SECRET,
}: StandOptions): Promise<Stand> {
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      arrived.push(`${request.method} ${request.url}`);
      answer(request, response, body);
    });
  });
  const origin = await listen(server);
  const folder = mkdtempSync(join(tmpdir(), 'keyward-stand-'));
  for (const [name, content] of Object.entries(files(origin))) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const parts = await createParts(origin, roots ?? [folder], strictPolicy(origin, policy), secret);
  const bugs: unknown[] = [];
  const toolbox = createToolbox({
    open: async () => ok(parts.context),
    now: Date.now,
    randomId: randomUUID,
    onBug: (error) => bugs.push(error),
  });
  return {
    origin,
    folder,
    arrived,
    bugs,
    toolbox,
    ...parts,
    call(name, args, { approval, signal = new AbortController().signal, principal = 'test' } = {}) {
      const contract = contracts.find((each) => each.name === name);
      if (!contract) throw new Error(`no tool ${name}`);
      return toolbox.run(contract, args, {
        principal: { id: principal, kind: 'stdio' },
        signal,
        ...(approval && { approval }),
      });
    },
    async close() {
      await parts.network.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createParts(origin: string, roots: readonly string[], policy: Policy, secret: string) {
  const workspace = await openWorkspace({ roots, forbidden: [] });
  if (!workspace.ok) throw new Error(workspace.failure.code);
  const journal: Written[] = [];
  let journalProblem: Failure | undefined;
  let vaultProblem: Failure | undefined;
  const info: HandleInfo = {
    id: 'h-1',
    name: 'API_KEY',
    label: 'Test key',
    origins: [origin],
    pathAllowed: false,
    createdAt: 0,
    updatedAt: 0,
    useCount: 0,
  };
  const whenOpen = <T>(value: T): Result<T> => (vaultProblem ? err(vaultProblem) : ok(value));
  const captured = createCapturedTokens(Date.now);
  const signer = createSigner({
    now: Date.now,
    secrets: {
      describe: (ref) => {
        const kept = captured.describe(ref);
        if (kept) return ok(kept);
        return ref === info.id || ref === info.name ? whenOpen(info) : err(failure('SECRET/NOT_FOUND', { name: ref }));
      },
      resolve: (id) => Promise.resolve(isCapturedId(id) ? ok(captured.value(id) ?? '') : whenOpen(secret)),
      boundTo: (to) => whenOpen(to === origin ? [{ id: info.id, value: secret }] : []),
      revision: () => 0,
    },
  });
  const network = createNetwork({ policy: policy.network, now: () => performance.now() });
  const context: ExecutionContext = {
    workspace: workspace.value,
    handles: {
      list: () => whenOpen([info]),
      find: (ref) => whenOpen(ref === info.id || ref === info.name ? info : undefined),
    },
    captured,
    courier: createCourier({ signer, network, captured, now: Date.now }),
    journal: memoryJournal(journal, {
      at: (seq) => seq * 1_000,
      problem: () => (journalProblem ? err(journalProblem) : ok(undefined)),
    }),
    ...scriptParts(),
    policy,
    now: Date.now,
    random: Math.random,
    randomId: randomUUID,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sealedDigest: createSealedDigest(),
    scrubSealed,
  };
  return {
    context,
    journal,
    network,
    breakJournal: (problem: Failure | undefined) => {
      journalProblem = problem;
    },
    lockVault: (problem: Failure | undefined) => {
      vaultProblem = problem;
    },
  };
}

export function strictPolicy(origin: string, changes: Partial<Policy> = {}): Policy {
  return {
    access: { default: 'safe', collections: {}, environments: {} },
    approvals: { unsafe: 'ask' },
    network: { allow: [origin], ca: [] },
    limits: { responseBytes: 10_485_760, timeoutMs: 30_000, redirects: 5, scriptMs: 1_000 },
    prompts: { redactHosts: false },
    providers: noProviders,
    captured: { share: [] },
    scripts: { run: true },
    agent: addsOrdinary,
    journal: { detail: 'full', collections: {} },
    ...changes,
  };
}

/** Answers with what was asked, so that a leaked secret would show. */
function reflect(request: IncomingMessage, response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ method: request.method, path: request.url, seen: request.headers['x-api-key'] ?? null, body }),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Postman v2.1 collection. */
export function collection(name: string, items: readonly unknown[], rest: object = {}): unknown {
  return {
    info: { name, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: items,
    ...rest,
  };
}

export function item(name: string, method: string, url: unknown, rest: object = {}): object {
  return { name, request: { method, url, ...rest } };
}

export function environment(name: string, values: readonly unknown[]): unknown {
  return { name, values, _postman_variable_scope: 'environment' };
}

/** The failure that a presented result holds. */
export function failureOf(presented: Presented | PresentedQuestion): Record<string, unknown> {
  return JSON.parse(presented.text) as Record<string, unknown>;
}

/** JSON of no stated shape: the assertions state it. */
export type Content = ReturnType<typeof JSON.parse>;

/** The structured content, which the text must repeat. */
export function contentOf(presented: Presented | PresentedQuestion): Content {
  if (presented.kind !== 'result' || presented.structured === undefined) throw new Error(presented.text);
  return presented.structured;
}

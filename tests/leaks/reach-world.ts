// A whole Keyward in one process that gives the same bytes for the same calls: ids are counted and the clock stands still. The files of
// its workspace and its vault are parameters, so that a world without a thing can be compared with one that hides it.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contracts } from '../../shared/contracts/contracts.ts';
import { ok } from '../../shared/failure/result.ts';
import type { Policy, Principal } from '../../shared/policy/policy.ts';
import { createCourier } from '../../src/courier/deliver.ts';
import type { ApprovalAnswer } from '../../src/execute/approval.ts';
import type { ExecutionContext, Workspace } from '../../src/execute/ports.ts';
import { createNetwork, type Network } from '../../src/network/network.ts';
import { createSealedDigest } from '../../src/signer/sealed-digest.ts';
import { scrubSealed } from '../../src/signer/sealed-scrub.ts';
import { createSigner } from '../../src/signer/sign.ts';
import { createToolbox, type ToolCall } from '../../src/tools/toolbox.ts';
import { createCapturedTokens } from '../../src/vault/captured.ts';
import type { Vault } from '../../src/vault/open-vault.ts';
import { createSecretSource } from '../../src/vault/resolve.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { scriptParts } from '../unit/execute/script-parts.ts';
import { memoryJournal, type Written } from '../unit/tools/memory-journal.ts';
import { strictPolicy } from '../unit/tools/stand.ts';

export type Files = Readonly<Record<string, string>>;

export type Asked =
  | { readonly tool: string; readonly args: object; readonly approve?: boolean }
  | { readonly prompt: string; readonly args: object }
  | { readonly list: 'resources'; readonly cursor?: string }
  | { readonly uri: string };

export interface World {
  readonly context: ExecutionContext;
  readonly journal: readonly Written[];
  readonly bugs: readonly unknown[];
  /** What the caller is shown. */
  ask(asked: Asked, principal: Principal, approval?: ApprovalAnswer): Promise<string>;
  /** Counts ids from here on. */
  count(from: number): void;
}

export interface Api {
  readonly origin: string;
  readonly arrived: string[];
  close(): Promise<void>;
}

/** A server on loopback that says what it was sent, hands out a token and a cookie at `/login`, and long lists at `/long`. */
export async function startApi(): Promise<Api> {
  const arrived: string[] = [];
  // Each login gets a session of its own.
  let logins = 100_000;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method, url = '', headers } = request;
      arrived.push([method, url, headers['x-key'], headers.cookie, body].join(' '));
      response.sendDate = false;
      response.setHeader('content-type', 'application/json');
      logins += 1;
      if (url.startsWith('/login')) response.setHeader('set-cookie', `session=c00kie-Value-${logins}; Path=/`);
      const login = { access_token: `mT9xQ5c1Esession8Kq3wZ${logins}` };
      const long = Array.from({ length: 60 }, (_, at) => ({ at, name: `item ${at}` }));
      const seen = { method, url, key: headers['x-key'] ?? null, cookie: headers.cookie ?? null, body };
      response.end(JSON.stringify(url.startsWith('/login') ? login : url.startsWith('/long') ? long : seen));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface OpenedFiles {
  readonly workspace: Workspace;
  remove(): void;
}

/** A workspace of these files in a temporary folder. */
export async function openFiles(files: Files): Promise<OpenedFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-reach-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const opened = await openWorkspace({ roots: [folder], forbidden: [] });
  if (!opened.ok) throw new Error(opened.failure.code);
  return { workspace: opened.value, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface WorldParts {
  readonly workspace: Workspace;
  readonly vault: Vault;
  readonly origin: string;
  readonly network: Network;
  readonly policy?: Partial<Policy>;
}

export function openNetwork(origin: string): Network {
  return createNetwork({ policy: strictPolicy(origin).network, now: () => performance.now() });
}

export const NOW = Date.UTC(2026, 10, 22);

export function createWorld({ workspace, vault, origin, network, policy }: WorldParts): World {
  let ids = 0;
  const now = () => NOW;
  const randomId = () => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
  };
  const journal: Written[] = [];
  const captured = createCapturedTokens(now);
  const signer = createSigner({ now, secrets: createSecretSource(vault, captured) });
  const context: ExecutionContext = {
    workspace,
    handles: vault,
    captured,
    courier: createCourier({ signer, network, captured, now }),
    journal: memoryJournal(journal, { at: now }),
    ...scriptParts(),
    policy: strictPolicy(origin, policy),
    now,
    random: () => 0.5,
    randomId,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sealedDigest: createSealedDigest(),
    scrubSealed,
  };
  const bugs: unknown[] = [];
  const toolbox = createToolbox({ open: async () => ok(context), now, randomId, onBug: (error) => bugs.push(error) });
  const ask = async (asked: Asked, call: ToolCall): Promise<string> => {
    if ('prompt' in asked) {
      const made = await toolbox.prompt({ name: asked.prompt, arguments: asked.args }, call);
      return JSON.stringify(made && ('context' in made ? made.context.text : made.text));
    }
    if ('uri' in asked)
      return JSON.stringify((await toolbox.resource({ method: 'resources/read', uri: asked.uri }, call)) ?? null);
    if ('list' in asked) {
      const { cursor } = asked;
      return JSON.stringify(await toolbox.resource({ method: 'resources/list', ...(cursor && { cursor }) }, call));
    }
    const contract = contracts.find(({ name }) => name === asked.tool);
    if (!contract) throw new Error(`no tool ${asked.tool}`);
    const shown = await toolbox.run(contract, asked.args, call);
    if (shown.kind !== 'question' || !asked.approve) return JSON.stringify(shown);
    const approval = { digest: shown.digest, outcome: 'approved' as const };
    return JSON.stringify([shown.text, await toolbox.run(contract, asked.args, { ...call, approval })]);
  };
  return {
    context,
    journal,
    bugs,
    async ask(asked, principal, approval) {
      const { signal } = new AbortController();
      const text = await ask(asked, { principal, signal, ...(approval && { approval }) });
      return text.replace(/\b((?:total|first_byte|duration)_ms\\*":)[\d.]+/g, '$10');
    },
    count(from) {
      ids = from;
    },
  };
}

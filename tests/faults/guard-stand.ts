// A Keyward as src/main.ts connects it: configuration and its trust, vault with a key file, journal, workspace, courier, signer
// and network, over a data folder and a workspace of one test. Given from outside are the clock, the resolver and the keychain.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { contracts } from '../../shared/contracts/contracts.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import { placeConfig } from '../../src/config/config-place.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createCourier } from '../../src/courier/deliver.ts';
import type { ApprovalAnswer } from '../../src/execute/approval.ts';
import type { ExecutionContext } from '../../src/execute/ports.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import { createNetwork } from '../../src/network/network.ts';
import { createOwnNetwork } from '../../src/network/own-requests.ts';
import type { Resolve } from '../../src/network/pin.ts';
import { createSealedDigest } from '../../src/signer/sealed-digest.ts';
import { scrubSealed } from '../../src/signer/sealed-scrub.ts';
import { createSigner } from '../../src/signer/sign.ts';
import { createState } from '../../src/state/open-state.ts';
import { createTrustStore } from '../../src/state/trust.ts';
import { createToolbox } from '../../src/tools/toolbox.ts';
import { createCapturedTokens } from '../../src/vault/captured.ts';
import type { Keyring } from '../../src/vault/keyring.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { createProviders } from '../../src/vault/providers/providers.ts';
import { createSecretSource } from '../../src/vault/resolve.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { scriptParts } from '../unit/execute/script-parts.ts';
import { must, temporaryHome } from '../unit/state/temporary-home.ts';
import { collection, item } from '../unit/tools/stand.ts';

export const TOKEN = 'guard-Quilt-81-Lantern';
export const STORED_AT = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;

/** What a fault may change before the call; everything else is read from the files. */
export interface GuardStand {
  readonly home: string;
  readonly config: string;
  /** `http://api.test:PORT`, which resolves to the server. */
  readonly origin: string;
  readonly port: number;
  /** Milliseconds since the epoch. */
  clock: number;
  resolve: Resolve;
  makeKeyring: (() => Keyring) | undefined;
  /** Variables of the environment that Keyward was started in. */
  readonly variables: Record<string, string>;
  /** Change the policy and the context of the call as no file can. */
  alterPolicy: (policy: Policy) => Policy;
  alter: (context: ExecutionContext) => ExecutionContext;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Another process over the same data folder. */
  vault(): ReturnType<typeof openVault>;
  /** What `keyward trust` does with the configuration as it is. */
  trust(): void;
  journal(): ReturnType<typeof openJournal>;
  /** Calls a tool in a server that starts now. */
  call(args: Readonly<Record<string, unknown>>, outcome?: ApprovalAnswer['outcome']): Promise<string>;
  /** Connections that the server has seen. */
  connections(): number;
}

export async function createGuardStand(): Promise<GuardStand> {
  let seen = 0;
  const server = createServer((request, response) => stand.answer(request, response));
  server.on('connection', () => {
    seen += 1;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  const home = temporaryHome();
  const workspace = join(dirname(home), 'workspace');
  mkdirSync(workspace);
  const stand: GuardStand = {
    home,
    config: join(workspace, 'keyward.yaml'),
    origin: `http://api.test:${port}`,
    port,
    clock: STORED_AT,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    makeKeyring: undefined,
    variables: {},
    alterPolicy: (policy) => policy,
    alter: (context) => context,
    answer: (_, response) => response.setHeader('content-type', 'application/json').end('{"arrived":true}'),
    vault: () => openedVault(stand),
    trust: () => trustConfig(stand),
    journal: () => openJournal({ state: stateOf(home), now: () => stand.clock }),
    call: (args, outcome) => callOnce(stand, workspace, args, outcome),
    connections: () => seen,
  };
  fillWorkspace(stand, workspace);
  return stand;
}

function fillWorkspace(stand: GuardStand, workspace: string): void {
  const { origin, config } = stand;
  const authorised = { header: [{ key: 'X-Api-Key', value: '{{vault:KEY}}' }] };
  const requests = [
    item('Read', 'GET', `${origin}/read`, authorised),
    item('Write', 'POST', `${origin}/write`, authorised),
  ];
  writeFileSync(join(workspace, 'api.postman_collection.json'), JSON.stringify(collection('Api', requests)));
  const text = JSON.stringify({ version: 1, network: { allow: [origin] } });
  writeFileSync(config, text);
  stand.trust();
  must(stand.vault().set({ name: 'KEY', value: TOKEN, origins: [origin], expiresAt: STORED_AT + DAY_MS }));
}

function trustConfig({ home, config, clock }: GuardStand): void {
  const place = must(placeConfig([dirname(config)]));
  const { text = '', hash = '' } = must(
    loadConfig({ place, asOperator: true, isTrusted: () => false, isForbidden: () => false }),
  );
  must(createTrustStore(stateOf(home)).accept({ file: config, hash, text, raised: [] }, clock));
}

function stateOf(home: string): ReturnType<typeof createState> {
  const state = createState(home);
  onTestFinished(() => state.close());
  return state;
}

function openedVault({ home, clock, makeKeyring }: GuardStand): ReturnType<typeof openVault> {
  const keySource = makeKeyring ? ({ source: 'keychain' } as const) : ({ source: 'key-file' } as const);
  const vault = openVault({ state: stateOf(home), keySource, now: () => clock, ...(makeKeyring && { makeKeyring }) });
  onTestFinished(() => vault.close());
  return vault;
}

async function callOnce(
  stand: GuardStand,
  workspace: string,
  args: Readonly<Record<string, unknown>>,
  outcome: ApprovalAnswer['outcome'] | undefined,
): Promise<string> {
  const toolbox = createToolbox({
    open: () => openContext(stand, workspace),
    now: () => stand.clock,
    randomId: randomUUID,
  });
  const contract = contracts.find(({ name }) => name === 'execute_request');
  if (!contract) throw new Error('no such tool');
  const call = { principal: { id: 'test', kind: 'stdio' } as const, signal: new AbortController().signal };
  const first = await toolbox.run(contract, args, call);
  if (first.kind === 'result' || outcome === undefined) return first.text;
  return (await toolbox.run(contract, args, { ...call, approval: { digest: first.digest, outcome } })).text;
}

async function openContext(stand: GuardStand, root: string): Promise<Result<ExecutionContext>> {
  const { home, clock, resolve } = stand;
  const now = () => clock;
  const store = createTrustStore(stateOf(home));
  const place = placeConfig([root]);
  if (!place.ok) return place;
  const config = loadConfig({
    place: place.value,
    isTrusted: (hash, file) => must(store.find(file))?.hash === hash,
    isKnown: (text, file) => must(store.find(file))?.text === text,
    trustedBefore: (file) => {
      const note = must(store.find(file));
      return note && { text: note.text, vouched: true };
    },
    isForbidden: () => false,
  });
  if (!config.ok) return config;
  const workspace = await openWorkspace({ roots: place.value.roots, forbidden: [home] });
  if (!workspace.ok) return workspace;
  const policy = stand.alterPolicy(config.value.policy);
  const vault = stand.vault();
  const network = createNetwork({
    policy: policy.network,
    now: () => performance.now(),
    resolve: (host) => resolve(host),
  });
  onTestFinished(() => network.close());
  const captured = createCapturedTokens(now);
  const providers = createProviders({ now, variable: (name) => stand.variables[name] });
  const own = createOwnNetwork({
    policy: policy.network,
    now: () => performance.now(),
    resolve: (host) => resolve(host),
  });
  onTestFinished(async () => {
    providers.close();
    await own.close();
  });
  const outside = providers.under(policy.providers, (request, signal) => own.send(request, signal));
  const signer = createSigner({ secrets: createSecretSource(vault, captured, outside), now });
  const context: ExecutionContext = {
    workspace: workspace.value,
    handles: vault,
    captured,
    courier: createCourier({ signer, network, captured, now }),
    journal: stand.journal(),
    ...scriptParts(),
    policy,
    now,
    random: Math.random,
    randomId: randomUUID,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sealedDigest: createSealedDigest(),
    scrubSealed,
  };
  return ok(stand.alter(context));
}

// HashiCorp Vault as its HTTP API documents it, as far as a reader of KV version 2 meets it: tokens, AppRole with leases and numbers of
// uses, namespaces, versions that were deleted or destroyed, the seal. Statuses and bodies are those of the real one.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface VaultServer {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Uses that are left by token. */
  readonly tokens: Map<string, number>;
  sealed: boolean;
  /** Of tokens that logins give out. */
  leaseSeconds: number;
  usesOfToken: number;
  /** Answers in the place of what is documented. */
  instead: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
}

type Version = { readonly data: Readonly<Record<string, unknown>> | null };

/** By namespace, mount and path; from version 1 on. */
const secrets: Readonly<Record<string, readonly Version[]>> = {
  '|secret|billing/api': [
    { data: { token: 'first-Linden-88' } },
    { data: { token: 'second-Linden-88', count: 7, none: '' } },
  ],
  '|secret|gone': [{ data: { token: 'was-Linden-88' } }, { data: null }],
  '|team/kv|a@b:c+d': [{ data: { 'client secret': 'odd-Linden-88' } }],
  'eu/north|secret|billing/api': [{ data: { token: 'northern-Linden-88' } }],
};

export const ROLE = { role_id: '59d6d1ca-47bb-4e7e-a40b-8be3bc5a0ba8', secret_id: 'secret-id-Wicker-15-Plover' };
export const TOKEN = 'hvs.static-Wicker-15-Plover';

export async function startVault(): Promise<VaultServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      vault.seen.push({ method, path, headers, body });
      if (vault.instead) vault.instead(response, request);
      else send(response, ...answer(vault, { method, path, headers, body }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const vault: VaultServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    tokens: new Map([[TOKEN, Number.POSITIVE_INFINITY]]),
    sealed: false,
    leaseSeconds: 3_600,
    usesOfToken: Number.POSITIVE_INFINITY,
    instead: undefined,
  };
  return vault;
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

type Reply = readonly [status: number, body: unknown];

function answer(vault: VaultServer, request: SeenRequest): Reply {
  if (vault.sealed) return [503, { errors: ['Vault is sealed'] }];
  const { pathname, searchParams } = new URL(request.path, vault.origin);
  if (pathname === '/v1/auth/approle/login') return logIn(vault, request);
  const token = String(request.headers['x-vault-token']);
  const left = vault.tokens.get(token) ?? 0;
  if (left <= 0) return [403, { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] }];
  vault.tokens.set(token, left - 1);
  const [, mount = '', path = ''] = /^\/v1\/(.+?)\/data\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
  if (path.startsWith('forbidden')) return [403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] }];
  const versions = secrets[`${String(request.headers['x-vault-namespace'] ?? '')}|${mount}|${path}`];
  if (!versions) return [404, { errors: [] }];
  return readVersion(versions, Number(searchParams.get('version') ?? versions.length));
}

function readVersion(versions: readonly Version[], version: number): Reply {
  const found = versions[version - 1];
  if (!found) return [404, { errors: [] }];
  const created_time = '2026-05-02T10:00:00.000000000Z';
  const deletion_time = found.data ? '' : '2026-05-03T10:00:00.000000000Z';
  const metadata = { created_time, custom_metadata: null, deletion_time, destroyed: false, version };
  const envelope = {
    request_id: 'b0c4',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    wrap_info: null,
    warnings: null,
  };
  return [found.data ? 200 : 404, { ...envelope, data: { data: found.data, metadata }, auth: null }];
}

function logIn(vault: VaultServer, { method, body }: SeenRequest): Reply {
  if (method !== 'POST' && method !== 'PUT') return [405, { errors: ['unsupported operation'] }];
  const given = JSON.parse(body) as Partial<typeof ROLE>;
  if (given.role_id !== ROLE.role_id || given.secret_id !== ROLE.secret_id)
    return [400, { errors: ['invalid role or secret ID'] }];
  const client_token = `hvs.minted-Wicker-15-Plover-${vault.tokens.size}`;
  vault.tokens.set(client_token, vault.usesOfToken);
  const uses = Number.isFinite(vault.usesOfToken) ? vault.usesOfToken : 0;
  const policies = ['default', 'billing'];
  const token = { client_token, accessor: 'a', policies, token_policies: policies, metadata: { role_name: 'ci' } };
  const rest = {
    lease_duration: vault.leaseSeconds,
    renewable: true,
    entity_id: 'e',
    token_type: 'service',
    orphan: true,
  };
  return [200, { request_id: 'b0c5', lease_id: '', data: null, auth: { ...token, ...rest, num_uses: uses } }];
}

// HashiCorp Vault and OpenBao, key-value engine version 2, over HTTP: GET /v1/MOUNT/data/PATH, with a token of the operator's or one
// from a login with AppRole. Redirects are not followed: the token would go along.
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import type { VaultProvider } from '../../../shared/policy/provider-policy.ts';
import type { SecretReference } from '../../../shared/secret/secret-reference.ts';
import type { Incomplete } from '../../../shared/stages/stages.ts';
import { had, not, type Outcome, type ProviderReason } from './outcome.ts';

export interface ProviderRequest {
  /** The only one that it may go to. */
  readonly origin: string;
  readonly method: 'GET' | 'POST';
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  readonly answerBytes: number;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Why `body` is only the beginning. */
  readonly incomplete?: Incomplete;
  /** Content codings that were not undone. */
  readonly undecoded?: string;
}

/** One request over a guarded network that reaches its origin and nothing else, and follows no redirect. */
export type SendToProvider = (request: ProviderRequest, signal: AbortSignal) => Promise<Result<ProviderAnswer>>;

/** Opens a handle for a request of the provider itself; undefined where it may not be used for that. */
export type OpenCredential = (
  name: string,
  use: { readonly origin: string; readonly method: string },
  signal: AbortSignal,
) => Promise<string | undefined>;

export interface VaultPorts {
  readonly send: SendToProvider;
  readonly open: OpenCredential;
  readonly tokens: TokenStore;
}

/** Tokens from logins, in memory until their lease ends. */
export interface TokenStore {
  get(provider: VaultProvider): string | undefined;
  /** `leaseSeconds` is 0 for a token without end. */
  put(provider: VaultProvider, token: string, leaseSeconds: number): void;
  drop(provider: VaultProvider, token: string): void;
}

type VaultReference = Extract<SecretReference, { readonly kind: 'vault' }>;

/** Reads one field of one secret. */
export async function fetchFromVault(
  provider: VaultProvider,
  reference: VaultReference,
  ports: VaultPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const kept = provider.login.kind === 'approle' ? ports.tokens.get(provider) : undefined;
  const token = kept === undefined ? await takeToken(provider, ports, signal) : had(kept);
  if (!token.ok) return token;
  const read = await readSecret(provider, reference, token.value, ports, signal);
  if (read.ok || read.reason !== 'forbidden' || provider.login.kind !== 'approle') return read;
  ports.tokens.drop(provider, token.value);
  if (kept === undefined) return read;
  // A token that was kept can have been revoked, or used up: a new login tells.
  const anew = await takeToken(provider, ports, signal);
  return anew.ok ? readSecret(provider, reference, anew.value, ports, signal) : anew;
}

async function takeToken(provider: VaultProvider, ports: VaultPorts, signal: AbortSignal): Promise<Outcome> {
  const { login, origin } = provider;
  if (login.kind === 'approle') return logIn(provider, login, ports, signal);
  const token = await ports.open(login.token, { origin, method: 'GET' }, signal);
  return token === undefined ? not('credential') : had(token);
}

async function logIn(
  provider: VaultProvider,
  { mount, roleId, secretId }: Extract<VaultProvider['login'], { readonly kind: 'approle' }>,
  { send, open, tokens }: VaultPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const opened = await open(secretId, { origin: provider.origin, method: 'POST' }, signal);
  if (opened === undefined) return not('credential');
  const body = new TextEncoder().encode(JSON.stringify({ role_id: roleId, secret_id: opened }));
  const answer = await ask(
    send,
    {
      ...sentTo(provider),
      method: 'POST',
      path: `/v1/auth/${escaped(mount)}/login`,
      headers: [...headersFor(provider), ['Content-Type', 'application/json']],
      body,
    },
    signal,
  );
  if (!answer.ok) return answer;
  // A wrong role or secret id is a bad request to Vault.
  if (answer.status === 400 || answer.status === 404) return not('forbidden');
  if (answer.status !== 200) return not(reasonOf(answer.status));
  const token = member(readJson(answer.body), 'auth', 'client_token');
  const lease = member(readJson(answer.body), 'auth', 'lease_duration');
  if (typeof token !== 'string' || !isHeaderValue(token)) return not('answer');
  tokens.put(provider, token, typeof lease === 'number' && lease >= 0 ? lease : 1);
  return had(token);
}

async function readSecret(
  provider: VaultProvider,
  { path, field, version }: VaultReference,
  token: string,
  { send }: VaultPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!isHeaderValue(token)) return not('credential');
  const query = version === undefined ? '' : `?version=${version}`;
  const answer = await ask(
    send,
    {
      ...sentTo(provider),
      method: 'GET',
      path: `/v1/${escaped(provider.mount)}/data/${escaped(path)}${query}`,
      headers: [...headersFor(provider), ['X-Vault-Token', token]],
    },
    signal,
  );
  if (!answer.ok) return answer;
  if (answer.status !== 200) return not(reasonOf(answer.status));
  const data = member(readJson(answer.body), 'data', 'data');
  if (typeof data !== 'object') return not('answer');
  // A version that was deleted has no data; a field that is no text is no secret that could be sent.
  const value = member(data, field);
  if (value === undefined) return not('missing');
  if (typeof value !== 'string') return not('answer');
  return value === '' ? not('empty') : had(value);
}

type Asked =
  | { readonly ok: true; readonly status: number; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: ProviderReason };

async function ask(send: SendToProvider, request: ProviderRequest, signal: AbortSignal): Promise<Asked> {
  const sent = await send(request, signal);
  if (!sent.ok) return not(signal.aborted ? 'stopped' : sent.failure.code === 'NETWORK/TIMEOUT' ? 'time' : 'network');
  const { status, body, incomplete, undecoded } = sent.value;
  if (incomplete !== undefined) return not(CUT[incomplete]);
  return undecoded === undefined ? { ok: true, status, body } : not('answer');
}

const CUT: Readonly<Record<Incomplete, ProviderReason>> = { size: 'size', time: 'time', broken: 'network' };

function sentTo({ origin, timeoutMs }: VaultProvider) {
  return { origin, timeoutMs, answerBytes: limits.providerAnswerBytes };
}

/** X-Vault-Request is what Vault's agents and proxies can be told to ask for, against requests that were forged in a browser. */
function headersFor({ namespace }: VaultProvider): [name: string, value: string][] {
  const always: [string, string][] = [
    ['X-Vault-Request', 'true'],
    ['Accept', 'application/json'],
  ];
  return namespace === undefined ? always : [...always, ['X-Vault-Namespace', namespace]];
}

/** The status codes of Vault's HTTP API. */
function reasonOf(status: number): ProviderReason {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 503) return 'sealed';
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

function escaped(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function isHeaderValue(text: string): boolean {
  return /^[\x21-\x7e]{1,8192}$/.test(text);
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** What stands under these names, one within the other. */
function member(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

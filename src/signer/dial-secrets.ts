// Opens the secrets that a connection is made with: keys of client certificates and the password of a proxy. Each is bound to the
// origin that it is shown to, which is the proxy's for its password, and never becomes a part of the request.
import { createHmac, randomBytes } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import {
  type ClientCertificate,
  originTls,
  proxyFor,
  type StatedKey,
  spokenTo,
} from '../../shared/policy/transport.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { refusalOf } from '../../shared/secret/permits.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { ClientIdentity, DialSecrets, Plan, ProxyLogin } from '../../shared/stages/stages.ts';
import type { SecretSource } from '../vault/resolve.ts';

export interface OpenedDial {
  /** Undefined where the connection needs no secret. */
  readonly dial?: DialSecrets;
  /** What an answer, or a proxy, could reflect. */
  readonly known: readonly KnownSecret[];
}

/**
 * Opens what the connection of one plan needs. Fails with SECRET/ORIGIN_NOT_BOUND and whatever else keeps a handle from being used,
 * before its value is asked for, or as the vault does.
 */
export type OpenDial = (
  plan: Pick<Plan, 'url' | 'method'>,
  signal: AbortSignal,
  /** What the caller reaches of the secrets; absent: all. */
  reached?: SecretSource,
) => Promise<Result<OpenedDial>>;

export interface DialOptions {
  /** Absent: connections need no secrets. */
  readonly network?: NetworkPolicy | undefined;
  readonly secrets: SecretSource;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const KEY_BYTES = 32;
const NOTHING: Result<OpenedDial> = ok({ known: [] });

export function createDialSecrets({ network, secrets, now }: DialOptions): OpenDial {
  if (!network?.proxyCredentials && !network?.tls?.some(({ client }) => client)) return () => Promise.resolve(NOTHING);
  // Connections outlive requests: what tells them apart must not be something that the secrets can be guessed from.
  const idKey = randomBytes(KEY_BYTES);
  return async ({ url: { origin }, method }, signal, reached = secrets) => {
    const known: KnownSecret[] = [];
    const open: OpenHandle = async (name, boundTo) => {
      const info = reached.describe(name);
      if (!info.ok) return info;
      const use = { origin: boundTo, method };
      const refusal = refusalOf(info.value, use, now());
      if (refusal) return err(refusal);
      const value = await reached.resolve(info.value.id, use, signal);
      if (value.ok && value.value === '') return err(failure('SECRET/NOT_FOUND', { name, nearest: 'none' }));
      if (value.ok) known.push({ id: info.value.id, value: value.value, leaf: true });
      return value;
    };
    const clients = await openClients(network, origin, open);
    if (!clients.ok) return clients;
    const login = await openLogin(network, origin, open);
    if (!login.ok) return login;
    if (Object.keys(clients.value).length === 0 && !login.value) return NOTHING;
    const opened = { clients: clients.value, ...(login.value && { proxy: login.value }) };
    const id = createHmac('sha256', idKey).update(JSON.stringify(opened)).digest('hex');
    return ok({ dial: { id, ...opened }, known: [...known, ...reflectable(opened)] });
  };
}

/** The value of a handle, which has to be bound to this origin. */
type OpenHandle = (name: string, boundTo: string) => Promise<Result<string>>;

async function openClients(
  network: NetworkPolicy,
  origin: string,
  open: OpenHandle,
): Promise<Result<Readonly<Record<string, ClientIdentity>>>> {
  const clients: Record<string, ClientIdentity> = {};
  for (const shownTo of spokenTo(network, origin)) {
    const stated = originTls(network, shownTo)?.client;
    if (!stated) continue;
    const client = await openClient(stated, (name) => open(name, shownTo));
    if (!client.ok) return client;
    clients[shownTo] = client.value;
  }
  return ok(clients);
}

type OpenHere = (name: string) => Promise<Result<string>>;

async function openClient(stated: ClientCertificate, open: OpenHere): Promise<Result<ClientIdentity>> {
  const passphrase = stated.passphrase === undefined ? ok(undefined) : await open(stated.passphrase);
  if (!passphrase.ok) return passphrase;
  const opened = passphrase.value === undefined ? {} : { passphrase: passphrase.value };
  if ('pfx' in stated) return ok({ pfx: reveal(stated.pfx), ...opened });
  const key = await openKey(stated.key, open);
  return key.ok ? ok({ cert: stated.cert, key: key.value, ...opened }) : key;
}

async function openKey(key: StatedKey, open: OpenHere): Promise<Result<string>> {
  return 'sealed' in key ? ok(reveal(key.sealed)) : open(key.handle);
}

async function openLogin(
  network: NetworkPolicy,
  origin: string,
  open: OpenHandle,
): Promise<Result<ProxyLogin | undefined>> {
  const proxy = proxyFor(network, origin);
  const stated = network.proxyCredentials;
  if (!proxy || !stated) return ok(undefined);
  const username =
    'text' in stated.username ? ok(stated.username.text) : await open(stated.username.handle, proxy.origin);
  if (!username.ok) return username;
  const password = await open(stated.password, proxy.origin);
  return password.ok ? ok({ username: username.value, password: password.value }) : password;
}

/** A key that stood in a file is a secret like one from the vault, and so is a password in the form that a proxy is sent. */
function reflectable({ clients, proxy }: Omit<DialSecrets, 'id'>): KnownSecret[] {
  const keys = Object.values(clients).map((client) => ('pfx' in client ? client.pfx : client.key));
  const basic = proxy ? [Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64')] : [];
  return [
    ...keys.map((value) => ({ id: 'dial', value, leaf: true as const })),
    ...basic.map((value) => ({ id: 'dial', value })),
  ];
}

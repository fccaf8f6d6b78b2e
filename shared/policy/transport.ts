// How connections to one origin are made, as the policy states it. Which secrets they need is told by name; their values are opened
// by the signer for the request at hand.
import { parseUrl } from '../request/parse-url.ts';
import type { Sealed } from '../secret/seal.ts';
import type { NetworkPolicy } from './policy.ts';
import { type ProxyAddress, parseProxy } from './proxy-address.ts';

/** How TLS is spoken with one origin. */
export interface OriginTls {
  /** Serialised. */
  readonly origin: string;
  /** PEM texts of certificate authorities that count for this origin beside the others. */
  readonly ca: readonly string[];
  /** Sent as server name and looked for in the certificate, in the place of the host's. */
  readonly serverName?: string;
  /** Only ever false: the certificate is not checked. */
  readonly verify?: false;
  /** The certificate that this side shows. */
  readonly client?: ClientCertificate;
}

/** `passphrase` is the name of a handle. */
export type ClientCertificate =
  | { readonly cert: string; readonly key: StatedKey; readonly passphrase?: string }
  /** A PKCS#12 archive in Base64. */
  | { readonly pfx: Sealed; readonly passphrase?: string };

/** The name of a handle, or what a file holds. */
export type StatedKey = { readonly handle: string } | { readonly sealed: Sealed };

/** `username` is a text or the name of a handle. */
export interface ProxyCredentials {
  readonly username: { readonly text: string } | { readonly handle: string };
  /** The name of a handle. */
  readonly password: string;
}

/** What is stated for TLS with this origin. */
export function originTls({ tls = [] }: NetworkPolicy, origin: string): OriginTls | undefined {
  const plain = plainOrigin(origin);
  return tls.find((entry) => entry.origin === plain);
}

/** The proxy that connections to this origin take; undefined where they take none. A proxy that does not parse is for the sender to refuse. */
export function proxyFor({ proxy, noProxy = [] }: NetworkPolicy, origin: string): ProxyAddress | undefined {
  if (proxy === undefined || noProxy.some((entry) => bypasses(entry, origin))) return undefined;
  const parsed = parseProxy(proxy);
  return parsed.ok ? parsed.value : undefined;
}

/** Origins whose certificate is not checked when a request goes to this one: its own, and that of its proxy. */
export function uncheckedOrigins(policy: NetworkPolicy, origin: string): readonly string[] {
  return spokenTo(policy, origin).filter((each) => originTls(policy, each)?.verify === false);
}

/** Names of the handles that a connection to this origin takes, each once. */
export function transportHandles(policy: NetworkPolicy, origin: string): readonly string[] {
  const clients = spokenTo(policy, origin).flatMap((each) => clientHandles(originTls(policy, each)?.client));
  const login = proxyFor(policy, origin) && policy.proxyCredentials;
  const names = login ? [...('handle' in login.username ? [login.username.handle] : []), login.password] : [];
  return [...new Set([...clients, ...names])];
}

/** The origins that TLS is spoken with on the way to one, its own included. */
export function spokenTo(policy: NetworkPolicy, origin: string): readonly string[] {
  const proxy = proxyFor(policy, origin);
  return [
    ...(proxy?.kind === 'https' ? [proxy.origin] : []),
    ...(origin.startsWith('https:') ? [plainOrigin(origin)] : []),
  ];
}

/** Names of the handles of a client certificate. */
export function clientHandles(client: ClientCertificate | undefined): readonly string[] {
  if (!client) return [];
  const key = 'key' in client && 'handle' in client.key ? [client.key.handle] : [];
  return client.passphrase === undefined ? key : [...key, client.passphrase];
}

/** An entry is an origin, a host, or `*.` and a domain, which stands for every host under it. */
function bypasses(entry: string, origin: string): boolean {
  const plain = plainOrigin(origin);
  if (entry.includes('://')) return entry === plain;
  const host = parseUrl(plain)?.hostname;
  return entry.startsWith('*.') ? host?.endsWith(entry.slice(1)) === true : host === entry;
}

/** A fully qualified name and the plain name are the same host. */
function plainOrigin(origin: string): string {
  return origin.replace(/\.(?=:\d+$|$)/, '');
}

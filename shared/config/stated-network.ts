import { parseNoProxy } from '../policy/no-proxy.ts';
import type { NetworkPolicy } from '../policy/policy.ts';
import type { OriginTls, ProxyCredentials } from '../policy/transport.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';
import type { NetworkConfig } from './network-schema.ts';

/** What the files that network.tls names hold. */
export interface TransportFiles {
  /** PEM texts of network.tls.ca. */
  readonly ca: readonly string[];
  readonly tls: readonly OriginTls[];
}

export const noFiles: TransportFiles = { ca: [], tls: [] };

/** The network that a configuration states. */
export function statedNetwork(network: NetworkConfig = {}, { ca, tls }: TransportFiles = noFiles): NetworkPolicy {
  const { allow = [], proxy, proxyCredentials, noProxy = [] } = network;
  return {
    allow,
    ca,
    ...(proxy !== undefined && { proxy }),
    ...(proxy !== undefined && proxyCredentials && { proxyCredentials: credentialsOf(proxyCredentials) }),
    ...(noProxy.length > 0 && { noProxy: noProxy.flatMap((entry) => parseNoProxy(entry) ?? []) }),
    ...(tls.length > 0 && { tls }),
  };
}

function credentialsOf({ username, password }: NonNullable<NetworkConfig['proxyCredentials']>): ProxyCredentials {
  const handle = handleReferenceName(username);
  return {
    username: handle === undefined ? { text: username } : { handle },
    password: handleReferenceName(password) ?? '',
  };
}

/** What both networks allow: an exception, a proxy or how TLS is spoken with an origin counts only where both have it. */
export function commonNetwork(one: NetworkPolicy, other: NetworkPolicy): NetworkPolicy {
  const { proxy, proxyCredentials, noProxy = [], tls = [] } = one;
  const hasProxy = proxy !== undefined && proxy === other.proxy;
  const common = tls.filter((entry) => other.tls?.includes(entry));
  const direct = noProxy.filter((entry) => other.noProxy?.includes(entry));
  const isSame = JSON.stringify(proxyCredentials) === JSON.stringify(other.proxyCredentials);
  return {
    allow: one.allow.filter((entry) => other.allow.includes(entry)),
    ca: one.ca.filter((pem) => other.ca.includes(pem)),
    ...(hasProxy && { proxy }),
    ...(hasProxy && proxyCredentials && isSame && { proxyCredentials }),
    ...(direct.length > 0 && { noProxy: direct }),
    ...(common.length > 0 && { tls: common }),
  };
}

/** What trusting the network means, one line each. */
export function networkLoosenings({
  allow = [],
  proxy,
  proxyCredentials,
  noProxy = [],
  tls = {},
}: NetworkConfig = {}): string[] {
  return [
    ...allow.map((entry) => `network.allow: ${entry}`),
    ...(proxy === undefined ? [] : [`network.proxy: ${proxy}`]),
    ...(proxyCredentials
      ? [`network.proxyCredentials: ${proxyCredentials.username} with ${proxyCredentials.password}`]
      : []),
    ...noProxy.map((entry) => `network.noProxy: ${entry}`),
    ...(tls.ca ?? []).map((file) => `network.tls.ca: ${file}`),
    ...(tls.origins ?? []).flatMap(originLoosenings),
  ];
}

type OriginConfig = NonNullable<NonNullable<NetworkConfig['tls']>['origins']>[number];

function originLoosenings({ origin, ca = [], cert, key, pfx, passphrase, serverName, verify }: OriginConfig): string[] {
  const opened = passphrase === undefined ? '' : `, opened with ${passphrase}`;
  return [
    ...ca.map((file) => `ca ${file}`),
    ...(cert === undefined ? [] : [`shows it the certificate ${cert} with the key ${key}${opened}`]),
    ...(pfx === undefined ? [] : [`shows it the certificate in ${pfx}${opened}`]),
    ...(serverName === undefined ? [] : [`its certificate is that of ${serverName}`]),
    ...(verify === false
      ? ['its certificate is NOT checked: whoever is on the way can read and change everything']
      : []),
  ].map((line) => `network.tls.origins: ${origin}: ${line}`);
}

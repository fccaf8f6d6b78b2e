import { parseNoProxy } from '../policy/no-proxy.ts';
import type { NetworkPolicy } from '../policy/policy.ts';
import type { OriginTls, ProxyCredentials } from '../policy/transport.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';
import type { NetworkConfig } from './network-schema.ts';
import { keyLines, quotedText } from './trust-lines.ts';

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

/**
 * A network whose way out is the proxy that the operator trusted before, with its credentials and its exceptions: a proxy is also what
 * watches and limits what goes out, so nothing but the operator's word takes it away or puts another in its place.
 */
export function keepProxy(network: NetworkPolicy, before: NetworkPolicy): NetworkPolicy {
  if (before.proxy === undefined) return network;
  const { allow, ca, tls } = network;
  const { proxy, proxyCredentials, noProxy } = before;
  return {
    allow,
    ca,
    ...(tls && { tls }),
    proxy,
    ...(proxyCredentials && { proxyCredentials }),
    ...(noProxy && { noProxy }),
  };
}

/** What trusting the network means, at least one line for each thing that it states. */
export function networkLoosenings({
  allow = [],
  proxy,
  proxyCredentials,
  noProxy = [],
  tls: { ca = [], origins = [], ...otherTls } = {},
  ...others
}: NetworkConfig = {}): string[] {
  const { username = '', password = '', ...otherCredentials } = proxyCredentials ?? {};
  return [
    ...allow.map((entry) => `network.allow: ${quotedText(entry)}`),
    ...(proxy === undefined ? [] : [`network.proxy: ${quotedText(proxy)}`]),
    ...(proxyCredentials ? [`network.proxyCredentials: ${quotedText(username)} with ${quotedText(password)}`] : []),
    ...keyLines('network.proxyCredentials.', otherCredentials),
    ...noProxy.map((entry) => `network.noProxy: ${quotedText(entry)}`),
    ...ca.map((file) => `network.tls.ca: ${quotedText(file)}`),
    ...origins.flatMap(originLoosenings),
    ...keyLines('network.tls.', otherTls),
    ...keyLines('network.', others),
  ];
}

type OriginConfig = NonNullable<NonNullable<NetworkConfig['tls']>['origins']>[number];

function originLoosenings({ origin, ca = [], verify, serverName, ...client }: OriginConfig): string[] {
  const about = `network.tls.origins: ${quotedText(origin)}: `;
  return [
    ...ca.map((file) => `${about}ca ${quotedText(file)}`),
    ...clientLoosenings(about, client),
    ...(serverName === undefined ? [] : [`${about}its certificate is that of ${quotedText(serverName)}`]),
    ...(verify === false
      ? [`${about}its certificate is NOT checked: whoever is on the way can read and change everything`]
      : []),
  ];
}

type ClientConfig = Omit<OriginConfig, 'origin' | 'ca' | 'verify' | 'serverName'>;

function clientLoosenings(about: string, { cert, key = '', pfx, passphrase, ...others }: ClientConfig): string[] {
  const opened = passphrase === undefined ? '' : `, opened with ${quotedText(passphrase)}`;
  return [
    ...(cert === undefined
      ? []
      : [`${about}shows it the certificate ${quotedText(cert)} with the key ${quotedText(key)}${opened}`]),
    ...(pfx === undefined ? [] : [`${about}shows it the certificate in ${quotedText(pfx)}${opened}`]),
    ...keyLines(about, others),
  ];
}

// Dials a pinned address and nothing else: no name reaches the socket, so no resolver can change the destination. The TLS
// server name and the certificate check keep the host's name.
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { judgeAddress } from '../../shared/policy/address.ts';
import { type AllowEntry, originOf } from '../../shared/policy/address-allow.ts';
import { isSameAddress, parseAddress } from '../../shared/policy/address-text.ts';
import type { ProxyAddress } from '../../shared/policy/proxy-address.ts';
import type { DialSecrets, PinnedTarget } from '../../shared/stages/stages.ts';
import { NetworkError, networkFailure, tlsFailure } from './network-failure.ts';
import { askProxy } from './proxy.ts';
import type { OwnContexts, Trust } from './trust.ts';

export interface DialOptions {
  readonly allow: readonly AllowEntry[];
  /** The proxy on the way to an origin. */
  readonly proxyFor: (origin: string) => ProxyAddress | undefined;
  readonly trust: Trust;
}

/** What belongs to the identity that a connection is made with. */
export interface DialIdentity {
  readonly secrets?: DialSecrets | undefined;
  readonly contexts: OwnContexts;
}

/** The origin of a target, for failures and exceptions. */
export function targetOrigin({ scheme, host, port }: PinnedTarget): string {
  return originOf(scheme, host.includes(':') ? `[${host}]` : host, port);
}

/**
 * Connects to a pinned target, through the proxy where one is set, and secures the connection for https, within the connect
 * timeout. Rejects with a NetworkError. The address is judged again and the peer compared with it: the last look before a
 * byte can leave.
 */
export async function dial(target: PinnedTarget, options: DialOptions, identity: DialIdentity): Promise<Socket> {
  const origin = targetOrigin(target);
  const verdict = judgeAddress(target.address, { allow: options.allow, origin });
  if (!verdict.allowed) throw denied(target.host, verdict.reason);
  const route = routeTo(target, options, identity);
  const opened = openSockets();
  try {
    const socket = route.proxy
      ? await throughProxy({ ...route, proxy: route.proxy }, target, identity, opened)
      : await opened.plain({ host: target.address, port: target.port }, origin);
    if (!route.proxy && !isPeer(socket, target.address))
      throw denied(target.host, 'the peer is not the address that was judged');
    return route.tls ? await opened.secure(socket, route.tls, origin) : socket;
  } catch (error) {
    opened.destroy();
    throw error;
  } finally {
    opened.settled();
  }
}

interface Route {
  readonly proxy?: ProxyAddress | undefined;
  readonly proxyTls?: ConnectionOptions | undefined;
  readonly tls?: ConnectionOptions | undefined;
}

/** All that can be wrong with certificates of this side shows here, before anything is dialled. */
function routeTo(target: PinnedTarget, { proxyFor, trust }: DialOptions, { secrets, contexts }: DialIdentity): Route {
  const origin = targetOrigin(target);
  const proxy = proxyFor(origin);
  const tlsTo = (at: string, host: string): ConnectionOptions =>
    trust.optionsFor({ origin: at, host, client: secrets?.clients[at] }, contexts);
  return {
    proxy,
    proxyTls: proxy?.kind === 'https' ? tlsTo(proxy.origin, proxy.host) : undefined,
    tls: target.scheme === 'https' ? tlsTo(origin, target.host) : undefined,
  };
}

/** The operator named the proxy, so its address is not judged; the address that it is asked for is. */
async function throughProxy(
  { proxy, proxyTls }: Route & { readonly proxy: ProxyAddress },
  target: PinnedTarget,
  { secrets }: DialIdentity,
  opened: OpenSockets,
): Promise<Socket> {
  const plain = await opened.plain(proxy, proxy.origin);
  const socket = proxyTls ? await opened.secure(plain, proxyTls, proxy.origin) : plain;
  await askProxy(socket, { proxy, target, login: secrets?.proxy, origin: targetOrigin(target) });
  return socket;
}

interface OpenSockets {
  plain(to: { readonly host: string; readonly port: number }, origin: string): Promise<Socket>;
  secure(socket: Socket, options: ConnectionOptions, origin: string): Promise<Socket>;
  destroy(): void;
  /** Stops the clock. */
  settled(): void;
}

/** The sockets of one connection, all of which end when its time is over. */
function openSockets(): OpenSockets {
  const sockets: Socket[] = [];
  const destroy = (error?: Error): void => {
    for (const socket of sockets) socket.destroy(error);
  };
  const deadline = setTimeout(() => destroy(timedOut()), limits.connectTimeoutMs);
  const opened = (socket: Socket): Socket => {
    sockets.push(socket);
    // Between two listeners an error without any would end the process.
    return socket.on('error', () => undefined);
  };
  return {
    async plain({ host, port }, origin) {
      const socket = opened(connectTcp({ host, port, noDelay: true, keepAlive: true, autoSelectFamily: false }));
      await settled(socket, 'connect', (error) => networkFailure(error, { origin, answering: false }));
      return socket;
    },
    async secure(socket, options, origin) {
      const secured = opened(connectTls({ ...options, socket }));
      await settled(secured, 'secureConnect', (error) => tlsFailure(error, origin));
      return secured;
    },
    destroy: () => destroy(),
    settled: () => clearTimeout(deadline),
  };
}

function settled(socket: Socket, event: 'connect' | 'secureConnect', read: (error: unknown) => Failure): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(new NetworkError(read(error)));
    socket.once('error', fail).once('close', fail);
    socket.once(event, () => {
      socket.off('error', fail).off('close', fail);
      resolve();
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' });
}

function denied(host: string, verdict: string): NetworkError {
  return new NetworkError(failure('NETWORK/ADDRESS_DENIED', { host, verdict }));
}

function isPeer(socket: Socket, address: string): boolean {
  const peer = parseAddress(socket.remoteAddress ?? '');
  const pinned = parseAddress(address);
  return peer !== undefined && pinned !== undefined && isSameAddress(peer, pinned);
}

// Dials a pinned address and nothing else: no name reaches the socket, so no resolver can change the destination. The TLS
// server name and the certificate check keep the host's name.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { judgeAddress } from '../../shared/policy/address.ts';
import { type AllowEntry, originOf, plainHost } from '../../shared/policy/address-allow.ts';
import { isSameAddress, parseAddress } from '../../shared/policy/address-text.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';
import { NetworkError, networkFailure, tlsFailure } from './network-failure.ts';
import { type ProxyAddress, tunnel } from './proxy.ts';

export interface DialOptions {
  readonly allow: readonly AllowEntry[];
  readonly proxy?: ProxyAddress;
  readonly secureContext: () => SecureContext;
}

/** Trust in the certificate authorities of Node and those given (PEM); made once because parsing them all is slow. */
export function createTrust(ca: readonly string[]): () => SecureContext {
  let context: SecureContext | undefined;
  return () => {
    context ??= createSecureContext(ca.length > 0 ? { ca: [...rootCertificates, ...ca] } : {});
    return context;
  };
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
export async function dial(target: PinnedTarget, { allow, proxy, secureContext }: DialOptions): Promise<Socket> {
  const origin = targetOrigin(target);
  const verdict = judgeAddress(target.address, { allow, origin });
  if (!verdict.allowed) throw denied(target.host, verdict.reason);
  const sockets: Socket[] = [];
  const destroyAll = (error?: Error): void => {
    for (const socket of sockets) socket.destroy(error);
  };
  const deadline = setTimeout(() => destroyAll(timedOut()), limits.connectTimeoutMs);
  try {
    // The operator named the proxy, so its address is not judged; the address that it is asked for is.
    const plain = openSocket(proxy ?? { host: target.address, port: target.port });
    sockets.push(plain);
    await settled(plain, 'connect', (error) => networkFailure(error, { origin, answering: false }));
    if (proxy) await tunnel(plain, target, origin);
    else if (!isPeer(plain, target.address)) throw denied(target.host, 'the peer is not the address that was judged');
    if (target.scheme === 'http') return plain;
    const secured = startTls(plain, target, secureContext());
    sockets.push(secured);
    await settled(secured, 'secureConnect', (error) => tlsFailure(error, origin));
    return secured;
  } catch (error) {
    destroyAll();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

function openSocket({ host, port }: { readonly host: string; readonly port: number }): Socket {
  return quiet(connectTcp({ host, port, noDelay: true, keepAlive: true, autoSelectFamily: false }));
}

function startTls(socket: Socket, target: PinnedTarget, secureContext: SecureContext): Socket {
  const host = plainHost(target.host);
  const options = { socket, host, secureContext, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] };
  // RFC 6066 section 3: an address is not a server name.
  return quiet(connectTls(isIP(host) === 0 ? { ...options, servername: host } : options));
}

/** Between two listeners an error without any would end the process. */
function quiet(socket: Socket): Socket {
  return socket.on('error', () => undefined);
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

// Real servers on loopback for the network's tests; everything opened is closed by `closeAll`.
import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { NetworkPolicy } from '../../../shared/policy/policy.ts';
import { markSigned, type PinnedTarget, type SignedFields } from '../../../shared/stages/stages.ts';
import { createNetwork, type Network } from '../../../src/network/network.ts';
import type { Resolve } from '../../../src/network/pin.ts';

export interface Loopback {
  readonly port: number;
  readonly origin: string;
  /** Connections seen so far. */
  connections(): number;
}

export interface Rig {
  http(listener: RequestListener, host?: string): Promise<Loopback>;
  /** A server of raw bytes: `answer` is called for each connection once its first bytes came, `seen` with their first line. */
  raw(answer: (socket: Socket) => void, seen?: (line: string) => void): Promise<Loopback>;
  network(policy: Partial<NetworkPolicy>, resolve?: Resolve): Network;
  closeAll(): Promise<void>;
}

export function createRig(): Rig {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const networks: Network[] = [];
  const listen = async (server: Server, host: string): Promise<Loopback> => {
    let seen = 0;
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      seen += 1;
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    });
    await new Promise<void>((ready) => server.listen(0, host, ready));
    const { port } = server.address() as AddressInfo;
    const name = host.includes(':') ? `[${host}]` : host;
    return { port, origin: `http://${name}:${port}`, connections: () => seen };
  };
  return {
    http: (listener, host = '127.0.0.1') => listen(createHttp(listener), host),
    raw: (answer, seen) =>
      listen(
        createTcp((socket) =>
          socket.once('data', (bytes: Buffer) => {
            seen?.(bytes.toString('latin1').split('\r\n', 1)[0] ?? '');
            answer(socket);
          }),
        ),
        '127.0.0.1',
      ),
    network(policy, resolve) {
      const network = createNetwork({
        policy: { allow: [], ca: [], ...policy },
        now: () => performance.now(),
        ...(resolve && { resolve }),
      });
      networks.push(network);
      return network;
    },
    async closeAll() {
      await Promise.all(networks.map((network) => network.close()));
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

export const never = new AbortController().signal;

/** A signed request to a target, as the signer would hand it over. */
export function signedTo(target: PinnedTarget, fields: Partial<SignedFields> = {}) {
  return markSigned({
    target,
    method: 'GET',
    path: '/',
    headers: [['Host', `${target.host}:${target.port}`]],
    ...fields,
  });
}

export const roomy = { timeoutMs: 20_000, responseBytes: 1024 * 1024 };

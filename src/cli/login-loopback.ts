// Sockets on the loopback addresses that a name stands for. All of them or none: what is left of "localhost" another user of this
// machine could listen at, and the browser would bring the code there.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { RedirectPlace } from './login-redirect.ts';

export interface Bound {
  readonly port: number;
  close(): void;
}

/** Listens; undefined where the port is taken or not allowed. Port 0 is any that is free at every address. */
export async function bindLoopback(
  { host, port }: Pick<RedirectPlace, 'host' | 'port'>,
  answer: RequestListener,
): Promise<Bound | undefined> {
  for (let tries = port === 0 ? FREE_PORT_TRIES : 1; tries > 0; tries -= 1) {
    const bound = await bindAll(addressesOf(host), port, answer);
    if (bound) return bound;
  }
  return undefined;
}

const FREE_PORT_TRIES = 10;
/** How long the last page may take to its browser. */
const LAST_PAGE_MS = 2_000;

function addressesOf(host: string): readonly string[] {
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  return [host === '[::1]' ? '::1' : host];
}

async function bindAll(
  addresses: readonly string[],
  wanted: number,
  answer: RequestListener,
): Promise<Bound | undefined> {
  const servers: Server[] = [];
  const silent = new Set<IncomingMessage['socket']>();
  const close = (): void => {
    for (const server of servers) {
      server.close();
      server.closeIdleConnections();
      // Browsers connect ahead and then send nothing: to Node such a connection is not idle.
      for (const socket of silent) socket.destroy();
      setTimeout(() => server.closeAllConnections(), LAST_PAGE_MS).unref();
    }
  };
  let port = wanted;
  for (const address of addresses) {
    const server = createServer(answer);
    server.on('connection', (socket: IncomingMessage['socket']) => {
      silent.add(socket);
      socket.once('close', () => silent.delete(socket));
    });
    server.on('request', ({ socket }) => silent.delete(socket));
    const got = await listenAt(server, address, port);
    if (got === 'absent' && servers.length > 0) continue;
    if (typeof got === 'string') {
      close();
      return undefined;
    }
    servers.push(server);
    port = got;
  }
  return { port, close };
}

/** Of an address that this machine does not have: nobody can listen there. */
const ABSENT: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

function listenAt(server: Server, address: string, port: number): Promise<number | 'absent' | 'taken'> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve('code' in error && ABSENT.has(error.code) ? 'absent' : 'taken'));
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? bound.port : 'taken');
    });
  });
}

import { type BigIntStats, chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { request, type Server } from 'node:http';
import { isLoopbackHost } from '../../../shared/config/http-address.ts';
import type { Listen } from '../../../shared/config/http-settings.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { hostText } from './address.ts';

const OWNER_ONLY = 0o600;
const MASK_OTHERS = 0o177;

/** Starts to listen, and gives the address for clients. A socket that another process left behind is replaced. Failure: NETWORK/CANNOT_LISTEN. */
export async function listen(server: Server, place: Listen, endpoint: Endpoint): Promise<Result<string>> {
  if (!('socket' in place)) {
    const reason = (await tryListen(server, place)) ?? elsewhere(server, place);
    return reason === undefined
      ? ok(urlOf(server, place, endpoint))
      : cannot(`${hostText(place.host)}:${place.port}`, reason);
  }
  const { socket } = place;
  let reason = await tryListen(server, { path: socket });
  const found = reason === 'EADDRINUSE' ? socketAt(socket) : undefined;
  // Another may have begun to listen there while this one asked.
  if (found && (await isLeftBehind(socket)) && isSame(found, socketAt(socket))) {
    unlinkSync(socket);
    reason = await tryListen(server, { path: socket });
  }
  if (reason !== undefined) return cannot(socket, reason);
  chmodSync(socket, OWNER_ONLY);
  return ok(`unix:${socket}`);
}

export interface Endpoint {
  readonly scheme: 'http' | 'https';
  readonly path: string;
}

function urlOf(
  server: Server,
  { host, port }: Exclude<Listen, { socket: string }>,
  { scheme, path }: Endpoint,
): string {
  const address = server.address();
  const bound = address === null || typeof address === 'string' ? port : address.port;
  return `${scheme}://${hostText(host)}:${bound}${path}`;
}

/** A name of this machine may resolve to an address that others reach. Closes before anything is accepted there. */
function elsewhere(server: Server, { host }: Exclude<Listen, { socket: string }>): string | undefined {
  const bound = server.address();
  if (!isLoopbackHost(host) || bound === null || typeof bound === 'string') return undefined;
  if (isLoopbackHost(bound.address)) return undefined;
  server.close();
  return 'the name does not resolve to loopback';
}

function cannot(address: string, reason: string): Result<never> {
  return err(failure('NETWORK/CANNOT_LISTEN', { address, reason }));
}

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** Undefined, or why not. */
function tryListen(server: Server, place: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown');
    server.once('error', fail);
    // The file is made at once, and by then nobody else may connect to it.
    const mask = 'path' in place ? process.umask(MASK_OTHERS) : undefined;
    server.listen(place, () => {
      server.off('error', fail);
      resolve(undefined);
    });
    if (mask !== undefined) process.umask(mask);
  });
}

/** The socket there; undefined where it is none of ours. */
function socketAt(path: string): BigIntStats | undefined {
  try {
    const found = lstatSync(path, { bigint: true });
    return found.isSocket() && Number(found.uid) === process.getuid?.() ? found : undefined;
  } catch {
    return undefined;
  }
}

/** A number of a file may come back with the next file. */
function isSame(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev && one.ctimeNs === other.ctimeNs;
}

/** Whether nobody listens at a socket. */
function isLeftBehind(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: path, path: '/' }, (response) => {
      response.destroy();
      resolve(false);
    });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    asked.setTimeout(PROBE_MS, () => asked.destroy());
    asked.end();
  });
}

const PROBE_MS = 2_000;

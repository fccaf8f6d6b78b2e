// The operator's explicit proxy, always through CONNECT with the address that was judged here: a proxy that resolved the
// name itself could be sent anywhere.

import type { Socket } from 'node:net';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';
import { answeredEarly, NetworkError } from './network-failure.ts';

export interface ProxyAddress {
  readonly host: string;
  readonly port: number;
}

const HEAD_LIMIT_BYTES = 16 * 1024;

/** Parses `http://host:port`; a user name, a path or another scheme fails with CONFIG/INVALID. */
export function parseProxy(text: string): Result<ProxyAddress> {
  const invalid = err(
    failure('CONFIG/INVALID', { file: 'keyward.yaml', problem: 'network.proxy is not http://host:port' }),
  );
  const url = parseUrl(text);
  if (url === undefined) return invalid;
  const bare =
    url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (url.protocol !== 'http:' || !bare) return invalid;
  return ok({ host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port) });
}

/**
 * Asks the proxy on `socket` for the target's address (RFC 9110 section 9.3.6). Rejects with a NetworkError, also where more than
 * the proxy's answer came: the target has not been asked for anything yet.
 */
export async function tunnel(socket: Socket, target: PinnedTarget, origin: string): Promise<void> {
  const authority = `${target.family === 6 ? `[${target.address}]` : target.address}:${target.port}`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const answer = await readHead(socket);
  const status = answer && /^HTTP\/1\.[01] (\d{3})(?:[ \r]|$)/.exec(answer.head)?.[1];
  if (status?.startsWith('2')) {
    if (answer?.isLast) return;
    throw answeredEarly(origin);
  }
  const reason = status ? `the proxy answered ${status}` : 'the proxy did not answer with HTTP';
  throw new NetworkError(failure('NETWORK/CONNECT_FAILED', { origin, reason }));
}

interface Head {
  readonly head: string;
  /** Nothing came behind it. */
  readonly isLast: boolean;
}

/** Reads up to the empty line; undefined when there is none within the limit. */
function readHead(socket: Socket): Promise<Head | undefined> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const finish = (head: Head | undefined): void => {
      socket.off('data', take).off('close', fail).pause();
      resolve(head);
    };
    const fail = (): void => finish(undefined);
    const take = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf('\r\n\r\n');
      if (end < 0) {
        if (read.length > HEAD_LIMIT_BYTES) fail();
        return;
      }
      finish({ head: read.subarray(0, end).toString('latin1'), isLast: read.length === end + 4 });
    };
    socket.on('data', take).once('close', fail);
  });
}

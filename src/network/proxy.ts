// The operator's explicit proxy, always asked for the address that was judged here: a proxy that resolved the name itself could be sent
// anywhere. What it is told of who asks goes to it and no further.
import type { Socket } from 'node:net';
import { failure } from '../../shared/failure/failure.ts';
import type { ProxyAddress } from '../../shared/policy/proxy-address.ts';
import type { ProxyLogin } from '../../shared/stages/stages.ts';
import { answeredEarly, NetworkError } from './network-failure.ts';
import { NO_CREDENTIALS, type ProxyCall, proxyAuthFailed, REFUSED_CREDENTIALS } from './proxy-call.ts';
import { readFrom } from './socket-reader.ts';
import { askSocks } from './socks.ts';

/**
 * Asks the proxy at the other end of `socket` for the target's address. Rejects with a NetworkError, also where more than the proxy's
 * answer came: the target has not been asked for anything yet.
 */
export function askProxy(socket: Socket, call: ProxyCall): Promise<void> {
  return call.proxy.kind === 'socks5' ? askSocks(socket, call) : tunnel(socket, call);
}

const HEAD_LIMIT_BYTES = 16 * 1024;

/** RFC 9110 section 9.3.6. */
async function tunnel(socket: Socket, { proxy, login, target, origin }: ProxyCall): Promise<void> {
  const authority = `${target.family === 6 ? `[${target.address}]` : target.address}:${target.port}`;
  const credentials = login ? `Proxy-Authorization: ${basic(login, proxy)}\r\n` : '';
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  const answer = await readHead(socket);
  const status = answer && /^HTTP\/1\.[01] (\d{3})(?:[ \r]|$)/.exec(answer.head)?.[1];
  if (answer && status?.startsWith('2')) {
    if (answer.isLast) return;
    throw answeredEarly(origin);
  }
  if (answer && status === '407') throw proxyAuthFailed(proxy, refusalOf(answer.head, login));
  const reason = status ? `the proxy answered ${status}` : 'the proxy did not answer with HTTP';
  throw new NetworkError(failure('NETWORK/CONNECT_FAILED', { origin, reason }));
}

/** RFC 7617 section 2. */
function basic({ username, password }: ProxyLogin, proxy: ProxyAddress): string {
  if (username.includes(':')) throw proxyAuthFailed(proxy, 'the user name that is set holds a colon');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function refusalOf(head: string, login: ProxyLogin | undefined): string {
  if (!login) return NO_CREDENTIALS;
  const schemes = head.match(/^proxy-authenticate:.*$/gim) ?? [];
  return schemes.length === 0 || schemes.some((line) => /[:,]\s*basic\b/i.test(line))
    ? REFUSED_CREDENTIALS
    : 'it asks for another scheme than Basic';
}

interface Head {
  readonly head: string;
  /** Nothing came behind it. */
  readonly isLast: boolean;
}

/** Reads up to the empty line; undefined when there is none within the limit. */
async function readHead(socket: Socket): Promise<Head | undefined> {
  const reader = readFrom(socket);
  const end = await reader.until((read) => {
    const at = read.indexOf('\r\n\r\n');
    if (at >= 0) return at + 4;
    return read.length > HEAD_LIMIT_BYTES ? 'never' : 'more';
  });
  return end && { head: end.toString('latin1'), isLast: reader.isEmpty() };
}

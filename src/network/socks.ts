// SOCKS 5 (RFC 1928) with a user name and a password (RFC 1929). Our own, because the one thing that matters here is what libraries
// are generous with: a proxy that says more than it was asked for is refused at every turn.
import type { Socket } from 'node:net';
import { failure } from '../../shared/failure/failure.ts';
import { parseAddress } from '../../shared/policy/address-text.ts';
import type { PinnedTarget, ProxyLogin } from '../../shared/stages/stages.ts';
import { answeredEarly, NetworkError } from './network-failure.ts';
import { NO_CREDENTIALS, type ProxyCall, proxyAuthFailed, REFUSED_CREDENTIALS } from './proxy-call.ts';
import { readFrom } from './socket-reader.ts';

const VERSION = 5;
const LOGIN_VERSION = 1;
const METHOD = { none: 0, password: 2, refused: 0xff } as const;
const CONNECT = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;
const SUCCEEDED = 0;

/** Asks a SOCKS proxy for the target's address; never for its name. */
export async function askSocks(socket: Socket, call: ProxyCall): Promise<void> {
  const { proxy, login, origin } = call;
  const turn = createTurns(socket, origin);
  const hello = login ? [METHOD.none, METHOD.password] : [METHOD.none];
  const [, method] = await turn([VERSION, hello.length, ...hello], () => 2, VERSION);
  if (method === METHOD.password && login) {
    const [, status] = await turn(writeLogin(login, call), () => 2, LOGIN_VERSION);
    if (status !== SUCCEEDED) throw proxyAuthFailed(proxy, REFUSED_CREDENTIALS);
  } else if (method === METHOD.refused) {
    throw proxyAuthFailed(proxy, login ? 'it takes no user name and password' : NO_CREDENTIALS);
  } else if (method !== METHOD.none) throw nonsense(origin);
  const [, reply = -1, reserved] = await turn(writeConnect(call.target), replyBytes, VERSION);
  if (reserved !== 0) throw nonsense(origin);
  if (reply !== SUCCEEDED) throw refused(origin, replies[reply] ?? 'with a code that is not known');
}

/** One message out, one in: how long that is, its first bytes tell. Its own first byte is a version. */
type Turn = (
  message: readonly number[],
  length: (read: Buffer) => number | 'more' | 'never',
  version: number,
) => Promise<Buffer>;

function createTurns(socket: Socket, origin: string): Turn {
  const reader = readFrom(socket);
  return async (message, length, version) => {
    socket.write(Uint8Array.from(message));
    const answer = await reader.until((read) => {
      if (read.length > 0 && read[0] !== version) return 'never';
      const bytes = length(read);
      return typeof bytes === 'number' && read.length < bytes ? 'more' : bytes;
    });
    if (!answer) throw nonsense(origin);
    if (!reader.isEmpty()) throw answeredEarly(origin);
    return answer;
  };
}

const MAX_LOGIN_BYTES = 255;

/** RFC 1929 section 2. */
function writeLogin({ username, password }: ProxyLogin, { proxy }: ProxyCall): number[] {
  const parts = [username, password].map((text) => [...Buffer.from(text)]);
  if (parts.some(({ length }) => length === 0 || length > MAX_LOGIN_BYTES))
    throw proxyAuthFailed(proxy, 'SOCKS takes a user name and a password of 1 to 255 bytes');
  return [LOGIN_VERSION, ...parts.flatMap((part) => [part.length, ...part])];
}

/** RFC 1928 section 4. */
function writeConnect({ address, port }: PinnedTarget): number[] {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error('A target is pinned to something that is no address.');
  const kind = parsed.family === 6 ? ADDRESS.ipv6 : ADDRESS.ipv4;
  return [VERSION, CONNECT, 0, kind, ...parsed.bytes, port >> 8, port & 0xff];
}

/** RFC 1928 section 6: version, reply, reserved, kind of address, the address that the proxy has bound, its port. */
function replyBytes(read: Buffer): number | 'more' | 'never' {
  const [, , , kind, nameBytes] = read;
  if (kind === undefined || nameBytes === undefined) return 'more';
  if (kind === ADDRESS.ipv4) return 4 + 4 + 2;
  if (kind === ADDRESS.ipv6) return 4 + 16 + 2;
  return kind === ADDRESS.name ? 4 + 1 + nameBytes + 2 : 'never';
}

const replies: Readonly<Record<number, string>> = {
  1: 'a general failure',
  2: 'its rules do not allow it',
  3: 'the network cannot be reached',
  4: 'the host cannot be reached',
  5: 'the connection was refused',
  6: 'the time to live expired',
  7: 'it does not know the command',
  8: 'it does not know this kind of address',
};

function refused(origin: string, why: string): NetworkError {
  return new NetworkError(failure('NETWORK/CONNECT_FAILED', { origin, reason: `the proxy answered: ${why}` }));
}

function nonsense(origin: string): NetworkError {
  const reason = 'the proxy did not answer with SOCKS 5';
  return new NetworkError(failure('NETWORK/CONNECT_FAILED', { origin, reason }));
}

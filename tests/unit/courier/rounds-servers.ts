// Servers that ask for authentication and check it, each written from its specification and without the client's code. They record
// every request in the order in which it came.
import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { av, challengeMessage, checkAuthenticate, readAuthenticate } from './rounds-ntlm.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Number of the connection that it came over, from 1. */
  readonly connection: number;
  /** What it brought along, and what came of it. */
  readonly brought: string;
  readonly headers: IncomingMessage['headers'];
}

export interface AuthServer {
  readonly listener: RequestListener;
  readonly seen: Seen[];
}

/** Answers in the place of the server where it gives true. */
export type Instead = (seen: Seen, response: ServerResponse) => boolean;

/** Whom the servers know. */
export const USER = { username: 'Mufasa', password: 'Circle of Life' };
/** The same for NTLM, where the published hash is that of this password. */
export const NTLM_USER = { username: 'User', password: 'Password', domain: 'Domain' };

export interface DigestOptions {
  readonly algorithm?: string | undefined;
  readonly qop?: string | undefined;
  /** More parameters of the challenge. */
  readonly more?: string;
  /** How many requests with a right answer are told that their nonce is too old. */
  readonly stale?: number;
  readonly user?: typeof USER;
  readonly realm?: string;
  /** Other challenges, before its own. */
  readonly others?: readonly string[];
}

/** RFC 7616: a new nonce for each challenge, and each nonce is good for one request. */
export function digestServer(options: DigestOptions = {}): AuthServer {
  const { algorithm, qop = 'auth', more = '', user = USER, realm = 'safe, "place"', others = [] } = options;
  let stale = options.stale ?? 0;
  const nonces = new Set<string>();
  let issued = 0;
  const challenge = (isStale: boolean): string => {
    issued += 1;
    const nonce = `nonce-${issued}`;
    nonces.add(nonce);
    const stated = algorithm === undefined ? '' : `, algorithm=${algorithm}`;
    const offered = qop === '' ? '' : `, qop="${qop}"`;
    return `Digest realm="${realm.replaceAll('"', '\\"')}", nonce="${nonce}", opaque="o/${issued}"${stated}${offered}${more}${isStale ? ', stale=true' : ''}`;
  };
  const judge = (request: IncomingMessage, body: Buffer): string => {
    const given = request.headers.authorization ?? '';
    if (!/^digest /i.test(given)) return given === '' ? 'nothing' : 'another scheme';
    const params = paramsOf(given);
    if (!nonces.delete(params.nonce ?? '')) return 'an unknown nonce';
    const wrong = wrongDigest(params, { request, body, user, realm, algorithm });
    if (wrong !== undefined) return `a wrong ${wrong}`;
    stale -= 1;
    return stale >= 0 ? 'an old nonce' : 'the right answer';
  };
  return authServer((seen, request, response, body) => {
    const brought = judge(request, body);
    seen(brought);
    if (brought !== 'the right answer')
      response.writeHead(401, { 'www-authenticate': [...others, challenge(brought === 'an old nonce')] });
    response.end(response.statusCode === 401 ? 'who?' : 'welcome');
  });
}

function paramsOf(header: string): Record<string, string> {
  const found = header.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g);
  return Object.fromEntries(
    Array.from(found, ([, name = '', quoted, plain = '']) => [name, quoted?.replace(/\\(.)/g, '$1') ?? plain]),
  );
}

interface DigestRequest {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly user: typeof USER;
  readonly realm: string;
  readonly algorithm: string | undefined;
}

/** RFC 7616 section 3.4.6; the name of what is wrong. */
function wrongDigest(
  params: Readonly<Record<string, string>>,
  { request, body, user, realm, algorithm = 'MD5' }: DigestRequest,
): string | undefined {
  const name = algorithm.replace(/-sess$/, '').toLowerCase();
  const hash = (text: string | Uint8Array) =>
    createHash(name === 'sha-512-256' ? 'sha512-256' : name.replace('-', ''))
      .update(text)
      .digest('hex');
  const names = [user.username, hash(`${user.username}:${realm}`), `UTF-8''${encodeURIComponent(user.username)}`];
  const stated = params['username*'] ?? Buffer.from(params.username ?? '', 'latin1').toString('utf8');
  if (!names.includes(stated)) return 'user name';
  if (params.realm !== realm || params.uri !== request.url) return 'realm or uri';
  const base = hash(`${user.username}:${realm}:${user.password}`);
  const ha1 = algorithm.endsWith('-sess') ? hash(`${base}:${params.nonce}:${params.cnonce}`) : base;
  const whole = params.qop === 'auth-int' ? `:${hash(body)}` : '';
  const ha2 = hash(`${request.method}:${params.uri}${whole}`);
  const middle =
    params.qop === undefined ? params.nonce : `${params.nonce}:${params.nc}:${params.cnonce}:${params.qop}`;
  if (params.qop !== undefined && params.nc !== '00000001') return 'nonce count';
  return params.response === hash(`${ha1}:${middle}:${ha2}`) ? undefined : 'response';
}

export interface NtlmOptions {
  /** Whether the challenge states the server's time, which asks for an integrity code. */
  readonly time?: boolean;
  readonly instead?: Instead;
}

/** What is known of one connection. */
interface NtlmState {
  negotiate?: Buffer;
  challenge?: Buffer;
  user?: string;
}

const SERVER_TIME = { id: 7, value: Buffer.from('0090d336b734c301', 'hex') };

/** MS-NTHT: authentication is the connection's, so that whatever else comes over it is let in as well. */
export function ntlmServer({ time = false, instead }: NtlmOptions = {}): AuthServer {
  const pairs = [av(2, 'Domain'), av(1, 'Server'), ...(time ? [SERVER_TIME] : [])];
  const states = new WeakMap<Socket, NtlmState>();
  return authServer((note, request, response) => {
    const state = states.get(request.socket) ?? {};
    states.set(request.socket, state);
    const token = /^NTLM (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const message = token === undefined ? undefined : Buffer.from(token, 'base64');
    const brought = takeMessage(message, state);
    const seen = note(brought);
    if (instead?.(seen, response)) return;
    if (brought === 'the first message' && message) {
      state.negotiate = message;
      const serverChallenge = createHash('md5').update(message).digest().subarray(0, 8);
      state.challenge = challengeMessage({ pairs, serverChallenge });
    }
    const asks = brought === 'the first message' ? ` ${state.challenge?.toString('base64')}` : '';
    if (state.user === undefined) response.writeHead(401, { 'www-authenticate': ['Negotiate', `NTLM${asks}`] });
    response.end(state.user === undefined ? 'who?' : 'welcome');
  });
}

/** What a message comes to; a right answer authenticates the connection. */
function takeMessage(message: Buffer | undefined, state: NtlmState): string {
  if (!message) return state.user === undefined ? 'nothing' : `the connection of ${state.user}`;
  if (message.readUInt32LE(8) === 1) return 'the first message';
  if (!state.challenge) return 'an answer without a challenge';
  const verdict = checkAuthenticate(message, state.challenge, state.negotiate);
  if (!verdict.ok) return `a wrong answer: ${verdict.why}`;
  const { username, domain } = readAuthenticate(message);
  state.user = username;
  return `the answer of ${domain}\\${username}`;
}

type Handler = (
  note: (brought: string) => Seen,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
) => unknown;

function authServer(handle: Handler): AuthServer {
  const seen: Seen[] = [];
  const numbers = new WeakMap<Socket, number>();
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers, socket } = request;
      if (!numbers.has(socket)) connections += 1;
      const connection = numbers.get(socket) ?? connections;
      numbers.set(socket, connection);
      const note = (brought: string): Seen => {
        const one = { method, path: url, body: body.toString('latin1'), connection, brought, headers };
        seen.push(one);
        return one;
      };
      handle(note, request, response, body);
    });
  };
  return { listener, seen };
}

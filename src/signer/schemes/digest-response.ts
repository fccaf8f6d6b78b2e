// HTTP Digest as in RFC 7616 (its section 3.9.2 as corrected by erratum 4897), and as in RFC 2069 where the server names no qop.
import { createHash } from 'node:crypto';
import { encodeStrict } from './scheme.ts';

/** What a response is made for, by the server's challenge or by the collection. */
export interface DigestDemand {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** Whether the challenge names the algorithm, so that the answer does as well. */
  readonly namesAlgorithm: boolean;
  readonly qop?: Qop | undefined;
  readonly userhash: boolean;
  /** The server says that it takes UTF-8 (RFC 7616 section 4). */
  readonly utf8: boolean;
}

export type Qop = 'auth' | 'auth-int';

export interface DigestAlgorithm {
  /** As it is written. */
  readonly name: string;
  readonly hash: 'md5' | 'sha256' | 'sha512-256';
  readonly session: boolean;
  readonly strength: number;
}

export interface DigestInput {
  readonly demand: DigestDemand;
  readonly method: string;
  /** Path and query as sent. */
  readonly uri: string;
  readonly body: Uint8Array;
  readonly username: string;
  readonly password: string;
  readonly cnonce: string;
  /** Eight hexadecimal digits. */
  readonly nonceCount: string;
}

export interface DigestAnswer {
  /** The credentials that follow `Digest `. */
  readonly credentials: string;
  readonly response: string;
  /** The hash of user name, realm and password, which servers keep in the place of the password. */
  readonly ha1: string;
}

const ALGORITHMS: readonly DigestAlgorithm[] = [
  { name: 'MD5', hash: 'md5', session: false, strength: 1 },
  { name: 'MD5-sess', hash: 'md5', session: true, strength: 1 },
  { name: 'SHA-256', hash: 'sha256', session: false, strength: 2 },
  { name: 'SHA-256-sess', hash: 'sha256', session: true, strength: 2 },
  { name: 'SHA-512-256', hash: 'sha512-256', session: false, strength: 3 },
  { name: 'SHA-512-256-sess', hash: 'sha512-256', session: true, strength: 3 },
];

/** The algorithm of a name in any case; MD5 for the empty one. */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  const wanted = name === '' ? 'md5' : name.toLowerCase();
  return ALGORITHMS.find((algorithm) => algorithm.name.toLowerCase() === wanted);
}

/** Computes the response to a demand, and the header's value with it (RFC 7616 section 3.4). */
export function answerDigest(input: DigestInput): DigestAnswer {
  const { demand, method, uri, body, cnonce, nonceCount } = input;
  const { nonce, realm, qop, algorithm, utf8 } = demand;
  const hash = hasher(algorithm);
  const [username, password] = utf8
    ? [input.username.normalize('NFC'), input.password.normalize('NFC')]
    : [input.username, input.password];
  const ha1 = hash(`${username}:${realm}:${password}`);
  const key = algorithm.session ? hash(`${ha1}:${nonce}:${cnonce}`) : ha1;
  const ha2 = hash(qop === 'auth-int' ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  const middle = qop === undefined ? [nonce] : [nonce, nonceCount, cnonce, qop];
  const response = hash([key, ...middle, ha2].join(':'));
  return { credentials: writeCredentials({ ...input, username }, response), response, ha1 };
}

type Hash = (data: string | Uint8Array) => string;

function hasher({ hash }: DigestAlgorithm): Hash {
  return (data) => createHash(hash).update(data).digest('hex');
}

function writeCredentials({ demand, uri, username, cnonce, nonceCount }: DigestInput, response: string): string {
  const { realm, nonce, opaque, algorithm, namesAlgorithm, qop, userhash } = demand;
  const parts = [
    ...usernameParts(username, demand),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(namesAlgorithm ? [`algorithm=${algorithm.name}`] : []),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nonceCount}`]),
    ...(qop === undefined && !algorithm.session ? [] : [`cnonce=${quoted(cnonce)}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(userhash ? ['userhash=true'] : []),
  ];
  return parts.join(', ');
}

function usernameParts(username: string, { realm, algorithm, userhash, utf8 }: DigestDemand): string[] {
  if (userhash) return [`username="${hasher(algorithm)(`${username}:${realm}`)}"`];
  const isPlain = /^[\x20-\x7e]*$/.test(username);
  return [utf8 && !isPlain ? `username*=UTF-8''${encodeStrict(username)}` : `username=${quoted(username)}`];
}

/** A header is written as Latin-1: each byte of UTF-8 has to be a character of its own. */
function quoted(text: string): string {
  const bytes = Buffer.from(text.replace(/["\\]/g, '\\$&'), 'utf8');
  return `"${bytes.toString('latin1')}"`;
}

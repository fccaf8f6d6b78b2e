// NTLMv2 (MS-NLMP section 3.3.2). Nothing older is ever sent: NTLMv1's response gives the password's hash away.
import { createHmac } from 'node:crypto';
import { md4 } from './md4.ts';
import { type AvPair, writeTargetInfo } from './ntlm-message.ts';

export interface Ntlmv2Input {
  readonly username: string;
  readonly domain: string;
  readonly password: string;
  readonly serverChallenge: Buffer;
  /** Eight random bytes. */
  readonly clientChallenge: Buffer;
  /** What goes into the response: the server's pairs and what the client adds. */
  readonly targetInfo: readonly AvPair[];
  /** Eight bytes: a FILETIME. */
  readonly time: Buffer;
}

export interface Ntlmv2Response {
  readonly ntResponse: Buffer;
  readonly lmResponse: Buffer;
  readonly sessionBaseKey: Buffer;
}

/** The hash that stands for a password: whoever has it can log in. */
export function ntHash(password: string): Buffer {
  return md4(Buffer.from(password, 'utf16le'));
}

/** The key of one user of one domain, NTOWFv2. */
export function ntlmv2Key(username: string, domain: string, password: string): Buffer {
  return hmacMd5(ntHash(password), Buffer.from(upperCase(username) + domain, 'utf16le'));
}

/** Computes both responses and the session's base key. */
export function answerNtlmv2(input: Ntlmv2Input): Ntlmv2Response {
  const { serverChallenge, clientChallenge, targetInfo, time } = input;
  const key = ntlmv2Key(input.username, input.domain, input.password);
  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientChallenge,
    Buffer.alloc(4),
    writeTargetInfo(targetInfo),
    Buffer.alloc(4),
  ]);
  const proof = hmacMd5(key, serverChallenge, temp);
  return {
    ntResponse: Buffer.concat([proof, temp]),
    lmResponse: Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]),
    sessionBaseKey: hmacMd5(key, proof),
  };
}

/** HMAC-MD5 (RFC 2104) of some pieces. */
export function hmacMd5(key: Buffer, ...pieces: readonly Buffer[]): Buffer {
  return createHmac('md5', key).update(Buffer.concat(pieces)).digest();
}

const EPOCH_DIFFERENCE_MS = 11_644_473_600_000n;

/** Milliseconds since 1970 as a FILETIME: steps of 100 ns since 1601, little-endian. */
export function fileTime(now: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(Math.trunc(now)) + EPOCH_DIFFERENCE_MS) * 10_000n);
  return bytes;
}

/** As Windows does it, character by character: none becomes two. */
function upperCase(text: string): string {
  return Array.from(text, (char) => {
    const upper = char.toUpperCase();
    return upper.length === char.length ? upper : char;
  }).join('');
}

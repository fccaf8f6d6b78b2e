// The server's side of NTLM (MS-NLMP), written for the tests from the specification: it makes challenges and checks answers, and
// shares no code with the client. The hash of the password is a published one, so no MD4 is needed.
import { createHmac } from 'node:crypto';

/** NTOWFv1 of `Password` (MS-NLMP section 4.2.2.1.2). */
const PASSWORD_HASH = Buffer.from('a4f49c406510bdcab6824ee7c30fd852', 'hex');

interface Pair {
  readonly id: number;
  readonly value: Buffer;
}

export function av(id: number, text: string): Pair {
  return { id, value: Buffer.from(text, 'utf16le') };
}

export interface ChallengeParts {
  readonly flags?: number;
  readonly pairs: readonly Pair[] | undefined;
  readonly serverChallenge?: Buffer;
}

const UNICODE = 1;
const TARGET_INFO = 0x800000;

/** Section 2.2.1.2. */
export function challengeMessage({ flags = 0xa2898205, pairs, serverChallenge }: ChallengeParts): Buffer {
  const name = Buffer.from('Server', flags & UNICODE ? 'utf16le' : 'latin1');
  const info = pairs
    ? Buffer.concat([
        ...pairs.map(({ id, value }) => Buffer.concat([shorts(id, value.length), value])),
        Buffer.alloc(4),
      ])
    : Buffer.alloc(0);
  const message = Buffer.concat([Buffer.alloc(56), name, info]);
  message.write('NTLMSSP\0\x02', 0, 'latin1');
  message.set(shorts(name.length, name.length), 12);
  message.writeUInt32LE(56, 16);
  message.writeUInt32LE(flags >>> 0, 20);
  message.set(serverChallenge ?? Buffer.from('0123456789abcdef', 'hex'), 24);
  message.set(shorts(info.length, info.length), 40);
  message.writeUInt32LE(56 + name.length, 44);
  return message;
}

function shorts(...numbers: number[]): Buffer {
  return Buffer.from(Uint16Array.from(numbers).buffer);
}

export interface ReadAnswer {
  readonly flags: number;
  readonly lmResponse: Buffer;
  readonly ntResponse: Buffer;
  readonly domain: string;
  readonly username: string;
  readonly workstation: string;
}

/** Section 2.2.1.3. */
export function readAuthenticate(message: Buffer): ReadAnswer {
  const [lmResponse, ntResponse, domain, username, workstation] = [12, 20, 28, 36, 44].map((at) => {
    const length = message.readUInt16LE(at);
    const offset = message.readUInt32LE(at + 4);
    if (offset + length > message.length) throw new Error('A field points outside of the message.');
    return message.subarray(offset, offset + length);
  });
  if (!lmResponse || !ntResponse || !domain || !username || !workstation) throw new Error('A field is missing.');
  const flags = message.readUInt32LE(60);
  const encoding = flags & UNICODE ? 'utf16le' : 'latin1';
  const [inDomain, name, machine] = [domain, username, workstation].map((bytes) => bytes.toString(encoding));
  return { flags, lmResponse, ntResponse, domain: inDomain ?? '', username: name ?? '', workstation: machine ?? '' };
}

export type Verdict = { readonly ok: true; readonly withCode: boolean } | { readonly ok: false; readonly why: string };

/** Section 3.3.2: whether an answer to a challenge proves the password `Password`; with its code over all messages where it has one. */
export function checkAuthenticate(message: Buffer, challenge: Buffer, negotiate: Buffer = FIRST_MESSAGE): Verdict {
  const { username, domain, ntResponse, lmResponse } = readAuthenticate(message);
  const key = hmac(PASSWORD_HASH, Buffer.from(upper(username) + domain, 'utf16le'));
  const [proof, blob] = [ntResponse.subarray(0, 16), ntResponse.subarray(16)];
  const nonce = challenge.subarray(24, 32);
  if (!proof.equals(hmac(key, nonce, blob))) return { ok: false, why: 'the proof' };
  const sent = pairsOf(blob.subarray(28));
  const asked = challenge.readUInt32LE(20) & TARGET_INFO ? pairsOf(challenge.subarray(challenge.readUInt32LE(44))) : [];
  const lost = asked.find(
    ({ id, value }) => id !== 6 && !sent.some((pair) => pair.id === id && pair.value.equals(value)),
  );
  if (lost) return { ok: false, why: `the pair ${lost.id}` };
  const time = asked.find(({ id }) => id === 7)?.value;
  const clientChallenge = blob.subarray(16, 24);
  const lm = time ? Buffer.alloc(24) : Buffer.concat([hmac(key, nonce, clientChallenge), clientChallenge]);
  if (!lmResponse.equals(lm)) return { ok: false, why: 'the LM response' };
  const withCode = ((sent.find(({ id }) => id === 6)?.value.readUInt32LE(0) ?? 0) & 2) !== 0;
  if (withCode !== (time !== undefined)) return { ok: false, why: 'the flag of the code' };
  if (!time) return { ok: true, withCode };
  if (!blob.subarray(8, 16).equals(time)) return { ok: false, why: 'the time' };
  const blank = Buffer.from(message).fill(0, 72, 88);
  const code = hmac(hmac(key, proof), negotiate, challenge, blank);
  return code.equals(message.subarray(72, 88)) ? { ok: true, withCode } : { ok: false, why: 'the code' };
}

/** What the client opens with. */
const FIRST_MESSAGE = Buffer.concat([Buffer.from('4e544c4d535350000100000005828800', 'hex'), Buffer.alloc(16)]);

function pairsOf(bytes: Buffer): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; bytes.readUInt16LE(at) !== 0; ) {
    const length = bytes.readUInt16LE(at + 2);
    pairs.push({ id: bytes.readUInt16LE(at), value: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return pairs;
}

function hmac(key: Buffer, ...pieces: Buffer[]): Buffer {
  return createHmac('md5', key).update(Buffer.concat(pieces)).digest();
}

/** Enough for the names that the tests use. */
function upper(text: string): string {
  return text.replace(/[^ß]/g, (char) => char.toUpperCase());
}

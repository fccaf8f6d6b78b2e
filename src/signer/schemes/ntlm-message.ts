// The messages of NTLM (MS-NLMP section 2.2.1) as bytes. The server's is hostile until it is read.

export interface NtlmChallenge {
  /** As it came: the integrity code covers it. */
  readonly bytes: Buffer;
  readonly flags: number;
  readonly serverChallenge: Buffer;
  readonly targetInfo: readonly AvPair[];
}

/** MS-NLMP section 2.2.2.1. */
export interface AvPair {
  readonly id: number;
  readonly value: Buffer;
}

export interface NtlmAuthenticate {
  readonly flags: number;
  readonly lmResponse: Buffer;
  readonly ntResponse: Buffer;
  readonly domain: string;
  readonly username: string;
  readonly workstation: string;
}

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');

/** MS-NLMP section 2.2.2.5. */
const UNICODE = 0x1;
const REQUEST_TARGET = 0x4;
const NTLM = 0x200;
const ALWAYS_SIGN = 0x8000;
const EXTENDED_SECURITY = 0x80000;
const TARGET_INFO = 0x800000;

const OFFERED = UNICODE | REQUEST_TARGET | NTLM | ALWAYS_SIGN | EXTENDED_SECURITY | TARGET_INFO;

/** The first message, which is always the same: neither domain nor workstation are stated before the server has answered. */
export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(32);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(OFFERED, 12);
  return message;
}

const FIXED_CHALLENGE_BYTES = 32;
const MOST_CHALLENGE_BYTES = 32 * 1024;

/** Reads the server's message from base64; undefined where it is not one. */
export function parseChallengeMessage(token: string): NtlmChallenge | undefined {
  if (token.length > 2 * MOST_CHALLENGE_BYTES) return undefined;
  const bytes = Buffer.from(token, 'base64');
  if (bytes.length < FIXED_CHALLENGE_BYTES || bytes.length > MOST_CHALLENGE_BYTES) return undefined;
  if (!bytes.subarray(0, 8).equals(SIGNATURE) || bytes.readUInt32LE(8) !== 2) return undefined;
  const flags = bytes.readUInt32LE(20);
  const targetInfo = flags & TARGET_INFO ? readField(bytes, 40) : Buffer.alloc(0);
  const pairs = targetInfo && parseTargetInfo(targetInfo);
  return pairs && { bytes, flags, serverChallenge: bytes.subarray(24, 32), targetInfo: pairs };
}

/** MS-NLMP section 2.2.1.2: length, room, offset; undefined where it points outside of the message. */
function readField(message: Buffer, at: number): Buffer | undefined {
  if (message.length < at + 8) return undefined;
  const length = message.readUInt16LE(at);
  const offset = message.readUInt32LE(at + 4);
  return offset + length > message.length ? undefined : message.subarray(offset, offset + length);
}

/** The pairs up to the one that ends the list; undefined where one is cut or nothing ends it. None at all are an empty list. */
export function parseTargetInfo(bytes: Buffer): readonly AvPair[] | undefined {
  const pairs: AvPair[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const id = bytes.readUInt16LE(at);
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (id === 0) return pairs;
    if (end > bytes.length) return undefined;
    pairs.push({ id, value: bytes.subarray(at + 4, end) });
    at = end;
  }
  return bytes.length === 0 ? pairs : undefined;
}

/** The pairs as bytes, with the one that ends the list. */
export function writeTargetInfo(pairs: readonly AvPair[]): Buffer {
  const written = pairs.map(({ id, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([...written, Buffer.alloc(4)]);
}

const FIXED_AUTHENTICATE_BYTES = 88;
/** Where the message integrity code stands. */
const MIC_AT = 72;

/** The last message (MS-NLMP section 2.2.1.3), its integrity code still empty. */
export function authenticateMessage(answer: NtlmAuthenticate): Buffer {
  const { flags, lmResponse, ntResponse } = answer;
  const encoding = flags & UNICODE ? 'utf16le' : 'latin1';
  const [domain, username, workstation] = [answer.domain, answer.username, answer.workstation].map((text) =>
    Buffer.from(text, encoding),
  );
  const none = Buffer.alloc(0);
  // In the order of their fields; the last is a session key, which is not exchanged.
  const payloads = [lmResponse, ntResponse, domain ?? none, username ?? none, workstation ?? none, none];
  const fixed = Buffer.alloc(FIXED_AUTHENTICATE_BYTES);
  SIGNATURE.copy(fixed);
  fixed.writeUInt32LE(3, 8);
  let offset = FIXED_AUTHENTICATE_BYTES;
  payloads.forEach((payload, index) => {
    const at = 12 + 8 * index;
    fixed.writeUInt16LE(payload.length, at);
    fixed.writeUInt16LE(payload.length, at + 2);
    fixed.writeUInt32LE(offset, at + 4);
    offset += payload.length;
  });
  fixed.writeUInt32LE((flags & OFFERED) >>> 0, 60);
  return Buffer.concat([fixed, ...payloads]);
}

/** Sets the integrity code, in place. */
export function setIntegrityCode(message: Buffer, code: Buffer): void {
  code.copy(message, MIC_AT);
}

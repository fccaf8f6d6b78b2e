import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { parseChallenges } from './challenge.ts';
import {
  type AvPair,
  authenticateMessage,
  type NtlmChallenge,
  negotiateMessage,
  parseChallengeMessage,
  setIntegrityCode,
} from './ntlm-message.ts';
import { answerNtlmv2, fileTime, hmacMd5, ntHash } from './ntlm-response.ts';
import { type AuthRound, type Credentials, isOn, type Scheme, type SchemeEntry, withHeader } from './scheme.ts';

const MOST_NAME_CHARS = 1_024;

/**
 * NTLMv2 over HTTP (MS-NTHT) with Postman's fields: username, password, domain, workstation, disableRetryRequest. The first request
 * goes unsigned, the second with the first message, the third with the answer to the server's challenge.
 */
const signNtlm: Scheme = (draft, credentials) => {
  const { fields, round, masked } = credentials;
  const { username = '', password } = fields;
  if (username === '') return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'ntlm', field: 'username' }));
  if (password === undefined) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'ntlm', field: 'password' }));
  const long = ['username', 'domain', 'workstation'].find((field) => (fields[field]?.length ?? 0) > MOST_NAME_CHARS);
  if (long) return err(failure('REQUEST/AUTH_INVALID', { type: 'ntlm', problem: `its ${long} is too long` }));
  if (!round) return ok({ draft, derived: [] });
  if (masked) return ok({ draft: withHeader(draft, 'Authorization', `NTLM ${REDACTED}`), derived: [] });
  const challenge = round.number === 1 ? undefined : challengeOf(round);
  if (!challenge) return ok({ draft: withNtlm(draft, negotiateMessage()), derived: [] });
  const { message, proof } = answerChallenge(challenge, credentials);
  const hash = ntHash(password).toString('hex');
  const derived = [hash, proof].map((value) => ({ id: 'ntlm', value }));
  return ok({ draft: withNtlm(draft, message), derived });
};

/** MS-NLMP authenticates a connection, so all of it takes place on one. A second refusal of the answer stands. */
export const ntlm: SchemeEntry = {
  sign: signNtlm,
  goesOn(round, stated) {
    if (isOn(stated('disableRetryRequest'))) return false;
    if (round.number === 1) return parseChallenges(round.challenges).some(({ scheme }) => scheme === 'ntlm');
    return round.number === 2 && challengeOf(round) !== undefined;
  },
  keepsConnection: true,
};

function withNtlm(draft: Parameters<Scheme>[0], message: Buffer): Parameters<Scheme>[0] {
  return withHeader(draft, 'Authorization', `NTLM ${message.toString('base64')}`);
}

function challengeOf({ challenges }: AuthRound): NtlmChallenge | undefined {
  const found = parseChallenges(challenges).find(({ scheme, token }) => scheme === 'ntlm' && token !== undefined);
  return found?.token === undefined ? undefined : parseChallengeMessage(found.token);
}

/** MS-NLMP section 2.2.2.1. */
const AV_FLAGS = 6;
const AV_TIMESTAMP = 7;
/** The message has an integrity code. */
const HAS_CODE = 2;

interface Answer {
  readonly message: Buffer;
  /** The part of the response that is computed from the password, in hex. */
  readonly proof: string;
}

/**
 * MS-NLMP section 3.1.5.1.2: a challenge that states the server's time is answered with that time, no LM response and an integrity
 * code over all three messages.
 */
function answerChallenge(challenge: NtlmChallenge, { fields, random, now }: Credentials): Answer {
  const { password = '', workstation = '' } = fields;
  const stated = challenge.targetInfo.find(({ id, value }) => id === AV_TIMESTAMP && value.length === 8);
  const account = accountOf(fields);
  const { ntResponse, lmResponse, sessionBaseKey } = answerNtlmv2({
    ...account,
    password,
    serverChallenge: challenge.serverChallenge,
    clientChallenge: Buffer.from(random(8)),
    targetInfo: stated ? withFlag(challenge.targetInfo, HAS_CODE) : challenge.targetInfo,
    time: stated?.value ?? fileTime(now),
  });
  const message = authenticateMessage({
    ...account,
    workstation,
    flags: challenge.flags,
    lmResponse: stated ? Buffer.alloc(24) : lmResponse,
    ntResponse,
  });
  if (stated) setIntegrityCode(message, hmacMd5(sessionBaseKey, negotiateMessage(), challenge.bytes, message));
  return { message, proof: ntResponse.subarray(0, 16).toString('hex') };
}

function withFlag(pairs: readonly AvPair[], flag: number): AvPair[] {
  const before = pairs.find(({ id, value }) => id === AV_FLAGS && value.length === 4)?.value.readUInt32LE(0) ?? 0;
  const value = Buffer.alloc(4);
  value.writeUInt32LE((before | flag) >>> 0);
  return [...pairs.filter(({ id }) => id !== AV_FLAGS), { id: AV_FLAGS, value }];
}

/** As in Postman, a domain that is not stated is taken from `DOMAIN\user` or `user@domain`. */
function accountOf({ username = '', domain = '' }: Credentials['fields']): { username: string; domain: string } {
  if (domain !== '') return { username, domain };
  const [left = '', right = '', ...more] = username.split(/[\\@]/);
  if (left === '' || right === '' || more.length > 0) return { username, domain: '' };
  return username.includes('\\') ? { domain: left, username: right } : { username: left, domain: right };
}

// Hawk, version 1, as mozilla/hawk API.md describes it: the header of a request and the answer to a clock that is wrong.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { parseChallenges } from './challenge.ts';
import {
  type AuthRound,
  type Credentials,
  type Draft,
  headerOf,
  isOn,
  quoted,
  type Scheme,
  type SchemeEntry,
  withHeader,
} from './scheme.ts';

/**
 * Hawk with Postman's fields: authId, authKey, algorithm (sha256), nonce, timestamp, extraData, app, delegation,
 * includePayloadHash. Failures: REQUEST/AUTH_INCOMPLETE; REQUEST/AUTH_INVALID for an unknown algorithm.
 */
const sign: Scheme = (draft, credentials) => {
  const { fields } = credentials;
  const missing = ['authId', 'authKey'].find((field) => (fields[field] ?? '') === '');
  if (missing) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'hawk', field: missing }));
  const { authId = '', authKey = '', extraData = '', app = '', delegation = '' } = fields;
  const algorithm = (fields.algorithm || 'sha256').toLowerCase();
  if (!ALGORITHMS.has(algorithm)) return err(failure('REQUEST/AUTH_INVALID', UNKNOWN_ALGORITHM));
  const key = { authKey, algorithm };
  const nonce = fields.nonce || Buffer.from(credentials.random(NONCE_BYTES)).toString('hex');
  const hash = isOn(fields.includePayloadHash) && draft.body.length > 0 ? payloadHash(draft, algorithm) : '';
  const ts = secondsOf(credentials, key);
  const text = normalised(draft, credentials, { ts, nonce, hash, extraData, app, delegation });
  const mac = createHmac(algorithm, authKey).update(text).digest('base64');
  const header = [
    `Hawk id="${quoted(authId)}", ts="${ts}", nonce="${quoted(nonce)}"`,
    ...(hash === '' ? [] : [`hash="${hash}"`]),
    ...(extraData === '' ? [] : [`ext="${quoted(extraData)}"`]),
    `mac="${mac}"`,
    ...(app === '' ? [] : [`app="${quoted(app)}"`]),
    ...(app === '' || delegation === '' ? [] : [`dlg="${quoted(delegation)}"`]),
  ].join(', ');
  return ok({
    draft: withHeader(draft, 'Authorization', header),
    derived: [{ id: 'mac', value: mac }, ...(hash === '' ? [] : [{ id: 'body hash', value: hash }])],
  });
};

/** A request that was refused for its time goes out once more with the server's, where the server proves with the key that it is its own. */
export const hawk: SchemeEntry = { sign, goesOn: (round) => round.number === 1 && serverTime(round) !== undefined };

const ALGORITHMS = new Set(['sha256', 'sha1']);
const UNKNOWN_ALGORITHM = { type: 'hawk', problem: 'its algorithm is neither sha256 nor sha1' };
const NONCE_BYTES = 8;

interface Key {
  readonly authKey: string;
  readonly algorithm: string;
}

interface ServerTime {
  readonly ts: string;
  readonly tsm: string;
}

/** Seconds: what the server proved to be its time, else what is stated (as in Postman, unless it is no number), else the clock's. */
function secondsOf({ fields, now, round, masked }: Credentials, key: Key): string {
  const server = round && serverTime(round);
  // The key of a request that is only shown is none: it takes what the request as sent has taken.
  if (server && (masked || isProven(server, key))) return server.ts;
  const { timestamp = '' } = fields;
  return Number.parseInt(timestamp, 10) > 0 ? timestamp : String(Math.floor(now / 1000));
}

function serverTime({ challenges }: AuthRound): ServerTime | undefined {
  for (const { scheme, params } of parseChallenges(challenges)) {
    const [ts = '', tsm = ''] = [params.get('ts'), params.get('tsm')];
    if (scheme === 'hawk' && /^\d{1,15}$/.test(ts) && tsm !== '') return { ts, tsm };
  }
  return undefined;
}

function isProven({ ts, tsm }: ServerTime, { authKey, algorithm }: Key): boolean {
  const expected = createHmac(algorithm, authKey).update(`hawk.1.ts\n${ts}\n`).digest();
  const stated = Buffer.from(tsm, 'base64');
  return stated.length === expected.length && timingSafeEqual(stated, expected);
}

function payloadHash(draft: Draft, algorithm: string): string {
  const [type = ''] = (headerOf(draft, 'content-type') ?? '').split(';', 1);
  return createHash(algorithm)
    .update(`hawk.1.payload\n${type.trim().toLowerCase()}\n`)
    .update(draft.body)
    .update('\n')
    .digest('base64');
}

type Attributes = Readonly<Record<'ts' | 'nonce' | 'hash' | 'extraData' | 'app' | 'delegation', string>>;

function normalised({ method, target }: Draft, { host, port }: Credentials, attributes: Attributes): string {
  const { ts, nonce, hash, extraData, app, delegation } = attributes;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const ext = extraData.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const oz = app === '' ? [] : [app, delegation];
  const lines = ['hawk.1.header', ts, nonce, method.toUpperCase(), target, name, port, hash, ext, ...oz];
  return lines.map((line) => `${line}\n`).join('');
}

import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { answerDigest, type DigestDemand, digestAlgorithm, type Qop } from './digest-response.ts';
import { type AuthRound, type Credentials, isOn, type Scheme, type SchemeEntry, withHeader } from './scheme.ts';

const CNONCE_BYTES = 16;
const FIRST_USE = '00000001';

/**
 * Digest (RFC 7616) with Postman's fields: username, password; algorithm, realm, nonce, qop, nonceCount, clientNonce, opaque;
 * disableRetryRequest. With a realm and a nonce the first request is signed by the fields; otherwise it goes unsigned, and the
 * server's challenge is answered.
 */
const signDigest: Scheme = (draft, credentials) => {
  const { fields, round, random, masked } = credentials;
  const { username = '', password, nonceCount, clientNonce } = fields;
  if (username === '') return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'digest', field: 'username' }));
  if (password === undefined) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'digest', field: 'password' }));
  if (masked && (round || (fields.realm && fields.nonce)))
    return ok({ draft: withHeader(draft, 'Authorization', `Digest ${REDACTED}`), derived: [] });
  const demanded = round ? ok(chosenDemand(round, fields.qop)) : presetDemand(credentials);
  if (!demanded.ok) return demanded;
  const demand = demanded.value;
  if (!demand) return ok({ draft, derived: [] });
  const ownNonce = Buffer.from(random(CNONCE_BYTES)).toString('hex');
  const {
    credentials: value,
    response,
    ha1,
  } = answerDigest({
    demand,
    method: draft.method,
    uri: draft.target,
    body: draft.body,
    username,
    password,
    cnonce: (!round && clientNonce) || ownNonce,
    nonceCount: round ? FIRST_USE : (nonceCount || FIRST_USE).padStart(FIRST_USE.length, '0'),
  });
  const derived = [response, ha1].map((text) => ({ id: 'digest', value: text }));
  return ok({ draft: withHeader(draft, 'Authorization', `Digest ${value}`), derived });
};

/** Answers a challenge once, and once more where the server says that only its nonce was too old (RFC 7616 section 3.3). */
export const digest: SchemeEntry = {
  sign: signDigest,
  goesOn(round, stated) {
    if (isOn(stated('disableRetryRequest'))) return false;
    const chosen = chosenChallenge(round);
    if (!chosen) return false;
    return round.number === 1 || (round.number === 2 && chosen.params.get('stale')?.toLowerCase() === 'true');
  },
};

function presetDemand({ fields }: Credentials): Result<DigestDemand | undefined> {
  const { realm = '', nonce = '', opaque = '', algorithm = '', qop = '' } = fields;
  if (realm === '' || nonce === '') return ok(undefined);
  const known = digestAlgorithm(algorithm);
  if (!known) return err(failure('REQUEST/AUTH_INVALID', { type: 'digest', problem: 'its algorithm is not known' }));
  return ok({
    realm,
    nonce,
    ...(opaque !== '' && { opaque }),
    algorithm: known,
    namesAlgorithm: true,
    qop: chosenQop(qop, qop),
    userhash: false,
    utf8: false,
  });
}

/** The demand of the strongest challenge that can be answered. */
function chosenDemand(round: AuthRound, wanted: string | undefined): DigestDemand | undefined {
  const params = chosenChallenge(round)?.params;
  const algorithm = digestAlgorithm(params?.get('algorithm') ?? '');
  if (!params || !algorithm) return undefined;
  return {
    realm: params.get('realm') ?? '',
    nonce: params.get('nonce') ?? '',
    opaque: params.get('opaque'),
    algorithm,
    namesAlgorithm: params.has('algorithm'),
    qop: chosenQop(params.get('qop') ?? '', wanted ?? ''),
    userhash: params.get('userhash')?.toLowerCase() === 'true',
    utf8: params.get('charset')?.toLowerCase() === 'utf-8',
  };
}

/** Of equals the first counts: a server lists them in its order of preference (RFC 7616 section 3.7). */
function chosenChallenge({ challenges }: AuthRound): Challenge | undefined {
  const strengths = parseChallenges(challenges).map((challenge) => [challenge, strengthOf(challenge)] as const);
  const most = Math.max(0, ...strengths.map(([, strength]) => strength));
  return most === 0 ? undefined : strengths.find(([, strength]) => strength === most)?.[0];
}

/** 0 where it cannot be answered. */
function strengthOf({ scheme, params }: Challenge): number {
  if (scheme !== 'digest' || !params.has('realm') || !params.has('nonce')) return 0;
  const qop = params.get('qop') ?? '';
  const hasKnownQop = qop.trim() === '' || chosenQop(qop, '') !== undefined;
  return hasKnownQop ? (digestAlgorithm(params.get('algorithm') ?? '')?.strength ?? 0) : 0;
}

/** The plain protection where it is offered, unless the collection wants the body protected as well. */
function chosenQop(offered: string, wanted: string): Qop | undefined {
  const offers = new Set(offered.toLowerCase().split(/[\s,]+/));
  if (offers.has('auth-int') && (wanted === 'auth-int' || !offers.has('auth'))) return 'auth-int';
  return offers.has('auth') ? 'auth' : undefined;
}

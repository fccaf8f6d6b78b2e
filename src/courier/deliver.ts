// The sealed half: a plan goes in, a safe exchange or a failure comes out. Plaintext secrets exist only below this line.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { limits as numbers } from '../../shared/limits.ts';
import { isSafeMethod } from '../../shared/policy/decide.ts';
import { createScrubber, type KnownSecret } from '../../shared/redact/scrubber.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { isRedirect, nextHop } from '../../shared/request/redirect.ts';
import { isSafeRequest } from '../../shared/request/safe-request.ts';
import { tokenEndpoints } from '../../shared/request/token-request.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { AdmittedPlan, Plan, RawExchange } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { Courier, DeliveryLimits, DeliveryTrail } from '../execute/ports.ts';
import { type CookieJars, createCookieJars } from '../network/cookies.ts';
import type { Network } from '../network/network.ts';
import { SHOWN_RESULT } from '../signer/derived-knowledge.ts';
import type { AuthRound } from '../signer/schemes/scheme.ts';
import type { Signer } from '../signer/sign.ts';
import { admit } from './admit.ts';
import { startDeadline } from './deadline.ts';
import { cookieSecrets, joined, latestCookies, rememberScrubbers, setCookies } from './exchange-secrets.ts';
import { mayGoOn } from './may-go-on.ts';
import { createMintedValues } from './minted.ts';
import { redactTrip, scrubberOf, scrubFailure, type TokenKeeper, type TripMemory, unmintedOf } from './show-trip.ts';
import { createTokens, type ReadyPlan, type Tokens, type TokensOptions } from './tokens.ts';
import type { Hop, Trip } from './trip.ts';
import { openCookies, sentCookies, type TripCookies } from './trip-cookies.ts';

export interface CourierOptions {
  readonly signer: Signer;
  readonly network: Pick<Network, 'pin' | 'send' | 'endSession'>;
  readonly captured: TokenKeeper;
  /** Where refresh tokens of the vault get their next value. */
  readonly logins?: TokensOptions['logins'];
  readonly wait?: TokensOptions['wait'];
  /** The other origins that what this one mints may go to; none where absent. */
  readonly sharedWith?: (origin: string) => readonly string[];
  /** Those of the process; where absent, the courier's own. */
  readonly jars?: CookieJars;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Makes the courier. Its failures hold no secret: their facts are scrubbed like an answer. */
export function createCourier(options: CourierOptions): Courier {
  const memory: TripMemory = {
    minted: createMintedValues(),
    issued: createMintedValues(),
    computed: createMintedValues(numbers.derivedRemembered),
    scrubberFor: rememberScrubbers(),
  };
  const jars = options.jars ?? createCookieJars(options.now);
  const tokens = createTokens(options);
  return {
    async deliver(plan, limits, signal, trail = { handles: new Set(), tokensFrom: new Set() }) {
      const deadline = startDeadline(limits.timeoutMs, signal);
      const signer = limits.handles ? options.signer.within(limits.handles) : options.signer;
      const trip: Trip = {
        hops: [],
        known: [],
        passing: [],
        minted: [],
        computed: [],
        cookies: [],
        origin: plan.url.origin,
      };
      const jar = openCookies(jars, limits.caller, () =>
        addWritingValues(trip, options.signer)
          ? undefined
          : unmintedOf(trip, options.captured.heldFor(limits.caller, trip.origin), memory),
      );
      try {
        const arrived = await travel(plan, trip, limits, {
          ...options,
          signer,
          jar,
          tokens,
          trail,
          signal: deadline.signal,
        });
        for (const { origin, values } of trip.minted) {
          memory.minted.learn(origin, values);
          memory.issued.learn(origin, values);
        }
        for (const { origin, values } of trip.computed) memory.computed.learn(origin, values);
        for (const { origin, cookies } of trip.hops) memory.minted.learnCookies(origin, cookies);
        const blind = addWritingValues(trip, options.signer);
        if (blind) return err(blind);
        if (arrived.ok) return redactTrip(trip, arrived.value, memory, limits, options);
        const { origin, mintingAt = origin } = trip;
        const timedOut = deadline.isOver() && arrived.failure.code === 'NETWORK/CANCELLED';
        const { timeoutMs } = limits;
        const failed = timedOut ? failure('NETWORK/TIMEOUT', { origin: mintingAt, timeoutMs }) : arrived.failure;
        return err(scrubFailure(failed, scrubberOf(trip, memory)));
      } finally {
        deadline.clear();
      }
    },
  };
}

interface HopOptions extends CourierOptions {
  readonly tier: SecretTier;
  readonly jar: TripCookies;
  readonly tokens: Tokens;
  readonly trail: DeliveryTrail;
  readonly signal: AbortSignal;
}

async function travel(
  first: Plan,
  trip: Trip,
  limits: DeliveryLimits,
  options: Omit<HopOptions, 'tier'>,
): Promise<Result<RawExchange>> {
  const most = Math.min(limits.redirects, first.settings.maxRedirects ?? limits.redirects);
  let plan = first;
  // Whoever delivers has had a request that may change data allowed; a redirect is the server's own word.
  const mayWrite = !isSafeRequest(first);
  for (;;) {
    const tier = mayWrite && (plan === first || !isSafeMethod(plan.method)) ? 'writing' : 'reading';
    const answered = await takeHop(plan, trip, limits, { ...options, tier });
    if (!answered.ok) return answered;
    const location = redirectOf(answered.value, first);
    if (location === undefined) return answered;
    if (trip.hops.length > most) return err(failure('NETWORK/TOO_MANY_REDIRECTS', { limit: most }));
    const next = nextHop(plan, answered.value.status, location);
    if (!next.ok) return next;
    if (carriesSecret(next.value, plan, trip)) return err(failure('NETWORK/REDIRECT_DENIED', CARRIES_SECRET));
    plan = next.value;
  }
}

const CARRIES_SECRET = { reason: 'its target is another origin and holds a secret' };
const LEADS_INSIDE = { reason: 'a public server sent it to an address that only network.allow permits' };

/**
 * A server that puts what it was sent into its Location would hand a secret to an origin that it is not bound to. What it minted
 * earlier it may hand to whom it likes: it could have done so itself.
 */
function carriesSecret({ url }: Plan, from: Plan, { known, passing, cookies }: Trip): boolean {
  if (url.origin === from.url.origin) return false;
  const text = `${url.origin}${displayRendered(url.path)}?${url.query.map(writePair).join('&')}`;
  return createScrubber(joined(joined(known, passing), cookieSecrets(cookies))).scrub(text).hits > 0;
}

function writePair({ name, value }: Plan['url']['query'][number]): string {
  return `${displayRendered(name ?? [])}=${displayRendered(value ?? [])}`;
}

/** A hop with the token that it needs; once more with a new one where the server does not take one that was kept from earlier. */
async function takeHop(
  plan: Plan,
  trip: Trip,
  limits: DeliveryLimits,
  options: HopOptions,
): Promise<Result<RawExchange>> {
  trip.origin = plan.url.origin;
  trip.mintingAt = parseUrl(tokenEndpoints(plan.auth)[0] ?? '')?.origin;
  const { caller, timeoutMs } = limits;
  const { signer, tier, trail, signal } = options;
  const ready = await options.tokens.ready(plan, { caller, signer, timeoutMs, tier, trail, signal });
  if (!ready.ok) return ready;
  trip.mintingAt = undefined;
  const answered = await sendReady(ready.value, trip, limits, options);
  if (!answered.ok || answered.value.status !== 401 || !ready.value.renew) return answered;
  const renewed = await ready.value.renew();
  // The answer that there is tells more than why there will be no other.
  if (!renewed.ok) return answered;
  trip.hops.pop();
  return sendReady(renewed.value, trip, limits, options);
}

function sendReady(
  { plan, known, mintedAt, passing }: ReadyPlan,
  trip: Trip,
  limits: DeliveryLimits,
  options: HopOptions,
): Promise<Result<RawExchange>> {
  if (passing) trip.passing = joined(trip.passing, known);
  else if (known.length > 0) {
    trip.known = joined(trip.known, known);
    const values = known.filter(isMinted).map(({ value }) => value);
    for (const origin of new Set([plan.url.origin, mintedAt]))
      if (origin !== undefined) trip.minted.push({ origin, values });
  }
  return sendHop(plan, trip, limits, options);
}

function isShownResult({ id }: KnownSecret): boolean {
  return id === SHOWN_RESULT;
}

function isMinted({ id }: KnownSecret): boolean {
  return id === 'minted';
}

async function sendHop(
  plan: Plan,
  trip: Trip,
  limits: DeliveryLimits,
  { signer, network, now, jar, tier, signal }: HopOptions,
): Promise<Result<RawExchange>> {
  const admitted = await admit(plan, { signer, network, now, tier }, signal);
  if (!admitted.ok) return admitted;
  const { target } = admitted.value;
  if (!mayGoOn(trip.hops.at(-1)?.target, target)) return err(failure('NETWORK/REDIRECT_DENIED', LEADS_INSIDE));
  const hop: Hop = {
    origin: trip.origin,
    target,
    shown: { method: plan.method, url: plan.url.origin, headers: [] },
    status: 0,
    cookies: [],
  };
  return takeRounds(admitted.value, { trip, hop, limits, signer, network, jar, signal });
}

interface Rounds {
  readonly trip: Trip;
  readonly hop: Hop;
  readonly limits: DeliveryLimits;
  readonly signer: Signer;
  readonly network: CourierOptions['network'];
  readonly jar: TripCookies;
  readonly signal: AbortSignal;
}

/** One hop: the request, and once more for each answer that the scheme of its auth can answer. */
async function takeRounds(admitted: AdmittedPlan, rounds: Rounds): Promise<Result<RawExchange>> {
  const { signer, network } = rounds;
  const session = signer.keepsConnection(admitted.plan) ? nextSession() : undefined;
  try {
    let round: AuthRound | undefined;
    for (;;) {
      const answered = await takeRound(admitted, { ...rounds, round, session });
      if (!answered.ok) return answered;
      const next = signer.nextRound(admitted.plan, answered.value, round);
      if (!next) return answered;
      round = next;
    }
  } finally {
    if (session !== undefined) network.endSession(session);
  }
}

let sessions = 0;

function nextSession(): string {
  sessions += 1;
  return `session-${sessions}`;
}

interface Round extends Rounds {
  readonly round: AuthRound | undefined;
  readonly session: string | undefined;
}

async function takeRound(
  admitted: AdmittedPlan,
  { trip, hop, limits, signer, network, jar, signal, round, session }: Round,
): Promise<Result<RawExchange>> {
  const { plan } = admitted;
  const cookies = jar.of(plan);
  const signed = await signer.sign(admitted, { round, session, cookies, signal });
  if (!signed.ok) return signed;
  const { request, known, shown, passing } = signed.value;
  const values = joined(known, sentCookies(cookies));
  if (passing) trip.passing = joined(trip.passing, values);
  else {
    trip.known = joined(trip.known, values);
    trip.computed.push({ origin: trip.origin, values: known.filter(isShownResult).map(({ value }) => value) });
  }
  hop.shown = { ...shown, method: request.method, url: plan.url.origin + shown.path };
  if (trip.hops.at(-1) !== hop) trip.hops.push(hop);
  const follows = plan.settings.followRedirects !== false;
  const redirectBytes = follows ? numbers.redirectBodyBytes : undefined;
  const answered = await network.send(request, { ...limits, redirectBytes }, signal);
  if (!answered.ok) return answered;
  hop.status = answered.value.status;
  hop.cookies = setCookies(answered.value);
  trip.cookies = latestCookies(hop.cookies, trip.cookies);
  await jar.keep(plan, answered.value);
  return answered;
}

function redirectOf({ status, headers }: RawExchange, { settings }: Plan): string | undefined {
  if (!isRedirect(status) || settings.followRedirects === false) return undefined;
  return headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
}

/** Any server that was reached may show the writing credentials bound to it, sent or not. Gives the vault's failure. */
function addWritingValues(trip: Trip, signer: CourierOptions['signer']): Failure | undefined {
  const writing = signer.writingValues(trip.hops.map(({ origin }) => origin));
  if (writing.ok) trip.passing = joined(trip.passing, writing.value);
  return writing.ok ? undefined : writing.failure;
}

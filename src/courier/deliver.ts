// The sealed half: a plan goes in, a safe exchange or a failure comes out. Plaintext secrets exist only below this line.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits as numbers } from '../../shared/limits.ts';
import { type RedactInput, redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber, type KnownSecret, type Scrubber } from '../../shared/redact/scrubber.ts';
import { isRedirect, nextHop } from '../../shared/request/redirect.ts';
import { capturedReference } from '../../shared/secret/captured-name.ts';
import type {
  AdmittedPlan,
  PinnedTarget,
  Plan,
  RawExchange,
  SafeExchange,
  SafeRedirect,
} from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { Courier, DeliveryLimits } from '../execute/ports.ts';
import type { Network } from '../network/network.ts';
import type { AuthRound } from '../signer/schemes/scheme.ts';
import type { Signer } from '../signer/sign.ts';
import { admit } from './admit.ts';
import { combineScrubbers } from './combined-scrubber.ts';
import { startDeadline } from './deadline.ts';
import {
  cookieSecrets,
  joined,
  latestCookies,
  rememberScrubbers,
  type SetCookie,
  setCookies,
} from './exchange-secrets.ts';
import { mayGoOn } from './may-go-on.ts';
import { createMintedValues, type MintedValues } from './minted.ts';

export interface CourierOptions {
  readonly signer: Signer;
  readonly network: Pick<Network, 'pin' | 'send' | 'endSession'>;
  readonly captured: TokenKeeper;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Keeps what servers mint, for later calls of the same caller. */
export interface TokenKeeper {
  /** Gives the name of the handle, `captured:NAME_N`. */
  capture(token: {
    readonly caller: string;
    readonly origins: readonly string[];
    readonly field: string;
    readonly value: string;
  }): { readonly name: string };
}

/** Makes the courier. Its failures hold no secret: their facts are scrubbed like an answer. */
export function createCourier(options: CourierOptions): Courier {
  const memory: Memory = { minted: createMintedValues(), scrubberFor: rememberScrubbers() };
  return {
    async deliver(plan, limits, signal) {
      const deadline = startDeadline(limits.timeoutMs, signal);
      const trip: Trip = { hops: [], known: [], cookies: [], origin: plan.url.origin };
      try {
        const arrived = await travel(plan, trip, limits, { ...options, signal: deadline.signal });
        for (const { origin, cookies } of trip.hops) memory.minted.learnCookies(origin, cookies);
        if (arrived.ok) return redactTrip(trip, arrived.value, memory, limits, options.captured);
        const { origin } = trip;
        const timedOut = deadline.isOver() && arrived.failure.code === 'NETWORK/CANCELLED';
        const { timeoutMs } = limits;
        const failed = timedOut ? failure('NETWORK/TIMEOUT', { origin, timeoutMs }) : arrived.failure;
        return err(scrubFailure(failed, scrubberOf(trip, memory)));
      } finally {
        deadline.clear();
      }
    },
  };
}

/** What lasts longer than one delivery. */
interface Memory {
  readonly minted: MintedValues;
  readonly scrubberFor: (secrets: readonly KnownSecret[]) => Scrubber;
}

/** What has happened so far; the secrets of every hop, because any server may reflect what an earlier one was sent. */
interface Trip {
  readonly hops: Hop[];
  known: readonly KnownSecret[];
  cookies: readonly SetCookie[];
  origin: string;
}

interface Hop {
  readonly origin: string;
  readonly target: PinnedTarget;
  /** The request with its secrets masked; the bytes sent are never shown. */
  shown: RedactInput['request'];
  status: number;
  cookies: readonly SetCookie[];
}

interface HopOptions extends CourierOptions {
  readonly signal: AbortSignal;
}

async function travel(
  first: Plan,
  trip: Trip,
  limits: DeliveryLimits,
  options: HopOptions,
): Promise<Result<RawExchange>> {
  const most = Math.min(limits.redirects, first.settings.maxRedirects ?? limits.redirects);
  let plan = first;
  for (;;) {
    const answered = await takeHop(plan, trip, limits, options);
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
function carriesSecret({ url }: Plan, from: Plan, { known, cookies }: Trip): boolean {
  if (url.origin === from.url.origin) return false;
  const text = `${url.origin}${displayRendered(url.path)}?${url.query.map(writePair).join('&')}`;
  return createScrubber(joined(known, cookieSecrets(cookies))).scrub(text).hits > 0;
}

function writePair({ name, value }: Plan['url']['query'][number]): string {
  return `${displayRendered(name ?? [])}=${displayRendered(value ?? [])}`;
}

async function takeHop(
  plan: Plan,
  trip: Trip,
  limits: DeliveryLimits,
  { signer, network, now, signal }: HopOptions,
): Promise<Result<RawExchange>> {
  trip.origin = plan.url.origin;
  const admitted = await admit(plan, { signer, network, now }, signal);
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
  return takeRounds(admitted.value, { trip, hop, limits, signer, network, signal });
}

interface Rounds {
  readonly trip: Trip;
  readonly hop: Hop;
  readonly limits: DeliveryLimits;
  readonly signer: Signer;
  readonly network: CourierOptions['network'];
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
  { trip, hop, limits, signer, network, signal, round, session }: Round,
): Promise<Result<RawExchange>> {
  const { plan } = admitted;
  const signed = await signer.sign(admitted, { round, session, cookies: [], signal });
  if (!signed.ok) return signed;
  const { request, known, shown } = signed.value;
  trip.known = joined(trip.known, known);
  hop.shown = { ...shown, method: request.method, url: plan.url.origin + shown.path };
  if (trip.hops.at(-1) !== hop) trip.hops.push(hop);
  const follows = plan.settings.followRedirects !== false;
  const redirectBytes = follows ? numbers.redirectBodyBytes : undefined;
  const answered = await network.send(request, { ...limits, redirectBytes }, signal);
  if (!answered.ok) return answered;
  hop.status = answered.value.status;
  hop.cookies = setCookies(answered.value);
  trip.cookies = latestCookies(hop.cookies, trip.cookies);
  return answered;
}

function redirectOf({ status, headers }: RawExchange, { settings }: Plan): string | undefined {
  if (!isRedirect(status) || settings.followRedirects === false) return undefined;
  return headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
}

/** Everything that the answer, or what failed, could show. */
function scrubberOf(trip: Trip, { minted, scrubberFor }: Memory): Scrubber {
  const origins = [trip.origin, ...trip.hops.map(({ origin }) => origin)];
  const { known } = trip;
  const cookies = cookieSecrets(trip.cookies);
  const remembered = minted.known(origins);
  const values = new Set(remembered.map(({ value }) => value));
  const others = cookies.filter(({ value }) => !values.has(value));
  const parts = [
    ...(known.length > 0 ? [scrubberFor(known)] : []),
    // A server chooses how much they are: kept beyond the answer, they would fill the memory.
    ...(others.length > 0 ? [createScrubber(others)] : []),
    ...minted.scrubbers(origins),
  ];
  let joint: Scrubber | undefined;
  return combineScrubbers(parts, () => {
    joint ??= createScrubber(joined(joined(known, cookies), remembered));
    return joint;
  });
}

function redactTrip(
  trip: Trip,
  raw: RawExchange,
  memory: Memory,
  { showBytes, caller }: DeliveryLimits,
  keeper: TokenKeeper,
): Result<SafeExchange> {
  const earlier = trip.hops.slice(0, -1);
  const redirects: SafeRedirect[] = earlier.map(({ shown: { method, url }, status }) => ({ status, method, url }));
  const last = trip.hops.at(-1);
  if (!last) return err(failure('INTERNAL/BUG'));
  const redacted = redactExchange({
    request: last.shown,
    raw,
    redirects,
    scrubber: scrubberOf(trip, memory),
    showBytes,
    capture: (field, value) => capturedReference(keeper.capture({ caller, origins: [last.origin], field, value }).name),
  });
  if (!redacted.ok) return redacted;
  const { exchange, taken } = redacted.value;
  const inCookies = new Set(trip.hops.flatMap(({ cookies }) => cookies.flatMap(({ values }) => values)));
  memory.minted.learn(
    last.origin,
    taken.filter((value) => !inCookies.has(value)),
  );
  return ok(exchange);
}

/** A redirect can carry a secret into a host or a reason, so facts are as untrusted as a body. */
function scrubFailure({ code, facts, where }: Failure, scrubber: Scrubber): Failure {
  const safe: Record<string, string | number> = {};
  for (const [name, fact] of Object.entries(facts))
    safe[name] = typeof fact === 'string' ? scrubber.scrub(fact).text : fact;
  return failure(code, safe, where);
}

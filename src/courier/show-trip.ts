// What may be shown of a delivery: everything that any of its servers was sent, or has given out, is known here.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber, type KnownSecret, type Scrubber } from '../../shared/redact/scrubber.ts';
import { capturedReference } from '../../shared/secret/captured-name.ts';
import type { RawExchange, SafeExchange, SafeRedirect } from '../../shared/stages/stages.ts';
import type { DeliveryLimits } from '../execute/ports.ts';
import { combineScrubbers } from './combined-scrubber.ts';
import { cookieSecrets, joined } from './exchange-secrets.ts';
import type { MintedValues } from './minted.ts';
import type { IssuedTokenKeeper } from './tokens.ts';
import type { Trip } from './trip.ts';
import { SENT_COOKIE } from './trip-cookies.ts';

/** Keeps what servers mint, for later calls of the same caller; the name of the handle is `captured:NAME_N`. */
export interface TokenKeeper extends IssuedTokenKeeper {
  capture(token: {
    readonly caller: string;
    readonly origins: readonly string[];
    readonly field: string;
    readonly value: string;
    readonly expiresAt?: number;
  }): { readonly id: string; readonly name: string };
  /** What the caller may send to an origin. */
  heldFor(caller: string, origin: string): readonly { readonly name: string; readonly value: string }[];
}

interface Keeping {
  readonly captured: TokenKeeper;
  readonly sharedWith?: (origin: string) => readonly string[];
}

/** What lasts longer than one delivery. */
export interface TripMemory {
  readonly minted: MintedValues;
  /** What the courier itself got from authorization servers: an agent never has it, whoever shows it under whatever name. */
  readonly issued: MintedValues;
  /** What scripts computed over secrets and an origin was sent: a server may show in a later answer with what it was asked. */
  readonly computed: MintedValues;
  readonly scrubberFor: (secrets: readonly KnownSecret[]) => Scrubber;
}

/** What an answer may show; nothing of it was kept yet. Failure: INTERNAL/WITHHELD. */
export function redactTrip(
  trip: Trip,
  raw: RawExchange,
  memory: TripMemory,
  { showBytes, caller }: DeliveryLimits,
  { captured: keeper, sharedWith }: Keeping,
): Result<SafeExchange> {
  const earlier = trip.hops.slice(0, -1);
  const redirects: SafeRedirect[] = earlier.map(({ shown: { method, url }, status }) => ({ status, method, url }));
  const last = trip.hops.at(-1);
  if (!last) return err(failure('INTERNAL/BUG'));
  const held = keeper.heldFor(caller, last.origin);
  const redacted = redactExchange({
    request: last.shown,
    raw,
    redirects,
    scrubber: scrubberOf(trip, memory),
    showBytes,
    unminted: unmintedOf(trip, held, memory),
    held: held.map(({ name, value }) => ({ value, reference: capturedReference(name) })),
    capture: (field, value) => {
      const origins = [...new Set([last.origin, ...(sharedWith?.(last.origin) ?? [])])];
      return capturedReference(keeper.capture({ caller, origins, field, value }).name);
    },
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

/** What no server gave out: of that nothing is kept, whatever name an answer puts it under. `held` is what one gave out earlier. */
export function unmintedOf(
  { known, passing, hops, origin }: Trip,
  held: readonly { readonly value: string }[],
  { scrubberFor, issued, computed }: TripMemory,
): Scrubber {
  const given = new Set(held.map(({ value }) => value));
  const own = known.filter(({ id, value }) => id !== SENT_COOKIE && !given.has(value));
  const origins = [origin, ...hops.map((hop) => hop.origin)];
  const parts = [...issued.scrubbers(origins), ...computed.scrubbers(origins)];
  return combineScrubbers([scrubberFor(own), createScrubber(passing), ...parts], () =>
    createScrubber(joined(joined(own, passing), joined(issued.known(origins), computed.known(origins)))),
  );
}

/** Everything that the answer, or what failed, could show. */
export function scrubberOf(trip: Trip, { minted, computed, scrubberFor }: TripMemory): Scrubber {
  const origins = [trip.origin, ...trip.hops.map(({ origin }) => origin)];
  const { known, passing } = trip;
  const cookies = cookieSecrets(trip.cookies);
  const remembered = joined(minted.known(origins), computed.known(origins));
  const values = new Set(remembered.map(({ value }) => value));
  const others = cookies.filter(({ value }) => !values.has(value));
  const parts = [
    ...(known.length > 0 ? [scrubberFor(known)] : []),
    ...(passing.length > 0 ? [createScrubber(passing)] : []),
    // A server chooses how much they are: kept beyond the answer, they would fill the memory.
    ...(others.length > 0 ? [createScrubber(others)] : []),
    ...minted.scrubbers(origins),
    ...computed.scrubbers(origins),
  ];
  let joint: Scrubber | undefined;
  return combineScrubbers(parts, () => {
    joint ??= createScrubber(joined(joined(joined(known, passing), cookies), remembered));
    return joint;
  });
}

/** A redirect can carry a secret into a host or a reason, so facts are as untrusted as a body. */
export function scrubFailure({ code, facts, where }: Failure, scrubber: Scrubber): Failure {
  const safe: Record<string, string | number> = {};
  for (const [name, fact] of Object.entries(facts))
    safe[name] = typeof fact === 'string' ? scrubber.scrub(fact).text : fact;
  return failure(code, safe, where);
}

// How much may be called: by one key, by one caller, by all, and how often one origin is asked by all of them. What is refused counts for
// nothing.

import type { HttpLimits, RateSettings } from '../../shared/config/http-settings.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { Pace, Refusal } from './access.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

export interface PaceOptions {
  readonly limits: Pick<HttpLimits, 'perKey' | 'perCaller' | 'global' | 'perOrigin'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Callers, and origins, that are told apart within one minute; more than those have to wait. */
const MOST_METERS = 16_384;
const MOST_ORIGINS = 4_096;

/** Until a call has ended nobody knows when it will. */
const BUSY_MS = 1_000;
const FULL_MS = 5_000;

/** Limits in the memory of this process. `toOrigin` fails with ACCESS/RATE_LIMITED. */
export function createPace({ limits, now }: PaceOptions): Pace {
  const global = createMeter(limits.global);
  const callers = createShelf(MOST_METERS, () => createMeter(limits.perCaller));
  const keys = createShelf(MOST_METERS, () => createMeter(limits.perKey));
  const origins = createShelf(MOST_ORIGINS, () => createSlidingWindow(limits.perOrigin.perMinute));

  const metersOf = ({ id, about }: Principal, at: number) => [
    { meter: global, whose: 'in all' },
    { meter: callers(id, at), whose: 'for one caller' },
    ...(about?.keyId === undefined ? [] : [{ meter: keys(about.keyId, at), whose: 'for one key' }]),
  ];
  return {
    enter(principal) {
      const at = now();
      const meters = metersOf(principal, at);
      const waits = meters.map(({ meter, whose }) => ({ whose, ...(meter?.wait(at) ?? FULL) }));
      const { limit, whose, waitMs } = waits.reduce(longer);
      if (waitMs > 0) return refusal({ limit: `${limit} ${whose}`, waitMs });
      for (const { meter } of meters) meter?.enter(at);
      let left = false;
      return {
        kind: 'entered',
        leave(bytes) {
          if (left) return;
          left = true;
          for (const { meter } of meters) meter?.leave(bytes, now());
        },
      };
    },
    toOrigin(origin) {
      const at = now();
      const window = origins(origin, at);
      const waitMs = window ? window.wait(at) : FULL_MS;
      const limit = window ? `${limits.perOrigin.perMinute} requests a minute to one server` : TOO_MANY;
      if (waitMs > 0) return err(rateLimited({ limit, waitMs }));
      window?.take(1, at);
      return ok(undefined);
    },
  };
}

const TOO_MANY = 'more of them at once than can be told apart';

interface Wait {
  readonly limit: string;
  readonly waitMs: number;
}

const FULL: Wait = { limit: TOO_MANY, waitMs: FULL_MS };

function longer<Kind extends Wait>(one: Kind, other: Kind): Kind {
  return other.waitMs > one.waitMs ? other : one;
}

function refusal(wait: Wait): Refusal {
  return { kind: 'refused', status: 429, failure: rateLimited(wait), retryAfterSeconds: secondsOf(wait) };
}

function rateLimited(wait: Wait) {
  return failure('ACCESS/RATE_LIMITED', { limit: wait.limit, seconds: secondsOf(wait) });
}

function secondsOf({ waitMs }: Wait): number {
  return Math.ceil(waitMs / 1_000);
}

interface Meter {
  wait(at: number): Wait;
  enter(at: number): void;
  leave(bytes: number, at: number): void;
  isIdle(at: number): boolean;
}

function createMeter({ perMinute, concurrent, bytesPerMinute }: RateSettings): Meter {
  const calls = createSlidingWindow(perMinute);
  const bytes = createSlidingWindow(bytesPerMinute);
  // Asked at each call, and told to few.
  const atOnce = `${concurrent} at once`;
  const aMinute = `${perMinute} a minute`;
  const bytesAMinute = `${bytesPerMinute} bytes a minute`;
  let active = 0;
  return {
    wait: (at) =>
      [
        { limit: atOnce, waitMs: active < concurrent ? 0 : BUSY_MS },
        { limit: aMinute, waitMs: calls.wait(at) },
        { limit: bytesAMinute, waitMs: bytes.wait(at) },
      ].reduce(longer),
    enter(at) {
      active += 1;
      calls.take(1, at);
    },
    leave(amount, at) {
      active -= 1;
      bytes.take(amount, at);
    },
    isIdle: (at) => active === 0 && calls.isIdle(at) && bytes.isIdle(at),
  };
}

type Idle = Pick<SlidingWindow, 'isIdle'>;

/**
 * One for each id, as long as it counts. A full shelf has none for a new id, and forgets nobody that counts: else whoever comes under many
 * ids would be forgotten.
 */
function createShelf<T extends Idle>(most: number, create: () => T): (id: string, at: number) => T | undefined {
  const kept = new Map<string, T>();
  let swept = Number.NEGATIVE_INFINITY;
  return (id, at) => {
    const known = kept.get(id);
    if (known) return known;
    if (kept.size >= most && Math.abs(at - swept) >= FULL_MS) {
      swept = at;
      for (const [each, meter] of kept) if (meter.isIdle(at)) kept.delete(each);
    }
    if (kept.size >= most) return undefined;
    const made = create();
    kept.set(id, made);
    return made;
  };
}

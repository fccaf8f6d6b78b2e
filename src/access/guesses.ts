// Failed authentications by address, and by key at an address. What a stranger does can block the stranger's own address only, and there
// nobody who was let in before from it: keys are too long to be found, so letting their holders pass gives guessing no chance.
import { createHmac, randomBytes } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import type { Guesses, Refusal } from './access.ts';
import { addressGroup } from './address-group.ts';
import { createBoundedMap } from './bounded-map.ts';
import { blockedMs, clearTally, countFailure, createTally, failuresOf, type Tally } from './tally.ts';

/** Failures after which an address is blocked, and a key at an address. Mistakes of people and of scripts are fewer. */
const MOST_OF_ADDRESS = 20;
const MOST_OF_KEY = 10;

/** To be forgotten costs so many failures from other addresses, each of which could have been a guess. */
const ADDRESSES = 8_192;
/** Keys at one address that are counted for themselves; the failures of all others count for the address alone. */
const KEYS_OF_ADDRESS = 16;

/** Only holders of keys get in here: strangers cannot make it forget. */
const PROVEN = 16_384;
const PROVEN_MS = 24 * 3_600_000;

const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

interface Watched {
  readonly own: Tally;
  readonly keys: Map<string, Tally>;
}

/** `now` in ms since the epoch. */
export function createGuesses({ now }: { readonly now: () => number }): Guesses {
  const watched = createBoundedMap<Watched>(ADDRESSES);
  const proven = createBoundedMap<number>(PROVEN);
  const pressure = createPressure();
  const groupOf = rememberGroups();

  const isProven = (place: string) => now() - (proven.get(place) ?? Number.NEGATIVE_INFINITY) < PROVEN_MS;
  /** `passes` says of which of the two, the address and the key at it, a block does not matter. */
  const leftMs = (group: string, claimed: string | undefined, passes: (place: string) => boolean): number => {
    const { own, keys } = watched.get(group) ?? {};
    const key = claimed === undefined || passes(pair(group, claimed)) ? undefined : keys?.get(claimed);
    return Math.max(own && !passes(group) ? blockedMs(own, now()) : 0, key ? blockedMs(key, now()) : 0);
  };
  return {
    before({ address }, claimed) {
      const blockMs = leftMs(groupOf(address), claimed, isProven);
      return blockMs > 0 ? blocked(blockMs) : undefined;
    },
    failed({ address }, claimed) {
      const group = groupOf(address);
      // A token that has expired or a key that was revoked is no guess at somebody else's: its address must not suffer for it.
      const isKnown = claimed !== undefined && isProven(pair(group, claimed));
      const blockMs = leftMs(group, claimed, (place) => isKnown && place === group);
      const found = watched.get(group) ?? { own: createTally(), keys: new Map<string, Tally>() };
      watched.set(group, found);
      const here = count(found, claimed, isKnown, now());
      const anywhere = claimed === undefined ? 0 : pressure(claimed, now());
      return blockMs > 0 ? blocked(blockMs) : { delayMs: delayOf(Math.max(here, anywhere)) };
    },
    succeeded({ address }, claimed) {
      const group = groupOf(address);
      proven.set(group, now());
      if (claimed === undefined) return;
      proven.set(pair(group, claimed), now());
      const key = watched.get(group)?.keys.get(claimed);
      if (key) clearTally(key);
    },
    watched: watched.size,
  };
}

/** Asked twice at each call, mostly about a few addresses. */
function rememberGroups(): (address: string) => string {
  const groups = createBoundedMap<string>(ADDRESSES);
  return (address) => {
    const known = groups.get(address);
    if (known !== undefined) return known;
    const made = addressGroup(address);
    groups.set(address, made);
    return made;
  };
}

const pair = (group: string, claimed: string) => `${group} ${claimed}`;

/** Counts a failure for the key, and for the address unless its caller is known there; gives how many there were. */
function count(found: Watched, claimed: string | undefined, isKnown: boolean, now: number): number {
  const key = claimed === undefined ? undefined : makeTally(found, claimed, now);
  const counted = [
    ...(isKnown && key ? [] : [{ tally: found.own, most: MOST_OF_ADDRESS }]),
    ...(key ? [{ tally: key, most: MOST_OF_KEY }] : []),
  ];
  for (const { tally, most } of counted) if (blockedMs(tally, now) === 0) countFailure(tally, most, now);
  return Math.max(...counted.map(({ tally }) => failuresOf(tally, now)));
}

/** Undefined where there is no room for one more: none that counts is forgotten for another. */
function makeTally({ keys }: Watched, claimed: string, now: number): Tally | undefined {
  const isFull = () => keys.size >= KEYS_OF_ADDRESS && !keys.has(claimed);
  if (isFull()) for (const [each, tally] of keys) if (failuresOf(tally, now) === 0) keys.delete(each);
  if (isFull()) return undefined;
  const tally = keys.get(claimed) ?? createTally();
  keys.set(claimed, tally);
  return tally;
}

function delayOf(failures: number): number {
  const counted = failures - FREE_FAILURES;
  return counted > 0 ? Math.min(FIRST_DELAY_MS * 2 ** (counted - 1), LONGEST_DELAY_MS) : 0;
}

function blocked(leftMs: number): Refusal {
  const seconds = Math.ceil(leftMs / 1_000);
  const refused = failure('ACCESS/RATE_LIMITED', { limit: 'failed authentications', seconds });
  return { kind: 'refused', status: 429, failure: refused, retryAfterSeconds: seconds };
}

const BUCKETS = 1_024;
const HALVED_EVERY_MS = 60_000;

/**
 * How many failures there were lately for what is claimed, from all addresses together. It only slows down what fails, so two that share a
 * bucket do each other no harm; which do, nobody outside of this process can know.
 */
function createPressure(): (claimed: string, now: number) => number {
  const secret = randomBytes(16);
  const scores = new Float64Array(BUCKETS);
  const times = new Float64Array(BUCKETS);
  return (claimed, now) => {
    const at = createHmac('sha256', secret).update(claimed).digest().readUInt32BE(0) % BUCKETS;
    const sinceMs = Math.max(0, now - (times[at] ?? 0));
    const score = (scores[at] ?? 0) * 0.5 ** (sinceMs / HALVED_EVERY_MS) + 1;
    scores[at] = score;
    times[at] = now;
    return Math.floor(score);
  };
}

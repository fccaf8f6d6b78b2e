// What is counted of failures of one kind, and what they lead to: a block, longer each time.

const FIRST_BLOCK_MS = 15_000;
const LONGEST_BLOCK_MS = 15 * 60_000;
/** Longer than any block, so that whoever waits for its end only is not forgotten. */
const FORGET_MS = 30 * 60_000;

/** Plain numbers: there may be very many. Times are milliseconds since the epoch. */
export interface Tally {
  failures: number;
  blocks: number;
  blockedUntil: number;
  lastAt: number;
}

export function createTally(): Tally {
  return { failures: 0, blocks: 0, blockedUntil: 0, lastAt: 0 };
}

/** Counts one more; blocks from `most` on. */
export function countFailure(tally: Tally, most: number, now: number): void {
  if (isOver(tally, now)) clearTally(tally);
  tally.failures += 1;
  tally.lastAt = now;
  if (tally.failures < most) return;
  tally.blockedUntil = now + Math.min(FIRST_BLOCK_MS * 2 ** tally.blocks, LONGEST_BLOCK_MS);
  tally.blocks += 1;
}

/** Those that count still. */
export function failuresOf(tally: Tally, now: number): number {
  return isOver(tally, now) ? 0 : tally.failures;
}

/** Milliseconds until the end of a block; 0: there is none. */
export function blockedMs(tally: Tally, now: number): number {
  return isOver(tally, now) ? 0 : Math.max(0, tally.blockedUntil - now);
}

export function clearTally(tally: Tally): void {
  Object.assign(tally, createTally());
}

function isOver({ lastAt, blockedUntil }: Tally, now: number): boolean {
  const sinceMs = now - Math.max(lastAt, blockedUntil);
  // A clock that was set back counts as time gone by: else a block would last as long as the clock was wrong.
  return sinceMs >= FORGET_MS || sinceMs < -LONGEST_BLOCK_MS;
}

// How much went through within the last minute, counted in slots of five seconds: never more than the limit within any sixty seconds, in
// the same few numbers whatever comes.

const SLOT_MS = 5_000;
/** A minute, and the slot that is not over yet. */
const SLOTS = 13;

export interface SlidingWindow {
  /** Milliseconds until less than the limit counts again; 0: it does now. `now` in ms since the epoch. */
  wait(now: number): number;
  take(amount: number, now: number): void;
  /** Whether nothing of it counts any more. */
  isIdle(now: number): boolean;
}

export function createSlidingWindow(limit: number): SlidingWindow {
  const amounts = new Array<number>(SLOTS).fill(0);
  let newest = 0;
  let sum = 0;
  const clear = (slot: number) => {
    amounts.fill(0);
    sum = 0;
    newest = slot;
  };
  const advance = (now: number) => {
    const slot = Math.floor(now / SLOT_MS);
    // A clock that was set back must not keep a caller out until it has caught up.
    if (slot >= newest + SLOTS || slot <= newest - SLOTS) clear(slot);
    while (newest < slot) {
      newest += 1;
      sum -= amounts[newest % SLOTS] ?? 0;
      amounts[newest % SLOTS] = 0;
    }
  };
  return {
    wait(now) {
      advance(now);
      let left = sum;
      for (let slot = newest - SLOTS + 1; left >= limit; slot += 1) {
        left -= amounts[(slot + SLOTS) % SLOTS] ?? 0;
        if (left < limit || slot >= newest) return (slot + SLOTS) * SLOT_MS - now;
      }
      return 0;
    },
    take(amount, now) {
      advance(now);
      amounts[newest % SLOTS] = (amounts[newest % SLOTS] ?? 0) + amount;
      sum += amount;
    },
    isIdle: (now) => {
      advance(now);
      return sum === 0;
    },
  };
}

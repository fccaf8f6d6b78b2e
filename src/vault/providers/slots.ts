import { not, type Outcome } from './outcome.ts';

/** So many pieces of work at once, and a queue for the rest. */
export interface Slots {
  /** Does the work when its turn comes. Who stops waiting before that gets 'stopped', and the work is never begun. */
  take(work: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome>;
}

export function createSlots(most: number): Slots {
  let free = most;
  // Insertion order is order of arrival.
  const waiting = new Set<() => void>();
  const turn = (signal: AbortSignal): Promise<boolean> =>
    new Promise((settle) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        settle(true);
      };
      const leave = (): void => {
        waiting.delete(begin);
        settle(false);
      };
      waiting.add(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  return {
    async take(work, signal) {
      if (signal.aborted) return not('stopped');
      if (free > 0) free -= 1;
      else if (!(await turn(signal))) return not('stopped');
      try {
        return await work();
      } finally {
        // The place goes to the next one, without being free in between.
        const [next] = waiting;
        if (next === undefined) free += 1;
        else {
          waiting.delete(next);
          next();
        }
      }
    },
  };
}

// Who may have a thread. Scripts wait in their threads, for requests and for the scripts of requests that they run, so that a fixed
// number of threads would be used up by those who wait for each other. What is counted here is more than the threads that are started.
import { limits } from '../../shared/limits.ts';

/** What has a thread, or will have the next one. */
export interface Seat {
  readonly caller: string;
  /** How many runs wait for it. */
  readonly depth: number;
  /** Calls of the host that are not answered yet: as long as there are any, its thread is taken to do nothing. */
  readonly calls: number;
  /** It waited for a person, so long that it must not be counted among the others, now or later. */
  readonly isAside: boolean;
}

/**
 * Whether one more gets a thread. At most `threads` compute at once, and threads x (1 + limits.scriptDepth) are taken at all, but for
 * those aside. Of each depth one is kept for what is deeper: the deepest that waits always gets one, and so in the end does everybody.
 * For what no other run waits for, a caller may take one while more are left than it has: then there is one for the next caller, too.
 */
export function hasRoom(
  { caller, depth }: Pick<Seat, 'caller' | 'depth'>,
  seats: Iterable<Seat>,
  threads: number,
): boolean {
  const taken = [...seats];
  if (taken.filter(({ calls }) => calls === 0).length >= threads) return false;
  const counted = taken.filter(({ isAside }) => !isAside);
  const leftAt = (at: number): number => {
    const most = threads * (1 + limits.scriptDepth) - (limits.scriptDepth - at);
    return most - counted.filter((seat) => seat.depth <= at).length;
  };
  for (let at = Math.min(depth, limits.scriptDepth); at <= limits.scriptDepth; at += 1)
    if (leftAt(at) <= 0) return false;
  return depth > 0 || counted.filter((seat) => seat.depth === 0 && seat.caller === caller).length < leftAt(0);
}

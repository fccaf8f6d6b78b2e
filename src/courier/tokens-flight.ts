// Many calls that need the same token ask for it once: the first asks, the others wait for what it gets.
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';

/** `note` is for what whoever waits has to know even where it fails. */
export type Flight<T> = (signal: AbortSignal, note: (text: string) => void) => Promise<Result<T>>;

/** One of those who wait. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Takes what was noted while it waited. */
  readonly noted: Set<string>;
}

interface Flying<T> {
  readonly landing: Promise<Result<T>>;
  readonly controller: AbortController;
  readonly notes: Set<string>;
  waiting: number;
}

/**
 * Gives what runs work of a key once at a time. Whoever gives up leaves the others waiting; the work is ended when nobody waits
 * any more. Failure of who gives up: NETWORK/CANCELLED.
 */
export function createFlights<T>(): (key: string, work: Flight<T>, waiting: Waiting) => Promise<Result<T>> {
  const flights = new Map<string, Flying<T>>();
  const start = (key: string, work: Flight<T>): Flying<T> => {
    const controller = new AbortController();
    const notes = new Set<string>();
    const landing = work(controller.signal, (text) => notes.add(text));
    const flying: Flying<T> = { controller, notes, waiting: 0, landing };
    const land = (): void => {
      if (flights.get(key) === flying) flights.delete(key);
    };
    flying.landing.then(land, land);
    flights.set(key, flying);
    return flying;
  };
  return async (key, work, { signal, noted }) => {
    const flying = flights.get(key) ?? start(key, work);
    flying.waiting += 1;
    try {
      return await untilAborted(flying.landing, signal);
    } finally {
      for (const note of flying.notes) noted.add(note);
      flying.waiting -= 1;
      if (flying.waiting === 0) {
        if (flights.get(key) === flying) flights.delete(key);
        flying.controller.abort();
      }
    }
  };
}

function untilAborted<T>(landing: Promise<Result<T>>, signal: AbortSignal): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(err(failure('NETWORK/CANCELLED')));
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    landing.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** Gives what runs work of a key one after the other: a refresh token that is used twice at once is taken for stolen. */
export function createQueue(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const ends = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = ends.get(key) ?? Promise.resolve();
    const running = before.then(work, work);
    const end = running.catch(() => undefined);
    ends.set(key, end);
    void end.then(() => {
      if (ends.get(key) === end) ends.delete(key);
    });
    return running;
  };
}

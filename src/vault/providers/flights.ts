import { not, type Outcome } from './outcome.ts';

/** Work that several callers wait for at once, each of them for as long as it likes. */
export interface Flights {
  /** Joins the work under way for this key, or starts it. It is stopped when nobody waits for it any more. */
  join(key: string, start: (signal: AbortSignal) => Promise<Outcome>, signal: AbortSignal): Promise<Outcome>;
  /** Stops all of it. */
  stop(): void;
}

interface Flight {
  readonly outcome: Promise<Outcome>;
  readonly controller: AbortController;
  waiting: number;
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  const begin = (key: string, start: (signal: AbortSignal) => Promise<Outcome>): Flight => {
    const controller = new AbortController();
    const outcome = start(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight = { outcome, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  };
  return {
    async join(key, start, signal) {
      if (signal.aborted) return not('stopped');
      const flight = flights.get(key) ?? begin(key, start);
      flight.waiting += 1;
      let leave = (): void => undefined;
      const left = new Promise<Outcome>((settle) => {
        leave = () => settle(not('stopped'));
        signal.addEventListener('abort', leave, { once: true });
      });
      try {
        return await Promise.race([flight.outcome, left]);
      } finally {
        signal.removeEventListener('abort', leave);
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          // Who comes now must not join what is being stopped.
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort();
        }
      }
    },
    stop() {
      for (const { controller } of flights.values()) controller.abort();
      flights.clear();
    },
  };
}

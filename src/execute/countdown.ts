/** The time of an execution, which stands still while a person is asked. */
export interface Countdown {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  leftMs(): number;
  go(): void;
  pause(): void;
}

/** Stands still at first. `now` gives milliseconds since the epoch; a clock that is put back gives no time. */
export function createCountdown(ms: number, now: () => number): Countdown {
  const over = new AbortController();
  let left = ms;
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const leftMs = (): number => (since === undefined ? left : Math.min(left, left - (now() - since)));
  return {
    signal: over.signal,
    leftMs,
    go() {
      if (since !== undefined) return;
      since = now();
      timer = setTimeout(() => over.abort(), Math.max(0, Math.ceil(left))).unref();
    },
    pause() {
      left = leftMs();
      since = undefined;
      clearTimeout(timer);
    },
  };
}

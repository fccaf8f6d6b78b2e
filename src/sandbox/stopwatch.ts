// Wall time without the time in which it was stopped.

export interface Stopwatch {
  go(): void;
  stop(): void;
  isGoing(): boolean;
  elapsedMs(): number;
}

export function createStopwatch(): Stopwatch {
  let beforeMs = 0;
  let since: number | undefined;
  const elapsedMs = (): number => beforeMs + (since === undefined ? 0 : performance.now() - since);
  return {
    go() {
      since ??= performance.now();
    },
    stop() {
      beforeMs = elapsedMs();
      since = undefined;
    },
    isGoing: () => since !== undefined,
    elapsedMs,
  };
}

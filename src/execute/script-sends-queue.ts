export interface Queue {
  /** Runs the work when there is room for it, in the order of the calls. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Lets at most so many works go on at once. */
export function createQueue(most: number): Queue {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = (): void => {
    running -= 1;
    waiting.shift()?.();
  };
  return {
    async run(work) {
      // Who is woken up takes the place that has become free, before anybody who comes later.
      if (running >= most || waiting.length > 0) await new Promise<void>((wake) => waiting.push(wake));
      running += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

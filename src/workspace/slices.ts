/** Long work in slices, so that whoever else runs in this process gets a turn in between. */
export interface Slices {
  /** Whether the current slice has lasted long enough. */
  isOver(): boolean;
  /** Lets everyone else run, and starts the next slice. */
  next(): Promise<void>;
}

export function createSlices(sliceMs: number): Slices {
  let start = performance.now();
  return {
    isOver: () => performance.now() - start >= sliceMs,
    async next() {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      start = performance.now();
    },
  };
}

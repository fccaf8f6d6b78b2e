// Values from outside, in memory for a stated time, so that not every call runs a program.
import { limits } from '../../../shared/limits.ts';

export interface KeptValues {
  get(key: string): string | undefined;
  /** Keeps a value for so long; where there is no room that one goes that was used longest ago. */
  put(key: string, value: string, seconds: number): void;
  drop(key: string): void;
  clear(): void;
}

/** `now` gives milliseconds since the epoch. */
export function createKeptValues(now: () => number): KeptValues {
  // Insertion order is order of last use.
  const entries = new Map<string, { readonly value: string; readonly from: number; readonly until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      const at = now();
      // A clock that was set back must not make the time longer.
      if (at >= entry.until || at < entry.from) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    put(key, value, seconds) {
      entries.delete(key);
      if (seconds <= 0) return;
      const from = now();
      entries.set(key, { value, from, until: from + seconds * 1_000 });
      const [oldest] = entries.keys();
      if (entries.size > limits.providerValues && oldest !== undefined) entries.delete(oldest);
    },
    drop: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}

import type { Result } from '../../shared/failure/result.ts';
import type { State } from './state.ts';
import { trustKeyStamp } from './trust-key.ts';

/** What was read of rows that the key of trust vouches for, kept for as long as it cannot have changed. */
export interface VouchedMemory<Value> {
  /**
   * What `read` gives; or gave for the same key, if since then no other connection has committed anything, nothing was forgotten, and
   * the key of trust is the file that it was. Failures are not kept, nor what `keeps` says no to.
   */
  recall(key: string, read: () => Result<Value>): Result<Value>;
  /** To be called after each write of this connection to such rows: it holds for all that remember any of them. */
  forget(): void;
}

export interface VouchedMemoryOptions<Value> {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Beyond these, what was asked for longest ago is forgotten. */
  readonly most: number;
  readonly keeps?: (value: Value) => boolean;
}

/** How often each connection wrote to such rows itself, which its mark does not tell. */
const ownWrites = new WeakMap<State, number>();

/** Gives a memory that is empty. */
export function createVouchedMemory<Value>(
  state: State,
  { now, most, keeps = () => true }: VouchedMemoryOptions<Value>,
): VouchedMemory<Value> {
  const kept = new Map<string, Result<Value>>();
  let keptAt: string | undefined;
  const keep = (key: string, value: Result<Value>) => {
    kept.delete(key);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= most) kept.delete(oldest);
    kept.set(key, value);
  };
  return {
    recall(key, read) {
      // Before it is read: what changes meanwhile shows at the next call.
      const at = stampOf(state, now());
      if (at !== keptAt) kept.clear();
      keptAt = at;
      const value = kept.get(key) ?? read();
      if (at !== undefined && value.ok && keeps(value.value)) keep(key, value);
      return value;
    },
    forget: () => void ownWrites.set(state, (ownWrites.get(state) ?? 0) + 1),
  };
}

function stampOf(state: State, now: number): string | undefined {
  const mark = state.mark();
  const key = mark.ok ? trustKeyStamp(state.home, now) : undefined;
  return mark.ok && key !== undefined ? `${mark.value} ${ownWrites.get(state) ?? 0} ${key}` : undefined;
}

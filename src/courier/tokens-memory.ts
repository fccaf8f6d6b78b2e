import { limits } from '../../shared/limits.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';

export interface HeldToken {
  /** What goes with the request. */
  readonly credential: string;
  /** Milliseconds since the epoch; never used from then on. */
  readonly expiresAt: number;
  /** From when on a new one is asked for. */
  readonly staleAt: number;
  /** Everything that was minted with it. */
  readonly known: readonly KnownSecret[];
}

export interface TokenMemory {
  get(key: string): HeldToken | undefined;
  set(key: string, token: HeldToken): void;
  /** The token has turned out not to be taken. */
  spoil(key: string, token: HeldToken): void;
}

/** Keeps so many tokens; the one used longest ago goes first. */
export function createTokenMemory(): TokenMemory {
  const { get, set, drop } = createLatest<HeldToken>();
  return {
    get,
    set,
    spoil(key, token) {
      if (get(key) === token) drop(key);
    },
  };
}

/** Refresh tokens that the vault does not have: what came with a token, or took the place of one that files or vault state. */
export interface RefreshMemory {
  get(key: string): string | undefined;
  set(key: string, refreshToken: string): void;
  drop(key: string): void;
}

export function createRefreshMemory(): RefreshMemory {
  return createLatest<string>();
}

interface Latest<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  drop(key: string): void;
}

function createLatest<T>(): Latest<T> {
  // Insertion order is order of last use.
  const held = new Map<string, T>();
  const set = (key: string, value: T): void => {
    held.delete(key);
    held.set(key, value);
    for (const oldest of held.keys()) {
      if (held.size <= limits.oauthTokens) return;
      held.delete(oldest);
    }
  };
  return {
    get(key) {
      const value = held.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
    set,
    drop: (key) => void held.delete(key),
  };
}

/** When a token ends and from when on it is not used any more: some time before, so that it does not end on its way. */
export function lifetimeOf(expiresAt: number | undefined, now: number): Pick<HeldToken, 'expiresAt' | 'staleAt'> {
  const end = expiresAt ?? now + limits.oauthUnknownLifetimeMs;
  return { expiresAt: end, staleAt: end - Math.min(limits.oauthExpirySkewMs, Math.max(0, end - now) / 4) };
}

import { limits } from '../../shared/limits.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';

export interface HeldToken {
  /** What goes with the request. */
  readonly credential: string;
  /** Milliseconds since the epoch; never used from then on. */
  readonly expiresAt: number;
  /** From when on a new one is asked for. */
  readonly staleAt: number;
  /** Of a grant that is not itself a refresh token of the vault. */
  readonly refreshToken?: string;
  /** Everything that was minted with it. */
  readonly known: readonly KnownSecret[];
}

export interface TokenMemory {
  get(key: string): HeldToken | undefined;
  set(key: string, token: HeldToken): void;
  /** The token has turned out not to be taken; what else came with it stays. */
  spoil(key: string, token: HeldToken): void;
}

/** Keeps so many tokens; the one used longest ago goes first. */
export function createTokenMemory(): TokenMemory {
  // Insertion order is order of last use.
  const held = new Map<string, HeldToken>();
  const set = (key: string, token: HeldToken): void => {
    held.delete(key);
    held.set(key, token);
    for (const oldest of held.keys()) {
      if (held.size <= limits.oauthTokens) return;
      held.delete(oldest);
    }
  };
  return {
    get(key) {
      const token = held.get(key);
      if (token) set(key, token);
      return token;
    },
    set,
    spoil(key, token) {
      if (held.get(key) === token) held.set(key, { ...token, staleAt: 0 });
    },
  };
}

/** When a token ends and from when on it is not used any more: some time before, so that it does not end on its way. */
export function lifetimeOf(expiresAt: number | undefined, now: number): Pick<HeldToken, 'expiresAt' | 'staleAt'> {
  const end = expiresAt ?? now + limits.oauthUnknownLifetimeMs;
  return { expiresAt: end, staleAt: end - Math.min(limits.oauthExpirySkewMs, Math.max(0, end - now) / 4) };
}

// Tokens that the courier got for requests, as handles in the plans that it makes itself. They have an id that nobody is told and no
// name that a plan could be written with, so that none is ever placed by whoever names it.
import { limits } from '../../shared/limits.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';

export interface IssuedToken {
  /** The only origins that it may go to. */
  readonly origins: readonly string[];
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface IssuedTokens {
  /** Gives its handle, for as long as the token lasts: the same for the same value and origins. */
  hold(token: IssuedToken): HandleInfo;
  /** By id. Undefined where it is unknown or its time is over. */
  describe(id: string): HandleInfo | undefined;
  value(id: string): string | undefined;
  /** Forgets everything. */
  clear(): void;
}

interface Entry {
  readonly value: string;
  info: HandleInfo;
}

/** What a failure calls one; no handle has such a name. */
const NAME = 'the token of this request';

/** `now` gives milliseconds since the epoch, `newId` an id that nobody can guess. */
export function createIssuedTokens(now: () => number, newId: () => string): IssuedTokens {
  // Insertion order is order of last use.
  const entries = new Map<string, Entry>();
  const current = (id: string): Entry | undefined => {
    const entry = entries.get(id);
    return entry && (entry.info.expiresAt ?? 0) > now() ? entry : undefined;
  };
  const makeRoom = (): void => {
    for (const id of entries.keys()) if (entries.size >= limits.capturedTokensInAll || !current(id)) entries.delete(id);
  };
  const holding = (info: HandleInfo, value: string): HandleInfo => {
    entries.delete(info.id);
    entries.set(info.id, { value, info });
    return info;
  };
  return {
    hold({ origins, value, expiresAt }) {
      const bound = origins.join(' ');
      makeRoom();
      for (const { info, value: held } of entries.values())
        if (held === value && info.origins.join(' ') === bound)
          return holding({ ...info, expiresAt: Math.max(info.expiresAt ?? 0, expiresAt) }, value);
      const at = now();
      const made = { id: newId(), name: NAME, origins, pathAllowed: false, places: ['auth'] as const, useCount: 0 };
      return holding({ ...made, createdAt: at, updatedAt: at, expiresAt }, value);
    },
    describe: (id) => current(id)?.info,
    value: (id) => current(id)?.value,
    clear: () => entries.clear(),
  };
}

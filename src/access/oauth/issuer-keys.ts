// The keys of one issuer. What is fetched is shared by all that wait for it, at most so often, whoever asks: tokens that nobody signed
// must not become requests.
import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { tokenLimits } from '../../../shared/access/token-limits.ts';
import { type Ask, askObject } from './ask.ts';
import type { KeysUrl } from './find-keys.ts';

export interface IssuerKeys {
  /** The one key that a token names. */
  find(header: JWTHeaderParameters): Promise<FoundKey>;
}

export type FoundKey =
  | { readonly kind: 'key'; readonly key: CryptoKey }
  /** The issuer has no such key. */
  | { readonly kind: 'unknown' }
  /** Its keys cannot be had now. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

export interface IssuerKeysOptions {
  readonly ask: Ask;
  /** Finds out where the keys are; undefined where that cannot be told now. */
  readonly locate: (signal: AbortSignal) => Promise<KeysUrl | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Fetched {
  readonly select: ReturnType<typeof createLocalJWKSet>;
  readonly at: number;
}

export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { now } = options;
  let fetched: Fetched | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let flight: Promise<void> | undefined;
  const fetchOnce = (): Promise<void> => {
    flight ??= fetchKeys(options).then((keys) => {
      flight = undefined;
      if (keys) fetched = { select: keys, at: now() };
      else failedAt = now();
    });
    return flight;
  };
  /** Whether keys were fetched just now, for a token that those of before are of no use to. */
  const refresh = async (): Promise<boolean> => {
    const before = fetched;
    if (flight === undefined && now() - failedAt < tokenLimits.keysRetryMs) return false;
    await fetchOnce();
    return fetched !== before;
  };
  const unavailable = (): FoundKey => ({
    kind: 'unavailable',
    retryAfterMs: Math.max(0, failedAt + tokenLimits.keysRetryMs - now()),
  });
  return {
    async find(header) {
      const usable = () => (fetched && now() - fetched.at < tokenLimits.keysMaxAgeMs ? fetched : undefined);
      if (!usable() && !(await refresh())) return unavailable();
      const known = await select(usable(), header);
      if (known.kind !== 'unknown' || now() - (fetched?.at ?? 0) < tokenLimits.keysCooldownMs) return known;
      return (await refresh()) ? select(usable(), header) : unavailable();
    },
  };
}

async function select(fetched: Fetched | undefined, header: JWTHeaderParameters): Promise<FoundKey> {
  try {
    return fetched ? { kind: 'key', key: await fetched.select(header) } : { kind: 'unknown' };
  } catch {
    // None that fits, or several: none is chosen. One that cannot be read verifies nothing.
    return { kind: 'unknown' };
  }
}

function isKeySet(found: object | undefined): found is JSONWebKeySet {
  return found !== undefined && 'keys' in found && Array.isArray(found.keys);
}

async function fetchKeys({ ask, locate }: IssuerKeysOptions): Promise<Fetched['select'] | undefined> {
  const signal = AbortSignal.timeout(tokenLimits.keysTimeoutMs);
  try {
    const at = await locate(signal);
    const found = at && (await askObject(ask, at.url, { learned: at.learned, signal }));
    return isKeySet(found) ? createLocalJWKSet(found) : undefined;
  } catch {
    // What is no set of keys, and whatever else goes wrong on the way, is the same as none.
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { tokenLimits } from '../../../shared/access/token-limits.ts';

/** What verified tokens stand for, by their digest, for a short time and in bounded memory. */
export interface TokenCache<T> {
  find(token: string, nowMs: number): T | undefined;
  keep(token: string, value: T, expiresAt: number, nowMs: number): void;
}

export function createTokenCache<T>(): TokenCache<T> {
  const kept = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    find(token, nowMs) {
      const key = digest(token);
      const found = kept.get(key);
      if (found && found.until > nowMs) return found.value;
      kept.delete(key);
      return undefined;
    },
    keep(token, value, expiresAt, nowMs) {
      const [oldest] = kept.keys();
      if (oldest !== undefined && kept.size >= tokenLimits.cached) kept.delete(oldest);
      kept.set(digest(token), { value, until: Math.min(expiresAt, nowMs + tokenLimits.cacheMs) });
    },
  };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

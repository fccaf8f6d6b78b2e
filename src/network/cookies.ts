// Cookies as a browser keeps them (RFC 6265bis), in memory only: one jar for each caller and environment, none of which sees another.
// What the rules need, the list of public suffixes above all, is loaded with the first Set-Cookie.
import { limits } from '../../shared/limits.ts';
import { overShare } from '../../shared/over-share.ts';
import type { Jar } from './cookie-jar.ts';

/** Whose jar: two callers never share one, nor do two environments. */
export interface JarOwner {
  /** Id of the principal. */
  readonly caller: string;
  readonly environmentId: string | undefined;
}

export interface JarCookie {
  readonly name: string;
  readonly value: string;
}

export interface CookieJars {
  /** What a request to this URL takes along, in the order of section 5.8.3. `url` is origin and path as sent. */
  cookiesFor(owner: JarOwner, url: string): readonly JarCookie[];
  /** Takes the Set-Cookie fields of an answer, in their order. What a browser would refuse is left out; nothing fails. */
  store(owner: JarOwner, url: string, setCookies: readonly string[]): Promise<void>;
  /** Forgets everything. */
  clear(): void;
}

/**
 * `now` gives milliseconds since the epoch. At most `limits.cookieJars` are kept; the one goes that was used longest ago, of those of
 * the caller who has most.
 */
export function createCookieJars(now: () => number): CookieJars {
  // Insertion order is order of last use.
  const jars = new Map<string, OwnedJar>();
  const use = (owned: OwnedJar): void => {
    jars.delete(keyOf(owned));
    jars.set(keyOf(owned), owned);
    for (const oldest of overShare([...jars.values()], limits.cookieJars, ({ caller }) => caller)) {
      jars.delete(keyOf(oldest));
    }
  };
  return {
    cookiesFor(owner, url) {
      const owned = jars.get(keyOf(owner));
      if (!owned) return [];
      use(owned);
      return owned.jar.cookiesFor(url, now());
    },
    async store(owner, url, setCookies) {
      if (setCookies.length === 0) return;
      const { createJar } = await import('./cookie-jar.ts');
      const owned = jars.get(keyOf(owner)) ?? { ...owner, jar: createJar() };
      owned.jar.store(url, setCookies, now());
      if (owned.jar.size() > 0) use(owned);
      else jars.delete(keyOf(owner));
    },
    clear: () => jars.clear(),
  };
}

interface OwnedJar extends JarOwner {
  readonly jar: Jar;
}

function keyOf({ caller, environmentId = '' }: JarOwner): string {
  return JSON.stringify([caller, environmentId]);
}

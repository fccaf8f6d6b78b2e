// Cookies as a browser keeps them (RFC 6265bis), in memory only: one jar for each caller and environment, none of which sees another.
// What the rules need, the list of public suffixes above all, is loaded with the first Set-Cookie.
import { limits } from '../../shared/limits.ts';
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

/** `now` gives milliseconds since the epoch. At most `limits.cookieJars` are kept; the one goes that was used longest ago. */
export function createCookieJars(now: () => number): CookieJars {
  // Insertion order is order of last use.
  const jars = new Map<string, Jar>();
  const use = (key: string, jar: Jar): void => {
    jars.delete(key);
    jars.set(key, jar);
    for (const oldest of jars.keys()) if (jars.size > limits.cookieJars) jars.delete(oldest);
  };
  return {
    cookiesFor(owner, url) {
      const key = keyOf(owner);
      const jar = jars.get(key);
      if (!jar) return [];
      use(key, jar);
      return jar.cookiesFor(url, now());
    },
    async store(owner, url, setCookies) {
      if (setCookies.length === 0) return;
      const { createJar } = await import('./cookie-jar.ts');
      const key = keyOf(owner);
      const jar = jars.get(key) ?? createJar();
      jar.store(url, setCookies, now());
      if (jar.size() > 0) use(key, jar);
      else jars.delete(key);
    },
    clear: () => jars.clear(),
  };
}

function keyOf({ caller, environmentId = '' }: JarOwner): string {
  return JSON.stringify([caller, environmentId]);
}

// Cookies of the caller's jar, beside those that the request states itself.
import { type Draft, withHeader } from './schemes/scheme.ts';

export interface CookiePair {
  readonly name: string;
  readonly value: string;
}

/** RFC 6265 section 5.4: one Cookie header. What the request says itself comes first and wins. */
export function withCookies(draft: Draft, cookies: readonly CookiePair[]): Draft {
  if (cookies.length === 0) return draft;
  const own = draft.headers.filter(([name]) => name.toLowerCase() === 'cookie').map(([, value]) => value);
  const named = new Set(own.flatMap((value) => value.split(';').map((pair) => pair.trim().split('=', 1)[0])));
  const others = cookies.filter(({ name }) => !named.has(name)).map(({ name, value }) => `${name}=${value}`);
  return others.length === 0 ? draft : withHeader(draft, 'Cookie', [...own, ...others].join('; '));
}

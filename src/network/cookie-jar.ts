// One jar by the rules of RFC 6265bis. tough-cookie parses, knows the public suffixes and finds what goes to a URL; this file adds what
// it leaves open: sizes and numbers, a time of expiry that use does not move, and that an insecure answer leaves Secure cookies alone.
import {
  Cookie,
  CookieJar,
  defaultPath,
  domainMatch,
  getPublicSuffix,
  MemoryCookieStore,
  pathMatch,
} from 'tough-cookie';
import { limits } from '../../shared/limits.ts';
import { overShare } from '../../shared/over-share.ts';
import { judgeHeaderValue } from '../../shared/request/header-policy.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { JarCookie } from './cookies.ts';

export interface Jar {
  /** `url` is origin and path as sent; `nowMs` is since the epoch. */
  cookiesFor(url: string, nowMs: number): readonly JarCookie[];
  store(url: string, setCookies: readonly string[], nowMs: number): void;
  size(): number;
}

/** Makes an empty jar. Ports do not separate cookies, and loopback counts as secure, as in browsers. */
export function createJar(): Jar {
  const held = new MemoryCookieStore();
  const jar = new CookieJar(held, { rejectPublicSuffixes: true, allowSecureOnLocal: true });
  return {
    cookiesFor(url, nowMs) {
      // The library's own check of expiry looks at another clock.
      const found = jar.getCookiesSync(literal(url), { expire: false, sort: true }).filter(isCurrent(nowMs));
      for (const cookie of found) cookie.lastAccessed = new Date(nowMs);
      return withinHeader(found.map(({ key, value }) => ({ name: key, value })));
    },
    store(url, setCookies, nowMs) {
      const source = sourceOf(url);
      const secure = source.isSecure ? [] : allOf(held).filter((cookie) => cookie.secure);
      for (const line of setCookies) {
        const cookie = parseCookie(line, source);
        if (!cookie || wouldHide(cookie, source.host, secure)) continue;
        const stored = jar.setCookieSync(cookie, literal(url), { ignoreError: true, now: new Date(nowMs) });
        if (stored) fixExpiry(stored, nowMs);
      }
      tidy(held, nowMs);
    },
    size: () => allOf(held).length,
  };
}

interface Source {
  readonly host: string;
  readonly path: string;
  readonly isSecure: boolean;
}

function sourceOf(url: string): Source {
  const { protocol = '', hostname = '' } = parseUrl(url) ?? {};
  const path = /^[^:]+:\/\/[^/]+(\/[^?#]*)?/.exec(url)?.[1] ?? '/';
  return { host: hostname.replace(/^\[|\]$/g, ''), path, isSecure: protocol === 'https:' || LOOPBACK.test(hostname) };
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:[^.]+\.)*localhost)$/;

/** The library undoes percent-encoding before it compares paths; servers and browsers do not (section 5.1.4). */
function literal(url: string): string {
  return url.replaceAll('%', '%25');
}

/** The cookie of a Set-Cookie field with its domain and path; undefined for what a browser refuses or no Cookie header can hold. */
function parseCookie(line: string, { host, path }: Source): Cookie | undefined {
  if (line.length > limits.setCookieChars || CONTROL.test(line)) return undefined;
  const cookie = Cookie.parse(line);
  if (!cookie || cookie.key.length + cookie.value.length > limits.cookieChars) return undefined;
  if (!judgeHeaderValue('Cookie', `${cookie.key}=${cookie.value}`).ok || !prefixHolds(cookie)) return undefined;
  if (cookie.domain !== null && !placeDomain(cookie, host)) return undefined;
  cookie.path ??= defaultPath(path);
  cookie.extensions = null;
  return cookie;
}

/** Section 5.6, step 1: control characters, the tab excepted. */
const CONTROL = /[^\t\x20-\x7e\x80-\u{10ffff}]/u;

/** Section 4.1.3: names are compared without case, so that a server which ignores case is not deceived. */
function prefixHolds({ key, secure, domain, path }: Cookie): boolean {
  const name = key.toLowerCase();
  if (name.startsWith('__secure-')) return secure;
  return !name.startsWith('__host-') || (secure && domain === null && path === '/');
}

/**
 * Section 5.7, steps 9 and 10. A Domain that is the host itself is no wider than none where no other host can be below it: an
 * address, one label, a public suffix.
 */
function placeDomain(cookie: Cookie, host: string): boolean {
  const domain = (cookie.domain ?? '').replace(/^\[|\]$/g, '');
  if (!/^[!-~]+$/.test(domain)) return false;
  const isOwn = domain === host;
  const isShared = domain.includes('.') && getPublicSuffix(domain, { allowSpecialUseDomain: true, ignoreError: true });
  if (isOwn && !isShared) cookie.domain = null;
  return isOwn || Boolean(isShared);
}

/** Section 5.7, step 12: what came in the clear must not stand in front of a cookie that only a secure answer could set. */
function wouldHide({ key, domain, path }: Cookie, host: string, others: readonly Cookie[]): boolean {
  const reach = domain ?? host;
  return others.some(
    (other) =>
      other.key === key &&
      (domainMatch(other.domain, reach, false) || domainMatch(reach, other.domain, false)) &&
      pathMatch(path ?? '/', other.path ?? '/'),
  );
}

/** The library counts Max-Age from the last use; browsers from the setting (section 5.6.2), and at most 400 days. */
function fixExpiry(cookie: Cookie, nowMs: number): void {
  const expiry = cookie.expiryTime(new Date(nowMs)) ?? Number.POSITIVE_INFINITY;
  cookie.maxAge = null;
  cookie.expires = expiry === Number.POSITIVE_INFINITY ? 'Infinity' : new Date(clamp(expiry, nowMs));
}

const MOST_AGE_MS = 400 * 24 * 60 * 60_000;

function clamp(expiry: number, nowMs: number): number {
  return Math.max(0, Math.min(expiry, nowMs + MOST_AGE_MS));
}

function isCurrent(nowMs: number): (cookie: Cookie) => boolean {
  return ({ expires }) => !(expires instanceof Date) || expires.getTime() > nowMs;
}

function withinHeader(cookies: readonly JarCookie[]): readonly JarCookie[] {
  let room = limits.cookieHeaderChars;
  return cookies.filter(({ name, value }) => {
    const size = name.length + value.length + 3;
    if (size > room) return false;
    room -= size;
    return true;
  });
}

/** Drops what is over: what has expired, then what was used longest ago, first of each domain and then of the site that has most. */
function tidy(held: MemoryCookieStore, nowMs: number): void {
  const ofDomain = new Map<string | null, number>();
  const within = ({ domain }: Cookie): boolean => {
    const before = ofDomain.get(domain) ?? 0;
    ofDomain.set(domain, before + 1);
    return before < limits.domainCookies;
  };
  const kept = new Set(allOf(held).filter(isCurrent(nowMs)).sort(byLastUse).filter(within));
  for (const cookie of overShare([...kept].reverse(), limits.jarCookies, siteOf)) kept.delete(cookie);
  // The index is made anew: what removing leaves of a path or a domain would stay for ever.
  const ordered = allOf(held).filter((cookie) => kept.has(cookie));
  held.idx = Object.create(null) as MemoryCookieStore['idx'];
  for (const cookie of ordered) held.putCookie(cookie, () => undefined);
}

/** Its registrable domain: below it a server may name as many hosts as it likes. */
function siteOf({ domain }: Cookie): string {
  return getPublicSuffix(domain ?? '', { allowSpecialUseDomain: true, ignoreError: true }) ?? domain ?? '';
}

/** The latest first. */
function byLastUse(one: Cookie, other: Cookie): number {
  return usedAt(other) - usedAt(one) || other.creationIndex - one.creationIndex;
}

function usedAt({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}

function allOf(held: MemoryCookieStore): readonly Cookie[] {
  let all: readonly Cookie[] = [];
  held.getAllCookies((_, cookies) => {
    all = cookies ?? [];
  });
  return all;
}

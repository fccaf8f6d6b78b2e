// One cookie, and where it is sent (RFC 6265 5.1.3, 5.1.4), as far as scripts ask for it.
import { textOf } from './given.ts';

export interface Cookie {
  readonly key: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly expires?: string;
}

export interface Place {
  readonly isSecure: boolean;
  readonly host: string;
  readonly path: string;
}

/** Undefined where the URL is not absolute. */
export function parsePlace(url: string): Place | undefined {
  const [, scheme, host = '', path = '/'] =
    /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)(?::\d*)?([^?#]*)/i.exec(url) ?? [];
  if (scheme === undefined) return undefined;
  const isLocal = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host);
  return { isSecure: isLocal || /^https$/i.test(scheme), host: host.toLowerCase(), path: path || '/' };
}

export function isSentTo({ domain, path, secure }: Cookie, place: Place): boolean {
  if (secure && !place.isSecure) return false;
  if (place.host !== domain && !place.host.endsWith(`.${domain}`)) return false;
  return place.path === path || place.path.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** Of a name and a value, or of an object with `key` (or `name`) and `value`. Throws an Error where neither is given. */
export function cookieFrom(place: Place, given: unknown, value: unknown): Cookie {
  if (typeof given === 'string') {
    if (given === '') throw new Error('Cookie name is required');
    return { ...blank(place), key: given, value: typeof value === 'string' ? value : '' };
  }
  if (typeof given !== 'object' || given === null) throw new Error('Invalid arguments passed to setCookie');
  const stated: Readonly<Record<string, unknown>> = { ...given };
  const key = textOf(stated.key ?? stated.name);
  if (key === '') throw new Error('cookieObject.key (name) is required');
  return {
    ...blank(place),
    key,
    value: textOf(stated.value),
    ...(typeof stated.domain === 'string' && { domain: stated.domain.replace(/^\./, '').toLowerCase() }),
    ...(typeof stated.path === 'string' && { path: stated.path }),
    secure: stated.secure === true,
    httpOnly: stated.httpOnly === true,
    ...(stated.expires !== undefined && stated.expires !== null && { expires: textOf(stated.expires) }),
  };
}

/** Undefined where the header sets nothing. */
export function parseSetCookie(place: Place, header: string): Cookie | undefined {
  const [pair = '', ...attributes] = header.split(/;\s*/);
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const stated: Record<string, unknown> = { key: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
  for (const attribute of attributes) {
    const [name = '', value] = attribute.split('=', 2);
    const known = { domain: 'domain', path: 'path', expires: 'expires', secure: 'secure', httponly: 'httpOnly' };
    const member = Object.entries(known).find(([folded]) => folded === name.toLowerCase())?.[1];
    if (member !== undefined) stated[member] = value ?? true;
  }
  return cookieFrom(place, stated, undefined);
}

function blank(place: Place): Omit<Cookie, 'key' | 'value'> {
  return { domain: place.host, path: '/', secure: false, httpOnly: false };
}

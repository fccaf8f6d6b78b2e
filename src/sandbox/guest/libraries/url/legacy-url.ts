// Node's older `url` module: parse, format and resolve, which take any text for an address.
import { parseQuery, writeQuery } from '../node/querystring.ts';

export interface LegacyUrl {
  protocol: string | null;
  slashes: boolean | null;
  auth: string | null;
  host: string | null;
  port: string | null;
  hostname: string | null;
  hash: string | null;
  search: string | null;
  query: unknown;
  pathname: string | null;
  path: string | null;
  href: string;
}

export function parseLegacyUrl(text: string, hasQuery = false, hasHost = false): LegacyUrl {
  const [, protocol, rest = ''] = /^([a-z][a-z0-9.+-]*:)?([\s\S]*)$/i.exec(text.trim()) ?? [];
  const slashes = rest.startsWith('//') && (protocol !== undefined || hasHost);
  const [, place = '', after = rest] = slashes ? (/^\/\/([^/?#]*)([\s\S]*)$/.exec(rest) ?? []) : [];
  const url: LegacyUrl = {
    protocol: protocol?.toLowerCase() ?? null,
    slashes: slashes || null,
    ...(slashes ? partsOfPlace(place) : { auth: null, host: null, port: null, hostname: null }),
    ...partsBehind(after, slashes, hasQuery),
    href: '',
  };
  return { ...url, href: formatLegacyUrl(url) };
}

function partsOfPlace(place: string): Pick<LegacyUrl, 'auth' | 'host' | 'port' | 'hostname'> {
  const at = place.lastIndexOf('@');
  const [, name = '', port = ''] = /^([\s\S]*?)(?::(\d*))?$/.exec(place.slice(at + 1)) ?? [];
  const hostname = name.toLowerCase();
  return {
    auth: at < 0 ? null : decodeURIComponent(place.slice(0, at)),
    host: port === '' ? hostname : `${hostname}:${port}`,
    port: port || null,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
  };
}

function partsBehind(
  text: string,
  slashes: boolean,
  hasQuery: boolean,
): Omit<LegacyUrl, 'protocol' | 'slashes' | 'auth' | 'host' | 'port' | 'hostname' | 'href'> {
  const [, path, found, hash] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(text) ?? [];
  const pathname = path || (slashes ? '/' : null);
  const search = found ?? (hasQuery ? '' : null);
  const query = search?.slice(1) ?? null;
  return {
    hash: hash ?? null,
    search,
    query: hasQuery ? parseQuery(query ?? '') : query,
    pathname,
    path: pathname === null && !search ? null : `${pathname ?? ''}${search ?? ''}`,
  };
}

export function formatLegacyUrl(url: Partial<LegacyUrl> | string): string {
  if (typeof url === 'string') return parseLegacyUrl(url).href;
  const protocol = url.protocol ? url.protocol.replace(/:?$/, ':') : '';
  const host = hostOf(url);
  const hasSlashes = url.slashes || (/^(?:https?|ftp|file|wss?):$/.test(protocol) && host !== undefined);
  const auth = url.auth ? `${encodeURIComponent(url.auth).replace(/%3A/gi, ':')}@` : '';
  const pathname = (url.pathname ?? '').replace(/^(?=[^/])/, host === undefined ? '' : '/');
  const hash = (url.hash ?? '').replace(/^#?(?=.)/, '#');
  return `${protocol}${hasSlashes ? `//${auth}${host ?? ''}` : ''}${pathname}${searchOf(url)}${hash}`;
}

function hostOf({ host, hostname, port }: Partial<LegacyUrl>): string | undefined {
  if (host) return host;
  if (!hostname) return undefined;
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  return port ? `${name}:${port}` : name;
}

function searchOf({ search, query }: Partial<LegacyUrl>): string {
  const isTable = typeof query === 'object' && query !== null;
  return (search || (isTable ? writeQuery(query) : '')).replace(/^\??(?=.)/, '?');
}

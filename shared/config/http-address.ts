// The addresses of http.yaml as an operator writes them. What needs repair to be one is refused: it is not what was meant.
import { parseAddress, parseRange } from '../policy/address-text.ts';
import { parseUrl } from '../request/parse-url.ts';
import type { Address, Listen } from './http-settings.ts';

const UNIX = 'unix:';
const DEFAULT_HOST = '127.0.0.1';
const DOMAIN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const MAX_NAME_CHARS = 253;
const MAX_PORT = 65_535;

/** Reads `[HOST:]PORT` (IPv6 in brackets; without a host 127.0.0.1) or `unix:` and an absolute path; undefined for anything else. */
export function parseListen(text: string): Listen | undefined {
  if (!text.startsWith(UNIX)) return parseListenAddress(text);
  const socket = text.slice(UNIX.length);
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\\.\\pipe\\)[^\p{Cc}]*[^\p{Cc}/\\]$/u.test(socket) ? { socket } : undefined;
}

/** The same without the socket. */
export function parseListenAddress(text: string): Address | undefined {
  const [, bracketed, plain, portText = ''] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(portText);
  if (portText === '' || port > MAX_PORT) return undefined;
  if (bracketed !== undefined) return parseAddress(bracketed)?.family === 6 ? { host: bracketed, port } : undefined;
  const host = (plain ?? DEFAULT_HOST).toLowerCase();
  return isName(host) ? { host, port } : undefined;
}

/** A name or an IP address as it stands in a URL, lower-case, IPv6 in brackets and its shortest form; undefined for anything else. */
export function parseHost(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (parseAddress(bare)?.family === 6) return parseUrl(`http://[${bare}]`)?.hostname;
  const name = text.toLowerCase().replace(/\.$/, '');
  return isName(name) ? name : undefined;
}

/** Whether only this machine can be reached at it. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const address = parseAddress(/^\[(.*)\]$/.exec(host)?.[1] ?? host);
  if (!address) return false;
  const [first] = address.bytes;
  return address.family === 4 ? first === 127 : address.bytes.every((byte, at) => byte === (at === 15 ? 1 : 0));
}

/** A range of proxies; one that is all addresses would let every client name its own. */
export function isProxyRange(text: string): boolean {
  const range = parseRange(text);
  return range !== undefined && range.bits > 0;
}

/** https, or http on loopback, without user info and fragment. */
export function isSafeUrl(text: string): boolean {
  return safeUrl(text) !== undefined;
}

/** The same without a query, as an issuer is written (RFC 8414 section 2). */
export function isIssuer(text: string): boolean {
  return safeUrl(text) !== undefined && !text.includes('?');
}

/** The same with nothing after the host and the port. */
export function isSafeOrigin(text: string): boolean {
  return safeUrl(text)?.origin === text;
}

/** The canonical URI of the endpoint: as the WHATWG parser writes it, with the path /mcp and no query. */
export function isPublicUrl(text: string): boolean {
  const url = safeUrl(text);
  return url !== undefined && url.href === text && url.pathname === '/mcp' && !text.includes('?');
}

/** An origin as browsers send it (RFC 6454 section 6.2). */
export function isWebOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && parseUrl(text)?.origin === text;
}

/** The host of a URL that `isPublicUrl` takes. */
export function hostOf(url: string): string {
  return parseUrl(url)?.hostname ?? '';
}

function safeUrl(text: string): URL | undefined {
  if (/[\s\\#\p{Cc}]/u.test(text)) return undefined;
  const url = parseUrl(text);
  if (!url || !/^https?:\/\/[^/@]+(?:[/?]|$)/i.test(text)) return undefined;
  return url.protocol === 'https:' || isLoopbackHost(url.hostname) ? url : undefined;
}

// What a URL parser would turn into an IPv4 address (0x7f.1) is no name.
function isName(name: string): boolean {
  const isWellFormed = name.length <= MAX_NAME_CHARS && DOMAIN.test(name);
  return isWellFormed && parseUrl(`http://${name}`)?.hostname === name;
}

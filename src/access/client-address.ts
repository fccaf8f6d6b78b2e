// Which client is behind trusted proxies. Each proxy adds what it saw to the right, so the list is read from there to the first address
// that is not one of ours; what stands left of it is the client's own word.
import type { HttpSettings } from '../../shared/config/http-settings.ts';
import { mappedV4 } from '../../shared/policy/address-table.ts';
import {
  type Address,
  type AddressRange,
  isWithin,
  parseAddress,
  parseRange,
} from '../../shared/policy/address-text.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { parseForwarded } from './forwarded.ts';

/** Ranges of proxies; `unix`: whoever reaches a socket of the file system. */
export interface TrustedProxies {
  readonly ranges: readonly AddressRange[];
  readonly unix: boolean;
  /** The one header that they write: a proxy that writes it lets the other through as the client sent it. */
  readonly forwardedBy: HttpSettings['forwardedBy'];
}

/** The headers that matter here, lines of one name joined by commas as HTTP allows. */
export type ForwardedHeaders = { readonly [name in HttpSettings['forwardedBy']]?: string | undefined };

const UNIX = 'unix';

/** More hops are no chain of proxies. */
const MOST_HOPS = 16;

/** Takes CIDR ranges, single addresses and `unix`; undefined where one is none of these. */
export function parseTrustedProxies({
  trustedProxies: texts,
  forwardedBy,
}: Pick<HttpSettings, 'trustedProxies' | 'forwardedBy'>): TrustedProxies | undefined {
  const ranges = texts.filter((text) => text !== UNIX).map(parseRange);
  const parsed = ranges.filter((range) => range !== undefined);
  return parsed.length === ranges.length ? { ranges: parsed, unix: texts.includes(UNIX), forwardedBy } : undefined;
}

/**
 * The address of the client in its canonical form; `unix` for a socket of the file system that is not trusted. Headers of a peer that is
 * not trusted count for nothing. Where a trusted proxy does not tell whom it saw, the client is that proxy. Standards: RFC 7239;
 * X-Forwarded-For as proxies write it.
 */
export function clientAddress(socket: string | undefined, headers: ForwardedHeaders, trusted: TrustedProxies): string {
  const peer = readPeer(socket);
  if (!isTrusted(peer, trusted)) return textOf(peer);
  const text = headers[trusted.forwardedBy] ?? '';
  const hops =
    trusted.forwardedBy === 'forwarded' ? parseForwarded(text)?.map((each) => readHop(each.for)) : listed(text);
  return textOf(walk(peer, hops ?? [], trusted));
}

/** Whether what comes from the address of a socket comes from a trusted proxy. */
export function isTrustedPeer(socket: string | undefined, trusted: TrustedProxies): boolean {
  return isTrusted(readPeer(socket), trusted);
}

type Hop = Address | typeof UNIX;

/** RFC 9110 section 5.6.1: empty elements of a list do not count. */
function listed(text: string): readonly (Address | undefined)[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(readHop);
}

/** The last one that is known for sure. */
function walk(peer: Hop, hops: readonly (Address | undefined)[], trusted: TrustedProxies): Hop {
  let current: Hop = peer;
  for (let steps = 0; steps < MOST_HOPS && isTrusted(current, trusted); steps += 1) {
    const next = hops[hops.length - 1 - steps];
    if (!next) break;
    current = next;
  }
  return current;
}

function isTrusted(hop: Hop, { ranges, unix }: TrustedProxies): boolean {
  return hop === UNIX ? unix : ranges.some((range) => isWithin(hop, range));
}

function readPeer(socket: string | undefined): Hop {
  return readAddress(socket ?? '') ?? UNIX;
}

/** An address with a zone, brackets and a port; what is longer is none. */
const MOST_HOP_CHARS = 128;

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; `unknown`, `_name` and anything else tell nothing. */
function readHop(text = ''): Address | undefined {
  if (text.length > MOST_HOP_CHARS) return undefined;
  const bracketed = /^\[([^\][]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.includes(':') ? readAddress(bracketed) : undefined;
  const dotted = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1];
  return readAddress(dotted ?? text);
}

const MAPPED = parseRange(mappedV4);

/** Without the zone of an IPv6 address, which means something on one machine only; IPv4 in IPv6 is IPv4. */
function readAddress(text: string): Address | undefined {
  const [plain = '', zone, ...rest] = text.split('%');
  const hasZone = plain.includes(':') && rest.length === 0 && /^[\w.~-]{1,32}$/.test(zone ?? '');
  const address = zone === undefined || hasZone ? parseAddress(plain) : undefined;
  return address && MAPPED && isWithin(address, MAPPED) ? { family: 4, bytes: address.bytes.slice(12) } : address;
}

/** RFC 5952 for IPv6, as the URL parser writes it. */
function textOf(hop: Hop): string {
  if (hop === UNIX) return UNIX;
  if (hop.family === 4) return hop.bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((hop.bytes[at * 2] ?? 0) << 8) | (hop.bytes[at * 2 + 1] ?? 0));
  const full = groups.map((group) => group.toString(16)).join(':');
  return parseUrl(`http://[${full}]/`)?.hostname.slice(1, -1) ?? full;
}

// Decides about addresses before anything is dialled. Whatever is not understood is denied.
import { parseUrl } from '../request/parse-url.ts';
import { type AllowEntry, plainHost } from './address-allow.ts';
import {
  type AddressVerdict,
  type AddressVerdictCode,
  deniedRanges,
  embeddedV4,
  globalUnicastV6,
  mappedV4,
  metadataAddresses,
  metadataNames,
  openableByOrigin,
  verdictOf,
} from './address-table.ts';
import { type Address, type AddressRange, isSameAddress, isWithin, parseAddress, parseRange } from './address-text.ts';

export type { AddressVerdict } from './address-table.ts';

/** The operator's exceptions, and the origin that is about to be called. */
export interface AddressPolicy {
  readonly allow: readonly AllowEntry[];
  /** Serialised origin without a trailing dot in the host, as `originOf` gives it. */
  readonly origin?: string;
}

const STRICT: AddressPolicy = { allow: [] };

const DENIED = deniedRanges.map(([text, code]) => ({ range: tableRange(text), code }));
const EMBEDDED = embeddedV4.map(({ range, at, inverted }) => ({ range: tableRange(range), at, inverted }));
const METADATA = metadataAddresses.map(([address]) => tableRange(address));
const METADATA_NAMES: ReadonlySet<string> = new Set(metadataNames.map(([name]) => name));
const GLOBAL_V6 = tableRange(globalUnicastV6);
const MAPPED_V4 = tableRange(mappedV4);

/**
 * Judges one IP address. An IPv4-mapped IPv6 address is judged as its IPv4 address; no other IPv6 form is unwrapped.
 * Metadata services stay denied whatever the policy allows.
 */
export function judgeAddress(text: string, policy: AddressPolicy = STRICT): AddressVerdict {
  const parsed = parseAddress(text);
  if (!parsed) return verdictOf(text.includes('%') ? 'zone' : 'malformed');
  const address = unwrapMapped(parsed);
  if (isMetadata(address)) return verdictOf('metadata');
  const code = classify(address);
  if (code === 'public') return verdictOf(code);
  return verdictOf(exceptionFor(address, code, policy) ?? code);
}

/**
 * Judges what a host says before it is resolved. A literal (IPv6 in brackets) gets its verdict, a metadata name is denied, and
 * what the URL parser would have written differently is malformed; undefined means a name whose records are to be judged.
 */
export function judgeHost(host: string, policy: AddressPolicy = STRICT): AddressVerdict | undefined {
  if (!isCanonicalHost(host)) return verdictOf('malformed');
  const literal = hostLiteral(host);
  if (literal !== undefined) return judgeAddress(literal, policy);
  return METADATA_NAMES.has(plainHost(host)) ? verdictOf('metadata-name') : undefined;
}

/** The address that a host is a literal of, without brackets; undefined for a name. */
export function hostLiteral(host: string): string | undefined {
  if (host.startsWith('[')) return host.slice(1, -1);
  return parseAddress(host) ? host : undefined;
}

// UTS #46 section 4: "xn--" without anything behind it is no label; newer URL parsers let it through.
const EMPTY_PUNYCODE = /(?:^|\.)xn--(?:\.|$)/;
// RFC 1034 section 3.1: only the root, at the very end, has an empty label. The URL parser takes "127.0.0.1.." for a name.
const EMPTY_LABEL = /^\.|\.\./;

function isCanonicalHost(host: string): boolean {
  if (EMPTY_PUNYCODE.test(host) || EMPTY_LABEL.test(host)) return false;
  return parseUrl(`http://${host}/`)?.hostname === host;
}

function unwrapMapped(address: Address): Address {
  return isWithin(address, MAPPED_V4) ? { family: 4, bytes: address.bytes.slice(12) } : address;
}

function classify(address: Address): AddressVerdictCode {
  const row = DENIED.find(({ range }) => isWithin(address, range));
  if (row) return row.code;
  if (address.family === 4) return 'public';
  if (!isWithin(address, GLOBAL_V6)) return 'not-global';
  return isIsatap(address) ? 'isatap' : 'public';
}

/** RFC 5214 section 6.1: the interface identifier is 00-00-5E-FE or 02-00-5E-FE and the IPv4 address. */
function isIsatap({ family, bytes }: Address): boolean {
  return (
    family === 6 && (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
  );
}

function isMetadata(address: Address): boolean {
  // A gateway for these prefixes would deliver to the IPv4 address inside, so an allowed range must not open it.
  return [address, ...carriedV4(address)].some((each) => METADATA.some((known) => isSameAddress(each, known)));
}

function carriedV4(address: Address): Address[] {
  if (address.family === 4) return [];
  const found = EMBEDDED.filter(({ range }) => isWithin(address, range));
  const places = isIsatap(address) ? [...found, { at: [12, 13, 14, 15], inverted: undefined }] : found;
  return places.map(({ at, inverted }) => {
    const bytes = at.map((index) => address.bytes[index] ?? 0);
    return { family: 4, bytes: inverted ? bytes.map((byte) => byte ^ 0xff) : bytes };
  });
}

function exceptionFor(
  address: Address,
  code: AddressVerdictCode,
  { allow, origin }: AddressPolicy,
): AddressVerdictCode | undefined {
  if (allow.some((entry) => entry.kind === 'range' && isWithin(address, entry.range))) return 'allowed-range';
  if (!openableByOrigin.has(code)) return undefined;
  return allow.some((entry) => entry.kind === 'origin' && entry.origin === origin) ? 'allowed-origin' : undefined;
}

function tableRange(text: string): AddressRange {
  const range = parseRange(text);
  if (!range) throw new Error(`The address table holds "${text}", which is not a range.`);
  return range;
}

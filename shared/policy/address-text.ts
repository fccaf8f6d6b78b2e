// IP addresses from text, strictly: what is not exactly an address is nothing. The lenient spellings (decimal, octal, hex,
// short) are the URL parser's business; by the time a host comes here it has turned them into dotted decimals.

/** An address as network-order bytes: 4 of them for IPv4, 16 for IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly bytes: readonly number[];
}

/** The leading `bits` of `bytes`; all bits after them are zero. */
export interface AddressRange extends Address {
  readonly bits: number;
}

const DECIMAL_OCTET = /^(?:0|[1-9]\d{0,2})$/;
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;
const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Parses an IPv4 dotted decimal (four octets, no leading zeros) or an IPv6 text form of RFC 4291 section 2.2.
 * No brackets, no zone id, no blanks: those give undefined.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) {
    const bytes = parseV6(text);
    return bytes && { family: 6, bytes };
  }
  const bytes = parseV4(text);
  return bytes && { family: 4, bytes };
}

/** Parses `address/bits`, or an address alone as a range of one. Bits set after the prefix give undefined: which was meant? */
export function parseRange(text: string): AddressRange | undefined {
  const [addressText = '', bitsText, ...rest] = text.split('/');
  const address = parseAddress(addressText);
  if (!address || rest.length > 0) return undefined;
  const most = address.bytes.length * 8;
  if (bitsText !== undefined && !PREFIX_LENGTH.test(bitsText)) return undefined;
  const bits = bitsText === undefined ? most : Number(bitsText);
  if (bits > most) return undefined;
  const range = { ...address, bits };
  return address.bytes.some((byte, index) => (byte & ~maskAt(bits, index) & 0xff) !== 0) ? undefined : range;
}

/** Whether the address lies in the range; an address of the other family never does. */
export function isWithin(address: Address, range: AddressRange): boolean {
  if (address.family !== range.family) return false;
  return range.bytes.every((byte, index) => ((address.bytes[index] ?? 0) & maskAt(range.bits, index)) === byte);
}

/** Whether both are the same address, however they were spelled. */
export function isSameAddress(one: Address, other: Address): boolean {
  return one.family === other.family && one.bytes.every((byte, index) => byte === other.bytes[index]);
}

function maskAt(bits: number, index: number): number {
  const left = Math.min(8, Math.max(0, bits - index * 8));
  return (0xff << (8 - left)) & 0xff;
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => DECIMAL_OCTET.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [headText = '', tailText] = halves;
  // Dotted decimals may stand only at the very end of the whole text.
  const head = parseGroups(headText, tailText === undefined);
  if (tailText === undefined) return head?.length === 16 ? head : undefined;
  const tail = parseGroups(tailText, true);
  if (!head || !tail) return undefined;
  const gap = 16 - head.length - tail.length;
  return gap >= 2 ? [...head, ...new Array<number>(gap).fill(0), ...tail] : undefined;
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const dotted = mayEndDotted && index === groups.length - 1 && group.includes('.') ? parseV4(group) : undefined;
    if (dotted) bytes.push(...dotted);
    else if (HEX_GROUP.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

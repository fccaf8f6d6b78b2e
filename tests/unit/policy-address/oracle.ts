// What the table means, worked out a second time: addresses are numbers, a range is an interval of numbers. Nothing here uses
// the product's parsing or comparing.
import {
  deniedRanges,
  embeddedV4,
  globalUnicastV6,
  mappedV4,
  metadataAddresses,
} from '../../../shared/policy/address-table.ts';

export interface Numbered {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export interface Interval {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const WIDTH = { 4: 32n, 6: 128n } as const;
const LOW_32 = 0xffff_ffffn;

/** The number of an address that is known to be well formed. */
export function numberOf(text: string): Numbered {
  if (!text.includes(':')) return { family: 4, value: dotted(text) };
  const [head = '', tail] = text.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...new Array<bigint>(8 - before.length - after.length).fill(0n), ...after];
  return { family: 6, value: all.reduce((sum, group) => sum * 65_536n + group, 0n) };
}

function groups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const value = dotted(group);
    return [value / 65_536n, value % 65_536n];
  });
}

function dotted(text: string): bigint {
  return text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

export function intervalOf(range: string): Interval {
  const [text = '', bits] = range.split('/');
  const { family, value } = numberOf(text);
  const size = 2n ** (WIDTH[family] - BigInt(bits ?? WIDTH[family].toString()));
  return { family, first: value, last: value + size - 1n };
}

export const lastOf = (family: 4 | 6): bigint => 2n ** WIDTH[family] - 1n;

const holds = ({ family, first, last }: Interval, address: Numbered) =>
  family === address.family && first <= address.value && address.value <= last;

const rows = deniedRanges.map(([range, code]) => ({ interval: intervalOf(range), code }));
const metadata = metadataAddresses.map(([address]) => numberOf(address));
const carriers = embeddedV4.map((row) => ({ ...row, interval: intervalOf(row.range) }));
const mapped = intervalOf(mappedV4);
const globalV6 = intervalOf(globalUnicastV6);

/** RFC 5214: the 32 bits before the IPv4 address are 0000:5efe or 0200:5efe. */
const isIsatap = ({ family, value }: Numbered) =>
  family === 6 && [0x0000_5efen, 0x0200_5efen].includes((value / 2n ** 32n) & LOW_32);

/** How far the byte of this index, counted from the front, is from the end. */
export const shiftOf = (index: number): bigint => BigInt(120 - index * 8);

function carried(address: Numbered): Numbered[] {
  const found = carriers
    .filter(({ interval }) => holds(interval, address))
    .map(({ at, inverted }) => {
      const value = at.reduce((sum, index) => sum * 256n + ((address.value / 2n ** shiftOf(index)) % 256n), 0n);
      return { family: 4 as const, value: inverted ? LOW_32 - value : value };
    });
  return isIsatap(address) ? [...found, { family: 4, value: address.value & LOW_32 }] : found;
}

/** The verdict of the strict policy. */
export function verdictByNumbers(given: Numbered): string {
  const address: Numbered = holds(mapped, given) ? { family: 4, value: given.value & LOW_32 } : given;
  const isMetadata = [address, ...carried(address)].some((each) =>
    metadata.some(({ family, value }) => family === each.family && value === each.value),
  );
  if (isMetadata) return 'metadata';
  const row = rows.find(({ interval }) => holds(interval, address));
  if (row) return row.code;
  if (address.family === 4) return 'public';
  if (!holds(globalV6, address)) return 'not-global';
  return isIsatap(address) ? 'isatap' : 'public';
}

/** Every text of an IPv4 address is one text; an IPv6 address is written in one of its ways, by `style`. */
export function textOf({ family, value }: Numbered, style: number): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const hex = value.toString(16).padStart(32, '0');
  const full = hex.match(/.{4}/g) ?? [];
  if (style % 4 === 0) return full.join(':');
  if (style % 4 === 1) return full.join(':').toUpperCase();
  if (style % 4 === 2) {
    const head = full.slice(0, 6).map((group) => group.replace(/^0{1,3}/, ''));
    return [...head, textOf({ family: 4, value: value & LOW_32 }, 0)].join(':');
  }
  return new URL(`http://[${full.join(':')}]`).hostname.slice(1, -1);
}

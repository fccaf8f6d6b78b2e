import { mappedV4 } from '../../shared/policy/address-table.ts';
import { isWithin, parseAddress, parseRange } from '../../shared/policy/address-text.ts';

const MAPPED = parseRange(mappedV4);
const MOST_CHARS = 64;

/** The addresses that one holder has for sure: an IPv4 address, or the /64 of an IPv6 one; what is no address is itself. */
export function addressGroup(text: string): string {
  const address = parseAddress(text);
  if (!address) return text.slice(0, MOST_CHARS);
  const { family, bytes } = address;
  if (family === 4) return bytes.join('.');
  if (MAPPED && isWithin(address, MAPPED)) return bytes.slice(12).join('.');
  return `${bytes.slice(0, 8).join('.')}/64`;
}

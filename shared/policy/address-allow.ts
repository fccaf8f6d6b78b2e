import { parseOrigin } from '../secret/binding.ts';
import { type AddressRange, parseRange } from './address-text.ts';

/** One exception of the operator: an origin with all its addresses, or a range of addresses for any origin. */
export type AllowEntry =
  | { readonly kind: 'origin'; readonly origin: string }
  | { readonly kind: 'range'; readonly range: AddressRange };

/**
 * Parses an entry of `network.allow`: an origin (`http://localhost:3000`, no path) or a range (`10.1.0.0/16`, `fd12::/48`, one
 * address). What is neither gives undefined, and must allow nothing.
 */
export function parseAllowEntry(text: string): AllowEntry | undefined {
  if (/^https?:\/\//i.test(text)) {
    const origin = parseOrigin(text);
    return origin.ok ? { kind: 'origin', origin: origin.value } : undefined;
  }
  const range = parseRange(text);
  return range && { kind: 'range', range };
}

/** The origin of a scheme, a host as the WHATWG parser gives it, and a port (empty for the default), trailing dot removed. */
export function originOf(scheme: 'http' | 'https', host: string, port: string | number): string {
  const defaultPort = scheme === 'http' ? '80' : '443';
  const portText = String(port);
  return `${scheme}://${plainHost(host)}${portText === '' || portText === defaultPort ? '' : `:${portText}`}`;
}

/** A fully qualified name and the plain name are the same host. */
export function plainHost(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

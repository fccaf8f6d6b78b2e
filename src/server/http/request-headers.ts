// The header fields of a request, read from what came over the wire: Node drops or joins fields that come twice, and which of two
// Authorization or Host fields counts must never be a matter of who reads them (RFC 9112 section 3.2, RFC 9110 section 5.3).
import { gateLimits } from '../../../shared/http-limits.ts';

/** By lower-case name; fields that may come more than once are joined with commas, as RFC 9110 has it. */
export type RequestHeaders = ReadonlyMap<string, string>;

const ONCE: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'authorization',
  'cf-access-jwt-assertion',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
]);

/** What `rawHeaders` of Node give as a map, or what is wrong with them. */
export function readHeaders(raw: readonly string[]): RequestHeaders | { readonly problem: string } {
  if (raw.length > gateLimits.headers * 2) return { problem: `more than ${gateLimits.headers} header fields` };
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    const before = headers.get(name);
    if (before !== undefined && (ONCE.has(name) || name.startsWith('mcp-'))) {
      return { problem: `the header ${name.startsWith('mcp-') ? 'Mcp-*' : name} came twice` };
    }
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

// Pages may call only from origins on the operator's list, and are told so only then (Fetch standard, CORS protocol). Calls carry
// their credential in a header of their own, so a page is never allowed to send the browser's.
import type { RequestHeaders } from './request-headers.ts';

const EXPOSED = 'WWW-Authenticate, X-Correlation-Id, Retry-After, Mcp-Session-Id, Mcp-Protocol-Version';
const ACCEPTED = /^(?:authorization|content-type|accept|mcp-[a-z0-9-]+)$/;
const PREFLIGHT_SECONDS = 600;

/** No Origin passes: only pages of browsers must say theirs. The opaque origin `null` is nobody's. */
export function isAllowedOrigin(origin: string | undefined, origins: readonly string[]): boolean {
  return origin === undefined || (origin !== 'null' && origins.includes(origin));
}

/** What an answer to a page says, whose origin was found allowed. */
export function corsHeaders(headers: RequestHeaders): Readonly<Record<string, string>> {
  const origin = headers.get('origin');
  if (origin === undefined) return {};
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED, Vary: 'Origin' };
}

/** What the answer to a preflight says beside; undefined where the request is none. */
export function preflightHeaders(
  method: string,
  headers: RequestHeaders,
  allowed: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = headers.get('access-control-request-method');
  if (method !== 'OPTIONS' || wanted === undefined || !headers.has('origin')) return undefined;
  const names = (headers.get('access-control-request-headers') ?? '').toLowerCase().split(',');
  const accepted = names.map((name) => name.trim()).filter((name) => ACCEPTED.test(name));
  return {
    'Access-Control-Allow-Methods': allowed,
    'Access-Control-Allow-Headers': accepted.join(', '),
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  };
}

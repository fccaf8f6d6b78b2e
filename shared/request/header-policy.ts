// Which headers a request may carry. Framing, hop-by-hop and Host are the connection's business (RFC 9110 7.6.1, RFC 9112 6):
// a collection or an agent that sets them could smuggle a request or send a secret to a host other than the judged one.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// RFC 9110 5.5: visible ASCII, space, tab and obs-text.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const connectionHeaders: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'http2-settings',
]);

const agentHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2']);

// Without "x-": names under which proxies tell of the address that was asked for, and under which frameworks take it (IIS, Symfony,
// Laminas, Next.js, WSGI and others), so that the request leaves the saved path or host. The caller's address and scheme are none.
const elsewhere: ReadonlySet<string> = new Set(
  `forwarded forwarded-host forwarded-path forwarded-prefix forwarded-server forwarded-uri forwarded-url
  original-host original-path original-request-uri original-uri original-url ms-original-url envoy-original-host
  envoy-original-path envoy-original-url rewrite-path rewrite-uri rewrite-url real-host real-path real-uri real-url
  request-path request-uri request-url proxy-host proxy-path proxy-url host path uri url host-override path-override
  url-override override-url http-host-override http-path-override http-destinationurl context-path path-info script-name
  invoke-path invoke-query matched-path middleware-rewrite middleware-subrequest now-route-matches waws-unencoded-url`.split(
    /\s+/,
  ),
);

/** Whether a header is the connection's business, so that a request must not carry it. */
export function isConnectionHeader(name: string): boolean {
  const folded = name.toLowerCase();
  return connectionHeaders.has(folded) || folded.startsWith('proxy-');
}

/** Whether `name` is an HTTP token (RFC 9110 5.6.2), as methods and header names are. */
export function isToken(name: string): boolean {
  return TOKEN.test(name);
}

/**
 * Judges one header of a request. REQUEST/HEADER_INVALID, without the value: Host, framing, hop-by-hop and Proxy-*
 * headers, names that are no token, values with control characters or beyond Latin-1, or too long.
 */
export function judgeRequestHeader(name: string, value: string): Result<void> {
  if (!isToken(name)) return refused(name, 'its name is not a valid header name');
  if (isConnectionHeader(name)) return refused(name, 'the client sets this header itself');
  return judgeHeaderValue(name, value);
}

/** A scheme and nothing but what an answer gave to this agent. */
const CAPTURED_CREDENTIAL = /^(?:[A-Za-z][\w-]{0,30} +)?\{\{captured:[A-Za-z0-9_.-]+\}\}$/;

/** Whether a value is a scheme, or none, and one captured token. */
export function isCapturedCredential(value: string): boolean {
  return CAPTURED_CREDENTIAL.test(value);
}

/**
 * Judges a header that the agent supplied: as above, and nothing that tells servers of another path or host, no Cookie, and no
 * Authorization but with a captured token.
 */
export function judgeAgentHeader(name: string, value: string): Result<void> {
  const folded = name.toLowerCase();
  // Gateways fold what is no letter or digit.
  const bare = folded.replace(/[^a-z\d]+/g, '-').replace(/^x-/, '');
  if (elsewhere.has(bare)) return refused(name, 'where a request goes stays as saved');
  if (agentHeaders.has(folded) && !(folded === 'authorization' && isCapturedCredential(value)))
    return refused(name, 'credentials come from the collection only');
  return judgeRequestHeader(name, value);
}

/** Judges a value as it goes on the wire. The failure does not hold it. */
export function judgeHeaderValue(name: string, value: string): Result<void> {
  if (value.length > limits.headerValueChars)
    return refused(name, `it is longer than ${limits.headerValueChars} characters`);
  if (!VALUE.test(value)) return refused(name, 'its value has characters that a header cannot hold');
  return ok(undefined);
}

function refused(name: string, problem: string): Result<never> {
  return err(failure('REQUEST/HEADER_INVALID', { name, problem }));
}

// Which headers an agent may add to a saved request: an allow-list, and never one that says who is calling.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { isSensitiveName } from '../redact/names.ts';
import { isCapturedCredential, isConnectionHeader, judgeAgentHeader } from './header-policy.ts';

/**
 * `X-` and what says something of the content (RFC 9110 sections 8, 12.5, 13 and 14), of caching (RFC 9111), of how to answer (RFC 7240)
 * and of repeating (draft-ietf-httpapi-idempotency-key-header). Not User-Agent, Origin and Referer, which say who calls and from where,
 * and not Accept-Encoding and Content-Encoding, which are the client's. In lower case; one `*` at the end stands for any ending.
 */
export const DEFAULT_AGENT_HEADERS: readonly string[] = [
  'x-*',
  'accept',
  'accept-charset',
  'accept-language',
  'content-type',
  'content-language',
  'content-disposition',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
  'cache-control',
  'pragma',
  'prefer',
  'idempotency-key',
];

/**
 * Judges a header that the saved request does not have, or that an agent named. Whatever carries a credential by its name may only hold
 * one that an answer gave to this agent. Failure: REQUEST/HEADER_INVALID.
 */
export function judgeAddedHeader(
  name: string,
  value: string,
  allowed: readonly string[] = DEFAULT_AGENT_HEADERS,
): Result<void> {
  const judged = judgeAgentHeader(name, value);
  if (!judged.ok) return judged;
  if (!isCredentialHeader(name)) return judgeListed(name, allowed);
  return isCapturedCredential(value) ? ok(undefined) : err(failure('REQUEST/HEADER_INVALID', { name, problem: WHO }));
}

/** Judges the header that an agent lets a credential of the files stand in. Failure: REQUEST/HEADER_INVALID. */
export function judgeKeyHeader(
  name: string,
  value: string,
  allowed: readonly string[] = DEFAULT_AGENT_HEADERS,
): Result<void> {
  const judged = judgeAgentHeader(name, value);
  return judged.ok ? judgeListed(name, allowed) : judged;
}

function judgeListed(name: string, allowed: readonly string[]): Result<void> {
  if (allowed.some((pattern) => covers(pattern, name.toLowerCase()))) return ok(undefined);
  return err(failure('REQUEST/HEADER_INVALID', { name, problem: NOT_LISTED }));
}

const WHO = 'who is calling is said by the collection only, or by a {{captured:…}} of an answer alone';
const NOT_LISTED =
  'it is none of those that an agent may add; save it in the request, or the operator lists it under agent.headers in keyward.yaml and runs keyward trust';

/** Whether a pattern takes in a name, or all that another pattern takes in. */
export function covers(pattern: string, other: string): boolean {
  return pattern.endsWith('*') ? other.startsWith(pattern.slice(0, -1)) : pattern === other;
}

/** Whether no list lets an agent add a header of this name. */
export function isNeverAdded(name: string): boolean {
  return isConnectionHeader(name) || isCredentialHeader(name);
}

/** Whether a header of this name says who calls, going by what it is called. */
function isCredentialHeader(name: string): boolean {
  const folded = name.toLowerCase().replace(/[^a-z\d]+/g, '-');
  return ALWAYS.has(folded) || isSensitiveName(folded) || ASSERTED.test(folded);
}

const ALWAYS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2']);

// Names under which proxies tell a server whom they have authenticated: it takes them at their word.
const ASSERTED = new RegExp(
  '^(?:x-)?(?:' +
    '(?:auth|authenticated|forwarded|impersonate|original|proxy|webauth)-' +
    '(?:user|username|userid|user-id|email|groups?|name|roles?|scopes?|preferred-username)$' +
    '|(?:amzn-mtls|amzn-oidc|anonymous-consumer|apigateway-api-userinfo|authelia|authentik|cf-access|endpoint-api-userinfo' +
    '|goog-authenticated-user|goog-iap|hasura|ms-client-principal|pomerium|remote|ssl-client|tailscale-user|vouch)(?:-|$)' +
    '|client-(?:cert|dn|s-dn|verify)(?:-|$)' +
    '|consumer-(?:username|id|custom-id|groups?)$' +
    '|credential-(?:identifier|username)$)',
);

// A header field's value by its name (RFC 9110; cookies RFC 6265).
import { isSensitive, looksOpaque } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText, redactWhole } from './marker.ts';
import { judgeName, type NameVerdict } from './names.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';

type HeaderRule = (value: string) => RedactedText;

const rules: Readonly<Record<string, HeaderRule>> = {
  // Of these the whole value goes, the scheme's name excepted: the parameters of Digest, Hawk, OAuth, Signature and AWS name the
  // user, and together with the request they let a weak password be guessed.
  authorization: redactWhole,
  'proxy-authorization': redactWhole,
  'authentication-info': redactWhole,
  'proxy-authentication-info': redactWhole,
  // RFC 9440 and Envoy: who the client is, with its certificate.
  'client-cert': redactWhole,
  'client-cert-chain': redactWhole,
  'x-forwarded-client-cert': redactWhole,
  'x-client-cert': redactWhole,
  cookie: redactCookies,
  cookie2: redactCookies,
  'set-cookie': redactSetCookie,
  'set-cookie2': redactSetCookie,
  // Addresses, alone or in `<…>` among parameters.
  location: redactLink,
  'content-location': redactLink,
  referer: redactLink,
  origin: redactLink,
  destination: redactLink,
  link: redactLinks,
  refresh: redactRefresh,
  // Challenges hold no credential; their nonce and realm are needed to understand a 401.
  'www-authenticate': redactText,
  'proxy-authenticate': redactText,
  // Their names sound like secrets: a nonce of the handshake, an action, a cache's and an archive's words, the name of a policy.
  'sec-websocket-key': keep,
  'sec-websocket-accept': keep,
  soapaction: redactText,
  'content-security-policy': redactText,
  'content-security-policy-report-only': redactText,
  'surrogate-key': redactText,
  'cache-tag': redactText,
  'public-key-pins': redactText,
  'access-control-allow-credentials': keep,
  'x-csrf-protection': redactText,
  'idempotency-key': redactText,
};

// Fields of most answers and requests, whose names need no judgement.
const plainNames: ReadonlySet<string> = new Set(
  `accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-headers access-control-allow-methods
  access-control-allow-origin access-control-expose-headers access-control-max-age access-control-request-headers
  access-control-request-method age allow alt-svc cache-control cf-cache-status cf-ray connection content-disposition
  content-encoding content-language content-length content-range content-type cross-origin-embedder-policy
  cross-origin-opener-policy cross-origin-resource-policy date deprecation etag expect expires forwarded from host if-match
  if-modified-since if-none-match if-range if-unmodified-since keep-alive last-modified max-forwards nel permissions-policy pragma
  prefer preference-applied priority range ratelimit-limit ratelimit-remaining ratelimit-reset referrer-policy report-to
  reporting-endpoints retry-after server server-timing strict-transport-security sunset te timing-allow-origin traceparent tracestate
  trailer transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning x-amz-date x-amz-id-2 x-amz-request-id
  x-cache x-content-type-options x-correlation-id x-dns-prefetch-control x-forwarded-for x-forwarded-host x-forwarded-port
  x-forwarded-proto x-frame-options x-permitted-cross-domain-policies x-powered-by x-ratelimit-limit x-ratelimit-remaining
  x-ratelimit-reset x-real-ip x-request-id x-requested-with x-response-time x-runtime x-served-by x-timer x-trace-id
  x-xss-protection`.split(/\s+/),
);

/**
 * Takes a field name in any case and its value; gives the value to show. `judge` remembers names where many headers are looked at.
 */
export function redactHeader(
  name: string,
  value: string,
  judge: (name: string) => NameVerdict = judgeName,
): RedactedText {
  const lower = name.trim().toLowerCase();
  if (plainNames.has(lower)) return redactText(value);
  const rule = Object.hasOwn(rules, lower) ? rules[lower] : undefined;
  if (rule) return rule(value);
  const verdict = judge(lower);
  if (verdict === 'likely' && /^\d{1,9}$/.test(value)) return { text: value, count: 0 };
  if (isSensitive(verdict)) return redactWhole(value);
  if (verdict === 'context' && (lower === 'auth' || lower === 'key' || looksOpaque(value))) return redactWhole(value);
  if (TELLING_END.test(lower) && looksOpaque(value)) return redactWhole(value);
  if (/^[?/]|:\/\//.test(value) && !/\s/.test(value)) return redactLink(value);
  return redactMembers(value, judge);
}

/** Names that say nothing else: `X-Vendor-Key`, `X-Hub-Signature`, `X-Session`. */
const TELLING_END = /[-_](?:key|sig|signature|hmac|auth|token|secret|session|assertion|nonce)$/;

const MEMBER = /"([^"\\]{1,100})"([ \t]{0,8}:[ \t]{0,8})"((?:[^"\\]|\\.){1,4096})"/g;
const PARAMETER = /(?<![\w.-])([a-z][\w.-]{0,60})=("[^"]{1,4096}"|[^\s",;=&?#]{1,4096})(?![^\s,;])/gi;

/** JSON in a field, and the parameters of a structured one (RFC 9651). */
function redactMembers(value: string, judge: (name: string) => NameVerdict): RedactedText {
  let count = 0;
  const isSecret = (name: string, text: string): boolean => isSensitive(judge(name)) && !isInert(text);
  const members = value.replace(MEMBER, (whole, name: string, between: string, text: string) => {
    if (!isSecret(name, text)) return whole;
    count += 1;
    return `"${name}"${between}"${REDACTED}"`;
  });
  const shown = members.replace(PARAMETER, (whole, name: string, text: string) => {
    if (!isSecret(name, text) || /^"?\d{1,9}"?$/.test(text)) return whole;
    count += 1;
    return `${name}=${text.startsWith('"') ? `"${REDACTED}"` : REDACTED}`;
  });
  const text = redactText(shown);
  return { text: text.text, count: count + text.count };
}

/** Whether a name has a rule of its own that keeps part of the value. */
export function hasHeaderRule(name: string): boolean {
  return Object.hasOwn(rules, name.toLowerCase());
}

function keep(value: string): RedactedText {
  return { text: value, count: 0 };
}

function redactLink(value: string): RedactedText {
  const url = redactUrl(value);
  const text = redactText(url.text);
  return { text: text.text, count: url.count + text.count };
}

/** `<https://…>; rel="next", <…>` (RFC 8288). */
function redactLinks(value: string): RedactedText {
  return redactEach(value, /(?<=<)[^<>]{1,8192}(?=>)/g);
}

/** `5; url=https://…`. */
function redactRefresh(value: string): RedactedText {
  return redactEach(value, /(?<=url=["']?)[^"'\s][^\s]{0,8192}/gi);
}

function redactEach(value: string, urls: RegExp): RedactedText {
  let count = 0;
  const shown = value.replace(urls, (url) => {
    const clean = redactUrl(url);
    count += clean.count;
    return clean.text;
  });
  const text = redactText(shown);
  return { text: text.text, count: count + text.count };
}

function redactCookies(value: string): RedactedText {
  let count = 0;
  const text = value
    .split(';')
    .map((pair) => {
      const cookie = redactCookie(pair);
      count += cookie.count;
      return cookie.text;
    })
    .join(';');
  return { text, count };
}

function redactSetCookie(value: string): RedactedText {
  const end = value.indexOf(';');
  const cookie = redactCookie(end < 0 ? value : value.slice(0, end));
  const attributes = redactText(end < 0 ? '' : value.slice(end));
  return { text: cookie.text + attributes.text, count: cookie.count + attributes.count };
}

function redactCookie(pair: string): RedactedText {
  const equals = pair.indexOf('=');
  if (isInert(pair.slice(equals + 1))) return { text: pair, count: 0 };
  return { text: equals < 0 ? REDACTED : pair.slice(0, equals + 1) + REDACTED, count: 1 };
}

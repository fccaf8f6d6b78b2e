// Secrets in a URL by their place: userinfo, parameters of query and fragment, path segments after a telling one. The text is
// cut, never parsed and written anew, so a template such as `{{base}}/x?page={{page}}` stays as it was.
import { contextGoes, isSensitive, looksOpaque, oauthNames } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText } from './marker.ts';
import { judgeName } from './names.ts';

const MAX_NESTED_URLS = 3;

/** Takes an absolute, relative or templated URL; gives it with its secrets replaced. */
export function redactUrl(text: string): RedactedText {
  return MARKS.test(text) ? redactPart(text, 0) : { text, count: 0 };
}

// Every rule below needs one of these.
const MARKS = /[/?#@;]/;

function redactPart(text: string, depth: number): RedactedText {
  const hash = text.indexOf('#');
  const beforeHash = hash < 0 ? text : text.slice(0, hash);
  const question = beforeHash.indexOf('?');
  const address = redactAddress(question < 0 ? beforeHash : beforeHash.slice(0, question));
  const query = question < 0 ? undefined : redactPairs(beforeHash.slice(question + 1), depth);
  const fragment = hash < 0 ? undefined : redactFragment(text.slice(hash + 1), depth);
  const out = address.text + (query ? `?${query.text}` : '') + (fragment ? `#${fragment.text}` : '');
  return { text: out, count: address.count + (query?.count ?? 0) + (fragment?.count ?? 0) };
}

// Schemes whose `user@host` is an address.
const USERINFO = /^((?:[a-z][a-z0-9+.-]{0,30}:)?\/\/)([^/\s]*)@/i;
const BARE_USERINFO = /^(?!(?:mailto|sips?|xmpp|acct|urn|tel):)([^/\s@:]+:[^/\s@]+)@/i;

function redactAddress(address: string): RedactedText {
  const found = USERINFO.exec(address);
  const bare = found ? undefined : BARE_USERINFO.exec(address);
  const userinfo = found?.[2] ?? bare?.[1] ?? '';
  const [prefix, whole] = [found?.[1] ?? '', (found ?? bare)?.[0] ?? ''];
  const hidden = userinfo !== '' && !isInert(userinfo);
  const rest = redactPath(address.slice(whole.length));
  return { text: (hidden ? `${prefix}${REDACTED}@` : whole) + rest.text, count: rest.count + (hidden ? 1 : 0) };
}

const TELLING_SEGMENT =
  /^(?:(?:access|refresh|id|auth|api|reset|bearer)?[-_]?tokens?|secrets?|passwords?|reset[-_]?password|password[-_]?reset|api[-_]?keys?|magic[-_]?links?|jwt|otp)$/i;

function redactPath(path: string): RedactedText {
  if (path.length < MIN_TOKEN_CHARS && !path.includes(';')) return { text: path, count: 0 };
  let count = 0;
  const segments = path.split('/');
  const out = segments.map((segment, index) => {
    const isLong = segment.length >= MIN_TOKEN_CHARS;
    if (isLong && TELLING_SEGMENT.test(segments[index - 1] ?? '') && isTokenSegment(segment)) {
      count += 1;
      return REDACTED;
    }
    if (!segment.includes(';')) return segment;
    return segment.replace(/;([^;=]{1,100})=([^;]+)/g, (whole, name: string, value: string) => {
      if (!isSensitive(judgeName(decode(name))) || isInert(value)) return whole;
      count += 1;
      return `;${name}=${REDACTED}`;
    });
  });
  return { text: count === 0 ? path : out.join('/'), count };
}

const MIN_TOKEN_CHARS = 16;

function isTokenSegment(segment: string): boolean {
  return looksOpaque(segment) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(segment);
}

function redactFragment(fragment: string, depth: number): RedactedText {
  if (!fragment.includes('=')) return { text: fragment, count: 0 };
  return fragment.includes('?') ? redactPart(fragment, depth + 1) : redactPairs(fragment, depth);
}

/** Pairs of a query or a form (`application/x-www-form-urlencoded`), joined by `&`. */
export function redactPairs(query: string, depth = 0): RedactedText {
  let count = 0;
  const pairs = query.split('&');
  const names = pairs.map((pair) => decode(pair.slice(0, equalsAt(pair))).replace(/^amp;/, ''));
  const oauth = names.some((name) => oauthNames.has(name)) || (names.includes('code') && names.includes('state'));
  const out = pairs.map((pair, index) => {
    const equals = equalsAt(pair);
    if (equals >= pair.length) return pair;
    const value = pair.slice(equals + 1);
    if (isInert(value)) return pair;
    const name = names[index] ?? '';
    const nested = parameterGoes(name, value, oauth) ? { text: REDACTED, count: 1 } : redactNested(value, depth);
    count += nested.count;
    return nested.count === 0 ? pair : pair.slice(0, equals + 1) + nested.text;
  });
  return { text: count === 0 ? query : out.join('&'), count };
}

function equalsAt(pair: string): number {
  const at = pair.indexOf('=');
  return at < 0 ? pair.length : at;
}

function parameterGoes(name: string, value: string, oauth: boolean): boolean {
  const verdict = judgeName(name);
  if (isSensitive(verdict)) return true;
  const word = name.toLowerCase();
  // In a query these three are credentials far more often than not, and the access key id goes with its signature.
  if (word === 'key' || word === 'auth' || word === 'awsaccesskeyid') return true;
  return verdict === 'context' && contextGoes(word, decode(value), oauth);
}

// A whole URL as a parameter: `?redirect_uri=https%3A%2F%2Fhost%2F%3Ftoken%3D…`.
function redactNested(value: string, depth: number): RedactedText {
  if (depth >= MAX_NESTED_URLS || !/%3f|%23|%40|\?|@/i.test(value)) return { text: value, count: 0 };
  const plain = decode(value);
  if (!/[=@]/.test(plain)) return { text: value, count: 0 };
  const inner = redactPart(plain, depth + 1);
  return inner.count === 0 ? { text: value, count: 0 } : { text: encodeURIComponent(inner.text), count: inner.count };
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

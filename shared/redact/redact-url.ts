// Secrets in a URL by their place: userinfo, parameters of query, fragment and path, path segments after a telling one. The text is
// cut, never parsed and written anew, so a template such as `{{base}}/x?page={{page}}` stays as it was.
import { contextGoes, isSensitive, oauthNames } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText } from './marker.ts';
import { judgeName } from './names.ts';
import { isTellingSegment } from './shapes/telling-segments.ts';
import { endOfUserinfo } from './shapes/userinfo.ts';

const MAX_NESTED_URLS = 3;

/** Takes an absolute, relative or templated URL; gives it with its secrets replaced. A `data:` URL is content and stays. */
export function redactUrl(text: string): RedactedText {
  return MARKS.test(text) && !/^data:/i.test(text) ? redactPart(text, 0) : { text, count: 0 };
}

// Every rule below needs one of these.
const MARKS = /[/?#@;]/;

function redactPart(text: string, depth: number): RedactedText {
  const user = redactUserinfo(text);
  const address = user.rest;
  const hash = address.indexOf('#');
  const beforeHash = hash < 0 ? address : address.slice(0, hash);
  const question = beforeHash.indexOf('?');
  const path = redactPath(question < 0 ? beforeHash : beforeHash.slice(0, question));
  const query = question < 0 ? undefined : redactPairs(beforeHash.slice(question + 1), depth);
  const fragment = hash < 0 ? undefined : redactFragment(address.slice(hash + 1), depth);
  const count = user.count + path.count + (query?.count ?? 0) + (fragment?.count ?? 0);
  if (count === 0) return { text, count };
  return {
    text: user.text + path.text + (query ? `?${query.text}` : '') + (fragment ? `#${fragment.text}` : ''),
    count,
  };
}

const AUTHORITY = /^(?:[a-z][a-z0-9+.-]{0,30}:){0,3}\/\//i;
// Schemes whose `user@host` is an address.
const BARE_USERINFO = /^(?!(?:mailto|sips?|xmpp|acct|urn|tel|im|pres|magnet):)([^/\s@:"<>?#]+:[^/\s@"<>?#]+)@/i;

function redactUserinfo(text: string): RedactedText & { readonly rest: string } {
  const prefix = AUTHORITY.exec(text)?.[0];
  if (prefix !== undefined) return cutUserinfo(text, prefix, endOfUserinfo(text, prefix.length));
  return cutUserinfo(text, '', BARE_USERINFO.exec(text)?.[1]?.length);
}

function cutUserinfo(text: string, prefix: string, end: number | undefined) {
  const isSecret = end !== undefined && !isInert(text.slice(prefix.length, end));
  if (isSecret) return { text: `${prefix}${REDACTED}`, count: 1, rest: text.slice(end) };
  const kept = text.slice(0, end ?? prefix.length);
  return { text: kept, count: 0, rest: text.slice(kept.length) };
}

const MIN_TOKEN_CHARS = 16;

function redactPath(path: string): RedactedText {
  if (path.length < MIN_TOKEN_CHARS && !path.includes(';')) return { text: path, count: 0 };
  let count = 0;
  const segments = path.split('/');
  const out = segments.map((segment, index) => {
    if (isTellingSegment(segments[index - 1] ?? '', segment)) {
      count += 1;
      return REDACTED;
    }
    const matrix = redactMatrix(segment);
    count += matrix.count;
    return matrix.text;
  });
  return { text: count === 0 ? path : out.join('/'), count };
}

/** Matrix parameters: `/a;jsessionid=…`. */
function redactMatrix(segment: string): RedactedText {
  if (!segment.includes(';')) return { text: segment, count: 0 };
  let count = 0;
  const text = segment.replace(/;([^;=]{1,100})=([^;]+)/g, (whole, name: string, value: string) => {
    if (!isSensitive(judgeName(decode(name))) || isInert(value)) return whole;
    count += 1;
    return `;${name}=${REDACTED}`;
  });
  return { text, count };
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

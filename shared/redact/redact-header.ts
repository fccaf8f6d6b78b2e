// A header field's value by its name (RFC 9110; cookies RFC 6265).
import { isSensitive, looksOpaque } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText, redactWhole } from './marker.ts';
import { judgeName } from './names.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';

type HeaderRule = (value: string) => RedactedText;

const rules: Readonly<Record<string, HeaderRule>> = {
  authorization: redactWhole,
  'proxy-authorization': redactWhole,
  cookie: redactCookies,
  cookie2: redactCookies,
  'set-cookie': redactSetCookie,
  'set-cookie2': redactSetCookie,
  location: redactLink,
  'content-location': redactLink,
  referer: redactLink,
  // Challenges hold no credential; their nonce and realm are needed to understand a 401.
  'www-authenticate': redactText,
  'proxy-authenticate': redactText,
};

/** Takes a field name in any case and its value; gives the value to show. */
export function redactHeader(name: string, value: string): RedactedText {
  const lower = name.trim().toLowerCase();
  const rule = Object.hasOwn(rules, lower) ? rules[lower] : undefined;
  if (rule) return rule(value);
  const verdict = judgeName(lower);
  if (verdict === 'likely' && /^\d{1,9}$/.test(value)) return { text: value, count: 0 };
  if (isSensitive(verdict)) return redactWhole(value);
  if (verdict === 'context' && (lower === 'auth' || lower === 'key' || looksOpaque(value))) return redactWhole(value);
  return redactText(value);
}

/** Whether a name has a rule of its own that keeps part of the value. */
export function hasHeaderRule(name: string): boolean {
  return Object.hasOwn(rules, name.toLowerCase());
}

function redactLink(value: string): RedactedText {
  const url = redactUrl(value);
  const text = redactText(url.text);
  return { text: text.text, count: url.count + text.count };
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

// A text value inside of structured data: it may be a URL, a JSON text, or prose.
import { redactJsonFields } from './json-fields.ts';
import { redactJsonStrings } from './json-texts.ts';
import type { RedactedText } from './marker.ts';
import { createNameMatcher } from './names.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';

export function redactString(text: string): RedactedText {
  if (text.length < 8) return { text, count: 0 };
  if (looksLikeJson(text)) return redactInnerJson(text);
  if (!looksLikeUrl(text)) return redactText(text);
  const url = redactUrl(text);
  const rest = redactText(url.text);
  return { text: rest.text, count: url.count + rest.count };
}

function looksLikeUrl(text: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/|\/|\?|\{\{[^{}]{1,128}\}\})[^\s]*$/i.test(text);
}

function looksLikeJson(text: string): boolean {
  const [first, last] = [text.trimStart().charAt(0), text.trimEnd().slice(-1)];
  return (first === '{' && last === '}' && !text.startsWith('{{')) || (first === '[' && last === ']');
}

function redactInnerJson(text: string): RedactedText {
  const fields = redactJsonFields(text, createNameMatcher());
  if (fields.verdict === 'over-limit') return { text: '[withheld]', count: 1 };
  const strings = redactJsonStrings(fields.text, { finds: (inner) => redactText(inner).count > 0, redact: redactText });
  const clean = strings.verdict === 'json' ? strings : redactText(fields.text);
  return { text: clean.text, count: fields.count + clean.count };
}

// A text value inside of structured data: it may be a URL, a JSON text, or prose.
import { redactJson } from './json/redact-json.ts';
import { type RedactedText, WITHHELD } from './marker.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';
import { credentialCandidates } from './shapes.ts';
import { sharedJudge } from './shared-judge.ts';

export type Taken = (value: string) => void;

/** JSON in a text in a JSON text and so on: each level at least doubles the backslashes. */
const MOST_LEVELS = 4;

/** Gives the text with its secrets replaced, in JSON inside of it as well. `taken` is told every value that a credential's name took. */
export function redactString(text: string, taken?: Taken): RedactedText {
  return redactAt(text, MOST_LEVELS, taken);
}

function redactAt(text: string, levels: number, taken: Taken | undefined): RedactedText {
  if (text.length < 8) return { text, count: 0 };
  if (levels > 0 && looksLikeJson(text)) return redactInnerJson(text, levels, taken);
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

function redactInnerJson(text: string, levels: number, taken: Taken | undefined): RedactedText {
  const shown = redactJson(encoder.encode(text), {
    judge: sharedJudge,
    text,
    candidatesIn: credentialCandidates,
    redactString: (inner) => redactAt(inner, levels - 1, taken),
    ...(taken && { taken }),
  });
  if (shown.verdict === 'withheld') return { text: WITHHELD, count: 1 };
  if (shown.verdict !== 'json') return redactText(text);
  return { text: shown.text, count: shown.counts.names + shown.counts.shapes };
}

const encoder = new TextEncoder();

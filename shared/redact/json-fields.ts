// JSON that stands inside of another text, by its names alone: what surrounds it looks for the rest.
import type { Judge } from './json/name-facts.ts';
import { redactJson } from './json/redact-json.ts';
import type { RedactedText } from './marker.ts';

export interface RedactedFields extends RedactedText {
  readonly verdict: 'json' | 'not-json' | 'over-limit';
}

/** Gives the text without what sensitive names hold, or as it was where it is no JSON. `taken` is told every credential's value. */
export function redactJsonFields(text: string, judge: Judge, taken?: (value: string) => void): RedactedFields {
  const shown = redactJson(encoder.encode(text), { judge, text, ...(taken && { taken }) });
  if (shown.verdict === 'json') return { verdict: 'json', text: shown.text, count: shown.counts.names };
  return { verdict: shown.verdict === 'withheld' ? 'over-limit' : 'not-json', text, count: 0 };
}

const encoder = new TextEncoder();

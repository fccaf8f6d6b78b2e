// The short texts of an exchange: URLs, header fields, status text. Most hold nothing, and looking through all of them at once costs a
// fraction of looking through each.
import type { SafeHeader } from '../stages/stages.ts';
import { REDACTED, type RedactedText } from './marker.ts';
import type { BodyTools } from './redact-body.ts';
import { hasHeaderRule, redactHeader } from './redact-header.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface ShortTexts {
  readonly text: (text: string) => string;
  readonly url: (url: string) => string;
  readonly headers: (pairs: HeaderPairs) => SafeHeader[];
}

/** What stands between two texts: nothing that a secret, or an encoding of one, goes on over. */
const APART = '\n,\n';

/** `all` is every text that will be asked for. */
export function createShortTexts(all: readonly string[], tools: BodyTools): ShortTexts {
  const { judge, scrub, scrubber, tally } = tools;
  const joined = all.join(APART);
  const isQuiet = scrub(joined).hits === 0 && redactText(joined).count === 0;
  const scrubField = (text: string) =>
    scrubber.knows.short && scrubber.isShortSecret(text)
      ? { text: REDACTED, hits: 1 }
      : isQuiet
        ? { text, hits: 0 }
        : scrub(text);
  const safe = (text: string, byName?: (text: string) => RedactedText): string => {
    const known = scrubField(text);
    const fields = byName?.(known.text) ?? { text: known.text, count: 0 };
    const shapes = isQuiet && fields.count === 0 ? { text: fields.text, count: 0 } : redactText(fields.text);
    tally.add('known-value', known.hits);
    tally.add('field-name', fields.count);
    tally.add('shape', shapes.count);
    return shapes.text;
  };
  const byHeaderName = (name: string) => {
    const field = name.trim().toLowerCase();
    const says = !isQuiet || hasHeaderRule(field) || judge(field) !== 'plain';
    return says ? (value: string) => redactHeader(name, value) : undefined;
  };
  return {
    text: (text) => safe(text),
    url: (url) => safe(url, redactUrl),
    headers: (pairs) => pairs.map(([name, value]) => ({ name: safe(name), value: safe(value, byHeaderName(name)) })),
  };
}

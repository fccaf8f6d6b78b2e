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

/** Those of an answer, and those of the request as we wrote it, in which somebody may have put guesses at a secret. */
export interface ShortTextsOf {
  readonly answer: ShortTexts;
  readonly own: Omit<ShortTexts, 'text'>;
}

/** What stands between two texts: nothing that a secret, or an encoding of one, goes on over. */
const APART = '\n,\n';

/** `all` is every text that will be asked for. */
export function createShortTexts(all: readonly string[], tools: BodyTools): ShortTextsOf {
  const { judge, scrub, scrubber, tally } = tools;
  const joined = all.join(APART);
  const knowsNone = scrub(joined).hits === 0;
  const hasNoShape = redactText(joined).count === 0;
  // Whether something known stands in one of the texts must show in no other: only shapes decide how the others are looked at.
  const byHeaderName = (name: string) => {
    const field = name.trim().toLowerCase();
    const says = !hasNoShape || hasHeaderRule(field) || judge(field) !== 'plain';
    return says ? (value: string) => redactHeader(name, value) : undefined;
  };
  const textsBy = (scrubField: Scrub): ShortTexts => {
    const safe = (text: string, byName?: (text: string) => RedactedText): string => {
      const known = scrubField(text);
      const fields = byName?.(known.text) ?? { text: known.text, count: 0 };
      const isQuiet = hasNoShape && known.hits + fields.count === 0;
      const shapes = isQuiet ? { text: fields.text, count: 0 } : redactText(fields.text);
      tally.add('known-value', known.hits);
      tally.add('field-name', fields.count);
      tally.add('shape', shapes.count);
      return shapes.text;
    };
    return {
      text: (text) => safe(text),
      url: (url) => safe(url, redactUrl),
      headers: (pairs) => pairs.map(([name, value]) => ({ name: safe(name), value: safe(value, byHeaderName(name)) })),
    };
  };
  const whereKnown = (find: Scrub): Scrub => (knowsNone ? (text) => ({ text, hits: 0 }) : find);
  const scrubShort = (text: string) => scrubber.knows.short && scrubber.isShortSecret(text);
  const scrubLong = whereKnown(scrub);
  return {
    answer: textsBy((text) => (scrubShort(text) ? { text: REDACTED, hits: 1 } : scrubLong(text))),
    own: textsBy(whereKnown(scrubber.scrubOwn)),
  };
}

type Scrub = (text: string) => { readonly text: string; readonly hits: number };

// A body by its media type: every known value first, then field names, then shapes. Known values come before field names because a
// secret may hold what reads like a field (`…Secret==31…`), and redacting that alone would leave the rest of it.
import { decodeBody } from './body-text.ts';
import { redactJsonFields } from './json-fields.ts';
import { type RedactedStrings, redactJsonStrings } from './json-texts.ts';
import type { NameVerdict } from './names.ts';
import { redactString } from './redact-string.ts';
import { redactText } from './redact-text.ts';
import { redactPairs } from './redact-url.ts';
import { redactTextFields } from './text-fields.ts';

/** Counts what was taken out, by reason. */
export interface Tally {
  add(reason: RedactionReason, count: number): void;
}

export type RedactionReason = 'field-name' | 'known-value' | 'shape' | 'binary';

export interface BodyTools {
  readonly judge: (name: string) => NameVerdict;
  readonly scrub: (text: string) => { text: string; hits: number };
  readonly tally: Tally;
}

export type ShownBody =
  | { readonly kind: 'json' | 'text'; readonly text: string }
  | { readonly kind: 'binary' | 'empty' };

/** Undefined where the body is over the limits and must be withheld. */
export function redactBody(bytes: Uint8Array, contentType: string, tools: BodyTools): ShownBody | undefined {
  if (bytes.length === 0) return { kind: 'empty' };
  const decoded = decodeBody(bytes, contentType);
  if (!decoded || decoded.otherReadings.some((reading) => tools.scrub(reading).hits > 0)) {
    tools.tally.add('binary', 1);
    return { kind: 'binary' };
  }
  const { text } = decoded;
  const known = scrubJson(text, tools);
  const fields = known === undefined ? undefined : redactJsonFields(known.text, tools.judge);
  if (known?.verdict === 'over-limit' || fields?.verdict === 'over-limit') return undefined;
  if (!known || fields?.verdict !== 'json') return redactPlain(text, contentType, tools);
  tools.tally.add('known-value', known.count);
  tools.tally.add('field-name', fields.count);
  return redactJsonShapes(fields.text, tools);
}

/** The JSON text without known values; undefined where it cannot stay JSON because one stood across its strings. */
function scrubJson(text: string, { scrub }: BodyTools): RedactedStrings | undefined {
  const shown = redactJsonStrings(text, {
    finds: (whole) => scrub(whole).hits > 0,
    redact: (part) => {
      const known = scrub(part);
      return { text: known.text, count: known.hits };
    },
    readsNumbers: true,
  });
  const isJson = shown.verdict === 'json';
  return isJson && shown.dirty && scrub(shown.text).hits > 0 ? undefined : shown;
}

function redactJsonShapes(text: string, { tally }: BodyTools): ShownBody | undefined {
  const shapes = redactJsonStrings(text, { finds: (whole) => redactText(whole).count > 0, redact: redactString });
  if (shapes.verdict !== 'json') return undefined;
  tally.add('shape', shapes.count);
  return { kind: 'json', text: shapes.text };
}

function redactPlain(text: string, contentType: string, tools: BodyTools): ShownBody | undefined {
  const known = tools.scrub(text);
  tools.tally.add('known-value', known.hits);
  const isForm = /^application\/x-www-form-urlencoded/i.test(contentType.trim()) || FORM.test(known.text);
  const fields = isForm ? { ...redactPairs(known.text), withheld: false } : redactTextFields(known.text, tools.judge);
  if (fields.withheld) return undefined;
  tools.tally.add('field-name', fields.count);
  const shapes = redactText(fields.text);
  tools.tally.add('shape', shapes.count);
  return { kind: 'text', text: shapes.text };
}

const FORM = /^[\w.%[\]-]{1,100}=[^\s&]*(?:&[\w.%[\]-]{1,100}=[^\s&]*)*$/;

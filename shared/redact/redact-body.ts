// A body by its media type: field names first, then every known value, then shapes.
import { decodeBody } from './body-text.ts';
import { redactJsonFields } from './json-fields.ts';
import { redactJsonStrings } from './json-texts.ts';
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
  const text = decodeBody(bytes, contentType);
  if (text === undefined) {
    tools.tally.add('binary', 1);
    return { kind: 'binary' };
  }
  const fields = redactJsonFields(text, tools.judge);
  if (fields.verdict === 'over-limit') return undefined;
  if (fields.verdict === 'not-json') return redactPlain(text, contentType, tools);
  tools.tally.add('field-name', fields.count);
  return cleanJson(fields.text, tools);
}

function cleanJson(text: string, { scrub, tally }: BodyTools): ShownBody | undefined {
  const shown = redactJsonStrings(text, {
    finds: (whole) => scrub(whole).hits > 0 || redactText(whole).count > 0,
    redact: (part) => {
      const known = scrub(part);
      const shapes = redactString(known.text);
      tally.add('known-value', known.hits);
      tally.add('shape', shapes.count);
      return { text: shapes.text, count: known.hits + shapes.count };
    },
  });
  if (shown.verdict === 'over-limit') return undefined;
  if (!shown.dirty) return { kind: 'json', text: shown.text };
  // A value that stands across strings: then the text cannot stay JSON.
  const left = scrub(shown.text);
  tally.add('known-value', left.hits);
  return { kind: left.hits > 0 ? 'text' : 'json', text: left.text };
}

function redactPlain(text: string, contentType: string, tools: BodyTools): ShownBody | undefined {
  const isForm =
    /^application\/x-www-form-urlencoded/i.test(contentType.trim()) ||
    /^[\w.%[\]-]{1,100}=[^\s&]*(?:&[\w.%[\]-]{1,100}=[^\s&]*)*$/.test(text);
  const fields = isForm ? { ...redactPairs(text), withheld: false } : redactTextFields(text, tools.judge);
  if (fields.withheld) return undefined;
  tools.tally.add('field-name', fields.count);
  const known = tools.scrub(fields.text);
  tools.tally.add('known-value', known.hits);
  const shapes = redactText(known.text);
  tools.tally.add('shape', shapes.count);
  return { kind: 'text', text: shapes.text };
}

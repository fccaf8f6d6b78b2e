// A body by its media type: every known value first, then field names, then shapes. Known values come before field names because a
// secret may hold what reads like a field (`…Secret==31…`), and redacting that alone would leave the rest of it. JSON has all three
// looked for in the bytes that the server wrote.
import { limits } from '../limits.ts';
import { type BodyText, decodeBody } from './body-text.ts';
import type { Capture } from './capture.ts';
import { type RedactedJson, redactJson } from './json/redact-json.ts';
import { redactMedia } from './media/redact-media.ts';
import type { NameVerdict } from './names.ts';
import { redactString } from './redact-string.ts';
import { redactText } from './redact-text.ts';
import type { Scrubber } from './scrubber.ts';
import { credentialCandidates } from './shapes.ts';
import type { Work } from './work.ts';

/** Counts what was taken out, by reason. */
export interface Tally {
  add(reason: RedactionReason, count: number): void;
}

export type RedactionReason = 'field-name' | 'known-value' | 'shape' | 'binary';

export interface BodyTools {
  readonly judge: (name: string) => NameVerdict;
  readonly scrub: (text: string) => { text: string; hits: number };
  readonly scrubber: Scrubber;
  readonly work: Work;
  /** Told every value that a credential's name took. */
  readonly taken: (value: string) => void;
  readonly capture?: Capture | undefined;
  /** Puts references in the place of what is kept already, in a text without the secrets that no server minted. */
  readonly refer?: ((text: string) => string) | undefined;
  readonly tally: Tally;
}

export type ShownBody =
  | { readonly kind: 'json' | 'text'; readonly text: string; readonly deep?: true }
  | { readonly kind: 'binary' | 'empty' };

export interface BodyBytes {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Whether they are only the beginning of the body. */
  readonly incomplete: boolean;
}

/** Undefined where the body is over the limits and must be withheld. */
export function redactBody(body: BodyBytes, tools: BodyTools): ShownBody | undefined {
  const { bytes, contentType, incomplete } = body;
  if (bytes.length === 0) return { kind: 'empty' };
  const decoded = decodeBody(bytes, contentType, incomplete);
  if (!decoded || decoded.otherReadings.some((reading) => tools.scrub(reading).hits > 0)) {
    tools.tally.add('binary', 1);
    return { kind: 'binary' };
  }
  const whole = incomplete ? withoutOpenEnd(decoded, tools.scrubber) : decoded;
  const json = mayBeJson(whole.utf8) ? redactJsonBody(whole, incomplete, tools) : undefined;
  if (!json || json.verdict === 'not-json') return redactPlain(whole.text, body, tools);
  return json.verdict === 'withheld' ? undefined : showJson(json, tools);
}

type Decoded = Pick<BodyText, 'text' | 'utf8'>;

/** What may be the beginning of a known value goes: the rest of it did not arrive. */
function withoutOpenEnd({ text, utf8 }: Decoded, scrubber: Scrubber): Decoded {
  const open = scrubber.openEnd(utf8);
  if (open === 0) return { text, utf8 };
  let size = utf8.length - open;
  while (size > 0 && ((utf8[size] ?? 0) & 0xc0) === 0x80) size -= 1;
  // Not the text decoded anew: that would be another copy of it.
  const cut = new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8.subarray(size)).length;
  return { text: text.slice(0, text.length - cut), utf8: utf8.subarray(0, size) };
}

const FIRST_OF_JSON = new Set(Array.from('{["-0123456789tfn', (character) => character.charCodeAt(0)));

function mayBeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 32);
  return first !== undefined && FIRST_OF_JSON.has(first);
}

function redactJsonBody({ text, utf8 }: Decoded, incomplete: boolean, tools: BodyTools): RedactedJson {
  const { judge, scrub, scrubber, work, taken, capture } = tools;
  return redactJson(utf8, {
    judge,
    text,
    find: (bytes) => scrubber.find(bytes, work),
    isShortSecret: scrubber.knows.short ? (field) => scrubber.isShortSecret(field) : undefined,
    isKnownNumber: scrubber.knows.numeric ? (number) => scrub(number).hits > 0 : undefined,
    candidatesIn: credentialCandidates,
    redactString: (string) => redactString(string, taken),
    taken,
    capture,
    incomplete,
  });
}

function showJson({ verdict, text, counts, depth }: RedactedJson, { tally }: BodyTools): ShownBody {
  tally.add('known-value', counts.known);
  tally.add('field-name', counts.names);
  tally.add('shape', counts.shapes);
  if (verdict !== 'json') return { kind: 'text', text };
  return { kind: 'json', text, ...(depth > limits.valueDepth && { deep: true as const }) };
}

function redactPlain(text: string, { contentType, incomplete }: BodyBytes, tools: BodyTools): ShownBody | undefined {
  const { judge, taken, capture, refer, tally } = tools;
  const known = tools.scrub(refer?.(text) ?? text);
  tally.add('known-value', known.hits);
  const fields = redactMedia(known.text, contentType, { judge, taken, capture, incomplete });
  if (fields.withheld) return undefined;
  tally.add('field-name', fields.count);
  const shapes = redactText(fields.text);
  tally.add('shape', shapes.count);
  return { kind: 'text', text: shapes.text };
}

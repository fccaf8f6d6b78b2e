// A text value inside of structured data: it may be a URL, a JSON text, a document of another type, or prose.
import { isSensitive } from './field-rules.ts';
import { redactJson } from './json/redact-json.ts';
import { isInert, REDACTED, type RedactedText, WITHHELD } from './marker.ts';
import { redactHeld } from './media/redact-media.ts';
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
  if (!looksLikeUrl(text)) return redactWritten(text, taken);
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
  if (shown.verdict !== 'json') return redactWritten(text, taken);
  return { text: shown.text, count: shown.counts.names + shown.counts.shapes };
}

function redactWritten(text: string, taken: Taken | undefined): RedactedText {
  const held = redactHeld(text, { judge: sharedJudge, taken: taken ?? untold, incomplete: false });
  if (held.withheld) return { text: WITHHELD, count: 1 };
  const asked = held.text.includes(INVALID) ? redactInvalid(held.text, taken) : { text: held.text, count: 0 };
  const rest = redactText(asked.text);
  return { text: rest.text, count: held.count + asked.count + rest.count };
}

const INVALID = 'got invalid value';
const VARIABLE =
  /\$([\w.[\]]{1,100})"? got invalid value ("(?:[^"\\\r\n]|\\.){1,4096}"|[^\s"{[;][^\s;]{0,4096})(?:;| at "([\w.[\]]{1,200})")?/g;

/** GraphQL's `Variable "$password" got invalid value "…"`, or `… at "input.password"`. */
function redactInvalid(text: string, taken: Taken | undefined): RedactedText {
  let count = 0;
  const shown = text.replace(VARIABLE, (whole, name: string, value: string, place: string = '') => {
    const inner = value.startsWith('"') ? value.slice(1, -1) : value;
    const isSecret = [name, place].some((path) => isSensitive(sharedJudge(path.slice(path.lastIndexOf('.') + 1))));
    if (!isSecret || isInert(inner)) return whole;
    count += 1;
    taken?.(inner);
    return whole.replace(value, () => (value === inner ? REDACTED : `"${REDACTED}"`));
  });
  return { text: shown, count };
}

function untold(): void {}

const encoder = new TextEncoder();

/** What stands in the place of everything that was taken out. */
export const REDACTED = '[redacted]';

/** What stands in the place of a text that was not looked through to its end. */
export const WITHHELD = '[withheld]';

export interface RedactedText {
  readonly text: string;
  /** How many places were replaced. */
  readonly count: number;
}

const SCHEMES =
  'bearer|basic|digest|negotiate|ntlm|token|apikey|api-key|hawk|oauth|aws4-hmac-sha256|dpop|hoba|mutual|signature';
// References, our own markers, and the words around them; a name of a reference is no secret.
const FLAG = /^(?:true|false|null|none|undefined)$/i;
const HARMLESS = /\{\{[^{}]{1,128}\}\}|\[(?:redacted|secret|withheld)\]|%5Bredacted%5D/gi;
const AROUND = new RegExp(`^(?:(?:${SCHEMES})(?![a-z0-9-]))?[\\s:;,=&"]*$`, 'i');

/** True for a text in which there is nothing to redact: empty, a flag, a `{{reference}}`, or redacted already. */
export function isInert(text: string): boolean {
  if (FLAG.test(text)) return true;
  return AROUND.test(
    text.includes('{') || text.includes('[') || text.includes('%5') ? text.replace(HARMLESS, '') : text,
  );
}

const SCHEME_AND_REST = new RegExp(`^\\s*(${SCHEMES})\\s+\\S`, 'i');

/** The replacement of a secret text; the name of an auth scheme stays readable. */
export function redactWhole(text: string): RedactedText {
  if (isInert(text)) return { text, count: 0 };
  const scheme = SCHEME_AND_REST.exec(text)?.[1];
  return { text: scheme ? `${scheme} ${REDACTED}` : REDACTED, count: 1 };
}

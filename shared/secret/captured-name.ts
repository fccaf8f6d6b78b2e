// How an agent names what was captured from an answer: `{{captured:access_token_1}}`.

export const CAPTURED_PREFIX = 'captured:';

const MOST_NAME_CHARS = 64;

/** The name of a field as the name of a handle: letters, digits, "_", "." and "-"; `token` where nothing of it can stand. */
export function capturedName(field: string): string {
  const name = field
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .slice(0, MOST_NAME_CHARS);
  return name === '' ? 'token' : name;
}

/** The text that stands for a captured value; `name` begins with `captured:`. */
export function capturedReference(name: string): string {
  return `{{${name}}}`;
}

/** Every `{{captured:NAME}}` of a text; its first group is NAME. */
export const CAPTURED_REFERENCE = /\{\{captured:([A-Za-z0-9_.-]{1,80})\}\}/g;

/**
 * Whether a value under a credential's name is one that a later request may need: one word with a digit or of mixed case, or a
 * long one. What else stands there (`required`, a sentence) describes the field.
 */
export function mayBeToken(value: string): boolean {
  if (value.length < 4 || value.length > MOST_TOKEN_CHARS || /[\s\p{Cc}]/u.test(value)) return false;
  return /\d/.test(value) || value.length >= 16 || (/[a-z]/.test(value) && /[A-Z]/.test(value));
}

const MOST_TOKEN_CHARS = 8_192;

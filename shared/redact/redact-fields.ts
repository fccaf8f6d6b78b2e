// The field redactors under one name each: what of a URL, a header, a text or a structure is a secret by its place or its look.
export { redactHeader } from './redact-header.ts';
export { redactText } from './redact-text.ts';
export { redactUrl } from './redact-url.ts';
export { redactValue } from './redact-value.ts';

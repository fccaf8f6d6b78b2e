// Forms (application/x-www-form-urlencoded, WHATWG URL section 5): pairs between `&` or `;`, names in brackets, JSON as a value.
import { isSensitive } from '../field-rules.ts';
import type { RedactedText } from '../marker.ts';
import { redactPairs } from '../redact-url.ts';
import { createEdits, type Edits } from './edits.ts';
import { type MediaWalk, replacementOf } from './media-walk.ts';

const FORM = /^[\w.~%+*$[\]-]{1,200}=[^\s&"<>\\`]*(?:&[\w.~%+*$[\]-]{0,200}(?:=[^\s&"<>\\`]*)?)*\s*$/;

/** Whether a text is nothing but pairs. */
export function readsAsForm(text: string): boolean {
  return /^[\w.~%+*$[\]-]{1,200}=/.test(text) && FORM.test(text);
}

/** Pairs whose names are sensitive, then those that a URL's rules take (`key`, OAuth's `code`, URLs as values). */
export function redactForm(text: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  for (let start = 0; start < text.length; ) {
    const and = text.indexOf('&', start);
    const end = and < 0 ? text.length : and;
    redactPair(text, start, end, walk, edits);
    start = end + 1;
  }
  const named = edits.apply(text);
  const pairs = redactPairs(named.text);
  return { text: pairs.text, count: named.count + pairs.count };
}

function redactPair(text: string, start: number, end: number, walk: MediaWalk, edits: Edits): void {
  const pair = text.slice(start, end);
  const equals = pair.indexOf('=');
  if (equals < 0 || equals > MAX_NAME_CHARS) return;
  const rawValue = pair.slice(equals + 1).trimEnd();
  const name = decodeForm(pair.slice(0, equals).trim());
  const verdict = walk.judge(name);
  const value = decodeForm(rawValue);
  const cut = walk.incomplete && end === text.length;
  const from = start + equals + 1;
  if (isSensitive(verdict) || (cut && verdict === 'context')) {
    // The beginning of a code is too short to be told from a word.
    const shown = replacementOf(walk, { name, verdict: cut ? 'secret' : verdict }, value);
    if (shown !== undefined) edits.add(from, from + rawValue.length, shown);
    return;
  }
  const inner = innerOf(value, { ...walk, incomplete: cut });
  if (inner !== undefined) edits.add(from, from + rawValue.length, encodeForm(inner));
}

const MAX_NAME_CHARS = 400;

// A semicolon parts pairs in old forms; where a name and `=` follow it, what is behind is a pair of its own.
function innerOf(value: string, walk: MediaWalk): string | undefined {
  if (!/^\s*[[{<]|;/.test(value)) return undefined;
  const inner = /^\s*[[{<]/.test(value) ? walk.inner(value, '', walk.incomplete) : redactBehind(value, walk);
  return inner.count > 0 ? inner.text : undefined;
}

function redactBehind(value: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  for (const found of value.matchAll(/;([^;=\s]{1,400})=([^;]*)/g)) {
    const [whole, name = '', inner = ''] = found;
    const shown = replacementOf(walk, { name, verdict: walk.judge(name) }, inner);
    const end = found.index + whole.length;
    if (shown !== undefined) edits.add(end - inner.length, end, shown);
  }
  return edits.apply(value);
}

function decodeForm(text: string): string {
  if (!/[%+]/.test(text)) return text;
  // Each run of escapes for itself: one may be broken, or cut off.
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

function encodeForm(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

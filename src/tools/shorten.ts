import { limits } from '../../shared/limits.ts';

export interface Shortened {
  readonly value: unknown;
  /** The value written as JSON. */
  readonly text: string;
  /** Whether anything was left out; each place then says so. */
  readonly cut: boolean;
}

const MAX_STRING_CHARS = 8_000;
const MIN_STRING_CHARS = 125;
const MAX_ITEMS = 256;
const MIN_ITEMS = 4;
/** More than any object of our own has: only other people's objects lose members. */
const MIN_MEMBERS = 32;

/**
 * Shortens long texts and names, then long lists and large objects, until the value written as JSON has at most `maxChars`
 * characters. Redact first: a cut that splits a secret would hide it from the redactor. Undefined where even the shortest
 * form is too long.
 */
export function shortenTo(value: unknown, maxChars: number = limits.resultChars): Shortened | undefined {
  const whole = JSON.stringify(value);
  if (whole.length <= maxChars) return { value, text: whole, cut: false };
  for (let chars = MAX_STRING_CHARS, items = MAX_ITEMS; chars >= MIN_STRING_CHARS; chars /= 2, items /= 2) {
    const shorter = shorten(value, chars, Math.max(MIN_ITEMS, Math.floor(items)));
    const text = JSON.stringify(shorter);
    if (text.length <= maxChars) return { value: shorter, text, cut: true };
  }
  return undefined;
}

function shorten(value: unknown, chars: number, items: number): unknown {
  if (typeof value === 'string') return shortenText(value, chars);
  if (Array.isArray(value)) return value.slice(0, items).map((item) => shorten(item, chars, items));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  const kept = entries.slice(0, Math.max(MIN_MEMBERS, items));
  return Object.fromEntries(kept.map(([name, child]) => [shortenText(name, chars), shorten(child, chars, items)]));
}

function shortenText(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const end = cutAt(text, Math.floor(chars));
  return `${text.slice(0, end)}… [${text.length - end} more characters]`;
}

/** The given position, or the one before where it would split a surrogate pair. */
export function cutAt(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}

// Values that an earlier answer gave out and that a later one shows again: its page of the same session, its form.
import type { CapturedRef } from '../stages/stages.ts';

/** A value that is kept already, and the reference to show in its place. */
export interface HeldValue {
  readonly value: string;
  readonly reference: string;
}

/** Shorter ones stand in ordinary words. */
const LEAST_CHARS = 16;
const MOST_TEXT_CHARS = 512 * 1024;

/** The text with a reference in the place of each, and which they were. Where a text is long none is looked for. */
export function withHeldValues(
  text: string,
  held: readonly HeldValue[],
): { readonly text: string; readonly found: readonly CapturedRef[] } {
  if (text.length > MOST_TEXT_CHARS) return { text, found: [] };
  const found = held
    .filter(({ value }) => value.length >= LEAST_CHARS && text.includes(value))
    .toSorted((one, other) => other.value.length - one.value.length);
  const shown = found.reduce((before, { value, reference }) => before.replaceAll(value, () => reference), text);
  return { text: shown, found: found.map(({ reference }) => ({ field: fieldOf(reference), reference })) };
}

/** `csrf_token` of `{{captured:csrf_token_1}}`. */
function fieldOf(reference: string): string {
  return /^\{\{captured:(.+)_\d+\}\}$/.exec(reference)?.[1] ?? 'token';
}

import { limits } from '../../shared/limits.ts';
import { isInert, REDACTED } from '../../shared/redact/marker.ts';
import { createScrubber } from '../../shared/redact/scrubber.ts';
import { reveal, type Sealed } from '../../shared/secret/reveal.ts';

/**
 * Gives the function that takes sealed values out of a text, however they are encoded in it; a short one only where it is the whole text.
 * Of more than limits.writtenKnown, or limits.writtenKnownChars of them, the last.
 */
export function scrubSealed(values: readonly Sealed[]): (text: string) => string {
  const known = lastOf(values);
  if (known.length === 0) return (text) => text;
  const scrubber = createScrubber(known.map((value) => ({ id: 'sealed', value })));
  return (text) => (scrubber.isShortSecret(text) ? REDACTED : scrubber.scrub(text).text);
}

function lastOf(values: readonly Sealed[]): readonly string[] {
  const known = new Set<string>();
  let left = limits.writtenKnownChars;
  for (const sealed of values.toReversed()) {
    if (known.size >= limits.writtenKnown) break;
    const value = reveal(sealed);
    if (value.length > left || known.has(value) || isInert(value)) continue;
    known.add(value);
    left -= value.length;
  }
  return [...known];
}

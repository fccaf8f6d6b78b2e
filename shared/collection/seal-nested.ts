// What a text is that stands in a string of JSON, percent-encoded in a form, or as the value of a field.
import type { LiteralRange } from './seal-ranges.ts';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
const PLAIN: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * The ranges that `scan` finds in a text once the escapes of a JSON string are undone, as offsets of the text with its
 * escapes. Each escape stands for one character.
 */
export function scanEscaped(text: string, scan: (plain: string) => readonly LiteralRange[]): readonly LiteralRange[] {
  if (!text.includes('\\')) return scan(text);
  const plain = text.replace(ESCAPE, (_, hex: string | undefined, char: string | undefined) =>
    hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (PLAIN[char ?? ''] ?? char ?? ''),
  );
  const found = scan(plain);
  return found.length === 0 ? found : withEscapes(text, found);
}

/** Moves the offsets, which are in order, behind the escapes before them. */
function withEscapes(text: string, ranges: readonly LiteralRange[]): readonly LiteralRange[] {
  const escapes = text.matchAll(ESCAPE);
  let next = escapes.next();
  let added = 0;
  const moved = (offset: number): number => {
    while (!next.done && next.value.index - added < offset) {
      added += next.value[0].length - 1;
      next = escapes.next();
    }
    return offset + added;
  };
  return ranges.map(({ start, end }) => ({ start: moved(start), end: moved(end) }));
}

/** Whether the text, its percent-encoding undone, holds what `scan` finds. */
export function hidesEncoded(text: string, scan: (plain: string) => readonly LiteralRange[]): boolean {
  if (!/%(?:7b|5b|3c|22|3d|3a)/i.test(text)) return false;
  return scan(decodeForm(text)).length > 0;
}

/** A part of a form with its encoding undone; one that is not well encoded stays as it is. */
export function decodeForm(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

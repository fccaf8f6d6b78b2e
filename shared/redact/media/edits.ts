// Places of a text that are to be replaced, in any order; where they overlap, the one that begins first covers the others.
import type { RedactedText } from '../marker.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly places: number;
}

export interface Edits {
  /** `places`: how many replacements it stands for, where the text holds several. */
  add(start: number, end: number, text: string, places?: number): void;
  /** The text with every place replaced; the given text itself where there is none. */
  apply(text: string): RedactedText;
}

export function createEdits(): Edits {
  const edits: Edit[] = [];
  return {
    add: (start, end, text, places = 1) => void edits.push({ start, end, text, places }),
    apply: (text) => applyEdits(text, edits),
  };
}

function applyEdits(text: string, edits: Edit[]): RedactedText {
  if (edits.length === 0) return { text, count: 0 };
  edits.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  for (const edit of edits) {
    if (edit.start >= from) {
      parts.push(text.slice(from, edit.start), edit.text);
      count += edit.places;
    }
    from = Math.max(from, edit.end);
  }
  return { text: parts.join('') + text.slice(from), count };
}

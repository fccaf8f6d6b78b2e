const REFERENCE = /\{\{[^{}]*\}\}/g;

/** Where a character first stands outside `{{references}}`, which can hold any; -1 where it does not. */
export function indexOutside(text: string, char: string, from = 0): number {
  return maskReferences(text).indexOf(char, from);
}

/** The text before and behind the first such character outside references; nothing behind where there is none. */
export function cutOutside(text: string, char: string): readonly [before: string, after?: string] {
  const at = indexOutside(text, char);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + char.length)];
}

/** The same text with each reference blanked out, so that its characters are not taken for separators. */
export function maskReferences(text: string): string {
  return text.includes('{{') ? text.replace(REFERENCE, (found) => '_'.repeat(found.length)) : text;
}

/** The text with what stands outside references put through `change`. */
export function changeOutside(text: string, change: (plain: string) => string): string {
  let out = '';
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    out += change(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return out + change(text.slice(from));
}

// The lines that the operator reads before trusting a keyward.yaml. Its author must not be able to write one of them.

/**
 * A text of the file as one word of a line: plain words as they are, all others in quotes, with every character escaped that is not
 * seen or could break the line.
 */
export function quotedText(text: string): string {
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text).replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

const PLAIN = /^[\w./:@=+,*[\]{}-]+$/;
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** One line for each key that is stated, so that a key which no sentence tells of is told of all the same. */
export function keyLines(about: string, stated: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(stated).flatMap(([key, value]) =>
    value === undefined ? [] : [`${about}${key} ${shownValue(value)}`],
  );
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return quotedText(value);
  if (Array.isArray(value)) return value.map(shownValue).join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${quotedText(key)} ${shownValue(each)}`)
    .join(', ')} }`;
}

// Where the reader of block YAML stands in its text, and how it gets over what means nothing: blanks, comments, line ends.
// Every step that meets something outside the plain subset says so by giving undefined or false, and reading is given up.

export const TAB = 9;
export const NEWLINE = 10;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const SINGLE_QUOTE = 39;
export const COMMA = 44;
export const DASH = 45;
export const COLON = 58;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;
const DOT = 46;

/**
 * Told of each value's list or mapping, its index or key there, and the offset where the value starts or, being empty, would
 * start. The top is told of first, as a value of no holder.
 */
export type OnNode = (holder: object | undefined, step: string | number, start: number) => void;

export interface Cursor {
  /** With line feeds alone as line ends. */
  readonly text: string;
  readonly onNode: OnNode | undefined;
  at: number;
  lineStart: number;
  /** Of the line that nextLine went to; -1 at the end of the text. */
  indent: number;
  /** Blank lines that nextLine went over. */
  blankLines: number;
  /** The least indent of the comments that nextLine went over; Infinity where there were none. */
  commentIndent: number;
  /** How many values and lines of texts may still be read. */
  room: number;
}

/** Whether a character code is white space, a line end or the end of the text. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === TAB || Number.isNaN(code);
}

/** Goes from the end of a line to the start of the next content. False at tabs, and at a line that begins or ends a document. */
export function nextLine(cursor: Cursor): boolean {
  const { text } = cursor;
  let at = cursor.at;
  cursor.blankLines = -1;
  cursor.commentIndent = Number.POSITIVE_INFINITY;
  for (;;) {
    const lineStart = at + 1;
    at = lineStart;
    while (text.charCodeAt(at) === SPACE) at += 1;
    const code = text.charCodeAt(at);
    if (code === HASH) {
      cursor.commentIndent = Math.min(cursor.commentIndent, at - lineStart);
      at = endOfLine(text, at);
    } else {
      cursor.blankLines += 1;
      if (code === NEWLINE) continue;
      const isEnd = at >= text.length;
      cursor.lineStart = lineStart;
      cursor.indent = isEnd ? -1 : at - lineStart;
      cursor.at = Math.min(at, text.length);
      return isEnd || (code !== TAB && !(at === lineStart && isDocumentMarker(text, at)));
    }
  }
}

/** The offset of the next line feed, or of the end of the text. */
export function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Whether `---` or `...` stands alone at a place. */
export function isDocumentMarker(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== DASH && code !== DOT) return false;
  return text.charCodeAt(at + 1) === code && text.charCodeAt(at + 2) === code && isBlank(text.charCodeAt(at + 3));
}

/** Goes from behind a value to the next content. False where more than a comment stands on the line. */
export function endLine(cursor: Cursor): boolean {
  const { text } = cursor;
  const from = cursor.at;
  skipSpaces(cursor);
  const code = text.charCodeAt(cursor.at);
  if (code === HASH && cursor.at > from) {
    cursor.at = endOfLine(text, cursor.at);
  } else if (code !== NEWLINE && cursor.at < text.length) {
    return false;
  }
  return nextLine(cursor);
}

export function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at += 1;
}

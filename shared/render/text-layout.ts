// Text that is laid out in lines: words, line breaks and prefixes, with no more white space than tells the parts apart.

const WHITE = /[\t\n\f\r \u00a0]+/;
// What nobody sees: soft hyphens, spaces of no width, byte order marks, direction marks, tag characters.
const UNSEEN = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

export interface TextLayout {
  /** What stands before the words of a line, such as the mark of a list's item: they follow in the same line. */
  mark(text: string): void;
  /** Words, with any white space between them as one space. */
  words(text: string): void;
  /** Text with its own lines and spaces. */
  verbatim(text: string): void;
  /** Ends the line where one is begun; 2 leaves an empty line. */
  breakLine(lines: 1 | 2): void;
  /** One more line break than there is already, two at most. */
  addBreak(): void;
  /** What the lines that begin from now on begin with. */
  prefix(text: string): void;
  /** Characters written so far. */
  readonly length: number;
  finish(): string;
}

export function createTextLayout(): TextLayout {
  const parts: string[] = [];
  let length = 0;
  let prefix = '';
  let breaks = 0;
  let space = false;
  let marked = false;
  const push = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const write = (text: string): void => {
    if (length > 0 && breaks > 0) push('\n'.repeat(breaks));
    if (length === 0 || breaks > 0) push(prefix);
    else if (space) push(' ');
    breaks = 0;
    space = false;
    marked = false;
    push(text);
  };
  const newLine = (lines: number): void => {
    if (marked) return;
    breaks = Math.max(breaks, lines);
    space = false;
  };
  return {
    mark(text) {
      write(text);
      space = true;
      marked = true;
    },
    words(text) {
      for (const [at, word] of text.replace(UNSEEN, '').split(WHITE).entries()) {
        if (at > 0) space = true;
        if (word !== '') write(word);
      }
    },
    verbatim(text) {
      for (const [at, line] of text
        .replace(UNSEEN, '')
        .split(/\r\n?|\n/)
        .entries()) {
        if (at > 0) newLine(breaks + 1);
        if (line !== '') write(line);
      }
    },
    breakLine: newLine,
    addBreak: () => newLine(Math.min(breaks + 1, 2)),
    prefix(text) {
      prefix = text;
    },
    get length() {
      return length;
    },
    finish: () => parts.join(''),
  };
}

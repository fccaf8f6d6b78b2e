// Block scalars (YAML 1.2.2, 8.1): `|` keeps line ends, `>` folds them; a number states the indent, `-` and `+` what becomes of the last.
import { type Cursor, DASH, endOfLine, HASH, NEWLINE, nextLine, SPACE, skipSpaces, TAB } from './block-yaml-cursor.ts';

const GREATER = 62;
const PLUS = 43;
const ZERO = 48;
const NINE = 57;

interface Header {
  readonly isFolded: boolean;
  /** Of 0: as the first line. */
  readonly indent: number;
  readonly chomping: 'strip' | 'clip' | 'keep';
}

/**
 * The text of a block scalar whose header is at the cursor, which goes to the next content. Gives up where blank lines
 * are indented more than the text that they precede or follow.
 */
export function readBlockText(cursor: Cursor, parent: number): string | undefined {
  const header = readHeader(cursor);
  if (!header || parent < 0) return undefined;
  const { text } = cursor;
  const first = findFirst(text, cursor.at);
  const stated = header.indent === 0 ? 0 : parent + header.indent;
  const indent = stated || first.indent;
  let value: string | undefined = '';
  if (first.indent > parent) {
    if (first.indent < indent || first.blankIndent > indent) return undefined;
    const lines = readLines(cursor, first.start, indent, header.isFolded);
    if (lines === undefined) return undefined;
    value = '\n'.repeat(first.blankLines) + lines.value + endOf(header, lines.lineEnds);
  } else {
    if (first.isTab || header.chomping === 'keep') return undefined;
    cursor.at = first.start - 1;
  }
  return nextLine(cursor) ? value : undefined;
}

function endOf({ chomping }: Header, lineEnds: number): string {
  if (chomping === 'strip') return '';
  return chomping === 'keep' ? '\n'.repeat(Math.max(1, lineEnds)) : '\n';
}

function readHeader(cursor: Cursor): Header | undefined {
  const { text } = cursor;
  const isFolded = text.charCodeAt(cursor.at) === GREATER;
  let indent = 0;
  let chomping: Header['chomping'] | undefined;
  cursor.at += 1;
  for (let code = text.charCodeAt(cursor.at); code !== SPACE && code !== NEWLINE; code = text.charCodeAt(cursor.at)) {
    if (code > ZERO && code <= NINE && indent === 0) indent = code - ZERO;
    else if ((code === DASH || code === PLUS) && !chomping) chomping = code === DASH ? 'strip' : 'keep';
    else return undefined;
    cursor.at += 1;
  }
  const from = cursor.at;
  skipSpaces(cursor);
  if (text.charCodeAt(cursor.at) === HASH && cursor.at > from) cursor.at = text.indexOf('\n', cursor.at);
  return text.charCodeAt(cursor.at) === NEWLINE ? { isFolded, indent, chomping: chomping ?? 'clip' } : undefined;
}

/** The first line with content behind a line end, or the end of the text with an indent of -1. */
function findFirst(text: string, lineEnd: number) {
  let blankLines = 0;
  let blankIndent = 0;
  for (let start = lineEnd + 1; ; ) {
    let at = start;
    while (text.charCodeAt(at) === SPACE) at += 1;
    if (at >= text.length) return { start: text.length + 1, indent: -1, blankLines, blankIndent, isTab: false };
    if (text.charCodeAt(at) !== NEWLINE) {
      return { start, indent: at - start, blankLines, blankIndent, isTab: text.charCodeAt(at) === TAB };
    }
    blankLines += 1;
    blankIndent = Math.max(blankIndent, at - start);
    start = at + 1;
  }
}

interface Lines {
  value: string;
  /** What goes before the next line. */
  between: string;
  /** Whether the last line that is not empty was indented more than the text, which keeps it from being folded. */
  isDeeper: boolean;
}

/** The lines of a text from its first, without their indent and the last line ends, which are counted. */
function readLines(cursor: Cursor, first: number, indent: number, isFolded: boolean) {
  const contentEnd = passLines(cursor, first, indent);
  const lineEnds = countLineEnds(cursor.text, contentEnd, cursor.at + 1, indent);
  if (cursor.room === 0 || lineEnds === undefined) return undefined;
  return { value: joinLines(cursor.text.slice(first, contentEnd), indent, isFolded), lineEnds };
}

/** Goes to the end of the last line; where the last that is not blank ends. */
function passLines(cursor: Cursor, first: number, indent: number): number {
  const { text } = cursor;
  let contentEnd = first;
  let lineStart = first;
  for (; lineStart < text.length && cursor.room > 0; cursor.room -= 1) {
    let at = lineStart;
    while (text.charCodeAt(at) === SPACE) at += 1;
    const lineEnd = endOfLine(text, at);
    if (at < lineEnd) {
      if (at - lineStart < indent) break;
      contentEnd = lineEnd;
    }
    lineStart = lineEnd + 1;
  }
  cursor.at = lineStart - 1;
  return contentEnd;
}

function joinLines(text: string, indent: number, isFolded: boolean): string {
  const lines: Lines = { value: '', between: '', isDeeper: false };
  const addLine = isFolded ? foldLine : stackLine;
  for (let lineStart = 0; lineStart <= text.length; ) {
    const lineEnd = endOfLine(text, lineStart);
    addLine(lines, text.slice(Math.min(lineStart + indent, lineEnd), lineEnd));
    lineStart = lineEnd + 1;
  }
  return lines.value;
}

/** The line ends behind the last line of a text; undefined where blanks behind it are indented more than the text is. */
function countLineEnds(text: string, contentEnd: number, nextStart: number, indent: number): number | undefined {
  let count = 0;
  let lineStart = contentEnd + 1;
  for (let at = contentEnd; at < nextStart && at < text.length; at += 1) {
    if (text.charCodeAt(at) === NEWLINE) {
      count += 1;
      lineStart = at + 1;
    } else if (at - lineStart >= indent) {
      return undefined;
    }
  }
  return count;
}

function stackLine(lines: Lines, line: string): void {
  lines.value += lines.between + line;
  lines.between = '\n';
}

function foldLine(lines: Lines, line: string): void {
  const begin = line.charCodeAt(0);
  if (begin === SPACE || begin === TAB) {
    if (lines.between === ' ') lines.between = '\n';
    else if (!lines.isDeeper && lines.between === '\n') lines.between = '\n\n';
    lines.value += lines.between + line;
    lines.between = '\n';
    lines.isDeeper = true;
  } else if (line === '') {
    if (lines.between === '\n') lines.value += '\n';
    else lines.between = '\n';
  } else {
    lines.value += lines.between + line;
    lines.between = ' ';
    lines.isDeeper = false;
  }
}

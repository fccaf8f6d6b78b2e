// Quoted scalars (YAML 1.2.2, 7.3.1 and 7.3.2): their escapes, and the folding of those of several lines.
import { BACKSLASH, type Cursor, DOUBLE_QUOTE, NEWLINE, SINGLE_QUOTE, SPACE, TAB } from './block-yaml-cursor.ts';

/**
 * The quoted text that begins at the cursor, which goes behind it. Its lines have to be indented more than the parent.
 * Gives up on an escape that there is not and where the quote does not end.
 */
export function readQuoted(cursor: Cursor, parent: number): string | undefined {
  const { text } = cursor;
  const double = text.charCodeAt(cursor.at) === DOUBLE_QUOTE;
  const start = cursor.at + 1;
  const end = double ? endOfDouble(text, start) : endOfSingle(cursor, start);
  if (end === -1) return undefined;
  const raw = text.slice(start, end);
  cursor.at = end + 1;
  const lastLine = raw.lastIndexOf('\n');
  if (lastLine !== -1) {
    if (!isIndented(text, start, end, parent)) return undefined;
    cursor.lineStart = start + lastLine + 1;
  }
  if (double) return lastLine === -1 && !raw.includes('\\') ? raw : decode(cursor, raw);
  const folded = lastLine === -1 ? raw : fold(cursor, raw);
  return folded?.includes("'") ? folded.replaceAll("''", "'") : folded;
}

function endOfSingle(cursor: Cursor, start: number): number {
  const { text } = cursor;
  let end = text.indexOf("'", start);
  while (end !== -1 && text.charCodeAt(end + 1) === SINGLE_QUOTE && cursor.room > 0) {
    end = text.indexOf("'", end + 2);
    cursor.room -= 1;
  }
  return cursor.room > 0 ? end : -1;
}

function endOfDouble(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}

/** Whether all lines but the first are blank or indented by spaces, more than the parent and at least by one. */
function isIndented(text: string, start: number, end: number, parent: number): boolean {
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at)) {
    const lineStart = at + 1;
    at = lineStart;
    while (text.charCodeAt(at) === SPACE) at += 1;
    if (text.charCodeAt(at) !== NEWLINE && at - lineStart <= Math.max(parent, 0)) return false;
  }
  return true;
}

function fold(cursor: Cursor, raw: string): string | undefined {
  const lines = raw.split('\n', cursor.room + 1);
  cursor.room -= lines.length;
  if (cursor.room < 0) return undefined;
  let folded = trimEnd(lines[0] ?? '');
  let blank = 0;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const isLast = index === lines.length - 1;
    const content = isLast ? trimStart(line) : trimEnd(trimStart(line));
    if (content === '' && !isLast) {
      blank += 1;
    } else {
      folded += (blank === 0 ? ' ' : '\n'.repeat(blank)) + content;
      blank = 0;
    }
  }
  return folded;
}

function trimStart(line: string): string {
  let start = 0;
  while (isWhite(line.charCodeAt(start))) start += 1;
  return line.slice(start);
}

function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && isWhite(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

function isWhite(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** The text of a double-quoted scalar: escapes are replaced, line ends folded with the blanks around them. */
function decode(cursor: Cursor, raw: string): string | undefined {
  let value = '';
  let from = 0;
  for (let at = 0; at < raw.length && cursor.room > 0; ) {
    const code = raw.charCodeAt(at);
    if (code === BACKSLASH) {
      const escaped = readEscape(raw, at + 1);
      if (!escaped) return undefined;
      value += raw.slice(from, at) + escaped.value;
      at = escaped.end;
      from = at;
      cursor.room -= 1;
    } else if (code === NEWLINE) {
      value += trimEnd(raw.slice(from, at));
      const lines = skipLines(raw, at);
      value += lines.count === 1 ? ' ' : '\n'.repeat(lines.count - 1);
      at = lines.end;
      from = at;
      cursor.room -= 1;
    } else {
      at += 1;
    }
  }
  return cursor.room > 0 ? value + raw.slice(from) : undefined;
}

function skipLines(raw: string, start: number): { count: number; end: number } {
  let count = 0;
  let end = start;
  for (let code = NEWLINE; code === NEWLINE || isWhite(code); code = raw.charCodeAt(end)) {
    if (code === NEWLINE) count += 1;
    end += 1;
  }
  return { count, end };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['\t', '\t'],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);
const LAST_CODE_POINT = 0x10ffff;

/** What the escape means whose letter stands at an offset. */
function readEscape(raw: string, at: number): { value: string; end: number } | undefined {
  const letter = raw.charAt(at);
  const value = ESCAPES.get(letter);
  if (value !== undefined) return { value, end: at + 1 };
  if (letter === '\n') {
    let end = at + 1;
    while (isWhite(raw.charCodeAt(end))) end += 1;
    return { value: '', end };
  }
  const digits = raw.slice(at + 1, at + 1 + (HEX_DIGITS.get(letter) ?? 0));
  if (digits.length !== HEX_DIGITS.get(letter) || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  return code > LAST_CODE_POINT ? undefined : { value: String.fromCodePoint(code), end: at + 1 + digits.length };
}

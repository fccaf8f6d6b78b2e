// Block collections (YAML 1.2.2, 8.2) by recursive descent. A function that reads a value leaves the cursor at the next
// content, whose indent tells who goes on; undefined gives reading up.
import { limits } from '../limits.ts';
import {
  COLON,
  type Cursor,
  DASH,
  DOUBLE_QUOTE,
  endLine,
  HASH,
  isBlank,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  SINGLE_QUOTE,
  skipSpaces,
} from './block-yaml-cursor.ts';
import { readFlow } from './block-yaml-flow.ts';
import { plainKey, setMember } from './block-yaml-members.ts';
import { beginsPlain, readPlainRest, scanPlain } from './block-yaml-plain.ts';
import { readQuoted } from './block-yaml-quoted.ts';
import { readBlockText } from './block-yaml-text.ts';

const GREATER = 62;
const PIPE = 124;
/** Below the 1,024 that the package counts from other places. */
const MOST_KEY_CHARS = 1_000;

/** Reads what stands where a list or mapping may begin as well: on a line of its own, or behind a dash. */
export function readNode(cursor: Cursor, parent: number, depth: number): unknown {
  const { text, at: start } = cursor;
  const column = start - cursor.lineStart;
  const code = text.charCodeAt(start);
  if (isDash(text, start)) return readSequence(cursor, column, depth);
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
    const value = readQuoted(cursor, parent);
    if (value === undefined) return undefined;
    if (cursor.lineStart <= start && endsKey(cursor, start)) return readMapping(cursor, column, value, depth);
    return endLine(cursor) ? value : undefined;
  }
  if (!beginsPlain(text, start)) return readInline(cursor, parent, depth);
  const plain = text.slice(start, scanPlain(cursor));
  if (text.charCodeAt(cursor.at) !== COLON) return readPlainRest(cursor, parent, plain);
  const key = plainKey(plain);
  return key !== undefined && endsKey(cursor, start) ? readMapping(cursor, column, key, depth) : undefined;
}

/** Reads what may stand behind a key on its line. */
function readInline(cursor: Cursor, parent: number, depth: number): unknown {
  const { text, at } = cursor;
  switch (text.charCodeAt(at)) {
    case OPEN_BRACKET:
    case OPEN_BRACE:
      return ended(cursor, readFlow(cursor, parent, depth));
    case PIPE:
    case GREATER:
      return readBlockText(cursor, parent);
    case DOUBLE_QUOTE:
    case SINGLE_QUOTE:
      return ended(cursor, readQuoted(cursor, parent));
    default:
      return beginsPlain(text, at) ? readPlainRest(cursor, parent, text.slice(at, scanPlain(cursor))) : undefined;
  }
}

function ended(cursor: Cursor, value: unknown): unknown {
  return value !== undefined && endLine(cursor) ? value : undefined;
}

function readSequence(cursor: Cursor, column: number, depth: number): unknown {
  if (depth > limits.valueDepth) return undefined;
  const items: unknown[] = [];
  for (;;) {
    cursor.at += 1;
    const item = readBehind(cursor, { holder: items, step: items.length, column, depth });
    if (item === undefined) return undefined;
    items.push(item);
    if (cursor.indent !== column) return cursor.indent > column ? undefined : items;
    if (!isDash(cursor.text, cursor.at)) return items;
  }
}

/** Reads a mapping from behind the colon of its first key. */
function readMapping(cursor: Cursor, column: number, firstKey: string, depth: number): unknown {
  if (depth > limits.valueDepth) return undefined;
  const members: Record<string, unknown> = {};
  let key = firstKey;
  for (;;) {
    const value = readBehind(cursor, { holder: members, step: key, column, depth });
    if (value === undefined) return undefined;
    setMember(members, key, value);
    if (cursor.indent !== column) return cursor.indent > column ? undefined : members;
    const next = readKey(cursor);
    if (next === undefined) return undefined;
    key = next;
  }
}

function readKey(cursor: Cursor): string | undefined {
  const { text, at: start } = cursor;
  const code = text.charCodeAt(start);
  const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
  if (!isQuoted && !beginsPlain(text, start)) return undefined;
  const key = isQuoted ? readQuoted(cursor, 0) : plainKey(text.slice(start, scanPlain(cursor)));
  return key !== undefined && cursor.lineStart <= start && endsKey(cursor, start) ? key : undefined;
}

/** Whether a colon follows that makes a key of what was read from a place on; the cursor goes behind it. */
function endsKey(cursor: Cursor, start: number): boolean {
  const { text } = cursor;
  skipSpaces(cursor);
  const { at } = cursor;
  if (text.charCodeAt(at) !== COLON || !isBlank(text.charCodeAt(at + 1)) || at - start > MOST_KEY_CHARS) return false;
  cursor.at += 1;
  return true;
}

interface Member {
  readonly holder: object;
  readonly step: string | number;
  readonly column: number;
  readonly depth: number;
}

/** Reads the value behind a dash or a key's colon, be it on the same line, below or empty. */
function readBehind(cursor: Cursor, member: Member): unknown {
  const { text, at: from } = cursor;
  const { holder, step, column, depth } = member;
  cursor.room -= 1;
  if (cursor.room < 0) return undefined;
  skipSpaces(cursor);
  const code = text.charCodeAt(cursor.at);
  if (code === NEWLINE || code === HASH || cursor.at >= text.length) {
    const empty = cursor.at;
    cursor.at = from;
    return endLine(cursor) ? readBelow(cursor, member, empty) : undefined;
  }
  cursor.onNode?.(holder, step, cursor.at);
  return typeof step === 'number' ? readNode(cursor, column, depth + 1) : readInline(cursor, column, depth + 1);
}

function readBelow(cursor: Cursor, { holder, step, column, depth }: Member, empty: number): unknown {
  const isList = cursor.indent === column && typeof step === 'string' && isDash(cursor.text, cursor.at);
  const isEmpty = cursor.indent <= column && !isList;
  cursor.onNode?.(holder, step, isEmpty ? empty : cursor.at);
  if (isEmpty) return null;
  if (isList) return readSequence(cursor, column, depth + 1);
  // Behind a comment that is indented too little, the package takes less indented lines for parts of a plain text.
  const isDoubtful = cursor.commentIndent <= column;
  const value = readNode(cursor, column, depth + 1);
  return isDoubtful && (typeof value !== 'object' || value === null) ? undefined : value;
}

function isDash(text: string, at: number): boolean {
  return text.charCodeAt(at) === DASH && isBlank(text.charCodeAt(at + 1));
}

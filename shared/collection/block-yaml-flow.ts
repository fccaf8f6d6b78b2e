// Flow collections (YAML 1.2.2, 7.4): `[...]` and `{...}` of any number of lines. Pairs in lists, keys without a value and
// plain texts of several lines are given up.
import { limits } from '../limits.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  type Cursor,
  DASH,
  DOUBLE_QUOTE,
  HASH,
  isBlank,
  isDocumentMarker,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  SINGLE_QUOTE,
  SPACE,
  skipSpaces,
  TAB,
} from './block-yaml-cursor.ts';
import { plainKey, setMember } from './block-yaml-members.ts';
import { beginsPlain, resolvePlain } from './block-yaml-plain.ts';
import { readQuoted } from './block-yaml-quoted.ts';

/** The collection whose bracket is at the cursor, which goes behind it. Its lines have to be indented more than the parent. */
export function readFlow(cursor: Cursor, parent: number, depth: number, level = 1): unknown {
  if (depth > limits.valueDepth) return undefined;
  const read = cursor.text.charCodeAt(cursor.at) === OPEN_BRACKET ? readItems : readPairs;
  cursor.at += 1;
  return read(cursor, { parent, depth, level });
}

interface Place {
  readonly parent: number;
  readonly depth: number;
  /** Of flow collections alone. */
  readonly level: number;
}

function readItems(cursor: Cursor, place: Place): unknown {
  const items: unknown[] = [];
  for (;;) {
    if (!skipFlowSpace(cursor, place)) return undefined;
    if (ends(cursor, CLOSE_BRACKET)) return items;
    const start = cursor.at;
    const item = readFlowValue(cursor, place);
    if (item === undefined) return undefined;
    cursor.onNode?.(items, items.length, start);
    items.push(item);
    if (!skipFlowSpace(cursor, place)) return undefined;
    if (ends(cursor, CLOSE_BRACKET)) return items;
    if (!ends(cursor, COMMA)) return undefined;
  }
}

function readPairs(cursor: Cursor, place: Place): unknown {
  const pairs: Record<string, unknown> = {};
  for (;;) {
    if (!skipFlowSpace(cursor, place)) return undefined;
    if (ends(cursor, CLOSE_BRACE)) return pairs;
    const key = readFlowKey(cursor, place);
    if (key === undefined || !skipFlowSpace(cursor, place)) return undefined;
    const start = cursor.at;
    const value = readFlowValue(cursor, place);
    if (value === undefined) return undefined;
    cursor.onNode?.(pairs, key, start);
    setMember(pairs, key, value);
    if (!skipFlowSpace(cursor, place)) return undefined;
    if (ends(cursor, CLOSE_BRACE)) return pairs;
    if (!ends(cursor, COMMA)) return undefined;
  }
}

function ends(cursor: Cursor, code: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== code) return false;
  cursor.at += 1;
  return true;
}

function readFlowKey(cursor: Cursor, { parent }: Place): string | undefined {
  const { text } = cursor;
  const start = cursor.at;
  const code = text.charCodeAt(start);
  const isQuoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
  const key = isQuoted ? readQuoted(cursor, parent) : plainKey(readFlowPlain(cursor));
  if (key === undefined || cursor.lineStart > start) return undefined;
  skipSpaces(cursor);
  const isSpaced = isBlank(text.charCodeAt(cursor.at + 1));
  return ends(cursor, COLON) && (isQuoted || isSpaced) ? key : undefined;
}

function readFlowValue(cursor: Cursor, { parent, depth, level }: Place): unknown {
  cursor.room -= 1;
  if (cursor.room < 0) return undefined;
  switch (cursor.text.charCodeAt(cursor.at)) {
    case OPEN_BRACKET:
    case OPEN_BRACE:
      return readFlow(cursor, parent, depth + 1, level + 1);
    case DOUBLE_QUOTE:
    case SINGLE_QUOTE:
      return readQuoted(cursor, parent);
    default: {
      const plain = readFlowPlain(cursor);
      return plain === undefined ? undefined : resolvePlain(plain);
    }
  }
}

function readFlowPlain(cursor: Cursor): string | undefined {
  const { text, at: start } = cursor;
  const first = text.charCodeAt(start);
  if (!beginsPlain(text, start) || first === COLON || first === QUESTION) return undefined;
  if (first === DASH && isFlowSign(text.charCodeAt(start + 1))) return undefined;
  let end = start;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB) {
      if (text.charCodeAt(at + 1) === HASH) break;
    } else if (code === NEWLINE || isFlowSign(code) || (code === COLON && endsFlowKey(text.charCodeAt(at + 1)))) {
      break;
    } else {
      end = at + 1;
    }
  }
  cursor.at = end;
  return end === start ? undefined : text.slice(start, end);
}

function endsFlowKey(next: number): boolean {
  return isBlank(next) || isFlowSign(next);
}

const QUESTION = 63;

function isFlowSign(code: number): boolean {
  return (
    code === COMMA || code === OPEN_BRACKET || code === CLOSE_BRACKET || code === OPEN_BRACE || code === CLOSE_BRACE
  );
}

/** Goes over blanks, line ends and comments. False at tabs and where a line is indented too little. */
function skipFlowSpace(cursor: Cursor, { parent, level }: Place): boolean {
  const { text } = cursor;
  for (;;) {
    const from = cursor.at;
    skipSpaces(cursor);
    const code = text.charCodeAt(cursor.at);
    if (code === HASH) {
      if (cursor.at === from) return false;
      cursor.at = text.indexOf('\n', cursor.at);
      if (cursor.at === -1) return false;
    } else if (code === NEWLINE) {
      cursor.at += 1;
      cursor.lineStart = cursor.at;
    } else {
      return code !== TAB && (from !== cursor.lineStart || isDeep(cursor, parent, level));
    }
  }
}

/** Whether the line that begins at the cursor belongs to the collection: its last bracket may stand as deep as its parent. */
function isDeep(cursor: Cursor, parent: number, level: number): boolean {
  const { text, at } = cursor;
  const indent = at - cursor.lineStart;
  if (indent === 0 && isDocumentMarker(text, at)) return false;
  if (indent > parent) return true;
  const code = text.charCodeAt(at);
  return indent === parent && level === 1 && (code === CLOSE_BRACKET || code === CLOSE_BRACE);
}

// The scanner: one pass over the bytes of a JSON text (RFC 8259), not recursive, which makes nothing but a list of edits. What it
// does not edit is copied as it stands: numbers to their last digit, spacing, duplicate names.
import { addEdit, DROPPED, roomFor } from './edits.ts';
import {
  finishList,
  finishObject,
  kindOfContainer,
  LITERAL,
  NUMBER,
  STRING,
  settleMember,
  UNCLOSED,
} from './fields.ts';
import { factsOf, IS_AUTH, IS_OAUTH, IS_PAIR_NAME, IS_PAIR_VALUE } from './name-facts.ts';
import { readNameToken } from './name-table.ts';
import {
  AFTER_VALUE,
  COLON,
  FRAME_WIDTH,
  HAS_CONTAINER,
  HAS_NOTES,
  HAS_OTHER,
  HAS_TEXT,
  IS_ARRAY,
  NAME,
  NAME_OR_END,
  NOTHING,
  PART,
  type Scan,
  UNDER_AUTH,
  VALUE,
  VALUE_OR_END,
} from './scan-state.ts';
import {
  isTouched,
  opensDocument,
  readString,
  readWithoutKnown,
  visitPlain,
  visitShort,
  visitString,
} from './token-texts.ts';
import { BROKEN, endOfLiteral, endOfNumber, endOfString, OPEN, QUOTE } from './tokens.ts';

/** `cut-short`: JSON as far as it goes, and the caller said that it does not go to its end. `too-deep`: over MAX_DEPTH. */
export type JsonVerdict = 'json' | 'not-json' | 'cut-short' | 'too-deep';

/** Levels; each takes twenty bytes while the text is read. */
const MAX_DEPTH = 4_000_000;

/** Reads the bytes as one JSON value. The edits count only where the verdict is `json` or `cut-short`. */
export function scanJson(scan: Scan): JsonVerdict {
  const { bytes, size } = scan;
  for (;;) {
    skipSpace(scan);
    if (scan.at >= size) return scan.expect === NOTHING ? 'json' : ended(scan, size);
    const start = scan.at;
    const end = step(scan, bytes[start] ?? 0);
    if (end < 0) return end === OPEN ? ended(scan, start) : 'not-json';
    scan.at = end;
    if (scan.depth > MAX_DEPTH) return 'too-deep';
  }
}

function skipSpace(scan: Scan): void {
  const { bytes, size } = scan;
  let { at } = scan;
  while (at < size) {
    const code = bytes[at] ?? 0;
    if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) break;
    at += 1;
  }
  scan.at = at;
}

/** Reads one token; gives the position after it, or BROKEN or OPEN. */
function step(scan: Scan, code: number): number {
  switch (code) {
    case QUOTE:
      return (scan.expect & (NAME | NAME_OR_END)) !== 0 ? readName(scan) : readText(scan);
    case 44:
      if (scan.expect !== AFTER_VALUE) return BROKEN;
      scan.expect = (scan.flags & IS_ARRAY) !== 0 ? VALUE : NAME;
      return scan.at + 1;
    case 58:
      if (scan.expect !== COLON) return BROKEN;
      scan.expect = VALUE;
      return scan.at + 1;
    case 123:
    case 91:
      return open(scan, code === 91);
    case 125:
    case 93:
      return close(scan, code === 93);
    default:
      return readPlain(scan, code);
  }
}

function readName(scan: Scan): number {
  const start = scan.at;
  scan.escaped = false;
  const end = readNameToken(scan.names, scan, start);
  if (end < 0) return end;
  let facts = scan.names.found;
  if (end > scan.watch || scan.escaped) {
    if (facts === 0 && isTouched(scan, start, end))
      facts = factsOf(readWithoutKnown(scan, start, end), scan.options.judge);
    visitString(scan, start, end);
  }
  scan.facts = facts;
  scan.nameStart = start;
  scan.flags = counted(scan.flags | (facts & (IS_PAIR_NAME | IS_PAIR_VALUE | IS_OAUTH)));
  // Most colons stand right behind their names.
  const isColon = end < scan.size && scan.bytes[end] === 58;
  scan.expect = isColon ? VALUE : COLON;
  return isColon ? end + 1 : end;
}

function readText(scan: Scan): number {
  if ((scan.expect & (VALUE | VALUE_OR_END)) === 0) return BROKEN;
  const start = scan.at;
  scan.escaped = false;
  const end = endOfString(scan, start + 1);
  if (end < 0) return end;
  if (end > scan.watch || scan.escaped || opensDocument(scan.bytes[start + 1])) visitString(scan, start, end);
  if (end - start <= scan.shortBytes) visitShort(scan, start, end, readString(scan, start, end));
  if ((scan.flags & IS_ARRAY) !== 0) scan.flags = counted(scan.flags | HAS_TEXT);
  else if (scan.facts !== 0) settleMember(scan, STRING, start, end);
  return afterValue(scan, end);
}

function readPlain(scan: Scan, code: number): number {
  if ((scan.expect & (VALUE | VALUE_OR_END)) === 0) return BROKEN;
  const start = scan.at;
  const isNumber = code === 45 || (code >= 48 && code <= 57);
  const end = isNumber ? endOfNumber(scan, start) : endOfLiteral(scan, start);
  if (end < 0) return end;
  // The rest of its digits may have been cut off.
  if (end >= scan.size && scan.isPart) return OPEN;
  if (end > scan.watch || scan.looksAtNumbers) visitPlain(scan, start, end);
  if ((scan.flags & IS_ARRAY) !== 0) scan.flags = counted(scan.flags | HAS_OTHER);
  else if (scan.facts !== 0) settleMember(scan, isNumber ? NUMBER : LITERAL, start, end);
  return afterValue(scan, end);
}

/** Most commas stand right behind a value. */
function afterValue(scan: Scan, end: number): number {
  if (scan.depth === 0) {
    scan.expect = NOTHING;
    return end;
  }
  const isComma = end < scan.size && scan.bytes[end] === 44;
  scan.expect = !isComma ? AFTER_VALUE : (scan.flags & IS_ARRAY) !== 0 ? VALUE : NAME;
  return isComma ? end + 1 : end;
}

/** The flags with one part more. */
function counted(flags: number): number {
  return (flags & (3 * PART)) === 3 * PART ? flags : flags + PART;
}

function open(scan: Scan, isArray: boolean): number {
  if ((scan.expect & (VALUE | VALUE_OR_END)) === 0) return BROKEN;
  const at = scan.depth * FRAME_WIDTH;
  scan.outer = roomFor(scan.outer, at + FRAME_WIDTH);
  const { outer, flags, facts } = scan;
  outer[at] = scan.start;
  outer[at + 1] = flags;
  outer[at + 2] = facts;
  outer[at + 3] = scan.nameStart;
  outer[at + 4] = scan.noteBase;
  const isUnderAuth = !isArray && (facts & IS_AUTH) !== 0;
  scan.depth += 1;
  if (scan.depth > scan.deepest) scan.deepest = scan.depth;
  scan.start = scan.at;
  scan.flags = (isArray ? IS_ARRAY : 0) | (isUnderAuth ? UNDER_AUTH : 0);
  scan.facts = 0;
  scan.noteBase = scan.noteEnd;
  scan.expect = isArray ? VALUE_OR_END : NAME_OR_END;
  return scan.at + 1;
}

function close(scan: Scan, isArray: boolean): number {
  const { flags, start } = scan;
  const mayEnd = AFTER_VALUE | (isArray ? VALUE_OR_END : NAME_OR_END);
  if ((scan.expect & mayEnd) === 0 || ((flags & IS_ARRAY) !== 0) !== isArray) return BROKEN;
  leave(scan, false);
  const end = scan.at + 1;
  const kind = kindOfContainer(flags, isArray);
  if ((scan.flags & IS_ARRAY) !== 0) {
    const isNumbers = kind === LITERAL && flags >= PART;
    scan.flags = counted(scan.flags | (isNumbers ? HAS_OTHER : HAS_CONTAINER));
  } else {
    scan.flags |= HAS_CONTAINER;
    if (scan.facts !== 0) settleMember(scan, kind, start, end);
  }
  return afterValue(scan, end);
}

/** Decides on what waits in the object or list and goes back to the one around it. */
function leave(scan: Scan, isCut: boolean): void {
  if ((scan.flags & IS_ARRAY) !== 0) finishList(scan);
  else if ((scan.flags & HAS_NOTES) !== 0) finishObject(scan, isCut);
  scan.noteEnd = scan.noteBase;
  scan.depth -= 1;
  const at = scan.depth * FRAME_WIDTH;
  const { outer } = scan;
  scan.start = outer[at] ?? 0;
  scan.flags = outer[at + 1] ?? 0;
  scan.facts = outer[at + 2] ?? 0;
  scan.nameStart = outer[at + 3] ?? 0;
  scan.noteBase = outer[at + 4] ?? 0;
}

/** The text ends inside a value; `from` is where the token begins that it does not end. */
function ended(scan: Scan, from: number): JsonVerdict {
  if (!scan.isPart) return 'not-json';
  if (from < scan.size) addEdit(scan.edits, from, scan.size, DROPPED, '');
  while (scan.depth > 0) {
    const { start } = scan;
    leave(scan, true);
    if (scan.facts !== 0) settleMember(scan, UNCLOSED, start, scan.size);
  }
  return 'cut-short';
}

// What is almost JSON: comments, single quotes, names without quotes (JSON5, JSONC, JavaScript, YAML flow, inline TOML), and JSON
// that is broken or cut short. One scan, no grammar: a name is what stands before `:`, `=` or `=>`.
import {
  containerGoes,
  contextGoes,
  isSensitive,
  mayNamePair,
  numberGoes,
  oauthNames,
  pairNames,
  pairValues,
} from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import { isFlowDescription } from '../schema-objects.ts';
import {
  type BlankSkipper,
  createBlankSkipper,
  endOfBrackets,
  endOfQuoted,
  isQuote,
  readLooseText,
  unquoteLoose,
} from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import {
  MAX_UNNAMED_CHARS,
  type MediaWalk,
  type NamedValue,
  replacementOf,
  takeWhole,
  tellWords,
} from './media-walk.ts';

interface Part {
  readonly name: string;
  readonly kind: 'text' | 'container';
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

interface Frame {
  readonly array: boolean;
  readonly name: string;
  readonly start: number;
  readonly underAuth: boolean;
  /** Set where a member such as `name` holds a sensitive name. */
  pair: NamedValue | undefined;
  /** What the end of the object decides. */
  readonly waiting: Part[];
  oauth: boolean;
  hasPairName: boolean;
  hasPairValue: boolean;
  items: number;
}

interface Scan {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  readonly stack: Frame[];
  readonly skipBlank: BlankSkipper;
  top: Frame;
}

const MAX_DEPTH = 10_000;

/** Takes a text that begins at a bracket; deeper than ten thousand brackets it is withheld. */
export function redactLooseJson(text: string, walk: MediaWalk): RedactedText {
  const scan: Scan = {
    text,
    walk,
    edits: createEdits(),
    stack: [],
    skipBlank: createBlankSkipper(text),
    top: newFrame(true, '', 0, false),
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) at = open(scan, '', at);
    else if (code === 125 || code === 93) at = close(scan, at);
    else if (isQuote(code)) at = readQuoted(scan, at);
    else if (startsName(text, at)) at = readBare(scan, at);
    else at += code === 92 ? 2 : 1;
    if (scan.stack.length > MAX_DEPTH) {
      walk.withhold();
      return { text, count: 0 };
    }
  }
  while (scan.stack.length > 0) finish(scan, walk.incomplete);
  return scan.edits.apply(text);
}

function newFrame(array: boolean, name: string, start: number, underAuth: boolean): Frame {
  return {
    array,
    name,
    start,
    underAuth,
    pair: undefined,
    waiting: [],
    oauth: false,
    hasPairName: false,
    hasPairValue: false,
    items: 0,
  };
}

function open(scan: Scan, name: string, at: number): number {
  scan.stack.push(scan.top);
  scan.top = newFrame(scan.text.charCodeAt(at) === 91, name, at, name.toLowerCase() === 'auth');
  return at + 1;
}

function close(scan: Scan, at: number): number {
  if (scan.stack.length === 0) return at + 1;
  const { name, start } = scan.top;
  finish(scan, false);
  if (pairValues.has(name)) scan.top.waiting.push({ name, kind: 'container', start, end: at + 1, value: '' });
  return at + 1;
}

function readQuoted(scan: Scan, at: number): number {
  const end = endOfQuoted(scan.text, at);
  if (end < 0) return readOpen(scan, at);
  const value = valueAfterName(scan, end);
  const inner = unquoteLoose(scan.text.slice(at, end));
  if (value >= 0) return readValue(scan, inner, value);
  settleItem(scan, { name: '', kind: 'text', start: at + 1, end: end - 1, value: inner });
  return end;
}

/** A quoted text without its end: only at the end of a text that is cut is it an item. */
function readOpen(scan: Scan, at: number): number {
  const { text, walk } = scan;
  const isCut = walk.incomplete && !/[\r\n]/.test(text.slice(at, at + MAX_UNNAMED_CHARS));
  if (!isCut || text.length - at > MAX_UNNAMED_CHARS) return at + 1;
  const end = text.length;
  settleItem(scan, { name: '', kind: 'text', start: at + 1, end, value: unquoteLoose(text.slice(at, end)) });
  return end;
}

function startsName(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 92) return text.charAt(at + 1) === 'u';
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36 || code > 127;
}

const BARE_NAME = /(?:[\w$.\u0080-\uffff-]|\\u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]{1,6}\})){1,200}/y;

function readBare(scan: Scan, at: number): number {
  const word = matchAt(BARE_NAME, scan.text, at)?.[0] ?? scan.text.charAt(at);
  const value = valueAfterName(scan, at + word.length);
  const name = word.includes('\\') ? unquoteLoose(`"${word}"`) : word;
  return value < 0 ? at + word.length : readValue(scan, name, value);
}

/** Where the value begins if a `:`, `=` or `=>` follows; else -1. */
function valueAfterName({ text, skipBlank }: Scan, end: number): number {
  const at = skipBlank(end);
  const code = text.charCodeAt(at);
  if (code !== 58 && code !== 61) return -1;
  const next = text.charCodeAt(at + 1);
  if (next === code || (code === 58 && next === 47 && text.charCodeAt(at + 2) === 47)) return -1;
  return skipBlank(next === 62 || (code === 58 && next === 61) ? at + 2 : at + 1);
}

function readValue(scan: Scan, name: string, at: number): number {
  const { text, top, walk } = scan;
  top.oauth ||= oauthNames.has(name);
  top.hasPairValue ||= pairValues.has(name);
  const verdict = walk.judge(name);
  const code = text.charCodeAt(at);
  if (code === 123 || code === 91) return readContainer(scan, { name, verdict }, at);
  const part = isQuote(code) ? quotedPart(scan, name, at) : barePart(scan, name, at);
  settleMember(scan, part, verdict);
  if (!isQuote(code)) return Math.max(part.end, at);
  return text.charCodeAt(part.end) === code ? part.end + 1 : at + 1;
}

function readContainer(scan: Scan, { name, verdict }: NamedValue, at: number): number {
  const { text, walk, edits } = scan;
  if (!containerGoes(verdict)) return open(scan, name, at);
  const close = endOfBrackets(text, at);
  const end = close < 0 ? text.length : close;
  const whole = text.slice(at, end);
  if (
    isFlowDescription(whole) ||
    isInert(whole) ||
    /^(?:\{\s*\}|\[[\s\d.,eE+-]*\]?|\[(?:\s|true|false|,)*\])$/.test(whole)
  )
    return end;
  edits.add(at, end, `"${REDACTED}"`);
  tellWords(walk, whole);
  return end;
}

function quotedPart({ text, walk }: Scan, name: string, at: number): Part {
  return { name, kind: 'text', ...readLooseText(text, at, walk.incomplete) };
}

const BARE_VALUE = /(?:\{\{[^{}]{1,128}\}\}|[^,;}\]\r\n])*/y;

function barePart({ text }: Scan, name: string, at: number): Part {
  const raw = (matchAt(BARE_VALUE, text, at)?.[0] ?? '').replace(/\s+\/[/*].*$/, '').trimEnd();
  return { name, kind: 'text', start: at, end: at + raw.length, value: raw };
}

const HERE = /^<<[-~]?["']?[A-Za-z_]\w*["']?$/;

function settleMember(scan: Scan, part: Part, verdict: NameVerdict): void {
  const { top } = scan;
  if (pairNames.has(part.name)) {
    top.hasPairName ||= part.end < scan.text.length;
    notePair(scan, part.value);
  }
  if (pairValues.has(part.name) || verdict === 'context') top.waiting.push(part);
  // What follows `<<EOF` is on other lines, which settings know.
  if (HERE.test(part.value)) return;
  if (!isNumber(part.value) || numberGoes(verdict)) take(scan, part, { name: part.name, verdict });
}

function isNumber(value: string): boolean {
  return /^-?\d[\d.eE+-]*$/.test(value);
}

function notePair(scan: Scan, name: string): void {
  const verdict = scan.walk.judge(name);
  if (isSensitive(verdict)) scan.top.pair = { name, verdict };
  else if (verdict === 'context' && mayNamePair(name)) scan.top.pair ??= { name, verdict };
}

// A list of two texts is a pair as well.
function settleItem(scan: Scan, part: Part): void {
  const { top } = scan;
  if (!top.array || scan.stack.length === 0) return;
  top.items += 1;
  if (top.items === 1 && containerGoes(scan.walk.judge(part.value))) notePair(scan, part.value);
  else if (top.items === 2 && top.pair) top.waiting.push(part);
  else if (top.items > 2) top.pair = undefined;
}

function finish(scan: Scan, cut: boolean): void {
  const frame = scan.top;
  scan.top = scan.stack.pop() ?? frame;
  if (frame.array && frame.items !== 2) return;
  const values = frame.waiting.filter(({ name }) => frame.array || pairValues.has(name));
  for (const part of frame.waiting) {
    const isValue = frame.array || pairValues.has(part.name);
    if (isValue && frame.pair) takePair(scan, part, frame.pair);
    else if (isValue && (frame.underAuth || (cut && mayBePair(frame, values)))) takeAny(scan, part);
    else if (!isValue && lonelyGoes(scan, frame, part, cut)) takeAny(scan, part);
  }
}

/** Whether the name of the only value may be in what was cut off. */
function mayBePair({ hasPairName }: Frame, [first, second]: readonly Part[]): boolean {
  return !hasPairName && second === undefined && first?.kind === 'text' && first.value.length <= MAX_UNNAMED_CHARS;
}

function takePair(scan: Scan, part: Part, pair: NamedValue): void {
  if (pair.verdict === 'context') {
    if (part.kind === 'text' && contextGoes(pair.name, part.value, false)) takeAny(scan, part);
  } else if (part.kind === 'container') {
    if (containerGoes(pair.verdict)) takeAny(scan, part);
  } else if (!isNumber(part.value) || numberGoes(pair.verdict)) take(scan, part, pair);
}

function lonelyGoes({ text }: Scan, { hasPairValue, oauth }: Frame, part: Part, cut: boolean): boolean {
  const { name, value, end } = part;
  // The beginning of an opaque text does not look opaque yet.
  if (cut && end >= text.length - 1) return true;
  return !(name.toLowerCase() === 'key' && hasPairValue) && contextGoes(name, value, oauth || cut);
}

function take({ walk, edits, text }: Scan, part: Part, named: NamedValue): void {
  const shown = replacementOf(walk, named, part.value);
  if (shown !== undefined) edits.add(part.start, part.end, quotedLike(text, part, shown));
}

function takeAny({ walk, edits, text }: Scan, part: Part): void {
  if (part.kind === 'container') {
    tellWords(walk, text.slice(part.start, part.end));
    edits.add(part.start, part.end, `"${REDACTED}"`);
  } else {
    const shown = takeWhole(walk, part.value);
    if (shown !== undefined) edits.add(part.start, part.end, quotedLike(text, part, shown));
  }
}

function quotedLike(text: string, part: Part, shown: string): string {
  return isQuote(text.charCodeAt(part.start - 1)) ? shown : JSON.stringify(shown);
}

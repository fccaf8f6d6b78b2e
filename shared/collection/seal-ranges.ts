// Finds the literals that stand under a sensitive name in a body: JSON, GraphQL and whatever looks like them, XML, forms.
// Lexical, because a body with `{{holes}}` parses as nothing; tolerant, because nothing may slip through a syntax error.
import { isSensitiveName } from '../redact/names.ts';
import { scanBraces } from './seal-braces.ts';
import { scanMultipart } from './seal-multipart.ts';

/** Offsets of a literal, without its quotes. */
export interface LiteralRange {
  readonly start: number;
  readonly end: number;
}

/** The literals under sensitive names, in text order, none overlapping. */
export function sensitiveRanges(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  if (/[{[]/.test(text)) addAll(ranges, scanBraces(text));
  if (text.includes('<')) addAll(ranges, scanTags(text));
  if (/^\s*[^\s={}[\]<>"]+=/.test(text)) addAll(ranges, scanForm(text));
  if (text.trimStart().startsWith('--')) addAll(ranges, scanMultipart(text));
  return disjoint(ranges);
}

// A body can hold more literals than a call takes arguments.
function addAll(ranges: LiteralRange[], more: readonly LiteralRange[]): void {
  for (const range of more) ranges.push(range);
}

function disjoint(ranges: readonly LiteralRange[]): LiteralRange[] {
  const kept: LiteralRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (range.end <= range.start) continue;
    if (!last || range.start >= last.end) kept.push(range);
    else if (range.end > last.end) kept[kept.length - 1] = { start: last.start, end: range.end };
  }
  return kept;
}

const NAME = /[\w:.-]+/g;
const CDATA = '<![CDATA[';
const CDATA_END = ']]>';

function scanTags(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  let from = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
    from = open + 1;
    const name = nameAt(text, from);
    if (name === '') continue;
    const end = tagEnd(text, from + name.length);
    from = end;
    if (text[end] !== '>') continue;
    const attributes = { start: open + 1 + name.length, end };
    scanAttributes(text.slice(attributes.start, end), attributes.start, ranges);
    if (text[end - 1] === '/' || !isSensitiveName(name)) continue;
    const inner = elementText(text, end + 1);
    ranges.push(inner);
    // All that stands in the element's text is sealed: to look for its end once more for each tag in it would take the square.
    from = inner.end;
  }
  return ranges;
}

function nameAt(text: string, at: number): string {
  NAME_HERE.lastIndex = at;
  return NAME_HERE.exec(text)?.[0] ?? '';
}

const NAME_HERE = /[\w:.-]+/y;

/** The offset of the next angle bracket, or the text's end. */
function tagEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '<' && text[at] !== '>') at += 1;
  return at;
}

const VALUE_NEXT = /\s*=\s*["']/y;

function scanAttributes(attributes: string, offset: number, ranges: LiteralRange[]): void {
  let from = 0;
  for (;;) {
    NAME.lastIndex = from;
    const name = NAME.exec(attributes)?.[0];
    if (name === undefined) return;
    from = NAME.lastIndex;
    VALUE_NEXT.lastIndex = from;
    if (!VALUE_NEXT.test(attributes)) continue;
    const start = VALUE_NEXT.lastIndex;
    const end = attributes.indexOf(attributes[start - 1] ?? '', start);
    if (end === -1) continue;
    if (isSensitiveName(name)) ranges.push({ start: offset + start, end: offset + end });
    from = end + 1;
  }
}

function elementText(text: string, from: number): LiteralRange {
  const wrapped = text.startsWith(CDATA, from);
  const start = wrapped ? from + CDATA.length : from;
  const end = text.indexOf(wrapped ? CDATA_END : '<', start);
  return { start, end: end === -1 ? text.length : end };
}

function scanForm(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  for (let from = 0; from < text.length; ) {
    const end = pairEnd(text, from);
    let start = from;
    while (text[start] === '=') start += 1;
    const equals = text.slice(start, end).indexOf('=');
    if (equals > 0 && isSensitiveName(text.slice(start, start + equals).trim())) {
      ranges.push({ start: start + equals + 1, end });
    }
    from = end + 1;
  }
  return ranges;
}

function pairEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '&' && text[at] !== '\r' && text[at] !== '\n') at += 1;
  return at;
}

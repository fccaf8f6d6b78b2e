// Finds the literals that stand under a sensitive name in a body: JSON, GraphQL and whatever looks like them, XML, forms.
// Lexical, because a body with `{{holes}}` parses as nothing; tolerant, because nothing may slip through a syntax error.
import { isSensitiveName } from '../redact/names.ts';
import { scanAddresses } from './seal-addresses.ts';
import { scanBraces } from './seal-braces.ts';
import { scanLines } from './seal-lines.ts';
import { scanMultipart } from './seal-multipart.ts';
import { decodeForm, hidesEncoded, scanEscaped } from './seal-nested.ts';
import { scanTags } from './seal-tags.ts';

/** Offsets of a literal, without its quotes. */
export interface LiteralRange {
  readonly start: number;
  readonly end: number;
}

/** The literals under sensitive names in a body, in text order, none overlapping. */
export function sensitiveRanges(text: string): readonly LiteralRange[] {
  const ranges = structuredRanges(text, 0);
  addAll(ranges, scanLines(text));
  return disjoint(ranges);
}

/** Those in the value of a field or variable: what stands there may be a body of its own, or an address. */
export function nestedRanges(text: string): readonly LiteralRange[] {
  return valueRanges(text, 1);
}

/** JSON in JSON in JSON is looked into, deeper nobody nests. */
const MAX_NESTING = 3;
const TELLING = /[{[(<=]/;

function valueRanges(text: string, depth: number): readonly LiteralRange[] {
  if (depth > MAX_NESTING || !TELLING.test(text)) {
    return text.includes('://') ? disjoint(scanAddresses(text)) : [];
  }
  const ranges = structuredRanges(text, depth);
  addAll(ranges, scanAddresses(text));
  return disjoint(ranges);
}

function structuredRanges(text: string, depth: number): LiteralRange[] {
  const inString = (inner: string): readonly LiteralRange[] =>
    inner.length < 3 ? [] : scanEscaped(inner, (plain) => valueRanges(plain, depth + 1));
  const ranges: LiteralRange[] = [];
  if (/[{[(]/.test(text)) addAll(ranges, scanBraces(text, inString));
  if (text.includes('<')) addAll(ranges, scanTags(text));
  if (FORM.test(text)) addAll(ranges, scanForm(text, depth));
  if (text.trimStart().startsWith('--')) addAll(ranges, scanMultipart(text));
  return ranges;
}

// A body can hold more literals than a call takes arguments.
function addAll(ranges: LiteralRange[], more: readonly LiteralRange[]): void {
  for (const range of more) ranges.push(range);
}

function disjoint(ranges: readonly LiteralRange[]): readonly LiteralRange[] {
  const kept: LiteralRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (range.end <= range.start) continue;
    if (!last || range.start >= last.end) kept.push(range);
    else if (range.end > last.end) kept[kept.length - 1] = { start: last.start, end: range.end };
  }
  return kept;
}

const FORM = /^\s*(?:\{\{[^{}]*\}\}|[^\s={}<>"])+=/;

function scanForm(text: string, depth: number): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  const isSecret = (plain: string): readonly LiteralRange[] => valueRanges(plain, depth + 1);
  for (let from = 0; from < text.length; ) {
    const end = pairEnd(text, from);
    let start = from;
    while (text[start] === '=') start += 1;
    const pair = text.slice(start, end);
    const equals = pair.indexOf('=');
    const value = pair.slice(equals + 1);
    const isHidden =
      equals > 0 && (isSensitiveName(decodeForm(pair.slice(0, equals)).trim()) || hidesEncoded(value, isSecret));
    if (isHidden) ranges.push({ start: start + equals + 1, end });
    from = end + 1;
  }
  return ranges;
}

function pairEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '&' && text[at] !== '\r' && text[at] !== '\n') at += 1;
  return at;
}

// Finds the literals that stand under a sensitive name in a body: JSON, GraphQL and whatever looks like them, XML, forms.
// Lexical, because a body with `{{holes}}` parses as nothing; tolerant, because nothing may slip through a syntax error.
import { isSensitiveName } from '../redact/names.ts';
import { scanBraces } from './seal-braces.ts';

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

const TAG = /<([\w:.-]+)([^<>]*)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const CDATA = '<![CDATA[';

function scanTags(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  for (const tag of text.matchAll(TAG)) {
    const [all, name = '', attributes = ''] = tag;
    const attributesStart = tag.index + 1 + name.length;
    for (const attribute of attributes.matchAll(ATTRIBUTE)) {
      const value = attribute[2] ?? attribute[3] ?? '';
      const end = attributesStart + attribute.index + attribute[0].length - 1;
      if (isSensitiveName(attribute[1] ?? '')) ranges.push({ start: end - value.length, end });
    }
    if (!attributes.endsWith('/') && isSensitiveName(name)) ranges.push(elementText(text, tag.index + all.length));
  }
  return ranges;
}

function elementText(text: string, from: number): LiteralRange {
  const wrapped = text.startsWith(CDATA, from);
  const start = wrapped ? from + CDATA.length : from;
  const end = text.indexOf(wrapped ? ']]>' : '<', start);
  return { start, end: end === -1 ? text.length : end };
}

function scanForm(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  for (const pair of text.matchAll(/([^&=\r\n]+)=([^&\r\n]*)/g)) {
    const [all, name = '', value = ''] = pair;
    const end = pair.index + all.length;
    if (isSensitiveName(name.trim())) ranges.push({ start: end - value.length, end });
  }
  return ranges;
}

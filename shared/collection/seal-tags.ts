// Literals in XML and HTML: the text of a sensitive element with all that is in it, sensitive attributes, and pairs such as
// `<key name="password">…</key>`.
import { isSensitiveName } from '../redact/names.ts';
import { isValueOfSibling, namesItsSibling } from './seal-braces.ts';
import type { LiteralRange } from './seal-ranges.ts';

const CDATA = '<![CDATA[';
const CDATA_END = ']]>';

export function scanTags(text: string): LiteralRange[] {
  const scan: Scan = { text, ranges: [], closings: lastClosings(text), sealed: undefined };
  let from = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
    if (scan.sealed) addText(text, { start: from, end: open }, scan.ranges);
    from = takeTag(scan, tagAt(text, open));
  }
  return scan.ranges;
}

interface Scan {
  readonly text: string;
  readonly ranges: LiteralRange[];
  readonly closings: ReadonlyMap<string, number>;
  /** All text between the tags is sealed until this element is closed. */
  sealed: { readonly name: string; depth: number } | undefined;
}

/** Gives the offset to go on at. */
function takeTag(scan: Scan, tag: Tag): number {
  if (tag.kind === 'data' && scan.sealed) scan.ranges.push(tag.inner);
  if (tag.kind === 'closing') leave(scan, tag.name);
  return tag.kind === 'opening' ? enter(scan, tag) : tag.end;
}

function leave(scan: Scan, name: string): void {
  if (scan.sealed?.name !== name) return;
  scan.sealed.depth -= 1;
  if (scan.sealed.depth === 0) scan.sealed = undefined;
}

function enter(scan: Scan, { name, attributes, empty, end }: Extract<Tag, { kind: 'opening' }>): number {
  const { text, ranges, closings, sealed } = scan;
  const named = scanAttributes(text, attributes, sealed !== undefined, ranges);
  if (empty) return end;
  if (sealed) {
    if (sealed.name === name) sealed.depth += 1;
    return end;
  }
  const isSecret = isSensitiveName(name);
  if ((closings.get(name) ?? -1) >= end) {
    if (isSecret || named) scan.sealed = { name, depth: 1 };
    return end;
  }
  if (!isSecret) return end;
  const inner = elementText(text, end);
  ranges.push(inner);
  return inner.end;
}

/** Where each element is closed for the last time. */
function lastClosings(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { 1: name = '', index } of text.matchAll(/<\/([\w:.-]+)/g)) found.set(name, index);
  return found;
}

type Tag =
  | { readonly kind: 'data'; readonly inner: LiteralRange; readonly end: number }
  | { readonly kind: 'closing'; readonly name: string; readonly end: number }
  | {
      readonly kind: 'opening';
      readonly name: string;
      readonly attributes: LiteralRange;
      readonly empty: boolean;
      readonly end: number;
    }
  | { readonly kind: 'other'; readonly end: number };

function tagAt(text: string, open: number): Tag {
  if (text.startsWith(CDATA, open)) {
    const inner = elementText(text, open);
    return { kind: 'data', inner, end: Math.min(inner.end + CDATA_END.length, text.length) };
  }
  const isClosing = text[open + 1] === '/';
  const start = open + (isClosing ? 2 : 1);
  const name = nameAt(text, start);
  if (name === '') return { kind: 'other', end: open + 1 };
  const close = bracketAfter(text, start + name.length);
  if (text[close] !== '>') return { kind: 'other', end: close };
  if (isClosing) return { kind: 'closing', name, end: close + 1 };
  const attributes = { start: start + name.length, end: close };
  return { kind: 'opening', name, attributes, empty: text[close - 1] === '/', end: close + 1 };
}

const NAME_HERE = /[\w:.-]+/y;

function nameAt(text: string, at: number): string {
  NAME_HERE.lastIndex = at;
  return NAME_HERE.exec(text)?.[0] ?? '';
}

/** The offset of the next angle bracket, or the text's end. */
function bracketAfter(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '<' && text[at] !== '>') at += 1;
  return at;
}

function addText(text: string, range: LiteralRange, ranges: LiteralRange[]): void {
  if (text.slice(range.start, range.end).trim() !== '') ranges.push(range);
}

const NAME = /[\w:.-]+/g;
const VALUE_NEXT = /\s*=\s*["']/y;
/** Says what a value is, not what it holds. */
const ABOUT = /^xmlns(?::|$)|^(?:xsi:)?(?:type|nil|schemaLocation)$|^lang$/i;

/** Adds the sensitive attributes, or all; whether one of them names the element's text as a secret. */
function scanAttributes(text: string, { start, end }: LiteralRange, all: boolean, ranges: LiteralRange[]): boolean {
  const values: LiteralRange[] = [];
  let named = false;
  for (const { name, value } of attributesIn(text.slice(start, end))) {
    const range = { start: start + value.start, end: start + value.end };
    if (isSensitiveName(name) || (all && !ABOUT.test(name))) ranges.push(range);
    else if (isValueOfSibling(name)) values.push(range);
    named ||= namesItsSibling(name) && isSensitiveName(text.slice(range.start, range.end));
  }
  if (named) for (const value of values) ranges.push(value);
  return named;
}

function* attributesIn(text: string): Generator<{ readonly name: string; readonly value: LiteralRange }> {
  let from = 0;
  for (;;) {
    NAME.lastIndex = from;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) return;
    from = NAME.lastIndex;
    VALUE_NEXT.lastIndex = from;
    if (!VALUE_NEXT.test(text)) continue;
    const start = VALUE_NEXT.lastIndex;
    const end = text.indexOf(text[start - 1] ?? '', start);
    if (end === -1) continue;
    yield { name, value: { start, end } };
    from = end + 1;
  }
}

function elementText(text: string, from: number): LiteralRange {
  const wrapped = text.startsWith(CDATA, from);
  const start = wrapped ? from + CDATA.length : from;
  const end = text.indexOf(wrapped ? CDATA_END : '<', start);
  return { start, end: end === -1 ? text.length : end };
}

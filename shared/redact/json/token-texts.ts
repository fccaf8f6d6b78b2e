// The tokens that hold more than their name says: known values, and what looks like a credential. Most tokens never come here.
import { REDACTED } from '../marker.ts';
import type { Span } from '../span.ts';
import { addEdit, KNOWN, SHAPE } from './edits.ts';
import { numberTexts } from './number-texts.ts';
import { NOWHERE, type Scan, sliceText } from './scan-state.ts';
import { afterEscape } from './tokens.ts';

/** A string token, a name or a value, that `watch` points into, that has a backslash, or that a bracket begins. */
export function visitString(scan: Scan, start: number, end: number): void {
  const parts = end > scan.watch ? knownParts(scan, start, end) : [];
  for (const part of parts) addEdit(scan.edits, part.start, part.end, KNOWN, REDACTED, 0);
  const isCandidate = passTo(scan, start, end);
  const { redactString } = scan.options;
  if (!redactString || !(isCandidate || scan.escaped || opensDocument(scan.bytes[start + 1]))) return;
  const shown = redactString(textWithout(scan, start, end, parts));
  if (shown.count > 0) addEdit(scan.edits, start, end, SHAPE, JSON.stringify(shown.text), shown.count);
}

/** Whether JSON or something like it may begin with this byte. */
export function opensDocument(first: number | undefined): boolean {
  return first === 91 || first === 123;
}

/** A number or literal. */
export function visitPlain(scan: Scan, start: number, end: number): void {
  if (end > scan.watch) {
    if (isTouched(scan, start, end)) addEdit(scan.edits, start, end, KNOWN, undefined, 0);
    passTo(scan, start, end);
  }
  if (end - start <= scan.shortBytes) visitShort(scan, start, end, sliceText(scan, start, end));
  if (scan.options.readsNumbers && readsOtherwise(scan, start, end)) scan.oddNumbers.push(start, end);
}

/** Replaces a whole field that is a short secret. */
export function visitShort(scan: Scan, start: number, end: number, field: string): void {
  if (!scan.options.isShortSecret?.(field)) return;
  addEdit(scan.edits, start, end, KNOWN, undefined, 0);
  scan.otherKnown += 1;
}

const EXACT_DIGITS = 15;

// A double keeps fifteen digits (IEEE 754); an exponent makes any number another text.
function readsOtherwise({ bytes }: Scan, start: number, end: number): boolean {
  if (end - start > EXACT_DIGITS) return true;
  for (let at = start; at < end; at += 1) if (((bytes[at] ?? 0) | 32) === 101) return true;
  return false;
}

/** Replaces the numbers that read as a known value; `isKnown` tells whether a text holds one. */
export function takeKnownNumbers(scan: Scan, isKnown: (text: string) => boolean): void {
  const { oddNumbers } = scan;
  const spellings: string[] = [];
  for (let at = 0; at < oddNumbers.length; at += 2) {
    const token = sliceText(scan, oddNumbers[at] ?? 0, oddNumbers[at + 1] ?? 0);
    spellings.push(numberTexts(token.replace(/^-/, '')).join('|'));
  }
  if (spellings.length === 0 || !isKnown(spellings.join('|'))) return;
  for (const [index, spelling] of spellings.entries()) {
    if (!isKnown(spelling)) continue;
    addEdit(scan.edits, oddNumbers[2 * index] ?? 0, oddNumbers[2 * index + 1] ?? 0, KNOWN, undefined, 0);
    scan.otherKnown += 1;
  }
}

// Moves on to what stands behind the token, and tells whether a candidate stood in it.
function passTo(scan: Scan, start: number, end: number): boolean {
  const { known, candidates } = scan;
  while ((known[scan.nextKnown]?.end ?? NOWHERE) <= end) scan.nextKnown += 1;
  while ((candidates[scan.nextCandidate] ?? NOWHERE) < start) scan.nextCandidate += 1;
  const found = (candidates[scan.nextCandidate] ?? NOWHERE) < end;
  while ((candidates[scan.nextCandidate] ?? NOWHERE) < end) scan.nextCandidate += 1;
  scan.watch = Math.min(known[scan.nextKnown]?.start ?? NOWHERE, candidates[scan.nextCandidate] ?? NOWHERE);
  return found;
}

/** The text that a string token stands for, as the server meant it. */
export function readString(scan: Scan, start: number, end: number): string {
  return unescaped(sliceText(scan, start + 1, end - 1));
}

/** The same without known values. */
export function readWithoutKnown(scan: Scan, start: number, end: number): string {
  const text =
    scan.known.length === 0
      ? readString(scan, start, end)
      : textWithout(scan, start, end, knownParts(scan, start, end));
  return end - start <= scan.shortBytes && scan.options.isShortSecret?.(text) ? REDACTED : text;
}

function textWithout(scan: Scan, start: number, end: number, parts: readonly Span[]): string {
  let text = '';
  let from = start + 1;
  for (const part of parts) {
    text += unescaped(sliceText(scan, from, part.start)) + REDACTED;
    from = part.end;
  }
  return text + unescaped(sliceText(scan, from, end - 1));
}

function unescaped(text: string): string {
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text;
}

/** Whether a known value stands in this stretch. */
export function isTouched({ known }: Scan, start: number, end: number): boolean {
  return (known[firstSpanBehind(known, start)]?.start ?? NOWHERE) < end;
}

function firstSpanBehind(known: readonly Span[], offset: number): number {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((known[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The parts of a string token in which known values stand, widened to whole characters and escapes. */
function knownParts({ bytes, known }: Scan, start: number, end: number): readonly Span[] {
  const parts: Span[] = [];
  let at = start + 1;
  for (let index = firstSpanBehind(known, at); index < known.length; index += 1) {
    const span = known[index];
    if (!span || span.start >= end - 1) break;
    let from = at;
    while (at < span.start) {
      from = at;
      at = afterCharacter(bytes, at, end);
    }
    if (at === span.start) from = at;
    while (at < Math.min(span.end, end - 1)) at = afterCharacter(bytes, at, end);
    if (at > from) parts.push({ start: from, end: at });
  }
  return parts;
}

function afterCharacter(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === 92) return Math.max(at + 1, afterEscape(bytes, at, end));
  let next = at + 1;
  while (next < end && ((bytes[next] ?? 0) & 0xc0) === 0x80) next += 1;
  return next;
}

// Takes every known secret out of a text, whatever it was encoded in. docs/THREAT-MODEL names the encodings it does not know.
import { limits } from '../limits.ts';
import { visitEncodedRuns } from './encoded-runs.ts';
import { createFormIndex, type FormIndex, type Span } from './form-index.ts';
import { REDACTED, WITHHELD } from './marker.ts';
import { secretForms } from './secret-forms.ts';
import { type EscapeMode, escapeModes, type Unescaped, undoEscapes } from './unescape.ts';
import { createWork, type Work } from './work.ts';

/** A secret in plain text, as the resolver gives it. It stays inside the scrubber that is made of it. */
export interface KnownSecret {
  readonly id: string;
  readonly value: string;
}

/**
 * `scrub` replaces every known secret by `[redacted]`; `hits` is how many places it replaced. A hit inside a base64 or hex
 * run takes the whole run. Time is linear in the text, whatever it holds: where what it holds would unpack to more than
 * `work` allows (the text's own share by default), the answer is `[withheld]` and `work.left` is below zero.
 */
export interface Scrubber {
  scrub(text: string, work?: Work): { text: string; hits: number };
}

const UNESCAPE_LEVELS = 3;
const RUN_LEVELS = 2;

/** Knows the secrets of at least `limits.secretMinScrubChars` characters; shorter ones are left to field names. */
export function createScrubber(secrets: readonly KnownSecret[]): Scrubber {
  const values = new Set(
    secrets.map(({ value }) => value).filter((value) => value.length >= limits.secretMinScrubChars),
  );
  const index = createFormIndex(Array.from(values).flatMap(secretForms));
  return {
    scrub(text, work = createWork(text.length)) {
      const spans = index.empty || work.left < 0 ? [] : allSpans(index, text, work, RUN_LEVELS);
      if (work.left < 0) return { text: WITHHELD, hits: 1 };
      return spans.length === 0 ? { text, hits: 0 } : replace(text, spans);
    },
  };
}

function allSpans(index: FormIndex, text: string, work: Work, runLevels: number): readonly Span[] {
  const spans = [...index.find(text), ...unescapedSpans(index, text)];
  if (runLevels === 0) return spans;
  visitEncodedRuns(text, work, ({ start, end, inner }) => {
    if (allSpans(index, inner, work, runLevels - 1).length > 0) spans.push({ start, end, run: true });
  });
  return spans;
}

function unescapedSpans(index: FormIndex, text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const mode of escapeModes) {
    let inner = undoEscapes(text, mode);
    for (let level = 1; inner; level += 1) {
      const { starts, ends } = inner;
      for (const { start, end, run } of index.find(inner.text)) {
        spans.push({ start: starts[start] ?? 0, end: ends[end - 1] ?? text.length, run });
      }
      inner = level < UNESCAPE_LEVELS ? undoDeeper(inner, mode) : undefined;
    }
  }
  return spans;
}

function undoDeeper(outer: Unescaped, mode: EscapeMode): Unescaped | undefined {
  const inner = undoEscapes(outer.text, mode) ?? undoEscapes(outer.text, 'escapes');
  if (!inner) return undefined;
  const { starts, ends } = inner;
  for (let at = 0; at < inner.text.length; at += 1) {
    starts[at] = outer.starts[starts[at] ?? 0] ?? 0;
    ends[at] = outer.ends[(ends[at] ?? 1) - 1] ?? 0;
  }
  return inner;
}

function replace(text: string, found: readonly Span[]): { text: string; hits: number } {
  const spans = found.toSorted((a, b) => a.start - b.start);
  const parts: string[] = [];
  let from = 0;
  let hits = 0;
  for (const span of spans) {
    if (span.end <= from || insideMarker(text, span)) continue;
    const start = span.run ? runStart(text, Math.max(from, span.start), from) : span.start;
    if (start >= from) {
      parts.push(text.slice(from, start), REDACTED);
      hits += 1;
    }
    from = span.run ? runEnd(text, span.end) : span.end;
  }
  return hits === 0 ? { text, hits } : { text: parts.join('') + text.slice(from), hits };
}

const RUN_CHARACTER = /[\w+/=-]/;

// The characters at the ends of a match in base64 hold bits of the secret as well.
function runStart(text: string, start: number, least: number): number {
  let first = start;
  while (first > least && RUN_CHARACTER.test(text.charAt(first - 1))) first -= 1;
  return first;
}

function runEnd(text: string, end: number): number {
  let last = end;
  while (last < text.length && RUN_CHARACTER.test(text.charAt(last))) last += 1;
  return last;
}

// A secret that reads like our own marker would make it grow at each pass.
function insideMarker(text: string, { start, end }: Span): boolean {
  for (let back = 0; back < REDACTED.length; back += 1) {
    if (text.startsWith(REDACTED, start - back) && start >= back) return end <= start - back + REDACTED.length;
  }
  return false;
}

// JSON wherever it stands in a text: documents on lines (NDJSON), after record separators (RFC 7464) or one after the other, behind
// a prefix against cross-site reading, in a callback or a script; and what is almost JSON.
import { redactJsonFields } from '../json-fields.ts';
import type { RedactedText } from '../marker.ts';
import { endOfBrackets } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { redactLooseJson } from './loose-json.ts';
import type { MediaWalk } from './media-walk.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every document of the text by the rules of JSON; what is no JSON, and what is not closed, loosely. */
export function redactJsonDocuments(text: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  let batch: Span[] = [];
  const brackets = /[[{]/g;
  for (let found = brackets.exec(text); found; found = brackets.exec(text)) {
    const start = found.index;
    const end = endOfBrackets(text, start);
    if (end < 0) {
      const shown = redactLooseJson(text.slice(start), walk);
      if (shown.count > 0) edits.add(start, text.length, shown.text, shown.count);
      break;
    }
    if (holdsFields(text, start, end)) batch.push({ start, end });
    if (batch.length === BATCH) batch = redactBatch(text, batch, walk, edits);
    brackets.lastIndex = end;
  }
  redactBatch(text, batch, walk, edits);
  return edits.apply(text);
}

/** Documents that are read in one go. */
const BATCH = 128;

function holdsFields(text: string, start: number, end: number): boolean {
  return end - start > 4 && /[:=,]/.test(text.slice(start, end));
}

/** Reads the documents as the items of one list, which keeps what a reading costs from counting for each; gives the next batch. */
function redactBatch(text: string, batch: readonly Span[], walk: MediaWalk, edits: Edits): Span[] {
  if (batch.length === 0) return [];
  const documents = batch.map(({ start, end }) => text.slice(start, end));
  const list = documents.length === 1 ? documents.join('') : `[${documents.join(',')}]`;
  const strict = redactJsonFields(list, walk.judge, walk.taken);
  if (strict.verdict === 'over-limit') walk.withhold();
  else if (strict.verdict === 'not-json') for (const span of batch) redactLoosely(text, span, walk, edits);
  else if (strict.count > 0) addDocuments(text, strict, batch, edits);
  return [];
}

function redactLoosely(text: string, { start, end }: Span, walk: MediaWalk, edits: Edits): void {
  const shown = redactLooseJson(text.slice(start, end), { ...walk, incomplete: false });
  if (shown.count > 0) edits.add(start, end, shown.text, shown.count);
}

// The redacted documents stand in the list as the given ones did.
function addDocuments(text: string, list: RedactedText, batch: readonly Span[], edits: Edits): void {
  let at = batch.length === 1 ? 0 : 1;
  let places = list.count;
  for (const { start, end } of batch) {
    const close = endOfBrackets(list.text, at);
    const shown = list.text.slice(at, close < 0 ? list.text.length : close);
    at = close + 1;
    if (shown === text.slice(start, end)) continue;
    edits.add(start, end, shown, places);
    places = 0;
  }
}

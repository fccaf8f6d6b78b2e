// Server-sent events (WHATWG HTML section 9.2): the data lines of an event, joined, are one document. Fields, comments and ids stay.
import type { RedactedText } from '../marker.ts';
import { createEdits, type Edits } from './edits.ts';
import { redactJsonDocuments } from './json-documents.ts';
import type { MediaWalk } from './media-walk.ts';

interface DataLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** Whether the text reads as a stream of events: it begins with one of their fields and has data. */
export function readsAsEvents(text: string): boolean {
  return /^\ufeff?(?:(?:data|event|id|retry):|:)/.test(text) && /^data:/m.test(text);
}

/** What is neither JSON nor on several lines is left to the readers of whole texts. */
export function redactEvents(text: string, walk: MediaWalk): RedactedText {
  const events = eventsOf(text);
  // With one line for each event, no document stands across lines.
  if (events.every(({ length }) => length === 1)) return redactJsonDocuments(text, walk);
  const edits = createEdits();
  for (const [index, data] of events.entries()) {
    const isLast = index === events.length - 1;
    redactEvent(text, data, { ...walk, incomplete: isLast && walk.incomplete }, edits);
  }
  return edits.apply(text);
}

/** The data lines of each event that has some. */
function eventsOf(text: string): readonly (readonly DataLine[])[] {
  const events: DataLine[][] = [];
  let data: DataLine[] = [];
  const lines = /([^\r\n]*)(\r\n|\r|\n|$)/y;
  while (lines.lastIndex < text.length) {
    const start = lines.lastIndex;
    const line = lines.exec(text)?.[1] ?? '';
    if (line === '') data = [];
    else if (/^\ufeff?data(?::|$)/.test(line)) {
      const value = /^\ufeff?data:? ?/.exec(line)?.[0].length ?? 0;
      if (data.length === 0) events.push(data);
      data.push({ line: start, start: start + value, end: start + line.length });
    }
  }
  return events;
}

function redactData(joined: string, lines: number, walk: MediaWalk): RedactedText {
  if (/^\s*[[{]/.test(joined)) return redactJsonDocuments(joined, walk);
  return lines > 1 ? walk.inner(joined, '', walk.incomplete) : { text: joined, count: 0 };
}

function redactEvent(text: string, data: readonly DataLine[], walk: MediaWalk, edits: Edits): void {
  const joined = data.map(({ start, end }) => text.slice(start, end)).join('\n');
  const shown = redactData(joined, data.length, walk);
  if (shown.count === 0) return;
  const lines = shown.text.split('\n');
  const [first, ...rest] = data;
  if (!first) return;
  if (lines.length === data.length) {
    for (const [index, { start, end }] of data.entries()) edits.add(start, end, lines[index] ?? '');
    return;
  }
  edits.add(first.start, first.end, lines.join('\ndata: '));
  // An empty data line would add a line to the document, so what the others held goes with their names.
  for (const { line, end } of rest) edits.add(line, end, ':');
}

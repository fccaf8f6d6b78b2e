// What names say about values in a text that is not JSON. The media type chooses the readers, and what the text looks like chooses
// more of them: a type may be missing, wrong or too general. All of them are applied, each to what the one before it left.
import type { RedactedText } from '../marker.ts';
import { redactAssignments } from './assignments.ts';
import { redactCommandLines } from './command-lines.ts';
import { redactCsv } from './csv.ts';
import { readsAsEvents, redactEvents } from './event-stream.ts';
import { readsAsForm, redactForm } from './form.ts';
import { redactHeaderLines } from './header-lines.ts';
import { redactJsonDocuments } from './json-documents.ts';
import { redactMarkup } from './markup.ts';
import { familyOf, type MediaFamily } from './media-type.ts';
import type { MediaReader, MediaTools, MediaWalk } from './media-walk.ts';
import { boundaryOf, redactMultipart } from './multipart.ts';
import { redactSettings } from './settings.ts';
import { readsAsYaml, redactYaml } from './yaml.ts';

/** `withheld`: a part is over the limits, so nothing of the text may be shown. */
export interface RedactedMedia extends RedactedText {
  readonly withheld: boolean;
}

/** How deep documents may stand inside of each other, each encoded for the one around it, and how many may in all. */
const MAX_INNER_DEPTH = 4;
const MAX_INNER = 50_000;

/** Takes the text of a body and its Content-Type (which may be empty or wrong); gives it without the values of sensitive names. */
export function redactMedia(text: string, contentType: string, tools: MediaTools): RedactedMedia {
  const state = { over: false, inner: 0 };
  const walkAt = (depth: number, incomplete: boolean): MediaWalk => ({
    judge: tools.judge,
    taken: tools.taken,
    incomplete,
    withhold: () => {
      state.over = true;
    },
    inner: (inner, type, cut = false) => {
      state.inner += 1;
      if (depth >= MAX_INNER_DEPTH || state.inner > MAX_INNER) state.over = true;
      return state.over ? { text: inner, count: 0 } : readAll(inner, type, walkAt(depth + 1, cut));
    },
  });
  const shown = readAll(text, contentType, walkAt(0, tools.incomplete));
  return { ...shown, withheld: state.over };
}

/** Without one of these, no reader finds the name of a field. */
const MARKS = /[=:<{[,;|\t]/;

function readAll(text: string, contentType: string, walk: MediaWalk): RedactedText {
  if (!MARKS.test(text) && familyOf(contentType) === 'other') return redactCommandLines(text, walk);
  let count = 0;
  let out = text;
  for (const read of readersOf(text, contentType)) {
    const shown = read(out, walk);
    count += shown.count;
    out = shown.text;
  }
  return { text: out, count };
}

function readersOf(text: string, contentType: string): readonly MediaReader[] {
  const family = familyOf(contentType);
  const boundary = boundaryOf(text, contentType);
  if (boundary !== undefined) return [(given, walk) => redactMultipart(given, boundary, walk)];
  if (family === 'form' || readsAsForm(text)) return [redactForm];
  const structured = structuredReaders(text, family);
  const assigned = text.includes('=') || text.includes(':');
  const lines = [...structured, redactCommandLines];
  return assigned ? [...lines, redactHeaderLines, redactAssignments] : lines;
}

function structuredReaders(text: string, family: MediaFamily): readonly MediaReader[] {
  const readers: MediaReader[] = [];
  const events = family === 'events' || readsAsEvents(text);
  if (events) readers.push(redactEvents);
  if (/<[A-Za-z_!]/.test(text)) {
    const dialect = family === 'xml' || family === 'html' ? family : undefined;
    readers.push((given, walk) => redactMarkup(given, walk, dialect));
  }
  // The documents of a stream of events are cut by the names of its lines.
  if (!events && (text.includes('{') || text.includes('['))) readers.push(redactJsonDocuments);
  const table = family === 'csv' || family === 'tsv';
  readers.push((given, walk) => redactCsv(given, walk, table));
  if (family === 'yaml' || family === 'headers' || (text.includes(':') && readsAsYaml(text))) readers.push(redactYaml);
  if (text.includes('=') || family === 'properties') {
    const colon = family === 'properties';
    readers.push((given, walk) => redactSettings(given, walk, { colon, space: colon }));
  }
  return readers;
}

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
import { type Dialect, redactMarkup } from './markup.ts';
import { familyOf, type MediaFamily } from './media-type.ts';
import type { MediaReader, MediaTools, MediaWalk } from './media-walk.ts';
import { boundaryOf, redactMultipart } from './multipart.ts';
import { readsAsSettings, redactSettings } from './settings.ts';
import { readsAsYaml, redactYaml } from './yaml.ts';
import { redactAliased } from './yaml-aliases.ts';

/** `withheld`: a part is over the limits, so nothing of the text may be shown. */
export interface RedactedMedia extends RedactedText {
  readonly withheld: boolean;
}

/** How deep documents may stand inside of each other, each encoded for the one around it, and how many may in all. */
const MAX_INNER_DEPTH = 4;
const MAX_INNER = 50_000;

/** Takes the text of a body and its Content-Type (which may be empty or wrong); gives it without the values of sensitive names. */
export function redactMedia(text: string, contentType: string, tools: MediaTools): RedactedMedia {
  return redactBy(tools, (walk) => readAll(text, contentType, walk));
}

/** Takes a text that stands in a field of JSON; where it is a document of another type, gives it without the same. */
export function redactHeld(text: string, tools: MediaTools): RedactedMedia {
  if (!mayBeDocument(text)) return { text, count: 0, withheld: false };
  return redactBy({ ...tools, prose: true }, (walk) => readBy(heldReaders(text), text, walk));
}

function redactBy(tools: MediaTools, read: (walk: MediaWalk) => RedactedText): RedactedMedia {
  const state = { over: false, inner: 0 };
  const walkAt = (depth: number, incomplete: boolean): MediaWalk => ({
    judge: tools.judge,
    taken: tools.taken,
    capture: tools.capture,
    prose: tools.prose === true,
    incomplete,
    goesDeeper: depth < MAX_INNER_DEPTH,
    withhold: () => {
      state.over = true;
    },
    inner: (inner, type, cut = false) => {
      state.inner += 1;
      if (depth >= MAX_INNER_DEPTH || state.inner > MAX_INNER) state.over = true;
      return state.over ? { text: inner, count: 0 } : readAll(inner, type, walkAt(depth + 1, cut));
    },
  });
  const shown = read(walkAt(0, tools.incomplete));
  return { ...shown, withheld: state.over };
}

/** Without one of these, no reader finds the name of a field. */
const MARKS = /[=:<{[,;|\t]/;

function readAll(text: string, contentType: string, walk: MediaWalk): RedactedText {
  if (!MARKS.test(text) && familyOf(contentType) === 'other') return redactCommandLines(text, walk);
  return readBy(readersOf(text, contentType), text, walk);
}

function readBy(readers: readonly MediaReader[], text: string, walk: MediaWalk): RedactedText {
  let count = 0;
  let out = text;
  for (const read of readers) {
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
  const structured = structuredReaders(text, family, contentType);
  const assigned = text.includes('=') || text.includes(':');
  const lines = [...structured, redactCommandLines];
  return assigned ? [...lines, redactHeaderLines, redactAssignments] : lines;
}

const TAG = /<[A-Za-z_][^<>]*>/;

/** A cheap look at a text in a field: most are words. */
function mayBeDocument(text: string): boolean {
  if (text.includes('\n')) return MARKS.test(text);
  return /^\s*[[{]/.test(text) || text.includes('&') || (text.includes('<') && TAG.test(text));
}

// What only resembles a field in the middle of a text is left to the rules of prose.
function heldReaders(text: string): readonly MediaReader[] {
  const boundary = boundaryOf(text, '');
  if (boundary !== undefined) return [(given, walk) => redactMultipart(given, boundary, walk)];
  if (readsAsForm(text)) return [redactForm];
  const readers: MediaReader[] = [];
  if (readsAsEvents(text)) readers.push(redactEvents);
  if (TAG.test(text)) readers.push((given, walk) => redactMarkup(given, walk, undefined));
  if (/^\s*[[{]/.test(text)) readers.push(redactJsonDocuments);
  if (!text.includes('\n') || readsAsCode(text)) return readers;
  readers.push((given, walk) => redactCsv(given, walk, false));
  if (text.includes(':') && readsAsYaml(text)) readers.push(redactYaml);
  if (text.includes('=') && readsAsSettings(text))
    readers.push((given, walk) => redactSettings(given, walk, { colon: false, space: false }));
  return readers;
}

const STATEMENT = /^[ \t]*(?:import|from|def|class|return|function|const|let|var|public|private)[ \t]+[\w{(*"'$]/gm;

/** In a program, `token = next` and `token: string` are no fields. */
function readsAsCode(text: string): boolean {
  return (text.slice(0, MAX_SAMPLE_CHARS).match(STATEMENT)?.length ?? 0) > 2;
}

const MAX_SAMPLE_CHARS = 16_384;

function dialectOf(family: MediaFamily, contentType: string): Dialect {
  if (family === 'xml' || family === 'html') return family;
  return family === 'json' && /(?:java|ecma)script/i.test(contentType) ? 'script' : undefined;
}

function structuredReaders(text: string, family: MediaFamily, contentType: string): readonly MediaReader[] {
  const readers: MediaReader[] = [];
  const events = family === 'events' || readsAsEvents(text);
  if (events) readers.push(redactEvents);
  if (/<[A-Za-z_!]/.test(text)) {
    const dialect = dialectOf(family, contentType);
    readers.push((given, walk) => redactMarkup(given, walk, dialect));
  }
  const yaml = family === 'yaml' || family === 'headers' || (text.includes(':') && readsAsYaml(text));
  if (yaml) readers.push(redactAliased);
  // The documents of a stream of events are cut by the names of its lines.
  if (!events && (text.includes('{') || text.includes('['))) readers.push(redactJsonDocuments);
  const table = family === 'csv' || family === 'tsv';
  readers.push((given, walk) => redactCsv(given, walk, table));
  if (yaml) readers.push(redactYaml);
  if (text.includes('=') || family === 'properties') {
    const colon = family === 'properties';
    readers.push((given, walk) => redactSettings(given, walk, { colon, space: colon }));
  }
  return readers;
}

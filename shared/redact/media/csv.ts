// Tables of text (RFC 4180, and with semicolons, tabs or bars): a sensitive name in the header row takes its column, and columns
// of names and values take each value by the name in its row.
import { contextGoes, isSensitive, pairNames, pairValues } from '../field-rules.ts';
import type { RedactedText } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import { endOfLine } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { type MediaWalk, type NamedValue, replacementOf, takeWhole } from './media-walk.ts';

interface Cell {
  /** Without quotes and the spaces around. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

interface Row {
  readonly cells: readonly Cell[];
  readonly next: number;
}

interface Table {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  readonly columns: readonly (NamedValue | undefined)[];
  readonly nameColumn: number;
  readonly valueColumn: number;
  readonly delimiter: string;
  /** Behind its header. */
  readonly next: number;
}

/** `declared`: the media type says that it is a table; else a header row of names has to be met by a row of as many cells. */
export function redactCsv(text: string, walk: MediaWalk, declared: boolean): RedactedText {
  const edits = createEdits();
  const start = afterTitle(text, startOfHeader(text), walk);
  let open = openTable({ text, walk, edits }, start, declared);
  for (let at = open?.next ?? text.length; open && at < text.length; ) {
    const row = readRow(text, at, open.delimiter);
    at = row.next;
    // Behind an empty line another table may begin.
    const other = isEmpty(row) ? openTable(open, skipEmpty(text, at), false) : undefined;
    if (other) [open, at] = [other, other.next];
    else redactRow(open, row);
  }
  return edits.apply(text);
}

type Given = Pick<Table, 'text' | 'walk' | 'edits'>;

function openTable(given: Given, start: number, declared: boolean): Table | undefined {
  const { text } = given;
  const line = lineAt(text, start);
  const delimiter = delimiterOf(line);
  if (!declared && (delimiter === '' || line.length === MAX_HEADER_CHARS)) return undefined;
  const header = readRow(text, start, delimiter);
  const table = tableOf(given, header, delimiter);
  return declared || (goes(table) && readsAsTable(table, header)) ? table : undefined;
}

function goes({ columns, nameColumn, valueColumn }: Table): boolean {
  return columns.some((column) => column !== undefined) || (nameColumn >= 0 && valueColumn >= 0);
}

function lineAt(text: string, start: number): string {
  return text.slice(start, Math.min(endOfLine(text, start), start + MAX_HEADER_CHARS));
}

/** Where the header begins behind a first line that is none: it has one cell, the next line has more, and it names nothing. */
function afterTitle(text: string, start: number, walk: MediaWalk): number {
  const title = lineAt(text, start);
  if (title === '' || delimiterOf(title) !== '' || isSensitive(walk.judge(title.replace(/"/g, '').trim())))
    return start;
  const next = skipEmpty(text, start + title.length);
  return delimiterOf(lineAt(text, next)) === '' ? start : next;
}

function skipEmpty(text: string, start: number): number {
  let at = start;
  while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  return at;
}

function isEmpty({ cells: [first, second] }: Row): boolean {
  return second === undefined && first !== undefined && first.start === first.end && !first.quoted;
}

const MAX_HEADER_CHARS = 8_192;

// A byte order mark, Excel's `sep=;`, empty lines and comments come before the header.
function startOfHeader(text: string): number {
  return /^\ufeff?(?:(?:sep=.|#[^\r\n]*|[ \t]*)(?:\r\n|\r|\n))*/.exec(text)?.[0].length ?? 0;
}

function delimiterOf(line: string): string {
  let best = '';
  let most = 0;
  for (const mark of ['\t', ',', ';', '|']) {
    const count = line.split(mark).length - 1;
    if (count > most) [best, most] = [mark, count];
  }
  return best;
}

function readRow(text: string, start: number, delimiter: string): Row {
  const cells: Cell[] = [];
  for (let at = start; ; ) {
    const cell = readCell(text, at, delimiter);
    cells.push(cell);
    const mark = text.charAt(cell.next);
    if (mark !== delimiter || mark === '') {
      const isPair = mark === '\r' && text.charAt(cell.next + 1) === '\n';
      return { cells, next: cell.next + (isPair ? 2 : 1) };
    }
    at = cell.next + 1;
  }
}

function readCell(text: string, start: number, delimiter: string): Cell & { readonly next: number } {
  let from = start;
  while (text.charAt(from) === ' ') from += 1;
  if (text.charAt(from) === '"') {
    const close = endOfQuoted(text, from + 1);
    const next = endOfBare(text, Math.min(close + 1, text.length), delimiter);
    // What stands behind the closing quote belongs to the cell all the same.
    const clean = text.slice(close + 1, next).trim() === '';
    return { start: from + 1, end: clean ? Math.min(close, text.length) : next, quoted: clean, next };
  }
  const next = endOfBare(text, from, delimiter);
  let end = next;
  while (end > from && text.charAt(end - 1) === ' ') end -= 1;
  return { start: from, end, quoted: false, next };
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    if (text.charAt(at + 1) !== '"') return at;
  }
}

function endOfBare(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at += 1) {
    const mark = text.charAt(at);
    if (mark === '\n' || mark === '\r' || mark === delimiter) return at;
  }
  return text.length;
}

function textOf(text: string, { start, end, quoted }: Cell): string {
  const raw = text.slice(start, end);
  return quoted ? raw.replaceAll('""', '"') : raw;
}

function tableOf({ text, walk, edits }: Given, { cells, next }: Row, delimiter: string): Table {
  const names = cells.map((cell) => textOf(text, cell).trim().slice(0, 300));
  const nameColumn = names.findIndex((name) => pairNames.has(name));
  const valueColumn = names.findIndex((name) => pairValues.has(name));
  return {
    text,
    walk,
    edits,
    columns: names.map((name) => columnOf(name, walk.judge(name), valueColumn >= 0)),
    nameColumn,
    valueColumn,
    delimiter,
    next,
  };
}

function columnOf(name: string, verdict: NameVerdict, hasValues: boolean): NamedValue | undefined {
  const opaque = verdict === 'context' && /^(?:auth|key)$/i.test(name) && !hasValues;
  return isSensitive(verdict) || opaque ? { name, verdict } : undefined;
}

// Names and no sentence: no more than three words, no stop at the end.
const HEADER_NAME = /^(?:[\p{L}_$"'][^\s,;|!?]{0,63}(?: [^\s,;|!?]{1,63}){0,2}(?<![.:]))?$/u;

function readsAsTable({ text, walk, delimiter }: Table, header: Row): boolean {
  const names = header.cells.map((cell) => textOf(text, cell));
  if (names.length < 2 || header.next >= text.length || !names.every((name) => HEADER_NAME.test(name.trim())))
    return false;
  let at = header.next;
  for (let tries = 0; tries < 2 && at < text.length; tries += 1) {
    const row = readRow(text, at, delimiter);
    if (row.cells.length === names.length) return true;
    at = row.next;
    // The rest of a row may have been cut off.
    if (walk.incomplete && at > text.length && row.cells.length < names.length) return true;
  }
  return false;
}

const UNKNOWN: NamedValue = { name: 'value', verdict: 'secret' };

function redactRow(table: Table, { cells, next }: Row): void {
  const { text, walk, columns, nameColumn, valueColumn } = table;
  const named = cells[nameColumn];
  const name = named ? textOf(text, named).trim() : '';
  // The name behind a value may have been cut off, or cut short.
  const cut = walk.incomplete && next > text.length && nameColumn > valueColumn && cells.length <= nameColumn + 1;
  const pair = cut ? UNKNOWN : name === '' ? undefined : { name, verdict: walk.judge(name) };
  for (const [index, cell] of cells.entries()) {
    // A row with more cells than the header has a delimiter in its last value.
    const column = columns[Math.min(index, columns.length - 1)];
    if (column) redactCell(table, cell, column);
    else if (pair && index === valueColumn) redactCell(table, cell, pair);
    else if (cell.quoted) redactHeld(table, cell);
  }
}

function redactCell({ text, walk, edits }: Table, cell: Cell, named: NamedValue): void {
  const value = textOf(text, cell);
  // The line under the header of a table in Markdown or of a database's shell.
  if (/^[-:=+_]+$/.test(value)) return;
  const shown =
    named.verdict === 'context'
      ? contextGoes(named.name, value, false)
        ? takeWhole(walk, value)
        : undefined
      : replacementOf(walk, named, value);
  if (shown !== undefined) edits.add(cell.start, cell.end, shown);
}

// A document that is written with doubled quotes inside of a cell.
function redactHeld({ text, walk, edits }: Table, cell: Cell): void {
  const raw = text.slice(cell.start, cell.end);
  if (!raw.includes('""') || !/^\s*[[{<]/.test(raw)) return;
  const inner = walk.inner(raw.replaceAll('""', '"'), '');
  if (inner.count > 0) edits.add(cell.start, cell.end, inner.text.replaceAll('"', '""'), inner.count);
}

// The text of elements: secret by the element's name, by the name that an attribute or a neighbour gives it, or by its place in a
// table or a list of definitions.

import { captureText } from '../capture.ts';
import { containerGoes, contextGoes, isSensitive, mayNamePair, pairNames, pairValues } from '../field-rules.ts';
import { isInert, REDACTED } from '../marker.ts';
import type { Edits } from './edits.ts';
import { decodeEntities } from './entities.ts';
import { MAX_UNNAMED_CHARS, type MediaWalk, type NamedValue, replacementOf, tellWords } from './media-walk.ts';

export interface Region {
  readonly start: number;
  readonly end: number;
  /** Whether elements stand in it. */
  readonly nested: boolean;
}

interface Cell extends Region {
  readonly header: boolean;
  readonly label: NamedValue | undefined;
}

/** What is known of an open element by its children. */
export interface Siblings {
  /** Set where a child such as `<name>` holds a sensitive name. */
  pair: NamedValue | undefined;
  hasName: boolean;
  readonly values: Region[];
  /** The last label of a list: `<dt>`, or `<key>` of a property list. */
  label: NamedValue | undefined;
  readonly cells: Cell[];
  columns: readonly (NamedValue | undefined)[] | undefined;
}

export interface Fields {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  /** Names of entities that stand in what was taken. */
  readonly references: Set<string>;
}

export function noSiblings(): Siblings {
  return { pair: undefined, hasName: false, values: [], label: undefined, cells: [], columns: undefined };
}

/** Takes the text of an element under a sensitive name; with elements in it, all of it if objects of that name go. */
export function takeRegion({ text, walk, edits, references }: Fields, named: NamedValue, region: Region): void {
  if (!isSensitive(named.verdict) || (region.nested && !containerGoes(named.verdict))) return;
  const [start, end] = trimmed(text, region);
  const raw = text.slice(start, end);
  for (const [, name = ''] of raw.matchAll(/&([A-Za-z_][\w:.-]{0,99});/g)) references.add(name);
  const value = textOf(raw);
  if (region.nested) {
    if (isInert(value) && !raw.includes('="') && !raw.includes("='")) return;
    tellWords(walk, raw);
    keepLeaves(walk, raw);
    edits.add(start, end, REDACTED);
    return;
  }
  const shown = replacementOf(walk, named, value);
  if (shown !== undefined) edits.add(start, end, shown);
}

const LEAF = /<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,256})?>([^<>]{4,8192})<\/\1\s*>/g;

/** What is taken whole is shown no more; the credentials in it are kept, and are listed beside the answer. */
function keepLeaves(walk: MediaWalk, raw: string): void {
  if (!walk.capture || raw.length > MOST_KEPT_CHARS) return;
  for (const [, name = '', text = ''] of raw.matchAll(LEAF))
    if (containerGoes(walk.judge(name))) captureText(walk.capture, name, textOf(text));
}

const MOST_KEPT_CHARS = 16_384;

function trimmed(text: string, { start, end }: Region): [number, number] {
  let [from, to] = [start, end];
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return [from, to];
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** What a reader of the element gets: sections joined, references undone, tags and comments gone. */
export function textOf(raw: string): string {
  if (!raw.includes('<')) return decodeEntities(raw).trim();
  return raw
    .split(/(<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$))/)
    .map((part, index) => {
      if (index % 2 === 0) return decodeEntities(part.replace(/<[^<>]*>/g, ''));
      return part.startsWith('<!--') ? '' : part.slice(9).replace(/\]\]>$/, '');
    })
    .join('')
    .trim();
}

/** What the text of a label says, if it is short enough to be one. */
export function labelOf({ text, walk }: Fields, region: Region): NamedValue | undefined {
  if (region.end - region.start > 200) return undefined;
  const name = textOf(text.slice(region.start, region.end)).replace(/[\s:*]+$/, '');
  if (name === '' || name.length > 40 || name.split(/\s+/).length > 4) return undefined;
  const verdict = walk.judge(name);
  return isSensitive(verdict) ? { name, verdict } : undefined;
}

/** Notes a child that has ended in what is known of its parent. */
export function noteChild(fields: Fields, parent: Siblings, parentName: string, name: string, region: Region): void {
  if (name === 'dt' || (name === 'key' && parentName === 'dict')) parent.label = labelOf(fields, region);
  else if (parent.label && (name === 'dd' || parentName === 'dict')) {
    takeRegion(fields, parent.label, region);
    if (name !== 'dd') parent.label = undefined;
  } else if (name === 'th' || name === 'td') {
    parent.cells.push({ ...region, header: name === 'th', label: labelOf(fields, region) });
  } else if (pairNames.has(name)) notePairName(fields, parent, region);
  else if (pairValues.has(name)) parent.values.push(region);
}

function notePairName({ text, walk }: Fields, parent: Siblings, { start, end, nested }: Region): void {
  if (nested || end - start > 256) return;
  const name = textOf(text.slice(start, end));
  const verdict = walk.judge(name);
  if (name !== '' && end < text.length) parent.hasName = true;
  if (isSensitive(verdict)) parent.pair = { name, verdict };
  else if (verdict === 'context' && mayNamePair(name)) parent.pair ??= { name, verdict };
}

/** Settles what the end of an element decides. `cut`: the text ends here, and the name of a value may be in what is missing. */
export function settleSiblings(fields: Fields, siblings: Siblings, cut: boolean): void {
  const { pair, values } = siblings;
  for (const region of values) {
    if (pair && isSensitive(pair.verdict)) takeRegion(fields, pair, region);
    else if (pair && contextGoes(pair.name, textOf(fields.text.slice(region.start, region.end)), false))
      takeRegion(fields, { ...pair, verdict: 'likely' }, region);
    else if (cut && values.length === 1 && !siblings.hasName && isShort(region))
      takeRegion(fields, { name: 'value', verdict: 'secret' }, region);
  }
}

function isShort({ start, end, nested }: Region): boolean {
  return !nested && end - start <= MAX_UNNAMED_CHARS;
}

/** Settles a row: its first cell may name the others, or the header row of the table names the columns. */
export function settleRow(fields: Fields, row: Siblings, table: Siblings | undefined): void {
  const { cells } = row;
  if (table && !table.columns && cells.length > 1 && cells.every(({ header }) => header)) {
    table.columns = cells.map(({ label }) => label);
    return;
  }
  const [first] = cells;
  const names = first?.label && (first.header || cells.length === 2) ? first.label : undefined;
  for (const [index, cell] of cells.entries()) {
    const column = table?.columns?.[index];
    if (column) takeRegion(fields, column, cell);
    else if (names && index > 0) takeRegion(fields, names, cell);
  }
}

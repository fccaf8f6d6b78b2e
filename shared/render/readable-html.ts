// HTML as a person would read it, in the notation of Markdown: headings, lists, tables, links with their address. One pass without
// a tree, so neither depth nor size of a document costs more than its length. What pages hide is left out.
import { limits } from '../limits.ts';
import { isHidden, lines, paragraphs, voids } from './elements.ts';
import { endEnds, type Hidden, startEnds } from './hidden-element.ts';
import { type Attributes, readHtml } from './html-tokens.ts';
import { createTextLayout, type TextLayout } from './text-layout.ts';

/**
 * Gives the readable text of a document or a part of one; undefined where there is none, where the document is longer than
 * `limits.readableHtmlChars`, or where the text would be longer than the document.
 */
export function readableHtml(html: string): string | undefined {
  if (html.length > limits.readableHtmlChars) return undefined;
  const page = createPage();
  readHtml(html, page);
  const text = page.layout.finish();
  return text === '' || page.layout.length > html.length ? undefined : text;
}

interface Page {
  readonly layout: TextLayout;
  text(text: string): void;
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
}

interface List {
  readonly ordered: boolean;
  next: number;
}

interface Row {
  cells: number;
  heads: number;
}

interface State {
  readonly layout: TextLayout;
  readonly lists: List[];
  /** The rows that are open, of tables in tables too; undefined between two rows. */
  readonly tables: (Row | undefined)[];
  quotes: number;
  preformatted: number;
  link: { readonly address: string; text: string } | undefined;
  /** Choices of the select that is open. */
  options: number | undefined;
}

function createPage(): Page {
  const state: State = {
    layout: createTextLayout(),
    lists: [],
    tables: [],
    quotes: 0,
    preformatted: 0,
    link: undefined,
    options: undefined,
  };
  let hidden: Hidden | undefined;
  return {
    layout: state.layout,
    text(text) {
      if (!hidden) write(state, text);
    },
    open(name, attributes) {
      if (hidden && !startEnds(hidden, name)) return;
      hidden = undefined;
      if (!isHidden(name, attributes)) return openElement(state, name, attributes);
      breakAround(state, name);
      if (!voids.has(name)) hidden = { name, depth: 1, inner: 0 };
    },
    close(name) {
      const ends = hidden ? endEnds(hidden, name) : 'outside';
      if (ends !== 'no') hidden = undefined;
      if (ends === 'outside') closeElement(state, name);
    },
  };
}

const MAX_LINK_CHARS = 500;
const MAX_OPTIONS = 20;

function write({ layout, link, preformatted, options }: State, text: string): void {
  if (options !== undefined && options > MAX_OPTIONS) return;
  if (link && link.text.length <= MAX_LINK_CHARS) link.text += text;
  if (preformatted > 0) layout.verbatim(text);
  else layout.words(text);
}

function openElement(state: State, name: string, attributes: Attributes): void {
  const { layout } = state;
  // A select that is not closed hides nothing of what follows.
  if (state.options !== undefined && name !== 'option' && name !== 'optgroup') closeSelect(state);
  breakAround(state, name);
  openers.get(name)?.(state, attributes);
  const level = /^h([1-6])$/.exec(name)?.[1];
  if (level !== undefined) layout.mark('#'.repeat(Number(level)));
}

function closeElement(state: State, name: string): void {
  closers.get(name)?.(state);
  breakAround(state, name);
}

/** In a cell of a table everything stays in one line. */
function breakAround({ layout, lists, tables }: State, name: string): void {
  const inCell = tables.at(-1) !== undefined && name !== 'tr' && name !== 'table';
  const isInner = isList.has(name) && lists.length > 0;
  const begins = isInner || lines.has(name) ? 1 : paragraphs.has(name) ? 2 : 0;
  if (inCell && begins > 0) layout.words(' ');
  else if (begins > 0) layout.breakLine(begins === 2 ? 2 : 1);
}

const isList = new Set(['ul', 'ol', 'menu']);

type Opener = (state: State, attributes: Attributes) => void;

const openers = tableOf<Opener>({
  a: openLink,
  br: ({ layout, tables }) => (tables.at(-1) ? layout.words(' ') : layout.addBreak()),
  hr(state) {
    state.layout.breakLine(2);
    state.layout.words('---');
    state.layout.breakLine(2);
  },
  title: ({ layout }) => layout.words('Title: '),
  pre(state) {
    state.preformatted += 1;
  },
  textarea: (state, attributes) => field(state, attributes),
  select(state, attributes) {
    field(state, attributes);
    state.options = 0;
  },
  option(state) {
    if (state.options === undefined) return;
    state.options += 1;
    if (state.options <= MAX_OPTIONS) state.layout.words(state.options > 1 ? ' / ' : ' ');
  },
  input: openInput,
  img({ layout }, attributes) {
    const alt = attributes.get('alt')?.trim();
    if (alt) layout.words(` [image: ${alt}] `);
  },
  blockquote(state) {
    state.quotes += 1;
    indent(state);
  },
  ul: (state) => openList(state, { ordered: false, next: 1 }),
  menu: (state) => openList(state, { ordered: false, next: 1 }),
  ol: (state, attributes) => openList(state, { ordered: true, next: countOf(attributes.get('start')) ?? 1 }),
  li: openItem,
  dd: ({ layout }) => layout.words(': '),
  table: ({ tables }) => void tables.push(undefined),
  tr(state) {
    closeRow(state);
    state.layout.breakLine(1);
    if (state.tables.length > 0) state.tables.splice(-1, 1, { cells: 0, heads: 0 });
  },
  td: (state) => openCell(state, false),
  th: (state) => openCell(state, true),
});

const closers = tableOf<(state: State) => void>({
  a: closeLink,
  title: ({ layout }) => layout.breakLine(2),
  pre(state) {
    state.preformatted = Math.max(0, state.preformatted - 1);
  },
  select: closeSelect,
  blockquote(state) {
    state.quotes = Math.max(0, state.quotes - 1);
    indent(state);
  },
  ul: closeList,
  menu: closeList,
  ol: closeList,
  tr: closeRow,
  table(state) {
    closeRow(state);
    state.tables.pop();
  },
});

function tableOf<T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(table));
}

function openLink(state: State, attributes: Attributes): void {
  closeLink(state);
  const address = attributes.get('href')?.trim() ?? '';
  if (address === '' || /^(?:#|javascript:|data:)/i.test(address)) return;
  const shown = address.length > MAX_LINK_CHARS ? `${address.slice(0, MAX_LINK_CHARS)}…` : address;
  state.link = { address: shown, text: '' };
}

function closeLink(state: State): void {
  const { link, layout } = state;
  state.link = undefined;
  const text = link?.text.trim() ?? '';
  if (link && text !== '' && text !== link.address) layout.words(` <${link.address}>`);
}

function openInput(state: State, attributes: Attributes): void {
  const type = attributes.get('type')?.toLowerCase() ?? 'text';
  const label = attributes.get('value') ?? type;
  if (type === 'checkbox' || type === 'radio') state.layout.words(attributes.has('checked') ? ' [x] ' : ' [ ] ');
  else if (/^(?:submit|button|reset)$/.test(type)) state.layout.words(` [button: ${label}] `);
  else if (type !== 'hidden') field(state, attributes);
}

/** A form field by its name, without what it holds. */
function field({ layout }: State, attributes: Attributes): void {
  const name = attributes.get('name') ?? attributes.get('placeholder') ?? attributes.get('id') ?? '';
  layout.words(` [field ${name}] `);
}

function closeSelect(state: State): void {
  const more = (state.options ?? 0) - MAX_OPTIONS;
  state.options = undefined;
  state.layout.words(more > 0 ? ` / ${more} more ` : ' ');
}

function openItem(state: State): void {
  const list = state.lists.at(-1);
  const depth = Math.max(0, state.lists.length - 1);
  state.layout.prefix(prefixOf(state, depth));
  state.layout.mark(list?.ordered ? `${list.next}.` : '-');
  if (list) list.next += 1;
  state.layout.prefix(prefixOf(state, depth + 1));
}

const MAX_COUNT = 999_999;

function countOf(text: string | undefined): number | undefined {
  const count = Number.parseInt(text ?? '', 10);
  return count >= 0 && count <= MAX_COUNT ? count : undefined;
}

function openList(state: State, list: List): void {
  state.lists.push(list);
  indent(state);
}

function closeList(state: State): void {
  state.lists.pop();
  indent(state);
}

/** The lines that begin from now on begin as lists and quotes have it. */
function indent(state: State): void {
  state.layout.prefix(prefixOf(state, Math.max(0, state.lists.length - 1)));
}

const MAX_INDENTS = 6;
const MAX_QUOTES = 3;

function prefixOf({ quotes }: State, depth: number): string {
  return '> '.repeat(Math.min(quotes, MAX_QUOTES)) + '  '.repeat(Math.min(depth, MAX_INDENTS));
}

function openCell({ layout, tables }: State, isHead: boolean): void {
  const row = tables.at(-1);
  if (!row) return;
  if (row.cells > 0) layout.words(' | ');
  row.cells += 1;
  if (isHead) row.heads += 1;
}

function closeRow({ layout, tables }: State): void {
  const row = tables.at(-1);
  if (!row) return;
  tables.splice(-1, 1, undefined);
  if (row.heads < 2 || row.heads !== row.cells) return;
  layout.breakLine(1);
  layout.words(Array.from({ length: row.cells }, () => '---').join(' | '));
}

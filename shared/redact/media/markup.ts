// Fields of XML, SOAP, property lists and HTML, in one scan that needs no well-formed document.

import { limits } from '../../limits.ts';
import { containerGoes, isSensitive, pairValues } from '../field-rules.ts';
import type { RedactedText } from '../marker.ts';
import { createEdits } from './edits.ts';
import { decodeEntities, encodeEntities } from './entities.ts';
import { localName, redactAttributes } from './markup-attributes.ts';
import {
  type Fields,
  noSiblings,
  noteChild,
  type Region,
  type Siblings,
  settleRow,
  settleSiblings,
  takeRegion,
} from './markup-fields.ts';
import { lexMarkup, type SectionKind, type Tag } from './markup-lexer.ts';
import { type MediaWalk, type NamedValue, takeWhole } from './media-walk.ts';

interface Element {
  readonly name: string;
  readonly raw: string;
  readonly start: number;
  readonly siblings: Siblings;
  /** Under which name its text goes: that of the element, or one that an attribute gives. */
  readonly named: NamedValue | undefined;
  /** Named by an attribute only: its own text and its values go, other elements in it stay. */
  readonly byAttribute: boolean;
  children: number;
}

interface Tree {
  readonly fields: Fields;
  readonly html: boolean;
  /** Whether an `id` may name a field, as it does in a page. */
  readonly ids: boolean;
  readonly document: boolean;
  readonly stack: Element[];
  /** How many open elements have a name. */
  readonly open: Map<string, number>;
  /** An element that goes as a whole, and how many of its name are open in it. */
  whole: { readonly element: Element; depth: number } | undefined;
  /** Names of elements that are known not to end. */
  readonly unclosed: Set<string>;
}

export type Dialect = 'xml' | 'html' | 'script' | undefined;

/** Takes a text with markup; `dialect` is what its media type says, if anything. */
export function redactMarkup(text: string, walk: MediaWalk, dialect: Dialect): RedactedText {
  const edits = createEdits();
  const html =
    dialect === 'html' || (dialect === undefined && /<(?:!doctype html|html|body|head)\b/i.test(text.slice(0, 4_096)));
  const tree: Tree = {
    fields: { text, walk, edits, references: new Set() },
    html,
    ids: dialect !== 'xml',
    document: dialect === 'xml' || dialect === 'html' || /^\s*</.test(text),
    stack: [],
    open: new Map(),
    whole: undefined,
    unclosed: new Set(),
  };
  lexMarkup(
    text,
    {
      open: (tag) => openElement(tree, tag),
      close: (name, start) => closeElement(tree, name, start),
      text: (start, end) => readText(tree, start, end),
      section: (kind, start, end) => readSection(tree, kind, start, end),
    },
    {
      raw: (name) => rawKind(name, html),
      incomplete: walk.incomplete,
      sections: dialect !== 'script',
      openEnded: () => walk.incomplete && tree.whole !== undefined,
    },
  );
  finish(tree);
  return edits.apply(text);
}

function rawKind(name: string, html: boolean): 'script' | 'text' | undefined {
  if (/^(?:script|style)$/i.test(name)) return 'script';
  return html && /^(?:textarea|title)$/i.test(name) ? 'text' : undefined;
}

const VOID = /^(?:area|br|col|embed|hr|img|input|meta|wbr)$/;
const HTML_VOID = /^(?:base|link|param|source|track)$/;
/** Elements that a sibling of the same kind ends in HTML. */
const IMPLIED = /^(?:p|li|dt|dd|td|th|tr|option)$/;

function openElement(tree: Tree, tag: Tag): void {
  const { fields, whole, html, stack } = tree;
  if (whole) {
    if (tag.name === whole.element.raw && !tag.selfClosing) whole.depth += 1;
    return;
  }
  const name = localName(tag.name);
  const { named, sure } = redactAttributes(fields.text, tag, fields.walk, fields.edits);
  endImplied(tree, name, tag.start);
  const parent = stack[stack.length - 1];
  if (parent) parent.children += 1;
  if (tag.selfClosing || tag.cut || VOID.test(name) || (html && HTML_VOID.test(name))) return;
  const byName = isSensitive(fields.walk.judge(name));
  const element: Element = {
    name,
    raw: tag.name,
    start: tag.end,
    siblings: noSiblings(),
    named: namesText(tree, name, named, byName, sure, parent),
    byAttribute: !byName,
    children: 0,
  };
  if (element.named && takesAll(element, parent)) openWhole(tree, element);
  else push(tree, element);
}

/** Elements whose text is a caption and no value, whatever their `name` or `id` is. */
const CAPTIONS =
  /^(?:a|button|label|h[1-6]|form|fieldset|legend|iframe|slot|map|object|summary|li|title|caption|nav|section)$/;

function namesText(
  tree: Tree,
  name: string,
  named: NamedValue,
  byName: boolean,
  sure: boolean,
  parent: Element | undefined,
): NamedValue | undefined {
  if (isSensitive(named.verdict) && (byName || (sure && !CAPTIONS.test(name)))) return named;
  // `<div id="api-key">` names an element of the page; what it holds is a value only where it reads like one.
  if (isSensitive(named.verdict) && tree.ids && !CAPTIONS.test(name)) return { ...named, name: '' };
  const holder = parent?.byAttribute ? parent.named : undefined;
  return holder &&
    holder.name !== '' &&
    (pairValues.has(name) || /^(?:item|string|entry|el|element|option|li)$/.test(name))
    ? holder
    : undefined;
}

function takesAll({ named, byAttribute, name }: Element, parent: Element | undefined): boolean {
  if (!named || !containerGoes(named.verdict)) return false;
  return (
    !byAttribute || name === 'select' || name === 'textarea' || (parent?.byAttribute === true && parent.named === named)
  );
}

// In a text that is no document, an element without an end is more often a placeholder: `login <user> <password>`.
function openWhole(tree: Tree, element: Element): void {
  const { document, fields, unclosed } = tree;
  if (!document && !fields.walk.incomplete && !closesLater(fields.text, element, unclosed)) takeWord(fields, element);
  else tree.whole = { element, depth: 1 };
}

const MAX_UNCLOSED = 100;

function closesLater(text: string, { raw, start }: Element, unclosed: Set<string>): boolean {
  if (unclosed.has(raw) || unclosed.size >= MAX_UNCLOSED) return false;
  if (text.includes(`</${raw}`, start)) return true;
  unclosed.add(raw);
  return false;
}

function push(tree: Tree, element: Element): void {
  const { stack, open, html, fields } = tree;
  stack.push(element);
  open.set(element.raw, (open.get(element.raw) ?? 0) + 1);
  if (stack.length <= limits.redactDepth) return;
  if (!html && tree.document) fields.walk.withhold();
  const oldest = stack.shift();
  if (oldest) open.set(oldest.raw, (open.get(oldest.raw) ?? 1) - 1);
}

function endImplied(tree: Tree, name: string, at: number): void {
  const top = tree.stack[tree.stack.length - 1];
  if (!top || !IMPLIED.test(name)) return;
  const pair = name + top.name;
  if (top.name === name || /^(?:dtdd|dddt|tdth|thtd)$/.test(pair)) pop(tree, at);
  else if (name === 'tr' && /^t[dh]$/.test(top.name)) {
    pop(tree, at);
    endImplied(tree, name, at);
  }
}

function closeElement(tree: Tree, raw: string, at: number): void {
  const { whole, stack, open } = tree;
  if (whole) {
    if (raw !== whole.element.raw) return;
    whole.depth -= 1;
    if (whole.depth > 0) return;
    tree.whole = undefined;
    endWhole(tree, whole.element, at);
    return;
  }
  if ((open.get(raw) ?? 0) === 0) return;
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    pop(tree, at);
    if (top?.raw === raw) break;
  }
}

function endWhole({ fields, stack }: Tree, element: Element, at: number): void {
  const region = { start: element.start, end: at, nested: hasTags(fields.text, element.start, at) };
  if (element.named) takeRegion(fields, element.named, region);
  const parent = stack[stack.length - 1];
  if (parent) noteChild(fields, parent.siblings, parent.name, element.name, region);
}

function hasTags(text: string, start: number, end: number): boolean {
  return /<[A-Za-z_:]/.test(text.slice(start, end).replace(/<!\[CDATA\[[\s\S]*?(?:\]\]>|$)/g, ''));
}

/** `cut`: the element did not end, the text did. */
function pop(tree: Tree, at: number, cut = false): void {
  const { stack, open, fields } = tree;
  const element = stack.pop();
  if (!element) return;
  open.set(element.raw, (open.get(element.raw) ?? 1) - 1);
  const region: Region = { start: element.start, end: at, nested: element.children > 0 };
  if (element.named && !region.nested && (cut || readsAsValue(fields.text, element, region)))
    takeRegion(fields, element.named, region);
  settleSiblings(fields, element.siblings, cut);
  if (element.name === 'tr') settleRow(fields, element.siblings, tableOf(stack)?.siblings);
  const parent = stack[stack.length - 1];
  if (parent) noteChild(fields, parent.siblings, parent.name, element.name, region);
}

function readsAsValue(text: string, { named }: Element, { start, end }: Region): boolean {
  return named?.name !== '' || /^\s*(?=[^\s<]*\d)[^\s<]{6,}\s*$/.test(text.slice(start, Math.min(end, start + 1_000)));
}

function tableOf(stack: readonly Element[]): Element | undefined {
  return stack.slice(-3).findLast(({ name }) => name === 'table');
}

// A document that an element holds as escaped text: SOAP's payloads, JSON in a page.
function readText({ fields, whole }: Tree, start: number, end: number): void {
  if (whole) return;
  const raw = fields.text.slice(start, end);
  if (!/&(?:amp;){0,2}(?:lt|quot|#)/.test(raw)) return;
  let decoded = decodeEntities(raw);
  // Escaped more than once, it is a document all the same.
  let levels = 1;
  for (; levels < MAX_ESCAPES && !/<\/?[A-Za-z!]/.test(decoded) && /&(?:amp;)?(?:lt|quot|#)/.test(decoded); levels += 1)
    decoded = decodeEntities(decoded);
  if (!/<[A-Za-z!]|[{[]|=/.test(decoded)) return;
  const inner = fields.walk.inner(decoded, '', fields.walk.incomplete && end === fields.text.length);
  if (inner.count === 0) return;
  let shown = inner.text;
  for (let level = 0; level < levels; level += 1) shown = encodeEntities(shown);
  fields.edits.add(start, end, shown, inner.count);
}

const MAX_ESCAPES = 3;

function readSection({ fields, whole }: Tree, kind: SectionKind, start: number, end: number): void {
  if (whole || end <= start || !(kind === 'script' || fields.text.slice(start, end).includes('<'))) return;
  // Nothing in a section is encoded: where no reader goes into it, those of the whole text read it.
  if (!fields.walk.goesDeeper) return;
  const inner = fields.walk.inner(
    fields.text.slice(start, end),
    kind === 'script' ? 'text/javascript' : '',
    fields.walk.incomplete && end === fields.text.length,
  );
  if (inner.count > 0) fields.edits.add(start, end, inner.text, inner.count);
}

function finish(tree: Tree): void {
  const { fields, stack, whole } = tree;
  const { text, walk } = fields;
  if (whole) endWhole(tree, whole.element, text.length);
  if (walk.incomplete) while (stack.length > 0) pop(tree, text.length, true);
  if (fields.references.size > 0 || walk.incomplete) takeEntities(fields);
}

const ENTITY = /<!ENTITY\s{1,40}([\w:.-]{1,100})\s{1,40}(?:"([^"<]{0,4096})|'([^'<]{0,4096}))/g;

/** Values that the document type gives to entities which stood for a secret, or may in what was cut off. */
function takeEntities({ text, walk, edits, references }: Fields): void {
  for (const found of text.matchAll(ENTITY)) {
    const [whole, name = '', double, single = ''] = found;
    if (!walk.incomplete && !references.has(name)) continue;
    const value = double ?? single;
    const shown = takeWhole(walk, decodeEntities(value));
    const end = found.index + whole.length;
    if (shown !== undefined) edits.add(end - value.length, end, shown);
  }
}

function takeWord(fields: Fields, { named, start }: Element): void {
  const word = /^[^\s<>()[\]{}|]{4,}(?=[ \t]*(?:[\r\n]|$))/.exec(fields.text.slice(start, start + 1_000))?.[0];
  if (named && word !== undefined) takeRegion(fields, named, { start, end: start + word.length, nested: false });
}

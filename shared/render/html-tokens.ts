// Reads HTML as browsers' tokenizers do (WHATWG HTML section 13.2.5), as far as a text needs it: tags, attributes, comments, raw
// text. One pass from left to right; nothing is read twice, whatever the document leaves open.
import { decodeEntities } from './entities.ts';

/** First of each name wins; names in lower case, values with their character references decoded. */
export type Attributes = ReadonlyMap<string, string>;

export interface HtmlReader {
  text(text: string): void;
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
}

/** Their content is text up to their own end tag; in these the references are no references. */
const RAW = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext']);
/** The same, with references. */
const ESCAPABLE = new Set(['title', 'textarea']);
const MAX_ATTRIBUTES = 100;

const SPACE = /[\t\n\f\r ]/;
const NAME_END = /[\t\n\f\r />]/g;
const ATTRIBUTE_END = /[\t\n\f\r />=]/g;
const UNQUOTED_END = /[\t\n\f\r >]/g;

/** Calls the reader for every piece of a document, in its order. */
export function readHtml(html: string, reader: HtmlReader): void {
  for (let at = 0; at < html.length; ) {
    const mark = html.indexOf('<', at);
    const end = mark < 0 ? html.length : mark;
    if (end > at) reader.text(decodeEntities(html.slice(at, end)));
    if (mark < 0) return;
    at = readMarkup(html, mark, reader);
  }
}

function readMarkup(html: string, mark: number, reader: HtmlReader): number {
  const next = html.charAt(mark + 1);
  if (/[a-zA-Z]/.test(next)) return readTag(html, mark, reader);
  if (html.startsWith('<!--', mark)) return after(html, '-->', mark + 2);
  if (next === '!' || next === '?') return after(html, '>', mark + 2);
  if (next !== '/') {
    reader.text('<');
    return mark + 1;
  }
  if (!/[a-zA-Z]/.test(html.charAt(mark + 2))) return after(html, '>', mark + 2);
  const nameEnd = find(html, NAME_END, mark + 2);
  const { end } = readAttributes(html, nameEnd);
  reader.close(html.slice(mark + 2, nameEnd).toLowerCase());
  return end;
}

function readTag(html: string, mark: number, reader: HtmlReader): number {
  const nameEnd = find(html, NAME_END, mark + 1);
  const name = html.slice(mark + 1, nameEnd).toLowerCase();
  const { attributes, end, closed } = readAttributes(html, nameEnd);
  // A tag that the document ends in is none.
  if (!closed) return html.length;
  reader.open(name, attributes);
  if (!RAW.has(name) && !ESCAPABLE.has(name)) return end;
  const close = find(html, new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi'), end);
  const content = html.slice(end, close);
  reader.text(RAW.has(name) ? content : decodeEntities(content));
  return close;
}

function readAttributes(html: string, from: number) {
  const attributes = new Map<string, string>();
  let at = from;
  while (at < html.length) {
    const char = html.charAt(at);
    if (char === '>') return { attributes, end: at + 1, closed: true };
    if (char === '/' || SPACE.test(char)) {
      at += 1;
      continue;
    }
    // An equals sign at the start belongs to the name (section 13.2.5.32).
    const nameEnd = find(html, ATTRIBUTE_END, at + 1);
    const value = readValue(html, nameEnd);
    const name = html.slice(at, nameEnd).toLowerCase();
    if (attributes.size < MAX_ATTRIBUTES && !attributes.has(name)) attributes.set(name, decodeEntities(value.text));
    at = value.end;
  }
  return { attributes, end: html.length, closed: false };
}

function readValue(html: string, from: number): { readonly text: string; readonly end: number } {
  let at = skipSpace(html, from);
  if (html.charAt(at) !== '=') return { text: '', end: at };
  at = skipSpace(html, at + 1);
  const quote = html.charAt(at);
  if (quote === '"' || quote === "'") {
    const end = after(html, quote, at + 1);
    return { text: html.slice(at + 1, end - 1), end };
  }
  const end = find(html, UNQUOTED_END, at);
  return { text: html.slice(at, end), end };
}

function skipSpace(html: string, from: number): number {
  let at = from;
  while (at < html.length && SPACE.test(html.charAt(at))) at += 1;
  return at;
}

function after(html: string, text: string, from: number): number {
  const at = html.indexOf(text, from);
  return at < 0 ? html.length : at + text.length;
}

function find(html: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? html.length;
}

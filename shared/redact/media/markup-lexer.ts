// Tags, text and sections of XML 1.0 and of HTML, without a grammar: it reads fragments, broken documents and documents that are
// cut short. Every character is read a bounded number of times.

import { matchAt } from './match-at.ts';

export interface Attribute {
  readonly name: string;
  /** The value without its quotes; both zero where there is none. */
  readonly start: number;
  readonly end: number;
}

export interface Tag {
  readonly name: string;
  readonly start: number;
  /** After its `>`; the text's length where that is missing. */
  readonly end: number;
  readonly attributes: readonly Attribute[];
  readonly selfClosing: boolean;
  /** Whether the text ends inside of it. */
  readonly cut: boolean;
}

export type SectionKind = 'comment' | 'cdata' | 'script' | 'text';

export interface MarkupSink {
  open(tag: Tag): void;
  close(name: string, start: number, end: number): void;
  text(start: number, end: number): void;
  /** What stands between the marks of a comment or a CDATA section, or in an element without markup. */
  section(kind: SectionKind, start: number, end: number): void;
}

interface Lexer {
  readonly text: string;
  readonly sink: MarkupSink;
  readonly options: MarkupOptions;
  /** Marks that are known not to come again. */
  readonly missing: Set<string>;
  at: number;
}

export interface MarkupOptions {
  /** Whether an element holds no markup: a script or style, or in HTML a text. */
  readonly raw: (name: string) => 'script' | 'text' | undefined;
  /** Whether the text is only the beginning: a value without its closing quote goes to the end. */
  readonly incomplete: boolean;
  /** Whether comments and CDATA sections are told: in a script their marks stand in texts. */
  readonly sections: boolean;
  /** Whether a section without its closing mark goes to the end; else its mark is text. */
  readonly openEnded: () => boolean;
}

export function lexMarkup(text: string, sink: MarkupSink, options: MarkupOptions): void {
  const lexer: Lexer = { text, sink, options, missing: new Set(), at: 0 };
  let from = 0;
  const flush = (end: number) => {
    if (end > from) sink.text(from, end);
  };
  for (;;) {
    const start = text.indexOf('<', lexer.at);
    if (start < 0) break;
    lexer.at = start;
    const token = readToken(lexer, start);
    if (!token) {
      lexer.at = start + 1;
      continue;
    }
    flush(start);
    from = token.end;
    lexer.at = token.end;
    token.tell();
    const raw = token.tag && options.raw(token.tag.name);
    if (token.tag && raw) from = lexer.at = readRaw(lexer, token.tag, raw);
  }
  flush(text.length);
}

interface Token {
  readonly end: number;
  readonly tag?: Tag;
  tell(): void;
}

function readToken(lexer: Lexer, start: number): Token | undefined {
  const { text, sink } = lexer;
  const next = text.charAt(start + 1);
  if (next === '!') return readDeclaration(lexer, start);
  if (next === '?') return readInstruction(lexer, start);
  if (next === '/') return readClose(lexer, start);
  const tag = readTag(lexer, start);
  return tag && { end: tag.end, tag, tell: () => sink.open(tag) };
}

function readDeclaration(lexer: Lexer, start: number): Token | undefined {
  const { text, options } = lexer;
  if (!options.sections) return undefined;
  if (text.startsWith('<!--', start)) return readSection(lexer, 'comment', start + 4, '-->');
  return text.startsWith('<![CDATA[', start) ? readSection(lexer, 'cdata', start + 9, ']]>') : undefined;
}

function readSection(lexer: Lexer, kind: 'comment' | 'cdata', from: number, mark: string): Token | undefined {
  const { text, sink, options, missing } = lexer;
  const close = missing.has(mark) ? -1 : text.indexOf(mark, from);
  if (close < 0) missing.add(mark);
  if (close < 0 && !options.openEnded()) return undefined;
  const to = close < 0 ? text.length : close;
  return { end: close < 0 ? to : close + mark.length, tell: () => sink.section(kind, from, to) };
}

function readInstruction({ text, missing }: Lexer, start: number): Token | undefined {
  const close = missing.has('?>') ? -1 : text.indexOf('?>', start);
  if (close < 0) missing.add('?>');
  return close < 0 ? undefined : { end: close + 2, tell: () => undefined };
}

const NAME = /[A-Za-z_:\u0080-\uffff][\w:.\u0080-\uffff-]{0,199}/y;

function readName(text: string, at: number): string {
  return matchAt(NAME, text, at)?.[0] ?? '';
}

function readClose({ text, sink }: Lexer, start: number): Token | undefined {
  const name = readName(text, start + 2);
  if (name === '') return undefined;
  let at = start + 2 + name.length;
  while (isSpace(text.charCodeAt(at))) at += 1;
  const end = text.charAt(at) === '>' ? at + 1 : at;
  return { end, tell: () => sink.close(name, start, end) };
}

function readTag(lexer: Lexer, start: number): Tag | undefined {
  const { text } = lexer;
  const name = readName(text, start + 1);
  if (name === '') return undefined;
  const attributes: Attribute[] = [];
  for (let at = start + 1 + name.length; ; ) {
    while (isSpace(text.charCodeAt(at)) || text.charAt(at) === '/') at += 1;
    const mark = text.charAt(at);
    if (mark === '>' || mark === '') {
      const end = Math.min(at + 1, text.length);
      return { name, start, end, attributes, selfClosing: text.charAt(at - 1) === '/', cut: mark === '' };
    }
    if (mark === '<') return undefined;
    const attribute = readAttribute(lexer, at);
    if (attribute.end > 0) attributes.push(attribute);
    at = Math.max(attribute.next, at + 1);
  }
}

// Hebrew and other names are names; quotes, signs and brackets are not part of one.
const ATTRIBUTE_NAME = /[^\s=>/<"']{1,200}/y;

function readAttribute(lexer: Lexer, start: number): Attribute & { readonly next: number } {
  const { text } = lexer;
  const name = matchAt(ATTRIBUTE_NAME, text, start)?.[0] ?? '';
  let at = start + name.length;
  while (isSpace(text.charCodeAt(at))) at += 1;
  if (name === '' || text.charAt(at) !== '=') return { name, start: 0, end: 0, next: start + name.length };
  at += 1;
  while (isSpace(text.charCodeAt(at))) at += 1;
  const quote = text.charAt(at);
  const close = quote === '"' || quote === "'" ? endOfValue(lexer, quote, at + 1) : undefined;
  if (close !== undefined) return { name, start: at + 1, end: close, next: close + 1 };
  const from = at;
  while (at < text.length && !isSpace(text.charCodeAt(at)) && text.charAt(at) !== '>') at += 1;
  return { name, start: from, end: at, next: at };
}

/** Undefined where the quote does not come again and more markup does: it is not what opens a value. */
function endOfValue({ text, missing, options }: Lexer, quote: string, from: number): number | undefined {
  const close = missing.has(quote) ? -1 : text.indexOf(quote, from);
  if (close >= 0) return close;
  missing.add(quote);
  return options.incomplete || !/[<>]/.test(text.slice(from, from + MAX_OPEN_CHARS)) ? text.length : undefined;
}

const MAX_OPEN_CHARS = 4_096;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** The position of the closing tag of an element without markup. */
function readRaw({ text, sink }: Lexer, tag: Tag, kind: 'script' | 'text'): number {
  const pattern = new RegExp(`</${tag.name}`, 'gi');
  pattern.lastIndex = tag.end;
  const end = pattern.exec(text)?.index ?? text.length;
  // What looks like markup in a text is read as a document of its own.
  if (kind === 'script' || text.slice(tag.end, end).includes('<')) sink.section(kind, tag.end, end);
  else if (end > tag.end) sink.text(tag.end, end);
  return end;
}

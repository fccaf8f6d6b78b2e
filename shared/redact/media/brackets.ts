// Extents in text that reads like JSON, JavaScript, YAML flow or TOML values: quoted texts and balanced brackets.

const BACKSLASH = 92;
const BACKTICK = 96;

/** Whether this code opens a quoted text. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === BACKTICK;
}

/**
 * The position after the quote that closes the text which opens at `start`, or -1 where its line ends first. Only a text in
 * backticks or in three quotes may go over lines.
 */
export function endOfQuoted(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  if (quote !== BACKTICK && isTripled(text, start, quote)) {
    const end = endOfTripled(text, start + 3, text.slice(start, start + 3));
    if (end !== undefined) return end + 3;
  }
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === BACKSLASH) at += 1;
    else if ((code === 10 || code === 13) && quote !== BACKTICK) return -1;
  }
  return -1;
}

/** Whether three quotes open a text here that nothing closes. */
export function isOpenTriple(text: string, start: number): boolean {
  const quote = text.charCodeAt(start);
  if (quote === BACKTICK || !isQuote(quote) || !isTripled(text, start, quote)) return false;
  return endOfTripled(text, start + 3, text.slice(start, start + 3)) === undefined;
}

const MAX_OVER_LINES = 4_096;

interface LooseText {
  /** Without its quotes. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/**
 * The quoted text at `at`. Without its closing quote it goes to one on a later line that a comma or a bracket follows, or else to the
 * end of its line; in a text cut short to the end of everything.
 */
export function readLooseText(text: string, at: number, incomplete: boolean): LooseText {
  const onLine = endOfQuoted(text, at);
  const close = onLine < 0 ? endOverLines(text, at) : onLine;
  const isOpen = incomplete && (isOpenTriple(text, at) || (close < 0 && !text.includes(text.charAt(at), at + 1)));
  if (isOpen) return { start: at + 1, end: text.length, value: unquoteLoose(text.slice(at)) };
  const end = close < 0 ? endOfLine(text, at) : close - 1;
  return { start: at + 1, end, value: unquoteLoose(text.slice(at, close < 0 ? end : close)) };
}

/** The same for a text that goes over lines and that a comma or a bracket follows; -1 where none does. */
function endOverLines(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  const limit = Math.min(text.length, start + MAX_OVER_LINES);
  for (let at = start + 1; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return /^\s*(?:[,}\]]|$)/.test(text.slice(at + 1, at + 40)) ? at + 1 : -1;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}

function isTripled(text: string, start: number, quote: number): boolean {
  return text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote;
}

/** Where the three quotes stand that close a text (TOML, GraphQL, Python); a backslash before them makes them part of it. */
export function endOfTripled(text: string, from: number, mark: string): number | undefined {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return undefined;
}

/**
 * The position after the bracket that closes the one at `start`, or -1 where none does before `limit`. `hashes`: whether a hash
 * behind a space begins a comment.
 */
export function endOfBrackets(text: string, start: number, limit = text.length, hashes = false): number {
  let depth = 0;
  for (let at = start; at < limit; ) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else {
      const end = endOfPassed(text, at, hashes);
      if (end > at) {
        at = end;
        continue;
      }
    }
    // Escapes count outside of quotes as well, so that a quote without an end is met once on each line.
    at += code === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** The end of a quoted text or a comment that begins here, or -1. */
function endOfPassed(text: string, at: number, hashes: boolean): number {
  const code = text.charCodeAt(at);
  if (isQuote(code)) return endOfQuoted(text, at);
  return hashes && code === 35 && /\s/.test(text.charAt(at - 1)) ? endOfLine(text, at) : -1;
}

/** Passes spaces, line ends and comments (those of JavaScript; a hash does not count, it may begin a value). */
export type BlankSkipper = (at: number) => number;

/** It remembers the last comment, for a text that is made of beginnings of comments. */
export function createBlankSkipper(text: string): BlankSkipper {
  const line = { from: 0, to: 0 };
  const block = { from: 0, to: 0 };
  return (start) => {
    for (let at = start; ; ) {
      const code = text.charCodeAt(at);
      if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff) at += 1;
      else if (code !== 47) return at;
      else if (text.charCodeAt(at + 1) === 47) at = passed(line, at, () => endOfLine(text, at));
      else if (text.charCodeAt(at + 1) === 42) at = passed(block, at, () => endOfComment(text, at));
      else return at;
    }
  };
}

function passed(last: { from: number; to: number }, at: number, find: () => number): number {
  if (at < last.from || at + 2 >= last.to) {
    last.from = at;
    last.to = find();
  }
  return last.to;
}

function endOfComment(text: string, start: number): number {
  const close = text.indexOf('*/', start + 2);
  return close < 0 ? text.length : close + 2;
}

/** Where the line of this position ends, before its line break. */
export function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

/** The beginning of the line after the one of this position; the text's length where there is none. */
export function nextLine(text: string, start: number): number {
  const end = endOfLine(text, start);
  return Math.min(text.length, text.startsWith('\r\n', end) ? end + 2 : end + 1);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0', '\n': '' };

/** What a quoted text stands for, its escapes undone (those of JSON and JavaScript); `token` holds its quotes. */
export function unquoteLoose(token: string): string {
  const size = token.length >= 6 && /^(?:"""|''')/.test(token) && token.endsWith(token.slice(0, 3)) ? 3 : 1;
  const inner = token.slice(size, token.length > 1 && token.endsWith(token.charAt(0)) ? -size : undefined);
  if (!inner.includes('\\')) return inner;
  return inner.replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi,
    (_, brace?: string, unit?: string, byte?: string, letter: string = '') => {
      const hex = brace ?? unit ?? byte;
      if (hex === undefined) return escapes[letter] ?? letter;
      const point = Number.parseInt(hex, 16);
      return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
    },
  );
}

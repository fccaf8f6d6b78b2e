// Extents in text that reads like JSON, JavaScript, YAML flow or TOML values: quoted texts and balanced brackets.

const BACKSLASH = 92;
const BACKTICK = 96;

/** Whether this code opens a quoted text. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === BACKTICK;
}

/**
 * The position after the quote that closes the text which opens at `start`, or -1 where its line ends first. Only a text in
 * backticks may go over lines.
 */
export function endOfQuoted(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === BACKSLASH) at += 1;
    else if ((code === 10 || code === 13) && quote !== BACKTICK) return -1;
  }
  return -1;
}

/** The position after the bracket that closes the one at `start`, or -1 where none does before `limit`. */
export function endOfBrackets(text: string, start: number, limit = text.length): number {
  let depth = 0;
  for (let at = start; at < limit; ) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (isQuote(code)) {
      const end = endOfQuoted(text, at);
      if (end > 0) {
        at = end;
        continue;
      }
    }
    // Escapes count outside of quotes as well, so that a quote without an end is met once on each line.
    at += code === BACKSLASH ? 2 : 1;
  }
  return -1;
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
  const inner = token.slice(1, token.length > 1 && token.endsWith(token.charAt(0)) ? -1 : undefined);
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

// A tokenizer over JSON text (RFC 8259) that knows where it stands. It serves what JSON.parse cannot: the place of an
// error, the line of an item, and a look at the first keys of a large file. No recursion, so depth costs no stack.

export interface JsonToken {
  readonly kind: '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'number' | 'literal' | 'invalid' | 'end';
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character; for `invalid` the place of the error. */
  readonly end: number;
}

/** The token at or after an offset. */
export function readToken(text: string, from: number): JsonToken {
  const start = skipSpace(text, from);
  const char = text[start];
  switch (char) {
    case undefined:
      return { kind: 'end', start, end: start };
    case '{':
    case '}':
    case '[':
    case ']':
    case ':':
    case ',':
      return { kind: char, start, end: start + 1 };
    case '"':
      return readString(text, start);
    default:
      return readScalar(text, start);
  }
}

/** The key or string value of a string token; the raw text where its escapes are wrong. */
export function stringOf(text: string, token: JsonToken): string {
  const raw = text.slice(token.start, token.end);
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : raw;
  } catch {
    return raw;
  }
}

/** The offset after the value that starts with the token; undefined where the text ends or breaks before it is closed. */
export function skipValue(text: string, first: JsonToken): number | undefined {
  if (first.kind === 'invalid' || first.kind === 'end') return undefined;
  let at = first.end;
  // No tokens are made on the way: most of a file is gone over like this to get to a place in it.
  for (let depth = isOpening(first.kind) ? 1 : 0; depth > 0; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isBetween(code)) at += 1;
    else if (code === 0x7b || code === 0x5b || code === 0x7d || code === 0x5d) {
      depth += code === 0x7b || code === 0x5b ? 1 : -1;
      at += 1;
    } else at = endOfScalar(text, at);
    if (at < 0) return undefined;
  }
  return at;
}

function isOpening(kind: JsonToken['kind']): boolean {
  return kind === '{' || kind === '[';
}

function isBetween(code: number): boolean {
  return code === 0x2c || code === 0x3a || isSpace(code);
}

function endOfScalar(text: string, at: number): number {
  const { kind, end } = readScalar(text, at);
  return kind === 'invalid' ? -1 : end;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function readString(text: string, start: number): JsonToken {
  const end = endOfString(text, start);
  return end < 0 ? { kind: 'invalid', start, end: -end } : { kind: 'string', start, end };
}

const QUOTE = 0x22;

/** The offset after a string; that of its error below zero, which no error in a string has, for a quote is before it. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    SPECIAL.lastIndex = at;
    if (!SPECIAL.test(text)) return -text.length;
    at = SPECIAL.lastIndex - 1;
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    const length = code === 0x5c ? escapeLength(text, at) : 0;
    if (length === 0) return -at;
    at += length;
  }
}

/** A quote, a backslash or a control character. */
const SPECIAL = /[^ !#-[\]-\uffff]/g;

const SHORT_ESCAPES = '"\\/bfnrt';
const HEX = /[0-9a-fA-F]{4}/y;

function escapeLength(text: string, at: number): number {
  const sign = text.charAt(at + 1);
  if (sign !== 'u') return sign !== '' && SHORT_ESCAPES.includes(sign) ? 2 : 0;
  HEX.lastIndex = at + 2;
  return HEX.test(text) ? 6 : 0;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

function readScalar(text: string, start: number): JsonToken {
  const isLiteral = /[a-z]/.test(text.charAt(start));
  const pattern = isLiteral ? LITERAL : NUMBER;
  pattern.lastIndex = start;
  if (!pattern.test(text)) return { kind: 'invalid', start, end: start };
  return { kind: isLiteral ? 'literal' : 'number', start, end: pattern.lastIndex };
}

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
  let token = first;
  let depth = 0;
  for (;;) {
    if (token.kind === 'invalid' || token.kind === 'end') return undefined;
    if (token.kind === '{' || token.kind === '[') depth += 1;
    if (token.kind === '}' || token.kind === ']') depth -= 1;
    if (depth <= 0) return token.end;
    token = readToken(text, token.end);
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

function readString(text: string, start: number): JsonToken {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { kind: 'string', start, end: at + 1 };
    if (code === 0x5c) {
      const length = escapeLength(text, at);
      if (length === 0) return { kind: 'invalid', start, end: at };
      at += length;
    } else if (Number.isNaN(code) || code < 0x20) {
      return { kind: 'invalid', start, end: at };
    } else {
      at += 1;
    }
  }
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function escapeLength(text: string, at: number): number {
  ESCAPE.lastIndex = at;
  return ESCAPE.exec(text)?.[0].length ?? 0;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

function readScalar(text: string, start: number): JsonToken {
  for (const [kind, pattern] of [['number', NUMBER] as const, ['literal', LITERAL] as const]) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (found) return { kind, start, end: start + found[0].length };
  }
  return { kind: 'invalid', start, end: start };
}

// Where a token of a JSON text (RFC 8259) ends, on its UTF-8 bytes. Strings are passed over four bytes at a time: they are most of a body.

/** Bytes that are read as JSON. */
export interface JsonSource {
  readonly bytes: Uint8Array;
  /** Over the same bytes; unlike an Int32Array it may begin anywhere. */
  readonly view: DataView;
  readonly size: number;
  /** Set when a string that was passed over held a backslash. */
  escaped: boolean;
}

/** In the place of an end: this is no JSON. */
export const BROKEN = -1;
/** In the place of an end: the text ends before the token does. */
export const OPEN = -2;

export const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;

/** The position after the closing quote; `from` is the position after the opening one. */
export function endOfString(source: JsonSource, from: number): number {
  const { bytes, view, size } = source;
  let at = from;
  for (;;) {
    at = nextSpecial(view, at, size);
    if (at >= size) return OPEN;
    const code = bytes[at] ?? 0;
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      source.escaped = true;
      at = afterEscape(bytes, at, size);
      if (at < 0) return at;
    } else if (code < 32) return BROKEN;
    else at += 1;
  }
}

// The next quote, backslash or control character, or one of the last three bytes. In each term the lowest byte with its high bit set
// is one that was looked for: a borrow only spoils the bytes above it.
function nextSpecial(view: DataView, from: number, size: number): number {
  let at = from;
  for (const last = size - 4; at <= last; at += 4) {
    const word = view.getInt32(at, true);
    const quotes = word ^ 0x22222222;
    const backslashes = word ^ 0x5c5c5c5c;
    const found =
      (((quotes - 0x01010101) & ~quotes) |
        ((backslashes - 0x01010101) & ~backslashes) |
        ((word - 0x20202020) & ~word)) &
      0x80808080;
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3);
  }
  return at;
}

const ESCAPE_LETTERS = new Set(Array.from('"\\/bfnrt', (letter) => letter.charCodeAt(0)));

/** The position after the escape that begins at `at`. */
export function afterEscape(bytes: Uint8Array, at: number, size: number): number {
  if (at + 1 >= size) return OPEN;
  const letter = bytes[at + 1] ?? 0;
  if (letter !== 117) return ESCAPE_LETTERS.has(letter) ? at + 2 : BROKEN;
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    if (digit >= size) return OPEN;
    if (!isHex(bytes[digit] ?? 0)) return BROKEN;
  }
  return at + 6;
}

function isHex(code: number): boolean {
  return (code >= ZERO && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102);
}

export function endOfNumber({ bytes, size }: JsonSource, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = afterDigits(bytes, first, size);
  if (at < 0 || (bytes[first] === ZERO && at > first + 1)) return at < 0 ? at : BROKEN;
  if (at < size && bytes[at] === DOT) at = afterDigits(bytes, at + 1, size);
  if (at < 0 || at >= size || ((bytes[at] ?? 0) | 32) !== 101) return at;
  const sign = at + 1 < size ? (bytes[at + 1] ?? 0) : 0;
  return afterDigits(bytes, sign === 43 || sign === MINUS ? at + 2 : at + 1, size);
}

/** After one digit or more. */
function afterDigits(bytes: Uint8Array, from: number, size: number): number {
  let at = from;
  while (at < size) {
    const code = bytes[at] ?? 0;
    if (code < ZERO || code > 57) break;
    at += 1;
  }
  if (at > from) return at;
  return at >= size ? OPEN : BROKEN;
}

const TRUE = 0x65757274;
const NULL = 0x6c6c756e;
const FALS = 0x736c6166;

export function endOfLiteral({ bytes, view, size }: JsonSource, start: number): number {
  if (start + 5 > size) return endOfLastLiteral(bytes, start, size);
  const four = view.getInt32(start, true);
  if (four === TRUE || four === NULL) return start + 4;
  return four === FALS && bytes[start + 4] === 101 ? start + 5 : BROKEN;
}

function endOfLastLiteral(bytes: Uint8Array, start: number, size: number): number {
  const rest = String.fromCharCode(...bytes.subarray(start, size));
  for (const word of ['true', 'null', 'false']) {
    if (rest.startsWith(word)) return start + word.length;
    if (word.startsWith(rest)) return OPEN;
  }
  return BROKEN;
}

import { type JsonToken, readToken, skipValue, stringOf } from './json-tokens.ts';

/** 1-based line and column; columns count UTF-16 code units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function placeOf(text: string, offset: number): TextPlace {
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const next = text.indexOf('\n', lineStart);
    if (next === -1 || next >= offset) return { line, column: offset - lineStart + 1 };
    line += 1;
    lineStart = next + 1;
  }
}

/** Where the value at a path of keys and indexes starts; undefined where the text has no such path. */
export function locateJson(text: string, path: readonly (string | number)[]): TextPlace | undefined {
  let token = readToken(text, 0);
  for (const step of path) {
    const next = typeof step === 'number' ? elementAt(text, token, step) : memberOf(text, token, step);
    if (!next) return undefined;
    token = next;
  }
  return token.kind === 'end' || token.kind === 'invalid' ? undefined : placeOf(text, token.start);
}

function elementAt(text: string, array: JsonToken, index: number): JsonToken | undefined {
  if (array.kind !== '[') return undefined;
  let token = readToken(text, array.end);
  for (let at = 0; at < index; at++) {
    const end = skipValue(text, token);
    if (end === undefined) return undefined;
    const comma = readToken(text, end);
    if (comma.kind !== ',') return undefined;
    token = readToken(text, comma.end);
  }
  return token.kind === ']' ? undefined : token;
}

function memberOf(text: string, object: JsonToken, name: string): JsonToken | undefined {
  for (const member of members(text, object)) {
    if (member.name === name) return member.value;
  }
  return undefined;
}

/** The members of an object in file order, as far as the text is sound. */
export function* members(text: string, object: JsonToken): Generator<{ name: string; value: JsonToken }> {
  if (object.kind !== '{') return;
  let from = object.end;
  for (;;) {
    const key = readToken(text, from);
    if (key.kind !== 'string') return;
    const colon = readToken(text, key.end);
    if (colon.kind !== ':') return;
    const value = readToken(text, colon.end);
    yield { name: stringOf(text, key), value };
    const end = skipValue(text, value);
    if (end === undefined) return;
    const comma = readToken(text, end);
    if (comma.kind !== ',') return;
    from = comma.end;
  }
}

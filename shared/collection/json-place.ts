import { type JsonToken, readToken, skipValue, stringOf } from './json-tokens.ts';

/** 1-based line and column; columns count UTF-16 code units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function placeOf(text: string, offset: number): TextPlace {
  return createPlacer(text)(offset);
}

/** Where the value at a path of keys and indexes starts; undefined where the text has no such path. */
export function locateJson(text: string, path: readonly (string | number)[]): TextPlace | undefined {
  return createJsonLocator(text)(path);
}

/**
 * A `locateJson` for many paths of one text. It goes on from where it was: paths asked for in the order of the text take
 * one pass over it together.
 */
export function createJsonLocator(text: string): (path: readonly (string | number)[]) => TextPlace | undefined {
  const seen: Seen = { elements: new Map(), members: new Map() };
  const place = createPlacer(text);
  return (path) => {
    let token = readToken(text, 0);
    for (const step of path) {
      const next = typeof step === 'number' ? elementAt(text, token, step, seen) : memberOf(text, token, step, seen);
      if (!next) return undefined;
      token = next;
    }
    return token.kind === 'end' || token.kind === 'invalid' ? undefined : place(token.start);
  };
}

function createPlacer(text: string): (offset: number) => TextPlace {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    if (offset < lineStart) [line, lineStart] = [1, 0];
    for (;;) {
      const next = text.indexOf('\n', lineStart);
      if (next === -1 || next >= offset) return { line, column: offset - lineStart + 1 };
      line += 1;
      lineStart = next + 1;
    }
  };
}

/** What was found of each array and object, by the offset of its bracket. */
interface Seen {
  readonly elements: Map<number, { readonly index: number; readonly token: JsonToken }>;
  readonly members: Map<string, JsonToken>;
}

function elementAt(text: string, array: JsonToken, index: number, { elements }: Seen): JsonToken | undefined {
  if (array.kind !== '[') return undefined;
  const last = elements.get(array.start);
  const from = last && last.index <= index ? last : { index: 0, token: readToken(text, array.end) };
  let { token } = from;
  for (let at = from.index; at < index; at++) {
    const end = skipValue(text, token);
    if (end === undefined) return undefined;
    const comma = readToken(text, end);
    if (comma.kind !== ',') return undefined;
    token = readToken(text, comma.end);
  }
  if (token.kind === ']') return undefined;
  elements.set(array.start, { index, token });
  return token;
}

function memberOf(text: string, object: JsonToken, name: string, { members: known }: Seen): JsonToken | undefined {
  const key = `${object.start}:${name}`;
  const found = known.get(key);
  if (found) return found;
  for (const member of members(text, object)) {
    if (member.name !== name) continue;
    known.set(key, member.value);
    return member.value;
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

// A reader of JSON text (RFC 8259) that tells where each part stands instead of building values, so that what is not touched can
// be copied byte by byte: numbers, spacing, duplicate names. It is not recursive.

export interface JsonSink {
  open(kind: 'object' | 'array', at: number): void;
  /** `end` is the position after the closing bracket. */
  close(end: number): void;
  /** A member's name, quotes included. */
  name(start: number, end: number): void;
  scalar(kind: 'string' | 'number' | 'literal', start: number, end: number): void;
}

export type JsonVerdict = 'json' | 'not-json' | 'over-limit';

export interface JsonLimits {
  readonly depth: number;
  readonly nodes: number;
}

type Expect = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'end';

interface State {
  readonly text: string;
  readonly sink: JsonSink;
  readonly limits: JsonLimits;
  readonly stack: ('object' | 'array')[];
  readonly number: RegExp;
  at: number;
  nodes: number;
  expect: Expect;
}

/** Reads the whole text as one JSON value. Nothing told to the sink counts unless the verdict is `json`. */
export function scanJson(text: string, limits: JsonLimits, sink: JsonSink): JsonVerdict {
  const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  const state: State = { text, sink, limits, stack: [], number, at: 0, nodes: 0, expect: 'value' };
  for (;;) {
    skipSpace(state);
    if (state.at >= text.length) return state.expect === 'end' ? 'json' : 'not-json';
    if (!step(state, text.charCodeAt(state.at))) return 'not-json';
    if (state.nodes > limits.nodes || state.stack.length > limits.depth) return 'over-limit';
  }
}

function skipSpace(state: State): void {
  for (;;) {
    const code = state.text.charCodeAt(state.at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    state.at += 1;
  }
}

const COMMA = 44;
const COLON = 58;
const QUOTE = 34;

function step(state: State, code: number): boolean {
  switch (state.expect) {
    case 'value':
      return readValue(state, code);
    case 'value-or-end':
      return code === 93 ? close(state, code) : readValue(state, code);
    case 'name-or-end':
      return code === 125 ? close(state, code) : readName(state, code);
    case 'name':
      return readName(state, code);
    case 'colon':
      state.expect = 'value';
      state.at += 1;
      return code === COLON;
    case 'comma-or-end':
      if (code !== COMMA) return close(state, code);
      state.expect = state.stack[state.stack.length - 1] === 'array' ? 'value' : 'name';
      state.at += 1;
      return true;
    case 'end':
      return false;
  }
}

function close(state: State, code: number): boolean {
  if (state.stack.pop() !== (code === 125 ? 'object' : code === 93 ? 'array' : undefined)) return false;
  state.at += 1;
  state.sink.close(state.at);
  afterValue(state);
  return true;
}

function afterValue(state: State): void {
  state.expect = state.stack.length === 0 ? 'end' : 'comma-or-end';
}

function readName(state: State, code: number): boolean {
  const end = code === QUOTE ? endOfString(state.text, state.at) : -1;
  if (end < 0) return false;
  state.sink.name(state.at, end);
  state.at = end;
  state.expect = 'colon';
  return true;
}

function readValue(state: State, code: number): boolean {
  state.nodes += 1;
  if (code === 123 || code === 91) {
    const kind = code === 123 ? 'object' : 'array';
    state.stack.push(kind);
    state.sink.open(kind, state.at);
    state.at += 1;
    state.expect = kind === 'object' ? 'name-or-end' : 'value-or-end';
    return true;
  }
  return readScalar(state, code);
}

function readScalar(state: State, code: number): boolean {
  const kind = code === QUOTE ? 'string' : code === 45 || (code >= 48 && code <= 57) ? 'number' : 'literal';
  const start = state.at;
  const end =
    kind === 'string'
      ? endOfString(state.text, start)
      : kind === 'number'
        ? endOfNumber(state)
        : endOfLiteral(state.text, start);
  if (end < 0) return false;
  state.sink.scalar(kind, start, end);
  state.at = end;
  afterValue(state);
  return true;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 32) return -1;
    if (code !== 92) continue;
    at += 1;
    const letter = text.charAt(at);
    if (letter === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return -1;
      at += 4;
    } else if (letter === '' || !'"\\/bfnrt'.includes(letter)) return -1;
  }
  return -1;
}

function endOfNumber({ text, number, at }: State): number {
  number.lastIndex = at;
  return number.test(text) ? number.lastIndex : -1;
}

function endOfLiteral(text: string, start: number): number {
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, start)) return start + word.length;
  return -1;
}

/** The text that a string token stands for, quotes included in the token. */
export function unquote(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

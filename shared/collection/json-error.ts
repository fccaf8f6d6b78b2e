import { placeOf, type TextPlace } from './json-place.ts';
import { type JsonToken, readToken } from './json-tokens.ts';

/** What is wrong and where; the sentence names no content of the file, because that can be a secret. */
export interface JsonError extends TextPlace {
  readonly problem: string;
}

type Expected = 'value' | 'first element' | 'first key' | 'key' | 'colon' | 'comma or end' | 'end of text';

/** The first place where a text breaks the JSON grammar (RFC 8259); undefined for sound JSON. */
export function findJsonError(text: string): JsonError | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    const token = readToken(text, at);
    if (token.kind === 'end' && expected === 'end of text') return undefined;
    const next = accept(token, expected, open);
    if (next === undefined) return report(text, token, expected);
    expected = next;
    at = token.end;
  }
}

function accept(token: JsonToken, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  switch (expected) {
    case 'first element':
      return token.kind === ']' ? close(open) : acceptValue(token, open);
    case 'value':
      return acceptValue(token, open);
    case 'first key':
      if (token.kind === '}') return close(open);
      return token.kind === 'string' ? 'colon' : undefined;
    case 'key':
      return token.kind === 'string' ? 'colon' : undefined;
    case 'colon':
      return token.kind === ':' ? 'value' : undefined;
    case 'comma or end':
      return acceptNext(token, open);
    case 'end of text':
      return undefined;
  }
}

function acceptValue(token: JsonToken, open: ('{' | '[')[]): Expected | undefined {
  if (token.kind === '{' || token.kind === '[') {
    open.push(token.kind);
    return token.kind === '{' ? 'first key' : 'first element';
  }
  const scalar = token.kind === 'string' || token.kind === 'number' || token.kind === 'literal';
  return scalar ? after(open) : undefined;
}

function acceptNext(token: JsonToken, open: ('{' | '[')[]): Expected | undefined {
  const inside = open.at(-1);
  if (token.kind === ',') return inside === '{' ? 'key' : 'value';
  const closes = (token.kind === '}' && inside === '{') || (token.kind === ']' && inside === '[');
  return closes ? close(open) : undefined;
}

function close(open: ('{' | '[')[]): Expected {
  open.pop();
  return after(open);
}

function after(open: readonly string[]): Expected {
  return open.length === 0 ? 'end of text' : 'comma or end';
}

const WANTED: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'first element': 'a value or "]"',
  'first key': 'a key in double quotes or "}"',
  key: 'a key in double quotes',
  colon: 'a colon',
  'comma or end': 'a comma or a closing bracket',
  'end of text': 'the end of the file',
};

function report(text: string, token: JsonToken, expected: Expected): JsonError {
  const place = placeOf(text, token.kind === 'invalid' ? token.end : token.start);
  if (token.kind === 'end') return { problem: `the file ends where ${WANTED[expected]} should stand`, ...place };
  if (token.kind === 'invalid' && text[token.start] === '"') {
    return { problem: 'a string is not closed or holds a character that must be escaped', ...place };
  }
  return { problem: `${WANTED[expected]} should stand here`, ...place };
}

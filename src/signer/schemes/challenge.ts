// The challenges of WWW-Authenticate (RFC 9110 section 11.6.1), read in linear time: a server writes what it likes there.

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** A token68, where the challenge has one in the place of parameters. */
  readonly token?: string;
  /** By lower-case name, with quotes and escapes undone. */
  readonly params: ReadonlyMap<string, string>;
}

const MOST_CHALLENGES = 32;
const MOST_PARAMS = 32;

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const TOKEN68 = /[-._~+/0-9A-Za-z]+=*(?=[ \t]*(?:,|$))/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const SPACES = /[ \t]+/y;
const SEPARATORS = /[\s,]+/y;
const UP_TO_COMMA = /[^,]+/y;

/**
 * Reads every value of WWW-Authenticate, in order. What does not follow the grammar is passed over up to the next comma; of a
 * parameter that is repeated the first counts, and of more challenges or parameters than anybody needs the first ones.
 */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  const found: Open[] = [];
  for (const value of values) readValue(value, found);
  return found;
}

interface Open extends Challenge {
  readonly params: Map<string, string>;
  token?: string;
}

function readValue(text: string, found: Open[]): void {
  const source: Source = { text, index: 0 };
  let current: Open | undefined;
  while (found.length <= MOST_CHALLENGES) {
    take(source, SEPARATORS);
    if (source.index >= text.length) return;
    const word = take(source, TOKEN);
    if (word === undefined) {
      take(source, UP_TO_COMMA);
    } else if (take(source, EQUALS) !== undefined) {
      addParam(current, word.toLowerCase(), takeValue(source));
    } else {
      if (found.length === MOST_CHALLENGES) return;
      current = { scheme: word.toLowerCase(), params: new Map() };
      found.push(current);
      const token = take(source, SPACES) === undefined ? undefined : take(source, TOKEN68);
      if (token !== undefined) current.token = token;
    }
  }
}

function addParam(challenge: Open | undefined, name: string, value: string | undefined): void {
  if (!challenge || value === undefined || challenge.params.has(name)) return;
  if (challenge.params.size < MOST_PARAMS) challenge.params.set(name, value);
}

interface Source {
  readonly text: string;
  index: number;
}

function take(source: Source, pattern: RegExp): string | undefined {
  pattern.lastIndex = source.index;
  const match = pattern.exec(source.text)?.[0];
  if (match !== undefined) source.index += match.length;
  return match;
}

function takeValue(source: Source): string | undefined {
  return source.text[source.index] === '"' ? takeQuoted(source) : take(source, TOKEN);
}

/** RFC 9110 section 5.6.4. One that does not end goes to the end of the text. */
function takeQuoted(source: Source): string {
  const { text } = source;
  const parts: string[] = [];
  let start = source.index + 1;
  for (let index = start; index < text.length; index += 1) {
    const char = text[index];
    if (char === '"') {
      source.index = index + 1;
      return parts.join('') + text.slice(start, index);
    }
    if (char !== '\\') continue;
    parts.push(text.slice(start, index));
    start = index + 1;
    index += 1;
  }
  source.index = text.length;
  return parts.join('') + text.slice(start);
}

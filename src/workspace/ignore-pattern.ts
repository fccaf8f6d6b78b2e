// One pattern of a .gitignore as a predicate, in time linear in pattern and path whatever the pattern: an ignore file is
// other people's text, and a regular expression made of it can be made to run for ever.

/** Whether a path, split at its slashes, is what a pattern with a slash names (gitignore(5), wildmatch with WM_PATHNAME). */
export type PathPattern = (segments: readonly string[]) => boolean;
/** The same for a name without slashes. */
export type NamePattern = (name: string) => boolean;

export function compilePath(pattern: string): PathPattern {
  const parts = pattern.split('/').map((part) => (/^\*{2,}$/.test(part) ? ANY_DEPTH : compileName(part)));
  // `a/**` is what is inside `a`, never `a` itself.
  if (parts.at(-1) === ANY_DEPTH) parts.splice(-1, 0, () => true);
  if (!parts.includes(ANY_DEPTH)) return (segments) => isEach(parts, segments);
  return (segments) => reaches(parts, segments);
}

const ANY_DEPTH = '**';

type Part = NamePattern | typeof ANY_DEPTH;

function isEach(parts: readonly Part[], segments: readonly string[]): boolean {
  return parts.length === segments.length && segments.every((segment, at) => accepts(parts[at], segment));
}

function accepts(part: Part | undefined, segment: string): boolean {
  return typeof part === 'function' && part(segment);
}

/** Which parts are reached after each segment. */
function reaches(parts: readonly Part[], segments: readonly string[]): boolean {
  let reached = new Set<number>();
  const reach = (into: Set<number>, from: number): void => {
    for (let at = from; ; at += 1) {
      into.add(at);
      if (parts[at] !== ANY_DEPTH) return;
    }
  };
  reach(reached, 0);
  for (const segment of segments) {
    const next = new Set<number>();
    for (const at of reached) {
      if (parts[at] === ANY_DEPTH) reach(next, at);
      else if (accepts(parts[at], segment)) reach(next, at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}

export function compileName(pattern: string): NamePattern {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  const tokens = tokensOf(bytesOf(pattern));
  return tokens === undefined ? () => false : (name) => matches(tokens, bytesOf(name));
}

/** One character for each byte of UTF-8, as git counts them: `?` is one byte. */
function bytesOf(text: string): readonly string[] {
  const isAscii = /^[\0-\x7f]*$/.test(text);
  return [...(isAscii ? text : Buffer.from(text).toString('latin1'))];
}

const STAR = '*';

type Token = typeof STAR | ((char: string) => boolean);

/** undefined: it can match nothing, because a bracket or an escape is left open. */
function tokensOf(chars: readonly string[]): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    if (chars[at] === '*') {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
      continue;
    }
    const one = readOne(chars, at);
    if (one === undefined) return undefined;
    tokens.push(one.accepts);
    at = one.end;
  }
  return tokens;
}

/** What stands for one character. */
function readOne(chars: readonly string[], at: number): One | undefined {
  if (chars[at] === '?') return { accepts: () => true, end: at };
  if (chars[at] === '[') return readBracket(chars, at + 1);
  if (chars[at] === '\\' && at + 1 === chars.length) return undefined;
  const { char, end } = literalAt(chars, at);
  return { accepts: (each) => each === char, end };
}

/** Backtracks to the last star only, which is enough. */
function matches(tokens: readonly Token[], chars: readonly string[]): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let resume = 0;
  while (index < chars.length) {
    const token = tokens[at];
    if (token === STAR) {
      star = at;
      resume = index;
      at += 1;
    } else if (token?.(chars[index] ?? '')) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return tokens.slice(at).every((token) => token === STAR);
}

interface One {
  readonly accepts: (char: string) => boolean;
  /** Where its last character stands. */
  readonly end: number;
}

/** A bracket expression from behind its `[`; undefined without an end. */
function readBracket(chars: readonly string[], start: number): One | undefined {
  const negated = chars[start] === '!' || chars[start] === '^';
  const first = negated ? start + 1 : start;
  const accepted: ((char: string) => boolean)[] = [];
  for (let at = first; at < chars.length; at += 1) {
    if (chars[at] === ']' && at > first) {
      return { end: at, accepts: (char) => accepted.some((accept) => accept(char)) !== negated };
    }
    const named = posixClass(chars, at);
    if (named) {
      accepted.push(named.accepts);
      at = named.end;
      continue;
    }
    const low = literalAt(chars, at);
    at = low.end;
    const isRange = chars[at + 1] === '-' && chars[at + 2] !== undefined && chars[at + 2] !== ']';
    const high = isRange ? literalAt(chars, at + 2) : low;
    at = high.end;
    accepted.push((char) => char >= low.char && char <= high.char);
  }
  return undefined;
}

function literalAt(chars: readonly string[], at: number): { readonly char: string; readonly end: number } {
  return chars[at] === '\\' && chars[at + 1] !== undefined
    ? { char: chars[at + 1] ?? '', end: at + 1 }
    : { char: chars[at] ?? '', end: at };
}

const CLASS = /^\[:([a-z]+):\]/;
const LONGEST_CLASS = '[:xdigit:]'.length;

function posixClass(chars: readonly string[], at: number): One | undefined {
  if (chars[at] !== '[' || chars[at + 1] !== ':') return undefined;
  const [text, name = ''] = CLASS.exec(chars.slice(at, at + LONGEST_CLASS).join('')) ?? [];
  const members = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (text === undefined || members === undefined) return undefined;
  return { end: at + text.length - 1, accepts: (char) => members.test(char) };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  cntrl: /^\p{Cc}$/u,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^[A-Z]$/,
  xdigit: /^[A-Fa-f0-9]$/,
};

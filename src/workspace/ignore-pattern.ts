// One pattern of a .gitignore as a predicate, in time bounded by pattern times path whatever the pattern: an ignore file is
// other people's text, and a regular expression made of it can be made to run for ever.
import { limits } from '../../shared/limits.ts';

/** Whether a path, split at its slashes, is what a pattern with a slash names (gitignore(5), wildmatch with WM_PATHNAME). */
export type PathPattern = (segments: readonly string[]) => boolean;
/** The same for a name without slashes. */
export type NamePattern = (name: string) => boolean;

/** undefined: it has more parts than one pattern may have, those of any depth in a row counted once. */
export function compilePath(pattern: string): PathPattern | undefined {
  const texts = pattern.split('/').filter((part, at, all) => !(isAnyDepth(part) && isAnyDepth(all[at - 1])));
  if (texts.length > limits.patternParts) return undefined;
  const parts = texts.map((part) => (isAnyDepth(part) ? ANY_DEPTH : compileName(part)));
  // `a/**` is what is inside `a`, never `a` itself.
  if (parts.at(-1) === ANY_DEPTH) parts.splice(-1, 0, () => true);
  if (!parts.includes(ANY_DEPTH)) return (segments) => isEach(parts, segments);
  return (segments) => reaches(parts, segments);
}

const ANY_DEPTH = '**';

type Part = NamePattern | typeof ANY_DEPTH;

function isAnyDepth(part: string | undefined): boolean {
  return part !== undefined && /^\*{2,}$/.test(part);
}

function isEach(parts: readonly Part[], segments: readonly string[]): boolean {
  return parts.length === segments.length && segments.every((segment, at) => accepts(parts[at], segment));
}

function accepts(part: Part | undefined, segment: string): boolean {
  return typeof part === 'function' && part(segment);
}

/** Which parts are reached after each segment; no two parts of any depth are neighbours. */
function reaches(parts: readonly Part[], segments: readonly string[]): boolean {
  let reached = new Set<number>();
  const reach = (into: Set<number>, at: number): void => {
    into.add(at);
    if (parts[at] === ANY_DEPTH) into.add(at + 1);
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
function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

const STAR = '*';

type Token = typeof STAR | ((char: string) => boolean);

/** Longer than any file system lets a name be, in bytes. */
const LONGEST_NAME = 1_024;

/** undefined: it can match nothing, because a bracket or an escape is left open or no name is that long. */
function tokensOf(chars: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    if (chars[at] === '*') {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
      continue;
    }
    const one = readOne(chars, at);
    if (one === undefined) return undefined;
    tokens.push(one.accepts);
    // Of what is not a star there is at least every second one.
    if (tokens.length > 2 * LONGEST_NAME + 1) return undefined;
    at = one.end;
  }
  return tokens;
}

/** What stands for one character. */
function readOne(chars: string, at: number): One | undefined {
  if (chars[at] === '?') return { accepts: () => true, end: at };
  if (chars[at] === '[') return readBracket(chars, at + 1);
  if (chars[at] === '\\' && at + 1 === chars.length) return undefined;
  const { char, end } = literalAt(chars, at);
  return { accepts: (each) => each === char, end };
}

/** Backtracks to the last star only, which is enough. */
function matches(tokens: readonly Token[], chars: string): boolean {
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
function readBracket(chars: string, start: number): One | undefined {
  const negated = chars[start] === '!' || chars[start] === '^';
  const first = negated ? start + 1 : start;
  const accepted: boolean[] = [];
  for (let at = first; at < chars.length; at += 1) {
    if (chars[at] === ']' && at > first) {
      const members = BYTES.filter((_, byte) => accepted[byte]).join('');
      return { end: at, accepts: (char) => members.includes(char) !== negated };
    }
    const named = posixClass(chars, at);
    if (named) {
      for (const byte of named.members) accepted[byte] = true;
      at = named.end;
      continue;
    }
    const low = literalAt(chars, at);
    at = low.end;
    const isRange = chars[at + 1] === '-' && chars[at + 2] !== undefined && chars[at + 2] !== ']';
    const high = isRange ? literalAt(chars, at + 2) : low;
    at = high.end;
    for (let byte = low.char.charCodeAt(0); byte <= high.char.charCodeAt(0); byte += 1) accepted[byte] = true;
  }
  return undefined;
}

function literalAt(chars: string, at: number): { readonly char: string; readonly end: number } {
  return chars[at] === '\\' && chars[at + 1] !== undefined
    ? { char: chars[at + 1] ?? '', end: at + 1 }
    : { char: chars[at] ?? '', end: at };
}

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
const CLASS = /^\[:([a-z]+):\]/;
const LONGEST_CLASS = '[:xdigit:]'.length;

interface NamedClass {
  /** The bytes in it. */
  readonly members: readonly number[];
  readonly end: number;
}

function posixClass(chars: string, at: number): NamedClass | undefined {
  if (chars[at] !== '[' || chars[at + 1] !== ':') return undefined;
  const [text, name = ''] = CLASS.exec(chars.slice(at, at + LONGEST_CLASS)) ?? [];
  const members = text === undefined ? undefined : membersOf(name);
  return text === undefined || members === undefined ? undefined : { members, end: at + text.length - 1 };
}

const knownMembers = new Map<string, readonly number[]>();

function membersOf(name: string): readonly number[] | undefined {
  const pattern = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (pattern === undefined) return undefined;
  const members = knownMembers.get(name) ?? [...BYTES.keys()].filter((byte) => pattern.test(BYTES[byte] ?? ''));
  knownMembers.set(name, members);
  return members;
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

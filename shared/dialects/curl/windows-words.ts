// The Windows prompt: cmd.exe takes `^` off first, then the program splits its line itself by the rules of Microsoft's C
// runtime (learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments). Browsers copy commands in this form.
import { limits } from '../../limits.ts';
import type { ShellError, ShellToken } from './shell-words.ts';

const TOO_MANY = `it has more than ${limits.shellTokens} words`;

/** Whether lines go on with `^`, or quotes are escaped with it: neither means anything in a POSIX shell. */
export function isWindowsText(text: string): boolean {
  return /\^\r?\n|[ \t]\^"/.test(text) && !/\\\r?\n/.test(text);
}

/** The tokens of a text for cmd.exe; a `%NAME%` stays as it is, because a URL is full of such pairs. */
export function splitWindows(text: string): { readonly tokens: ShellToken[]; readonly error?: ShellError } {
  const tokens: ShellToken[] = [];
  const { chars, offsets, literal } = stripCarets(text);
  for (let at = 0; at < chars.length; ) {
    const char = chars[at] ?? '';
    const start = offsets[at] ?? 0;
    if (isOperator(char, literal[at] ?? false)) {
      tokens.push({ kind: 'operator', text: char === '&' ? ';' : char, start, bare: true });
      at += 1;
    } else if (/\s/.test(char)) {
      at += 1;
    } else {
      const word = readArgument(chars, literal, at);
      if (word === undefined) return { tokens, error: { problem: 'a quote is not closed', at: start } };
      if (tokens.length >= limits.shellTokens) return { tokens, error: { problem: TOO_MANY, at: start } };
      tokens.push({ kind: 'word', text: word.text, start, bare: word.text === char });
      at = word.end;
    }
  }
  return { tokens };
}

/** Whether a character ends a command; a line break does whatever cmd.exe thinks of quotes. */
function isOperator(char: string, literal: boolean): boolean {
  return char === '\n' || (!literal && (char === '&' || char === '|'));
}

interface Stripped {
  readonly chars: string[];
  readonly offsets: number[];
  /** Characters that are no operator: escaped, or inside quotes as cmd.exe counts them. */
  readonly literal: boolean[];
}

function stripCarets(text: string): Stripped {
  const out: Stripped = { chars: [], offsets: [], literal: [] };
  let quoted = false;
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    if (char === '^' && !quoted) {
      at = takeEscaped(out, text, at + 1);
      continue;
    }
    if (char === '"') quoted = !quoted;
    if (char === '\n') quoted = false;
    if (char !== '\r') add(out, char, at, quoted);
    at += 1;
  }
  return out;
}

function add({ chars, offsets, literal }: Stripped, char: string, at: number, isLiteral: boolean): void {
  chars.push(char);
  offsets.push(at);
  literal.push(isLiteral);
}

/** What stands behind a `^`; gives where to go on. A line break goes with it, two are what a browser writes for one. */
function takeEscaped(out: Stripped, text: string, from: number): number {
  const first = breakAt(text, from);
  if (first === undefined) {
    if (from < text.length) add(out, text[from] ?? '', from, true);
    return from + 1;
  }
  const second = breakAt(text, first);
  if (second !== undefined) add(out, '\n', first, true);
  return second ?? first;
}

/** The end of the line break at an offset; undefined where there is none. */
function breakAt(text: string, at: number): number | undefined {
  const end = text[at] === '\r' ? at + 1 : at;
  return text[end] === '\n' ? end + 1 : undefined;
}

function readArgument(
  chars: readonly string[],
  literal: readonly boolean[],
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let out = '';
  let quoted = false;
  let at = start;
  while (at < chars.length && (quoted || !isEnd(chars[at] ?? '', literal[at] ?? false))) {
    const slashes = countSlashes(chars, at);
    if (chars[at + slashes] !== '"') {
      out += slashes > 0 ? '\\'.repeat(slashes) : (chars[at] ?? '');
      at += Math.max(slashes, 1);
      continue;
    }
    out += '\\'.repeat(Math.floor(slashes / 2));
    at += slashes;
    if (slashes % 2 === 1) out += '"';
    else if (quoted && chars[at + 1] === '"') {
      out += '"';
      at += 1;
    } else quoted = !quoted;
    at += 1;
  }
  return quoted ? undefined : { text: out, end: at };
}

function isEnd(char: string, literal: boolean): boolean {
  return /\s/.test(char) || (!literal && (char === '&' || char === '|'));
}

function countSlashes(chars: readonly string[], at: number): number {
  let count = 0;
  while (chars[at + count] === '\\') count += 1;
  return count;
}

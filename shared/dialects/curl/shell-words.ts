// Splits a shell text into words and operators as POSIX sh and bash do (IEEE Std 1003.1 section 2.3), expanding nothing:
// `$NAME` becomes the reference `{{NAME}}`, and what a shell would have to compute becomes EXPANSION.
import { limits } from '../../limits.ts';
import { readAnsiEscape } from './ansi-c.ts';

export interface ShellToken {
  readonly kind: 'word' | 'operator' | 'comment';
  /** Of a word its value after quotes are taken off; of a here-document's word the document. */
  readonly text: string;
  readonly start: number;
  /** Whether the word has no quoting and no expansion in it, as a reserved word must. */
  readonly bare: boolean;
}

/** Stands in a word for what is not computed here: command substitution, arithmetic, positional parameters. */
export const EXPANSION = '{{$(…)}}';

export interface ShellError {
  readonly problem: string;
  readonly at: number;
}

/** The tokens of a text, or as many of them as stand before a quote or a substitution that is not closed. */
export function splitShell(text: string): { readonly tokens: ShellToken[]; readonly error?: ShellError } {
  const state: State = { text, at: 0, tokens: [], documents: [], chars: 0 };
  while (state.at < text.length) {
    const problem = step(state) ?? overLimit(state);
    if (problem !== undefined) return { tokens: state.tokens, error: { problem, at: state.at } };
  }
  return { tokens: state.tokens };
}

interface State {
  readonly text: string;
  at: number;
  readonly tokens: ShellToken[];
  /** Characters of the words so far: an expansion is longer than what it stands for. */
  chars: number;
  /** Here-documents whose text starts after the next line break. */
  readonly documents: { readonly strip: boolean; index: number }[];
}

function overLimit({ tokens, chars }: State): string | undefined {
  if (chars > limits.shellChars) return `its words have more than ${limits.shellChars} characters`;
  return tokens.length > limits.shellTokens ? `it has more than ${limits.shellTokens} words` : undefined;
}

const OPERATORS = ['<<<', '<<-', '&>>', '<<', '>>', '<&', '>&', '<>', '>|', '&>', '&&', '||', ';;'];
const SINGLE = ';&|()<>';

function step(state: State): string | undefined {
  const { text, at } = state;
  const char = text[at] ?? '';
  if (char === '\n') return endLine(state);
  if (char === ' ' || char === '\t' || char === '\r') state.at += 1;
  else if (char === '\\' && text[at + 1] === '\n') state.at += 2;
  else if (char === '#') addComment(state);
  else if (SINGLE.includes(char)) addOperator(state);
  else return addWord(state);
  return undefined;
}

function addComment(state: State): void {
  const found = state.text.indexOf('\n', state.at);
  const end = found === -1 ? state.text.length : found;
  state.tokens.push({ kind: 'comment', text: state.text.slice(state.at, end), start: state.at, bare: true });
  state.at = end;
}

function addOperator(state: State): void {
  const { text, at } = state;
  const found = OPERATORS.find((operator) => text.startsWith(operator, at)) ?? text[at] ?? '';
  state.tokens.push({ kind: 'operator', text: found, start: at, bare: true });
  state.at += found.length;
  if (found === '<<' || found === '<<-') {
    state.documents.push({ strip: found === '<<-', index: state.tokens.length });
  }
}

function addWord(state: State): string | undefined {
  const start = state.at;
  const word = readWord(state.text, start);
  state.at = word.end;
  if (word.problem !== undefined) {
    state.at = start;
    return word.problem;
  }
  state.chars += word.text.length;
  state.tokens.push({ kind: 'word', text: word.text, start, bare: word.bare });
  return undefined;
}

/** A line break ends a command, and the here-documents of the line follow it. */
function endLine(state: State): string | undefined {
  state.tokens.push({ kind: 'operator', text: '\n', start: state.at, bare: true });
  state.at += 1;
  for (const { strip, index } of state.documents.splice(0)) {
    const word = state.tokens[index];
    if (word?.kind !== 'word') return 'a here-document has no delimiter';
    const body = readDocument(state, word.text, strip);
    const document = word.bare ? expandDocument(body) : { text: body };
    if (document.problem !== undefined) return document.problem;
    state.chars += document.text.length;
    state.tokens[index] = { ...word, text: document.text };
  }
  return undefined;
}

function readDocument(state: State, delimiter: string, strip: boolean): string {
  const { text } = state;
  const lines: string[] = [];
  while (state.at < text.length) {
    const found = text.indexOf('\n', state.at);
    const end = found === -1 ? text.length : found;
    const line = strip ? text.slice(state.at, end).replace(/^\t+/, '') : text.slice(state.at, end);
    state.at = Math.min(end + 1, text.length);
    if (line === delimiter) break;
    lines.push(line);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function expandDocument(text: string): { readonly text: string; readonly problem?: string } {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && '$`\\\n'.includes(next) && next !== '') {
      out += next === '\n' ? '' : next;
      at += 2;
    } else if (char === '$' || char === '`') {
      const expansion = readExpansion(text, at);
      if (expansion.problem !== undefined) return { text: '', problem: expansion.problem };
      out += expansion.text;
      at = expansion.end;
    } else {
      out += char;
      at += 1;
    }
  }
  return { text: out };
}

interface Read {
  readonly text: string;
  readonly end: number;
  readonly problem?: string;
}

function readWord(text: string, start: number): Read & { readonly bare: boolean } {
  let out = '';
  let bare = true;
  let at = start;
  while (at < text.length && !/[\s;&|()<>]/.test(text[at] ?? '')) {
    const part = readPart(text, at);
    if (part.problem !== undefined) return { ...part, bare };
    bare &&= part.end === at + 1 && part.text === text[at];
    out += part.text;
    at = part.end;
  }
  return { text: out, end: at, bare };
}

function readPart(text: string, at: number): Read {
  const char = text[at] ?? '';
  const next = text[at + 1] ?? '';
  if (char === '\\') return next === '\n' ? { text: '', end: at + 2 } : { text: next, end: at + 2 };
  if (char === "'") return readSingle(text, at);
  if (char === '"') return readDouble(text, at);
  if (char === '$' && next === "'") return readAnsi(text, at + 1);
  if (char === '$' && next === '"') return readDouble(text, at + 1);
  if (char === '$' || char === '`') return readExpansion(text, at);
  return { text: char, end: at + 1 };
}

const NOT_CLOSED = 'a quote is not closed';

function readSingle(text: string, at: number): Read {
  const end = text.indexOf("'", at + 1);
  if (end === -1) return { text: '', end: at, problem: NOT_CLOSED };
  return { text: text.slice(at + 1, end), end: end + 1 };
}

function readAnsi(text: string, quote: number): Read {
  let out = '';
  for (let at = quote + 1; at < text.length; ) {
    if (text[at] === "'") return { text: out, end: at + 1 };
    const part = text[at] === '\\' ? readAnsiEscape(text, at) : { text: text[at] ?? '', end: at + 1 };
    out += part.text;
    at = part.end;
  }
  return { text: '', end: quote, problem: NOT_CLOSED };
}

function readDouble(text: string, quote: number): Read {
  let out = '';
  for (let at = quote + 1; at < text.length; ) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '"') return { text: out, end: at + 1 };
    const escaped = char === '\\' && '$`"\\\n'.includes(next);
    const plain = escaped
      ? { text: next === '\n' ? '' : next, end: at + 2 }
      : { text: char, end: at + 1, problem: undefined };
    const part = char === '$' || char === '`' ? readExpansion(text, at) : plain;
    if (part.problem !== undefined) return { text: '', end: quote, problem: part.problem };
    out += part.text;
    at = part.end;
  }
  return { text: '', end: quote, problem: NOT_CLOSED };
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** `$NAME`, `${NAME}` and what a shell computes; a `$` before anything else is itself. */
function readExpansion(text: string, at: number): Read {
  if (text[at] === '`') return skipTo(text, at + 1, '`');
  const braced = text[at + 1] === '{';
  NAME.lastIndex = at + (braced ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  const end = NAME.lastIndex;
  if (name !== undefined && !braced) return { text: `{{${name}}}`, end };
  if (name !== undefined && text[end] === '}') return { text: `{{${name}}}`, end: end + 1 };
  if (braced) return skipTo(text, at + 2, '}');
  if (text[at + 1] === '(') return skipParentheses(text, at + 1);
  if (/[0-9@*#?$!-]/.test(text[at + 1] ?? '')) return { text: EXPANSION, end: at + 2 };
  return { text: '$', end: at + 1 };
}

const SUBSTITUTION_NOT_CLOSED = 'a substitution is not closed';

function skipTo(text: string, from: number, closing: string): Read {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === closing) return { text: EXPANSION, end: at + 1 };
  }
  return { text: '', end: from, problem: SUBSTITUTION_NOT_CLOSED };
}

function skipParentheses(text: string, from: number): Read {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === "'") at = Math.max(text.indexOf("'", at + 1), at);
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth === 0) return { text: EXPANSION, end: at + 1 };
  }
  return { text: '', end: from, problem: SUBSTITUTION_NOT_CLOSED };
}

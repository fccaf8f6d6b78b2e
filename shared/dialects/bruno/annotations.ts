// Decorators above a pair: `@name`, `@name(arg)`, `@name('arg')`, `@name("arg")`, `@name('''…''')`, each alone on its lines.
import type { VariableType } from './syntax.ts';

export interface Annotations {
  readonly description?: string;
  readonly type?: VariableType;
  /** Offset behind the last of them. */
  readonly end: number;
}

const NAME = /@([^() \t\r\n:]+)/y;
const LINE_END = /[ \t]*(?:\n|$)/y;
const TYPES: ReadonlySet<string> = new Set(['number', 'boolean', 'object']);

/** The annotations that stand at an offset, which is in front of their indentation. What is none stays for the pair. */
export function readAnnotations(text: string, from: number): Annotations {
  let end = from;
  let description: string | undefined;
  let type: VariableType | undefined;
  for (;;) {
    const at = skipBlanks(text, end);
    const found = text[at] === '@' ? readAnnotation(text, at) : undefined;
    if (!found) return { ...(description !== undefined && { description }), ...(type && { type }), end };
    if (found.name === 'description') description = found.argument ?? '';
    if (isType(found.name)) type = found.name;
    if (found.name === 'string') type = undefined;
    end = found.end;
  }
}

function isType(name: string): name is VariableType {
  return TYPES.has(name);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || (text[at] === '\n' && text[at + 1] !== '}')) at += 1;
  return at;
}

interface Annotation {
  readonly name: string;
  readonly argument?: string;
  readonly end: number;
}

function readAnnotation(text: string, at: number): Annotation | undefined {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[1];
  if (name === undefined) return undefined;
  const argument = readArgument(text, at + 1 + name.length);
  LINE_END.lastIndex = argument?.end ?? at + 1 + name.length;
  if (!LINE_END.test(text)) return undefined;
  return { name, ...(argument && { argument: argument.value }), end: LINE_END.lastIndex };
}

function readArgument(text: string, open: number): { readonly value: string; readonly end: number } | undefined {
  if (text[open] !== '(') return undefined;
  const from = open + 1;
  if (text.startsWith("'''", from)) return closed(text, from + 3, "''')", dedent);
  if (text[from] === "'") return closed(text, from + 1, "')", (value) => value);
  if (text[from] === '"') return quoted(text, from + 1);
  const end = text.indexOf(')', from);
  const line = text.indexOf('\n', from);
  return end === -1 || (line !== -1 && line < end) ? undefined : { value: text.slice(from, end), end: end + 1 };
}

function closed(text: string, from: number, close: string, read: (value: string) => string) {
  const end = text.indexOf(close, from);
  return end === -1 ? undefined : { value: read(text.slice(from, end)), end: end + close.length };
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '"': '"', '\\': '\\' };

function quoted(text: string, from: number) {
  let end = from;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (!text.startsWith('")', end)) return undefined;
  const value = text.slice(from, end).replace(/\\([rnt"\\])/g, (_, char: string) => ESCAPES[char] ?? char);
  return { value, end: end + 2 };
}

/** The lines of a `'''` argument without the indentation that all of them have; `\'` stands for a quote in a row of three. */
function dedent(content: string): string {
  if (!content.includes('\n')) return content;
  const lines = content.split('\n');
  if (lines[0] === '') lines.shift();
  if (lines.at(-1)?.trim() === '') lines.pop();
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = indents.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const text = lines.map((line) => (line.trim() === '' ? '' : line.slice(indent))).join('\n');
  return text.replaceAll("\\'\\'\\'", "'''").replaceAll("\\\\'", "\\'");
}

// `-F` and `--form-string` (curl's manual, `--form`).
import type { PartTemplate } from '../../collection/model.ts';
import { sealField } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import { indexOutside } from '../outside-references.ts';
import type { Stated } from './read-arguments.ts';
import type { Stdin } from './shell-commands.ts';
import { EXPANSION } from './shell-words.ts';

const NAMES = new Set(['form', 'form-string']);

const PART_OPTIONS = 'Forms with headers, encodings or nested parts are not executed';
const PART_FILE_NAME = 'Forms with a file name for a part that is no file are not executed';
const NO_NAME = 'Forms with a part (-F) without a name are not executed';

/** Why a command with this form is not executed, in a fixed sentence; undefined where all of the form is read. */
export function formRefusal(options: readonly Stated[]): string | undefined {
  for (const { name, value } of options) {
    if (typeof value !== 'string' || !NAMES.has(name)) continue;
    const equals = indexOutside(value, '=');
    if (equals === -1) return NO_NAME;
    const refusal = name === 'form' ? partRefusal(value.slice(equals + 1)) : undefined;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function partRefusal(content: string): string | undefined {
  if (content.startsWith('(')) return PART_OPTIONS;
  if (!content.includes(';')) return undefined;
  const isFile = content.startsWith('@');
  const settings = new Map(readWords(content.slice(isFile ? 1 : 0), isFile).settings);
  if (settings.has('headers') || settings.has('encoder')) return PART_OPTIONS;
  return settings.has('filename') && !isFile ? PART_FILE_NAME : undefined;
}

/** The parts of the form, in the order of the options. */
export function readForm(options: readonly Stated[], stdin: Stdin | undefined): PartTemplate[] {
  return options.flatMap(({ name, value }): PartTemplate[] => {
    if (typeof value !== 'string' || !NAMES.has(name)) return [];
    const equals = indexOutside(value, '=');
    if (equals === -1) return [];
    const [field, content] = [value.slice(0, equals), value.slice(equals + 1)];
    return [name === 'form' ? readPart(field, content, stdin) : textPart(field, content)];
  });
}

function textPart(name: string, value: string, type?: string): PartTemplate {
  const contentType = type === undefined ? {} : { contentType: lexTemplate(type) };
  return { kind: 'text', name: lexTemplate(name), value: sealField(name, value), enabled: true, ...contentType };
}

function readPart(name: string, content: string, stdin: Stdin | undefined): PartTemplate {
  const isFile = content.startsWith('@');
  const from = isFile || content.startsWith('<') ? 1 : 0;
  const words = readWords(content.slice(from), isFile);
  const settings = new Map(words.settings);
  const type = settings.get('type');
  if (!isFile) {
    const value = from === 0 ? (words.values[0] ?? '') : contentOf(words.values[0] ?? '', stdin);
    return textPart(name, value, type);
  }
  const fileName = settings.get('filename');
  const paths = words.values.map((path) => (path === '-' ? standardInput(stdin) : path));
  return {
    kind: 'file',
    name: lexTemplate(name),
    paths: paths.map(lexTemplate),
    enabled: true,
    ...(type !== undefined && { contentType: lexTemplate(type) }),
    ...(fileName !== undefined && { fileName: lexTemplate(fileName) }),
  };
}

function standardInput(stdin: Stdin | undefined): string {
  return stdin?.kind === 'file' ? stdin.path : EXPANSION;
}

function contentOf(path: string, stdin: Stdin | undefined): string {
  return path === '-' && stdin?.kind === 'text' ? stdin.text : EXPANSION;
}

interface Words {
  readonly values: readonly string[];
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** `value;type=…;filename=…`; of files several, with "," between them. Values can stand in double quotes. */
function readWords(content: string, isFile: boolean): Words {
  const values: string[] = [];
  const settings: [string, string][] = [];
  let at = 0;
  let separator = ',';
  while (separator !== '') {
    const setting = separator === ';' ? /\s*(type|filename|headers|encoder)=/iy : undefined;
    if (setting) setting.lastIndex = at;
    const key = setting?.exec(content)?.[1]?.toLowerCase();
    if (setting && key !== undefined) at = setting.lastIndex;
    const word = readWord(content, at, isFile, key === 'type');
    at = word.end + 1;
    if (key !== undefined) settings.push([key, word.text]);
    // curl passes over a setting that it does not know.
    else if (separator !== ';') values.push(word.text);
    separator = content[word.end] ?? '';
  }
  return { values, settings };
}

function readWord(content: string, start: number, isFile: boolean, isType: boolean): { text: string; end: number } {
  let at = start;
  while (content[at] === ' ' || content[at] === '\t') at += 1;
  if (content[at] === '"') return readQuoted(content, at, isFile);
  let end = at;
  while (end < content.length && !isWordEnd(content, end, isFile)) end += 1;
  // A media type can have parameters, which look like further settings.
  while (
    isType &&
    content[end] === ';' &&
    !/^;\s*(?:type|filename|headers|encoder)=/i.test(content.slice(end, end + 16))
  ) {
    end += 1;
    while (end < content.length && !isWordEnd(content, end, isFile)) end += 1;
  }
  return { text: content.slice(at === start ? start : at, end), end };
}

function isWordEnd(content: string, at: number, isFile: boolean): boolean {
  return content[at] === ';' || (isFile && content[at] === ',');
}

function readQuoted(content: string, quote: number, isFile: boolean): { text: string; end: number } {
  let text = '';
  for (let at = quote + 1; at < content.length; at += 1) {
    const char = content[at] ?? '';
    if (char === '"') {
      let end = at + 1;
      while (end < content.length && !isWordEnd(content, end, isFile)) end += 1;
      return { text, end };
    }
    const escaped = char === '\\' && (content[at + 1] === '"' || content[at + 1] === '\\');
    if (escaped) at += 1;
    text += escaped ? (content[at] ?? '') : char;
  }
  return { text: content.slice(quote), end: content.length };
}

// Arguments that are nothing but a variable where the text decides what is sent: a header, a user, cookies, or options.
// What the file itself assigns stands in for it; otherwise nobody knows what curl would send.
import { limits } from '../../limits.ts';
import { indexOutside } from '../outside-references.ts';
import type { Operation, Stated } from './read-arguments.ts';
import { EXPANSION } from './shell-words.ts';

/** The variables assigned so far. */
export interface Assigned {
  assign(name: string, value: string): void;
  /** What a variable holds; undefined where that is not certain, and where the texts given so far are as long as a file may be. */
  textOf(name: string): string | undefined;
}

/** No variables. */
export function createAssigned(): Assigned {
  const texts = new Map<string, string | undefined>();
  let room: number = limits.shellChars;
  return {
    assign(name, value) {
      // Which of several assignments counts is not known where the script decides.
      texts.set(name, texts.has(name) && texts.get(name) !== value ? undefined : value);
    },
    textOf(name) {
      const text = texts.get(name);
      room -= text?.length ?? 0;
      return room < 0 ? undefined : text;
    },
  };
}

export interface Expanded {
  readonly operation: Operation;
  /** Variables of the shell that hold a user, cookies or options, whatever their names say. */
  readonly credentials: readonly string[];
}

const WHOLE = /^\{\{([A-Za-z_]\w*)\}\}$/;
const DECIDING = new Set(['header', 'user', 'cookie']);

const HEADER_FILE = 'Commands with headers from a file (-H @file) are not executed';
const HEADER = 'Commands with a header (-H) without a name and a colon are not executed';
const COOKIES = 'Commands with cookies from a file (-b file) are not executed';
const USER = 'Commands with a user (-u) from a variable without a colon are not executed';
const ARGUMENTS = 'Commands with arguments from a variable are not executed';
const SIGNER = 'Commands with --aws-sigv4 of another provider than aws:amz are not executed';

/** Puts in what the file assigns, and refuses a command of which something that is sent stays unknown. */
export function expandWhole(operation: Operation, assigned: Assigned): Expanded {
  const credentials: string[] = [];
  const options = operation.options.map((option): Stated => {
    const name = DECIDING.has(option.name) ? variableOf(option.value) : undefined;
    if (name === undefined) return option;
    const value = assigned.textOf(name) ?? option.value;
    if (option.name !== 'header' || !isHeader(String(value))) credentials.push(name);
    return { name: option.name, value };
  });
  const hidden = operation.words.filter((word) => hidesOptions(word, operation.urls.length === 1, assigned));
  credentials.push(...hidden.flatMap((word) => optionsOf(word, assigned)));
  const found = options.map(refusalOf).find((refusal) => refusal !== undefined);
  const refusal = operation.refusal ?? found ?? (hidden.length > 0 ? ARGUMENTS : undefined);
  return { operation: { ...operation, options, ...(refusal !== undefined && { refusal }) }, credentials };
}

function variableOf(value: string | boolean): string | undefined {
  return typeof value === 'string' ? WHOLE.exec(value)?.[1] : undefined;
}

/** Whether a word in the place of a URL may be options: a variable that the file gives no address. The only word is a URL. */
function hidesOptions(word: string, isOnly: boolean, assigned: Assigned): boolean {
  const name = variableOf(word);
  if (name === undefined) return !isOnly && (word === EXPANSION || /^%[A-Za-z_]\w*%$/.test(word));
  const text = assigned.textOf(name);
  return text === undefined ? !isOnly : /^-|\s/.test(text);
}

function optionsOf(word: string, assigned: Assigned): string[] {
  const name = variableOf(word) ?? '';
  return /^-|\s/.test(assigned.textOf(name) ?? '') ? [name] : [];
}

function refusalOf({ name, value }: Stated): string | undefined {
  if (typeof value !== 'string') return undefined;
  switch (name) {
    case 'header':
      if (value.startsWith('@')) return HEADER_FILE;
      return isHeader(value) ? undefined : HEADER;
    case 'cookie':
      return value === '' || indexOutside(value, '=') !== -1 || isHandle(value) ? undefined : COOKIES;
    case 'user':
      return indexOutside(value, ':') === -1 && value.includes('{{') ? USER : undefined;
    case 'aws-sigv4':
      return /^aws:amz(?::|$)/i.test(value) ? undefined : SIGNER;
    default:
      return undefined;
  }
}

/** `Name: value`, `Name:` or `Name;`; of an empty text curl makes nothing. */
function isHeader(line: string): boolean {
  const text = line.trim();
  return text === '' || indexOutside(text, ':') > 0 || (text.endsWith(';') && !text.includes('{{'));
}

/** A reference that is no variable of the shell stands for the cookies themselves. */
function isHandle(value: string): boolean {
  return value.startsWith('{{') && value !== EXPANSION && !WHOLE.test(value);
}

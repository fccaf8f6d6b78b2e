import { type ShellError, type ShellToken, splitShell } from './shell-words.ts';
import { isWindowsText, splitWindows } from './windows-words.ts';

/** One simple command of a shell text. */
export interface ShellCommand {
  /** The command's name and arguments, assignments before it left out. */
  readonly words: readonly string[];
  /** What it reads, where the text says so. */
  readonly stdin?: Stdin;
  readonly assignments: readonly (readonly [name: string, value: string])[];
  /** The lines of comment directly above it, without their `#`. */
  readonly comments: readonly string[];
  readonly start: number;
  /** Commands joined by pipes have one number. */
  readonly pipeline: number;
  /** Whether another command reads what it prints. */
  readonly isPiped: boolean;
}

export type Stdin =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  /** The output of the command before it in the pipe. */
  | { readonly kind: 'pipe' };

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly error?: ShellError;
}

/** The simple commands of a text in order, in the syntax of POSIX sh or, where it is plainly that, of the Windows prompt. */
export function readCommands(text: string): ShellScript {
  const { tokens, error } = isWindowsText(text) ? splitWindows(text) : splitShell(text);
  const reading: Reading = {
    text,
    tokens,
    at: 0,
    commands: [],
    draft: { words: [], start: 0 },
    comments: [],
    pipeline: 0,
    piped: false,
  };
  for (; reading.at < tokens.length; reading.at += 1) takeToken(reading);
  endCommand(reading, false);
  return { commands: reading.commands, ...(error && { error }) };
}

interface Draft {
  readonly words: ShellToken[];
  stdin?: Stdin;
  start: number;
}

interface Reading {
  readonly text: string;
  readonly tokens: readonly ShellToken[];
  at: number;
  readonly commands: ShellCommand[];
  draft: Draft;
  comments: string[];
  pipeline: number;
  /** Whether the command reads what the one before it prints. */
  piped: boolean;
}

const REDIRECTIONS = new Set(['<', '>', '>>', '<<', '<<-', '<<<', '<&', '>&', '<>', '>|', '&>', '&>>']);

function takeToken(reading: Reading): void {
  const { draft, text, tokens, at } = reading;
  const token = tokens[at];
  if (token?.kind === 'word') {
    if (draft.words.length === 0) draft.start = token.start;
    if (reading.piped) draft.stdin ??= { kind: 'pipe' };
    draft.words.push(token);
  } else if (token?.kind === 'comment') {
    if (draft.words.length === 0 && !isShebang(token, text))
      reading.comments.push(token.text.replace(/^# ?/, '').trimEnd());
  } else if (token && REDIRECTIONS.has(token.text)) {
    takeRedirection(reading, token);
  } else if (token) {
    takeSeparator(reading, token);
  }
}

/** A redirection with its target, and the one digit that can stand directly before it. */
function takeRedirection(reading: Reading, token: ShellToken): void {
  const { draft, tokens, at } = reading;
  const before = tokens[at - 1];
  if (before?.bare && /^\d$/.test(before.text) && before.start + 1 === token.start) draft.words.pop();
  const target = tokens[at + 1];
  if (target?.kind !== 'word') return;
  reading.at += 1;
  const stdin = stdinOf(token.text, target.text);
  if (stdin) draft.stdin = stdin;
}

function takeSeparator(reading: Reading, token: ShellToken): void {
  const before = reading.tokens[reading.at - 1];
  const idle = token.text === '\n' && reading.draft.words.length === 0;
  if (!idle) endCommand(reading, token.text === '|');
  // A line break between comment and command is no gap; an empty line is.
  else if (before?.kind === 'operator' && before.text === '\n') reading.comments = [];
}

function endCommand(reading: Reading, intoPipe: boolean): void {
  const { draft, comments, pipeline } = reading;
  if (draft.words.length > 0) {
    reading.commands.push({ ...finish(draft, comments, pipeline), isPiped: intoPipe });
    reading.comments = [];
  }
  if (!intoPipe) reading.pipeline += 1;
  reading.piped = intoPipe;
  reading.draft = { words: [], start: 0 };
}

function isShebang(token: ShellToken, text: string): boolean {
  return token.start === 0 && text.startsWith('#!');
}

function stdinOf(operator: string, target: string): Stdin | undefined {
  if (operator === '<' || operator === '<>') return { kind: 'file', path: target };
  if (operator === '<<<') return { kind: 'text', text: `${target}\n` };
  if (operator === '<<' || operator === '<<-') return { kind: 'text', text: target };
  return undefined;
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;

function finish(
  { words, stdin, start }: Draft,
  comments: readonly string[],
  pipeline: number,
): Omit<ShellCommand, 'isPiped'> {
  const texts = words.map(({ text }) => text);
  // Documentation shows the prompt before a command.
  let from = texts[0] === '$' && texts.length > 1 ? 1 : 0;
  const assignments: [string, string][] = [];
  for (; from < texts.length; from += 1) {
    const [assigned, name] = ASSIGNMENT.exec(texts[from] ?? '') ?? [];
    if (assigned === undefined || name === undefined) break;
    assignments.push([name, (texts[from] ?? '').slice(assigned.length)]);
  }
  return { words: texts.slice(from), assignments, comments, start, pipeline, ...(stdin && { stdin }) };
}

// Writing for a person or a program: results on stdout, everything said about them on stderr. Text that comes from files
// or servers passes `printable` first, because a name may hold escape sequences that drive the terminal.
import type { FailureReport, SourceSpan } from '../../shared/failure/failure.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  /** Whether a question can be asked: stdin and stderr are a person's terminal. */
  readonly interactive: boolean;
  /** Asks yes or no; no is the default, and cancelling is no. Only where `interactive`. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a value that is not shown while it is typed; undefined when the person cancels. Only where `interactive`. */
  askHidden(question: string): Promise<string | undefined>;
  /** One line on stdout. */
  line(text?: string): void;
  /** One line on stderr. */
  note(text: string): void;
  /** One JSON document on stdout. */
  json(value: unknown): void;
  /** Coloured where stdout is a terminal that wants colour, else unchanged. */
  style(style: Style, text: string): string;
}

type Output = NodeJS.WriteStream;

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** A terminal over the process's streams. Colour follows the stream: none when piped or when NO_COLOR is set. */
export function createTerminal(out: Output, errors: Output, input: NodeJS.ReadStream): Terminal {
  // hasColors reads NO_COLOR, FORCE_COLOR and TERM.
  const streams = { input, output: errors };
  const coloured = out.isTTY && out.hasColors();
  return {
    interactive: input.isTTY && errors.isTTY,
    confirm: (question) => confirm(question, streams),
    askHidden: (question) => askHidden(question, streams),
    line: (text = '') => void out.write(`${text}\n`),
    note: (text) => void errors.write(`${text}\n`),
    json: (value) => void out.write(`${jsonText(value)}\n`),
    style: (style, text) => (coloured ? paint(style, text) : text),
  };
}

interface PromptStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: Output;
}

// The prompt package is loaded when a question is asked.
async function confirm(question: string, streams: PromptStreams): Promise<boolean> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({ message: printableBlock(question), initialValue: false, ...streams });
  return answer === true;
}

async function askHidden(question: string, streams: PromptStreams): Promise<string | undefined> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.password({ message: printable(question), ...streams });
  return typeof answer === 'string' ? answer : undefined;
}

function paint(style: Style, text: string): string {
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Other people's text for one line of a terminal: control and format characters become visible escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** JSON of several lines that is safe on a terminal: JSON itself leaves DEL, C1 and format characters unescaped. */
export function jsonText(value: unknown): string {
  return escaped(JSON.stringify(value, null, 2));
}

/** As `jsonText`, on one line. */
export function jsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Other people's text of several lines: as `printable`, but line breaks and tabs stay. */
export function printableBlock(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

/** `file:line:column`, as editors and terminals make it a link. */
export function placeOf(where: SourceSpan): string {
  return [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
}

/** What a person reads of a failure: the code and sentence, the place, the way out. */
export function failureLines({ code, message, fix, where }: FailureReport): readonly string[] {
  const place = where ? [`   at: ${printable(placeOf(where))}`] : [];
  return [`error ${code}: ${printable(message)}`, ...place, `  fix: ${printable(fix)}`];
}

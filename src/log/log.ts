// The only writer to stderr. Every object passes the redactor; an error is written as its name, its code and where it was
// thrown, never with its message, which can carry a secret.
import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { redactText, redactValue } from '../../shared/redact/redact-fields.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface Log {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
}

/** Every field that a line may have. What is not here is not written. */
export const logFields = [
  'correlationId',
  'error',
  'code',
  'origin',
  'url',
  'approval',
  'caller',
  'closed',
  'status',
  'ms',
  'method',
  'tool',
] as const;

export type LogFields = { readonly [Name in (typeof logFields)[number]]?: unknown } & {
  readonly correlationId?: string;
};

const STDERR = 2;
const LEVELS: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];

/** Makes a log that writes lines of JSON to stderr from the given level up; nothing loads before the first line. */
export function createLog(level: LogLevel): Log {
  let logger: Logger | undefined;
  const write = (severity: Exclude<LogLevel, 'silent'>, fields: LogFields, message: string): void => {
    if (LEVELS.indexOf(severity) > LEVELS.indexOf(level)) return;
    logger ??= openLogger(level);
    logger[severity](safe(fields), redactText(message).text);
  };
  return {
    error: (fields, message) => write('error', fields, message),
    warn: (fields, message) => write('warn', fields, message),
    info: (fields, message) => write('info', fields, message),
    debug: (fields, message) => write('debug', fields, message),
  };
}

function openLogger(level: LogLevel): Logger {
  // pino takes longer to load than most servers' whole start, and a quiet server needs none of it.
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino');
  // Synchronous: a line about a crash must be out before the process is.
  const destination = pino.destination({ fd: STDERR, sync: true });
  // A client that closed stderr is no reason to stop serving.
  destination.on('error', () => undefined);
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

function safe(fields: LogFields): Record<string, unknown> {
  const shown = logFields.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, name === 'error' ? shownError(value) : value] as const];
  });
  const redacted = redactValue(Object.fromEntries(shown));
  return redacted.failure ? { withheld: true } : { fields: redacted.value };
}

function shownError(error: unknown): unknown {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && isWord(error.code) ? { code: error.code } : {};
  return { name: isWord(error.name) ? error.name : 'Error', ...code, at: framesOf(error) };
}

/** Whoever throws can give any text as a name or a code; those of ours and of the platform are words. */
function isWord(text: unknown): text is string {
  return typeof text === 'string' && /^[\w./-]{1,64}$/.test(text);
}

const FRAME = /^ {4}at (?:.* \()?(?:file:|node:|\/|[A-Z]:\\|<anonymous>|native|index )[^()]*\)?$/;

// The message stands before the frames and may look like them. Where it is not found whole, it was changed after the stack
// was written, and no line can be told from it.
function framesOf({ stack = '', message }: Error): readonly string[] {
  const at = stack.indexOf(message);
  if (at < 0) return [];
  const lines = stack.slice(at + message.length).split('\n');
  return lines.filter((line) => FRAME.test(line)).map((line) => line.trim());
}

// From the words of the command line to an exit code. A plain `serve` takes the short way, without the option parser.
import { existsSync } from 'node:fs';
import { failure } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import { commandFirst, readServeArguments, unknownCommand } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { serveStdio } from './serve-stdio.ts';
import type { Places, Session } from './session.ts';
import { createTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

const OLDEST_MAINTAINED_NODE = 22;

/** Makes the parts behind the places given; `warn` is told what the operator must know at every start. */
export type OpenParts = (places: Places, warn: (text: string) => void) => Result<Parts>;

interface Run extends Session {
  close(): Promise<void>;
}

/** Runs the command line of this process and sets its exit code. `entry` is the file that Node was started with. */
export async function runCommandLine(entry: string, openParts: OpenParts): Promise<void> {
  // The reader of a pipe may leave early (`keyward list | head`); that is its right.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const run = createRun(entry, openParts);
  try {
    process.exitCode = await dispatch(commandFirst(process.argv.slice(2)), run);
  } catch (error) {
    const { createLog } = await import('../log/log.ts');
    createLog('error').error({ error }, 'a bug');
    process.exitCode = (await import('./session.ts')).fail(run, failure('INTERNAL/BUG'));
  } finally {
    await run.close();
    // After a signal the input is still open and would keep the process.
    process.stdin.destroy();
  }
}

function createRun(entry: string, openParts: OpenParts): Run {
  const terminal = createTerminal(process.stdout, process.stderr, process.stdin);
  const opened: Parts[] = [];
  let code: ExitCode = EXIT.done;
  return {
    terminal,
    entry,
    open(places) {
      const parts = openParts(places, (text) => terminal.note(text));
      if (parts.ok) opened.push(parts.value);
      return parts;
    },
    finish: (ended) => {
      code = ended;
    },
    outcome: () => code,
    close: async () => {
      for (const parts of opened) await parts.close();
    },
  };
}

async function dispatch(argv: readonly string[], run: Run): Promise<ExitCode> {
  warnOfOldNode(argv, run);
  const serving = readServeArguments(argv);
  const mistyped = unknownCommand(argv, existsSync);
  if (serving && mistyped === undefined) {
    const parts = run.open(serving);
    return parts.ok ? serveStdio(run, parts.value) : (await import('./session.ts')).fail(run, parts.failure);
  }
  const { refuseCommand, runProgram } = await import('./program.ts');
  return mistyped === undefined ? runProgram(run, VERSION, argv) : refuseCommand(run, mistyped);
}

function warnOfOldNode(argv: readonly string[], { terminal }: Run): void {
  const major = Number.parseInt(process.versions.node, 10);
  const quiet = argv.some((word) => word === '--json' || word === '--version' || word === '-V');
  if (major >= OLDEST_MAINTAINED_NODE || quiet) return;
  terminal.note(`warning: Node ${major} gets no security updates any more; use Node 22 or 24.`);
}

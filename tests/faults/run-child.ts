import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./state-child.js', import.meta.url));

export interface ChildRun {
  /** Resolves when the child waits for `go`. */
  readonly ready: Promise<void>;
  go(): void;
  /** Resolves to the lines that were written before the child ended or was killed. */
  readonly lines: Promise<readonly string[]>;
}

export interface ChildSetup {
  readonly home: string;
  readonly what: 'secrets' | 'calls' | 'prunes';
  readonly count: number;
  readonly prefix: string;
  /** Kills with SIGKILL once this many writes were acknowledged. */
  readonly killAfter?: number;
  /** Kills with SIGKILL once this file of the data folder is seen; the empty name is the folder itself. */
  readonly killAtFile?: string;
  /** Runs the child with files limited to so many blocks of 512 bytes. */
  readonly fileBlocks?: number;
}

export function startChild({
  home,
  what,
  count,
  prefix,
  killAfter = Number.POSITIVE_INFINITY,
  killAtFile,
  fileBlocks,
}: ChildSetup): ChildRun {
  // Children run the built files; stale ones would prove nothing.
  const problem = inject('buildProblem');
  if (problem) throw new Error(problem);
  const args = [SCRIPT, home, what, String(count), prefix];
  // Ignored, the signal becomes the error EFBIG of the write itself.
  const limited = `trap '' XFSZ; ulimit -f ${fileBlocks}; exec "$0" "$@"`;
  const [command, ...rest] =
    fileBlocks === undefined ? [process.execPath, ...args] : ['/bin/sh', '-c', limited, process.execPath, ...args];
  const child = spawn(command ?? '', rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.startsWith('ready\n')) resolve();
      if (acknowledged(text).length >= killAfter) child.kill('SIGKILL');
    });
  });
  const go = () => {
    child.stdin.end('go\n');
    if (killAtFile !== undefined) killOnceThere(child, join(home, killAtFile));
  };
  return { ready, go, lines: ended(child).then(() => acknowledged(text)) };
}

/** Starts all of them at once and gives the lines of each. */
export async function runChildren(setups: readonly ChildSetup[]): Promise<readonly (readonly string[])[]> {
  const children = setups.map(startChild);
  await Promise.all(children.map(({ ready }) => ready));
  for (const child of children) child.go();
  return Promise.all(children.map(({ lines }) => lines));
}

function killOnceThere(child: ChildProcess, path: string): void {
  if (existsSync(path)) child.kill('SIGKILL');
  else if (child.exitCode === null) setImmediate(killOnceThere, child, path);
}

// Only whole lines count: the last one of a killed child may be cut, and its write may or may not have happened.
function acknowledged(text: string): readonly string[] {
  return text.split('\n').slice(1, -1);
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}
